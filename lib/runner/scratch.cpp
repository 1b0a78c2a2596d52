// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <whest/runner/scratch.hpp>

namespace whest::runner {

base::Expected<ScratchDir> ScratchDir::make() {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "whest-scratch-XXXXXX").string();
  if (error || ::mkdtemp(path.data()) == nullptr) {
    return base::grader_error(fmt::format("cannot make a scratch folder '{}': {}", path, std::strerror(errno)));
  }
  ScratchDir scratch;
  scratch.m_path = std::move(path);
  return scratch;
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;  // the folder may be gone already
  if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
}

}  // namespace whest::runner
