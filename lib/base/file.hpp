// SPDX-License-Identifier: MIT
// Whole files: read at once; written so that a reader sees the old file or the new one, never a part.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <whest/base/error.hpp>

namespace whest::base {

// More than any configuration, report or plugin holds.
inline constexpr std::int64_t k_max_file_bytes = std::int64_t{1} << 30;

// The bytes of a regular file, or of a pipe to its end; a usage error that names the path when it cannot be read, is
// larger than `max_bytes` or is something else: a device may have no end. A pipe that nobody writes is empty.
Expected<std::string> read_file(const std::string& path, std::int64_t max_bytes = k_max_file_bytes);

// "" for a regular file or a path that names nothing, else what it is: "a directory", "a pipe", "a device", "a socket".
// The file is not opened.
std::string_view irregular_kind(const std::string& path);

// Writes all of `bytes` to a descriptor, goes on when a signal interrupts it; false when it cannot be written. May be
// called from a signal handler.
bool write_all(int fd, std::string_view bytes);

// Writes a temporary beside `path`, syncs it and renames it over `path`. On failure the old file is untouched and the
// temporary is gone. Something that exists and is no regular file (/dev/stdout, a pipe) is written directly.
Expected<void> write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace whest::base
