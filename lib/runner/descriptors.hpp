// SPDX-License-Identifier: MIT
// File descriptors: one that closes itself, and standard output led to standard error while a participant's code runs.
#pragma once

#include <unistd.h>

#include <utility>

namespace whest::runner {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : m_fd(fd) {}
  Fd(Fd&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
  Fd& operator=(Fd other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
  }
  ~Fd() {
    if (m_fd >= 0) ::close(m_fd);
  }
  int get() const { return m_fd; }
  explicit operator bool() const { return m_fd >= 0; }

 private:
  int m_fd = -1;
};

// Nothing but the result may reach standard output: what a participant prints in this process goes to standard error.
// Several may live at once (jobs on threads); the last one to go puts standard output back.
class StdoutToStderr {
 public:
  StdoutToStderr();
  StdoutToStderr(const StdoutToStderr&) = delete;
  StdoutToStderr& operator=(const StdoutToStderr&) = delete;
  ~StdoutToStderr();
};

}  // namespace whest::runner
