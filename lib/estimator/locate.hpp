// SPDX-License-Identifier: MIT
// From what a participant hands in to a plugin that can be loaded: a .cpp is compiled (or found in the cache), a .so is
// taken as it is, a bare name is a bundled estimator.
#pragma once

#include <string>
#include <string_view>
#include <whest/base/cancel.hpp>
#include <whest/base/error.hpp>

namespace whest::estimator {

enum class Origin { bundled, shared_object, source };

struct Located {
  Origin origin = Origin::bundled;
  std::string shown;           // for people: a bundled estimator's name, else `path`
  std::string path;            // the file handed in, absolute (a bundled estimator: its plugin)
  std::string sha256;          // of that file's bytes, lowercase hex; with headers of its own, over these too
  std::string plugin_path;     // what to load, absolute
  std::string submission_dir;  // the folder of `path`
};

// A usage error when there is no such file or name, or when the source does not compile; never runs the participant's
// code. The token ends a compiler that runs (a usage error then).
base::Expected<Located> locate(const std::string& estimator, const base::CancelToken* cancel = nullptr);

}  // namespace whest::estimator
