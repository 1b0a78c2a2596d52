// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <vector>
#include <whest/base/file.hpp>
#include <whest/base/sha256.hpp>
#include <whest/estimator/compile.hpp>
#include <whest/estimator/elf.hpp>
#include <whest/estimator/spawn.hpp>
#include <whest/estimator/tree.hpp>

namespace whest::estimator {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_shown_lines = 12;  // of the compiler's output

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::vector<std::string> compiler_flags() {
  return {"-std=c++23",
          "-O2",
          "-g1",
          "-fPIC",
          "-shared",
          "-fvisibility=hidden",
          "-ffp-contract=off",
          "-Wall",
          "-I" + tree().include_dir()};
}

std::vector<std::string> linker_flags() {
  return {"-L" + tree().library_dir(), "-lflopscope", "-Wl,-rpath," + tree().library_dir(), "-Wl,--no-undefined"};
}

// What tells one compiler from another without running it: where it lies, its size and when it was installed.
std::string compiler_identity(const std::string& compiler) {
  std::string path = compiler;
  if (compiler.find('/') == std::string::npos) {
    std::istringstream folders(environment("PATH"));
    for (std::string folder; std::getline(folders, folder, ':');) {
      std::string candidate = fmt::format("{}/{}", folder, compiler);
      if (::access(candidate.c_str(), X_OK) != 0) continue;
      path = std::move(candidate);
      break;
    }
  }
  struct stat info {};
  std::error_code error;
  path = fs::weakly_canonical(path, error).string();
  if (::stat(path.c_str(), &info) != 0) return path;
  return fmt::format("{} {} {}", path, info.st_size, info.st_mtime);
}

// SHA-256 over every header of the SDK, by name.
base::Expected<std::string> sdk_hash() {
  std::vector<std::string> files;
  for (const char* folder : {"/whest", "/flopscope"}) {
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(tree().include_dir() + folder, error)) {
      if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
  }
  if (files.empty()) return base::grader_error(fmt::format("the SDK's headers are not in '{}'", tree().include_dir()));
  std::sort(files.begin(), files.end());
  std::string text;
  for (const std::string& file : files) {
    const auto bytes = base::read_file(file);
    if (!bytes) return std::unexpected(bytes.error());
    text += file + "\n" + base::sha256_hex(*bytes) + "\n";
  }
  return base::sha256_hex(text);
}

// The files that a dependency rule of the compiler lists, without the rule's target.
std::vector<std::string> listed_files(const std::string& rule) {
  std::vector<std::string> files;
  std::string file;
  const std::size_t colon = rule.find(": ");
  for (std::size_t i = colon == std::string::npos ? rule.size() : colon + 2; i < rule.size(); ++i) {
    const char c = rule[i];
    if (c == '\\' && i + 1 < rule.size()) {
      const char next = rule[++i];
      if (next != '\n') file += next;
    } else if (c == ' ' || c == '\n') {
      if (!file.empty()) files.push_back(std::move(file));
      file.clear();
    } else {
      file += c;
    }
  }
  if (!file.empty()) files.push_back(std::move(file));
  return files;
}

// "<sha256> <path>" for each of the participant's own headers.
std::string own_headers(const std::string& rule, const std::string& source) {
  std::string lines;
  for (const std::string& file : listed_files(rule)) {
    if (file == source || file.starts_with(tree().include_dir() + "/")) continue;
    if (const auto bytes = base::read_file(file)) lines += base::sha256_hex(*bytes) + " " + file + "\n";
  }
  return lines;
}

bool cached_is_current(const std::string& plugin) {
  if (!check_shared_object(plugin, plugin)) return false;  // not there, or cut short by a full disk or a lost power
  const auto lines = base::read_file(plugin + ".headers");
  if (!lines) return false;
  std::istringstream stream(*lines);
  for (std::string line; std::getline(stream, line);) {
    if (line.size() < 66) return false;
    const auto bytes = base::read_file(line.substr(65));
    if (!bytes || base::sha256_hex(*bytes) != line.substr(0, 64)) return false;
  }
  return true;
}

// From the first error on, if one is named: warnings before it are not what stopped the compiler.
std::string first_lines(const std::string& text) {
  const std::size_t error = std::min(text.find("error:"), text.find("undefined reference"));
  const std::size_t begin = error != std::string::npos ? text.rfind('\n', error) + 1 : 0;
  std::istringstream stream(text.substr(begin));
  std::string shown;
  std::size_t count = 0;
  for (std::string line; std::getline(stream, line);) {
    if (++count > k_shown_lines) return shown + "\n  ...";
    shown += "\n  " + line;
  }
  return shown;
}

base::Expected<void> run_compiler(const std::string& compiler, const std::string& source, const std::string& plugin,
                                  const std::string& rule_file, const base::CancelToken* cancel) {
  std::vector<std::string> command{compiler};
  for (std::string& flag : compiler_flags()) command.push_back(std::move(flag));
  command.insert(command.end(), {"-MMD", "-MF", rule_file, "-o", plugin, source});
  for (std::string& flag : linker_flags()) command.push_back(std::move(flag));
  const auto finished = run_command(command, cancel);
  if (!finished) {
    return base::usage_error(fmt::format("'{}' cannot be compiled: {}; WHEST_CXX names the C++ compiler.", source,
                                         finished.error().message));
  }
  if (finished->exit_status == 0) return {};
  if (cancel != nullptr && cancel->requested())
    return base::usage_error(fmt::format("the compiler was interrupted on '{}'.", source));
  return base::usage_error(fmt::format("'{}' does not compile:{}", source, first_lines(finished->output)));
}

}  // namespace

std::string cache_dir() {
  if (const std::string xdg = environment("XDG_CACHE_HOME"); xdg.starts_with("/")) return xdg + "/whest";
  if (const std::string home = environment("HOME"); home.starts_with("/")) return home + "/.cache/whest";
  return fmt::format("/tmp/whest-cache-{}", ::getuid());
}

std::string header_hashes(const std::string& plugin) {
  std::istringstream lines(base::read_file(plugin + ".headers").value_or(""));
  std::string hashes;
  for (std::string line; std::getline(lines, line);) hashes += line.substr(0, line.find(' ')) + "\n";
  return hashes;
}

base::Expected<std::string> compile(const std::string& path, const base::CancelToken* cancel) {
  const auto source = base::read_file(path);
  if (!source) return std::unexpected(source.error());
  const auto sdk = sdk_hash();
  if (!sdk) return std::unexpected(sdk.error());
  const std::string named = environment("WHEST_CXX");
  const std::string compiler = named.empty() ? "g++" : named;
  std::string key = path + "\n" + *source + "\n" + *sdk + "\n" + compiler_identity(compiler) + "\n";
  for (const std::string& flag : compiler_flags()) key += flag + "\n";
  for (const std::string& flag : linker_flags()) key += flag + "\n";

  const std::string folder = cache_dir() + "/estimators";
  std::error_code error;
  fs::create_directories(folder, error);
  struct stat info {};
  if (error || ::stat(folder.c_str(), &info) != 0 || info.st_uid != ::getuid()) {
    return base::usage_error(
        fmt::format("the folder of compiled estimators '{}' cannot be used: it must be writable and yours; "
                    "XDG_CACHE_HOME names another place.",
                    folder));
  }
  std::string plugin = fmt::format("{}/{}.so", folder, base::sha256_hex(key));
  // What a source asks about files that are not there, no list of its headers tells.
  const bool looks_for_files = source->find("__has_include") != std::string::npos;
  if (!looks_for_files && cached_is_current(plugin)) return plugin;

  // Built beside its place and renamed: a second run at the same moment sees the whole file or none.
  const std::string temporary = fmt::format("{}.{}.tmp", plugin, ::getpid());
  const std::string rule_file = temporary + ".d";
  auto compiled = run_compiler(compiler, path, temporary, rule_file, cancel);
  const auto rule = base::read_file(rule_file);
  ::unlink(rule_file.c_str());
  if (compiled) compiled = base::write_file_atomically(plugin + ".headers", own_headers(rule.value_or(""), path));
  if (compiled && ::rename(temporary.c_str(), plugin.c_str()) != 0) {
    compiled = base::usage_error(fmt::format("cannot write '{}'", plugin));
  }
  if (!compiled) {
    ::unlink(temporary.c_str());
    return std::unexpected(compiled.error());
  }
  return plugin;
}

}  // namespace whest::estimator
