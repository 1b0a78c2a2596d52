// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <whest/base/file.hpp>
#include <whest/base/sha256.hpp>
#include <whest/base/suggest.hpp>
#include <whest/estimator/compile.hpp>
#include <whest/estimator/locate.hpp>
#include <whest/estimator/tree.hpp>

namespace whest::estimator {

namespace {

namespace fs = std::filesystem;

// A word without a slash or an extension names a bundled estimator, unless a file of that name is there.
bool is_name(const std::string& estimator) {
  return estimator.find_first_of("/.") == std::string::npos && !fs::exists(estimator);
}

base::Expected<std::string> bundled_path(const std::string& name) {
  const std::vector<std::string> names = bundled_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return fmt::format("{}/{}.so", tree().bundled_dir(), name);
  }
  return base::usage_error(fmt::format("there is no bundled estimator '{}' (bundled: {}; a file: a .cpp or a .so).{}",
                                       name, fmt::join(names, ", "), base::did_you_mean(name, names)));
}

}  // namespace

base::Expected<Located> locate(const std::string& estimator, const base::CancelToken* cancel) {
  Located located;
  if (is_name(estimator)) {
    auto path = bundled_path(estimator);
    if (!path) return std::unexpected(path.error());
    located.path = *path;
  } else {
    std::error_code error;
    located.path = fs::weakly_canonical(estimator, error).string();
    if (error || !fs::exists(located.path)) {
      return base::usage_error(fmt::format("Estimator file not found: {}", estimator));
    }
    // Before anything opens it: a pipe would be waited for.
    if (const std::string_view kind = base::irregular_kind(located.path); !kind.empty()) {
      return base::usage_error(
          fmt::format("'{}' is no estimator: it is {}; a C++ source (.cpp), a built plugin (.so) or the name of a "
                      "bundled one is expected.",
                      estimator, kind));
    }
    const std::string extension = fs::path(located.path).extension().string();
    if (extension == ".so") {
      located.origin = Origin::shared_object;
    } else if (extension == ".cpp" || extension == ".cc" || extension == ".cxx") {
      located.origin = Origin::source;
    } else {
      return base::usage_error(
          fmt::format("'{}' is no estimator: a C++ source (.cpp), a built plugin (.so) or the name of a bundled one is "
                      "expected.",
                      estimator));
    }
  }
  const auto bytes = base::read_file(located.path);
  if (!bytes) return std::unexpected(bytes.error());
  located.sha256 = base::sha256_hex(*bytes);
  located.shown = located.origin == Origin::bundled ? estimator : located.path;
  located.submission_dir = fs::path(located.path).parent_path().string();
  if (located.origin == Origin::source) {
    auto plugin = compile(located.path, cancel);
    if (!plugin) return std::unexpected(plugin.error());
    located.plugin_path = *plugin;
    // Several files are one estimator: what one of them says is part of which it is.
    if (const std::string hashes = header_hashes(*plugin); !hashes.empty())
      located.sha256 = base::sha256_hex(located.sha256 + "\n" + hashes);
  } else {
    located.plugin_path = located.path;
  }
  return located;
}

}  // namespace whest::estimator
