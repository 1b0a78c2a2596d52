// SPDX-License-Identifier: MIT
// Runs the program under test as a user would: in a fresh directory, with a scrubbed environment, output caught.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace whest::test {

using Words = std::vector<std::string>;

struct Result {
  int exit_code = -1;  // 128 + signal when killed by one
  std::string out;
  std::string err;
  double wall_s = 0.0;
};

// A directory of its own, removed at the end unless the test failed to say that it may be (kept for a look).
class FreshDirectory {
 public:
  FreshDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "whest-cli-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    m_path = name;
  }
  ~FreshDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  FreshDirectory(const FreshDirectory&) = delete;
  FreshDirectory& operator=(const FreshDirectory&) = delete;

  const std::filesystem::path& path() const { return m_path; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(m_path / name) << text;
    return (m_path / name).string();
  }

 private:
  std::filesystem::path m_path;
};

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// How long a program may take before it is taken to hang: a sanitizer makes it several times slower.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr double k_hang_s = 480;
#else
inline constexpr double k_hang_s = 120;
#endif

// A running program; its output lies in files of `directory` until it ends.
class Program {
 public:
  Program(const FreshDirectory& directory, const std::vector<std::string>& arguments,
          const std::map<std::string, std::string>& environment = {}, const std::string& program = "whest")
      : m_directory(directory.path()), m_begin(std::chrono::steady_clock::now()) {
    std::vector<std::string> words = {std::string(WHEST_BINARY_DIR) + "/bin/" + program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> settings = {"PATH=/usr/bin:/bin", "HOME=" + m_directory.string(), "LANG=C.UTF-8",
                                         "XDG_CACHE_HOME=" + std::string(WHEST_BINARY_DIR) + "/test-cache"};
    for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
    m_pid = fork();
    if (m_pid < 0) throw std::runtime_error("no fork");
    if (m_pid == 0) become(words, settings);
  }

  // One that nobody waited for, in a test that failed, is not left behind.
  ~Program() {
    if (m_pid <= 0) return;
    kill(m_pid, SIGKILL);
    waitpid(m_pid, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return m_pid; }

  // Waits for the end; a program that hangs is killed.
  Result wait(double limit_s = k_hang_s) {
    int status = 0;
    while (waitpid(m_pid, &status, WNOHANG) == 0) {
      if (elapsed_s() > limit_s) kill(m_pid, SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    m_pid = -1;
    Result result;
    result.wall_s = elapsed_s();
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out = slurp(m_directory / ".stdout");
    result.err = slurp(m_directory / ".stderr");
    return result;
  }

 private:
  double elapsed_s() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }

  [[noreturn]] void become(std::vector<std::string>& words, std::vector<std::string>& settings) const {
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> list;
      for (std::string& text : texts) list.push_back(text.data());
      list.push_back(nullptr);
      return list;
    };
    const int null = open("/dev/null", O_RDONLY);
    const int out = open((m_directory / ".stdout").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int err = open((m_directory / ".stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (chdir(m_directory.c_str()) != 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
    execve(words[0].c_str(), pointers(words).data(), pointers(settings).data());
    _exit(127);
  }

  std::filesystem::path m_directory;
  std::chrono::steady_clock::time_point m_begin;
  pid_t m_pid = -1;
};

inline Result run_whest(const std::vector<std::string>& arguments,
                        const std::map<std::string, std::string>& environment = {}) {
  const FreshDirectory directory;
  return Program(directory, arguments, environment).wait();
}

}  // namespace whest::test
