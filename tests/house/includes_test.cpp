// SPDX-License-Identifier: MIT
// The rule of the house: a room includes only rooms below it, a program only rooms, and nobody a program.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// Each room and what it may include besides itself.
const std::vector<std::string> k_order = {"base",         "random", "flopscope", "network", "estimator",
                                          "ground_truth", "runner", "contest",   "report"};
const std::map<std::string, std::vector<std::string>> k_narrower = {{"flopscope", {"base", "random"}}};

bool is_source(const fs::path& p) {
  return p.extension() == ".cpp" || p.extension() == ".hpp" || p.extension() == ".h";
}

// The rooms named by lines like #include <whest/room/file.hpp>.
std::vector<std::string> included_rooms(const std::string& text) {
  std::vector<std::string> rooms;
  const std::string marker = "#include <whest/";
  for (std::size_t at = text.find(marker); at != std::string::npos; at = text.find(marker, at + 1)) {
    const std::size_t begin = at + marker.size(), slash = text.find('/', begin), end = text.find('>', begin);
    if (slash < end) rooms.push_back(text.substr(begin, slash - begin));
  }
  return rooms;
}

bool may_include(const std::string& room, const std::string& other) {
  if (room == other) return true;
  if (const auto at = k_narrower.find(room); at != k_narrower.end())
    return std::find(at->second.begin(), at->second.end(), other) != at->second.end();
  const auto from = std::find(k_order.begin(), k_order.end(), room),
             to = std::find(k_order.begin(), k_order.end(), other);
  return to != k_order.end() && from != k_order.end() && to < from;
}

std::vector<fs::path> sources_under(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && is_source(entry.path())) out.push_back(entry.path());
  return out;
}

std::string text_of(const fs::path& p) {
  std::ifstream in(p);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("no include runs upward") {
  const fs::path lib = fs::path(WHEST_SOURCE_DIR) / "lib";
  int files = 0;
  for (const std::string& room : k_order)
    for (const fs::path& file : sources_under(lib / room)) {
      ++files;
      for (const std::string& other : included_rooms(text_of(file))) {
        INFO(file.string() << " includes " << other);
        CHECK(may_include(room, other));
      }
    }
  CHECK(files > 100);
}

TEST_CASE("the rule refuses an arrow that runs upward") {
  CHECK_FALSE(may_include("base", "random"));
  CHECK_FALSE(may_include("flopscope", "network"));
  CHECK_FALSE(may_include("runner", "contest"));
  CHECK(may_include("contest", "runner"));
  CHECK(included_rooms("#include <whest/runner/runner.hpp>\n#include <whest/abi.h>\n") ==
        std::vector<std::string>{"runner"});
}

TEST_CASE("every room is in the order, and every source names its licence") {
  const fs::path root = WHEST_SOURCE_DIR;
  for (const auto& entry : fs::directory_iterator(root / "lib"))
    if (entry.is_directory()) {
      INFO(entry.path().string());
      CHECK(std::find(k_order.begin(), k_order.end(), entry.path().filename().string()) != k_order.end());
    }
  for (const char* folder : {"lib", "apps", "include", "estimators", "tests"})
    for (const fs::path& file : sources_under(root / folder)) {
      INFO(file.string());
      CHECK(text_of(file).substr(0, 120).find("SPDX-License-Identifier: MIT") != std::string::npos);
    }
}
