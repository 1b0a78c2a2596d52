// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <whest/base/file.hpp>
#include <whest/base/numbers.hpp>

namespace whest::base {

namespace {

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : m_fd(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (m_fd >= 0) ::close(m_fd);
  }
  int get() const { return m_fd; }
  bool valid() const { return m_fd >= 0; }

 private:
  int m_fd;
};

std::unexpected<Error> failure(const char* what, const std::string& path) {
  return usage_error(fmt::format("cannot {} '{}': {}.", what, path, std::strerror(errno)));
}

std::string_view kind_of(mode_t mode) {
  if (S_ISREG(mode)) return "";
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

Expected<void> write_directly(const std::string& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid() || !write_all(file.get(), bytes)) return failure("write", path);
  return {};
}

}  // namespace

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string_view irregular_kind(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? kind_of(info.st_mode) : "";
}

Expected<std::string> read_file(const std::string& path, std::int64_t max_bytes) {
  // Non-blocking: a pipe that nobody writes would be waited for, here already.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return failure("read", path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return failure("read", path);
  if (const std::string_view kind = kind_of(info.st_mode); !kind.empty() && !S_ISFIFO(info.st_mode)) {
    return usage_error(fmt::format("cannot read '{}': it is {}.", path, kind));
  }
  ::fcntl(file.get(), F_SETFL, 0);  // a pipe that somebody writes is waited for
  const auto too_large = [&] {
    return usage_error(fmt::format("cannot read '{}': it is larger than {}.", path, bytes_for_people(max_bytes)));
  };
  if (info.st_size > max_bytes) return too_large();
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure("read", path);
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (static_cast<std::int64_t>(bytes.size()) > max_bytes) return too_large();  // files of /proc say a size of 0
  }
}

Expected<void> write_file_atomically(const std::string& path, std::string_view bytes) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return usage_error(fmt::format("cannot write '{}': it is a directory.", path));
    if (!S_ISREG(info.st_mode)) return write_directly(path, bytes);
  }
  // A link is followed, so that the file it names is replaced and not the link.
  std::error_code error;
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(path, error);
  const std::string target = error ? path : resolved.string();
  std::string temporary = target + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.valid()) return failure("write", path);
  const bool written = write_all(file.get(), bytes) && ::fchmod(file.get(), 0644) == 0 && ::fsync(file.get()) == 0 &&
                       ::rename(temporary.c_str(), target.c_str()) == 0;
  if (written) return {};
  const auto result = failure("write", path);
  ::unlink(temporary.c_str());
  return result;
}

}  // namespace whest::base
