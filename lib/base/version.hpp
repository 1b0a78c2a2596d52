// SPDX-License-Identifier: MIT
// What this program is called and which one it is.
#pragma once

#include <string_view>

namespace whest::base {

std::string_view version();          // of CMakeLists.txt's project()
std::string_view git_description();  // the commit the build tree was configured at, "unknown" outside a repository
std::string_view compiler();         // "GNU 12.2.0"
std::string_view build_type();

}  // namespace whest::base
