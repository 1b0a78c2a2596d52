// SPDX-License-Identifier: MIT
// A folder for the estimator's own files, kept from network to network, removed with everything in it at the end.
#pragma once

#include <string>
#include <utility>
#include <whest/base/error.hpp>

namespace whest::runner {

class ScratchDir {
 public:
  static base::Expected<ScratchDir> make();  // below $TMPDIR, else /tmp

  ScratchDir() = default;
  ScratchDir(ScratchDir&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
  ScratchDir& operator=(ScratchDir other) noexcept {
    std::swap(m_path, other.m_path);
    return *this;
  }
  ~ScratchDir();

  const std::string& path() const { return m_path; }

 private:
  std::string m_path;
};

}  // namespace whest::runner
