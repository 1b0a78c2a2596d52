// SPDX-License-Identifier: MIT
// Files that are part of the program (made by whest_embed in cmake/Helpers.cmake).
#pragma once

#include <span>
#include <string_view>

namespace whest::base {

struct EmbeddedFile {
  std::string_view name;  // path relative to the folder that embeds it
  std::string_view text;
};

}  // namespace whest::base
