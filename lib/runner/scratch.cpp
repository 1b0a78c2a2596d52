// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <whest/runner/scratch.hpp>

namespace whest::runner {

base::Expected<ScratchDir> ScratchDir::make() {
  const char* const named = std::getenv("TMPDIR");
  const std::string parent = named != nullptr && *named != '\0' ? named : "/tmp";
  std::error_code unknown;  // a worker has another working folder, so the path must not depend on this one
  const std::filesystem::path base = std::filesystem::absolute(parent, unknown);
  std::string path = (base / "whest-scratch-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    return base::usage_error(
        fmt::format("cannot make a scratch folder in '{}': {}; TMPDIR names a folder that can be written to.", parent,
                    std::strerror(errno)));
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
