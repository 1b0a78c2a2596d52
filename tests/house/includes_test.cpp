// SPDX-License-Identifier: MIT
// The rule of the house: a room includes only rooms below it, a program only rooms, and nobody a program.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
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

// The rooms that a text's includes name: <whest/room/file.hpp>, and the SDK's headers, which belong to the rooms that
// serve them. "file.hpp" is of the same folder; a path in quotes is "elsewhere", which nobody may include.
std::vector<std::string> included_rooms(const std::string& text) {
  static const std::regex k_include(R"((^|\n)[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]*)[>"])");
  std::vector<std::string> rooms;
  for (std::sregex_iterator at(text.begin(), text.end(), k_include), end; at != end; ++at) {
    const std::string path = (*at)[3];
    const std::size_t first = path.find('/');
    if (first == std::string::npos) continue;
    const std::string top = path.substr(0, first);
    const std::size_t second = path.find('/', first + 1);
    const std::string room = second == std::string::npos ? "" : path.substr(first + 1, second - first - 1);
    if ((*at)[2] == "\"")
      rooms.emplace_back("elsewhere");
    else if (top == "flopscope")
      rooms.emplace_back("flopscope");
    else if (top == "whest")
      rooms.push_back(room.empty() || room == "detail" ? "estimator" : room);
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
  const std::vector<std::string> seen = included_rooms(
      "#include <whest/runner/runner.hpp>\n #  include <whest/abi.h>\n#include \"own.hpp\"\n#include <vector>\n"
      "#include \"../contest/suite.hpp\"\n#include <flopscope/abi.h>\n#include <whest/contest/suite.hpp>");
  CHECK(seen == std::vector<std::string>{"runner", "estimator", "elsewhere", "flopscope", "contest"});
  CHECK_FALSE(may_include("contest", "elsewhere"));
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
