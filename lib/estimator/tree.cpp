// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <whest/estimator/tree.hpp>

namespace whest::estimator {

const Tree& tree() {
  static const Tree s_tree = [] {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    return Tree{program.parent_path().parent_path().string()};
  }();
  return s_tree;
}

std::vector<std::string> bundled_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(tree().bundled_dir(), error)) {
    if (entry.path().extension() == ".so") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace whest::estimator
