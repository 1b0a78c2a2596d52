// SPDX-License-Identifier: MIT
// Whether a shared object is all there: dlopen maps what the headers promise and dies of SIGBUS where the file ends
// before it.
#pragma once

#include <string>
#include <whest/base/error.hpp>

namespace whest::estimator {

// A usage error, with the file's name as `shown`, for what is no 64-bit ELF file and for one that is shorter than its
// headers say. What else may be wrong with it is left to dlopen.
base::Expected<void> check_shared_object(const std::string& path, const std::string& shown);

}  // namespace whest::estimator
