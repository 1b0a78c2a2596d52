// SPDX-License-Identifier: MIT
// Whole files: read at once; written so that a reader sees the old file or the new one, never a part.
#pragma once

#include <string>
#include <string_view>
#include <whest/base/error.hpp>

namespace whest::base {

// The bytes of a regular file; a usage error that names the path when it cannot be read.
Expected<std::string> read_file(const std::string& path);

// Writes a temporary beside `path`, syncs it and renames it over `path`. On failure the old file is untouched and the
// temporary is gone. Something that exists and is no regular file (/dev/stdout, a pipe) is written directly.
Expected<void> write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace whest::base
