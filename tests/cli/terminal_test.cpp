// SPDX-License-Identifier: MIT
// The program on a terminal of its own: progress bars only where stderr is one, boxes that fit it, plain text
// elsewhere.
#include <doctest/doctest.h>
#include <pty.h>

#include <sstream>
#include <whest/report/text.hpp>

#include "program.hpp"

using whest::test::FreshDirectory;
using whest::test::slurp;
using whest::test::Words;

namespace {

// Which of the program's streams go to a file instead of the terminal.
enum class ToFile { none, out, err };

struct Shown {
  int exit_code = -1;
  std::string terminal;
  std::string file;
};

Shown run_on_terminal(const Words& arguments, unsigned short columns, ToFile to_file = ToFile::none,
                      const std::string& terminal = "xterm-256color") {
  const FreshDirectory directory;
  const std::string file = directory.path() / "stream";
  std::vector<std::string> words = {std::string(WHEST_BINARY_DIR) + "/bin/whest"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> settings = {"PATH=/usr/bin:/bin", "HOME=" + directory.path().string(), "TERM=" + terminal};
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (std::string& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
  };
  const std::vector<char*> argv = pointers(words), envp = pointers(settings);
  const winsize size{.ws_row = 40, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  int master = -1;
  const pid_t pid = forkpty(&master, nullptr, nullptr, &size);
  REQUIRE(pid >= 0);
  if (pid == 0) {
    if (to_file != ToFile::none) {
      const int stream = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      if (stream < 0 || dup2(stream, to_file == ToFile::out ? STDOUT_FILENO : STDERR_FILENO) < 0) _exit(126);
    }
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  Shown shown;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(master, buffer, sizeof buffer)) > 0;) {
    shown.terminal.append(buffer, static_cast<std::size_t>(n));
  }
  int status = 0;
  waitpid(pid, &status, 0);
  close(master);
  shown.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  shown.file = slurp(file);
  return shown;
}

const Words k_run = {"run",      "--estimator", "mean_propagation", "--width", "16",     "--depth", "3",
                     "--n-mlps", "4",           "--n-samples",      "2000",    "--seed", "3"};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What stands on the lines at the end: colours and cleared lines gone.
std::vector<std::string> lines_of(const std::string& terminal) {
  std::string text;
  for (std::size_t i = 0; i < terminal.size(); ++i) {
    if (terminal[i] != '\x1b') {
      text += terminal[i];
      continue;
    }
    while (i < terminal.size() && !std::isalpha(static_cast<unsigned char>(terminal[i]))) ++i;
  }
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    while (line.ends_with('\r')) line.pop_back();
    lines.push_back(line.substr(line.rfind('\r') == std::string::npos ? 0 : line.rfind('\r') + 1));
  }
  return lines;
}

}  // namespace

TEST_CASE("on a terminal: a bar for each stage, then boxes that fill the width and no more") {
  for (const unsigned short columns : {60, 80, 120, 200}) {
    CAPTURE(columns);
    const Shown shown =
        run_on_terminal(with(k_run, {"--detail", "full", "--profile", "--show-diagnostic-plots"}), columns);
    CHECK(shown.exit_code == 0);
    for (const char* stage : {"Generating networks", "Sampling ground truth", "Scoring"}) {
      CHECK(has(shown.terminal, "\r\x1b[K" + std::string(stage)));
    }
    const std::size_t width = std::min<std::size_t>(columns, 120);
    std::size_t boxes = 0;
    for (const std::string& line : lines_of(shown.terminal)) {
      CAPTURE(line);
      if (has(line, "━") || has(line, "╌")) CHECK(whest::report::columns(line) < columns);
      if (!line.starts_with("╭") && !line.starts_with("│") && !line.starts_with("╰")) continue;
      CHECK(whest::report::columns(line) == width);
      CHECK((line.ends_with("╮") || line.ends_with("│") || line.ends_with("╯")));
      boxes += line.starts_with("╭");
    }
    CHECK(boxes >= 6);
  }
}

TEST_CASE("stdout in a file: plain there, the bars on the terminal") {
  const Shown shown = run_on_terminal(k_run, 100, ToFile::out);
  CHECK(shown.exit_code == 0);
  CHECK(has(shown.terminal, "Sampling ground truth"));
  CHECK_FALSE(has(shown.terminal, "Final Score"));
  CHECK(has(shown.file, "Final Score"));
  CHECK_FALSE(has(shown.file, "\x1b"));
  CHECK_FALSE(has(shown.file, "╭"));
}

TEST_CASE("stderr in a file: no bars anywhere, boxes on the terminal") {
  const Shown shown = run_on_terminal(k_run, 100, ToFile::err);
  CHECK(shown.exit_code == 0);
  CHECK_FALSE(has(shown.file, "Sampling ground truth"));
  CHECK_FALSE(has(shown.file, "\r"));
  CHECK_FALSE(has(shown.terminal, "Sampling ground truth"));
  CHECK(has(shown.terminal, "╭"));
}

TEST_CASE("JSON on a terminal is JSON, a terminal that cannot move its cursor gets neither bars nor colours") {
  const Shown json = run_on_terminal(with(k_run, {"--json"}), 100, ToFile::err);
  CHECK(json.terminal.starts_with("{"));
  CHECK_FALSE(has(json.terminal, "\x1b"));
  const Shown dumb = run_on_terminal(k_run, 100, ToFile::none, "dumb");
  CHECK(dumb.exit_code == 0);
  CHECK_FALSE(has(dumb.terminal, "\x1b"));
  CHECK_FALSE(has(dumb.terminal, "Sampling ground truth"));
  CHECK(has(dumb.terminal, "Final Score"));
}

TEST_CASE("a remark or an error takes the bar off its line") {
  const std::string limits = std::string(WHEST_BINARY_DIR) + "/tests/runner/estimators/limits.so";
  const Words words = {"run", "--estimator", limits, "--class",       "Budget", "--width",
                       "16",  "--depth",     "3",    "--n-mlps",      "4",      "--n-samples",
                       "500", "--seed",      "3",    "--flop-budget", "1000"};
  for (const Words& more : {Words{}, Words{"--fail-fast"}}) {
    const Shown shown = run_on_terminal(with(words, more), 200);
    CHECK(shown.exit_code == (more.empty() ? 0 : 1));
    bool told = false;
    for (const std::string& line : lines_of(shown.terminal)) {
      const bool remark = has(line, "exhausted its FLOP budget") || has(line, "whest: error:");
      told |= remark;
      if (remark) CHECK_FALSE(has(line, "Scoring"));
    }
    CHECK(told);
  }
}
