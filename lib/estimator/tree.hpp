// SPDX-License-Identifier: MIT
// Where things lie. Build tree and installed tree have one layout: bin/ (this program, whest-worker), lib/ (flopscope),
// lib/whest/estimators/ (the bundled plugins), include/ (the SDK).
#pragma once

#include <string>
#include <vector>

namespace whest::estimator {

struct Tree {
  std::string root;
  std::string include_dir() const { return root + "/include"; }
  std::string library_dir() const { return root + "/lib"; }
  std::string bundled_dir() const { return root + "/lib/whest/estimators"; }
  std::string worker() const { return root + "/bin/whest-worker"; }
};

// The tree that the running program is part of: the folder above the one it lies in.
const Tree& tree();

// The names of the bundled estimators, sorted.
std::vector<std::string> bundled_names();

}  // namespace whest::estimator
