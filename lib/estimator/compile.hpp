// SPDX-License-Identifier: MIT
// Compiles a single-file estimator into a plugin, once for each content.
#pragma once

#include <string>
#include <whest/base/cancel.hpp>
#include <whest/base/error.hpp>

namespace whest::estimator {

// The folder of compiled plugins: $XDG_CACHE_HOME/whest, else $HOME/.cache/whest, else a folder of this user in /tmp.
std::string cache_dir();

// The plugin of the source at `path` (absolute). The cache key is the SHA-256 of source, SDK headers, compiler and
// flags; files that the source includes besides are listed with their hashes beside the plugin and compared. A usage
// error carries the compiler's first lines. WHEST_CXX names another compiler than g++. The token
// ends the compiler. A source that asks __has_include is compiled every time.
base::Expected<std::string> compile(const std::string& path, const base::CancelToken* cancel = nullptr);

// The SHA-256 of each file that the plugin's source includes of its own, a line each; "": none.
std::string header_hashes(const std::string& plugin);

}  // namespace whest::estimator
