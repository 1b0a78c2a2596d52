// SPDX-License-Identifier: MIT
// Every option of every command, as the program's own help lists them: none takes a value that it cannot mean, and each
// refusal is one sentence that names the option.
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "program.hpp"

using whest::test::Result;
using whest::test::run_whest;
using whest::test::Words;

namespace {

struct Option {
  std::string name;
  std::string value;  // what its help calls the value, empty for a switch
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> commands() {
  std::vector<std::string> names;
  bool listed = false;
  for (const std::string& line : lines_of(run_whest({"--help"}).out)) {
    std::smatch match;
    if (line == "Subcommands:") listed = true;
    if (listed && std::regex_search(line, match, std::regex("^  ([a-z-]+) "))) names.push_back(match[1]);
  }
  return names;
}

std::vector<Option> options_of(const std::string& command) {
  std::vector<Option> options;
  for (const std::string& line : lines_of(run_whest({command, "--help"}).out)) {
    std::smatch match;
    const bool is_option = std::regex_search(line, match, std::regex("^  (--[a-z-]+)(?: ([A-Z|.-]+))?(?:  |$)"));
    if (is_option) options.push_back({match[1], match[2]});
  }
  return options;
}

// What the command needs besides, less the option itself.
Words needed_by(const std::string& command, const std::string& option) {
  if ((command == "run" || command == "validate") && option != "--estimator") return {"--estimator", "zeros"};
  if (command == "inspect" && option != "--seed") return {"--seed", "1"};
  if (command == "flops") return {"svd", "4", "4"};
  return {};
}

// Small, should a bad value ever be taken.
const std::map<std::string, std::string> k_small = {{"WHEST_N_SAMPLES", "50"}, {"WHEST_N_MLPS", "1"}};

// The sentence that refuses the command line.
std::string check_refused(const std::string& command, const std::string& option, const Words& given) {
  Words words = {command};
  const Words needed = needed_by(command, option);
  words.insert(words.end(), needed.begin(), needed.end());
  words.insert(words.end(), given.begin(), given.end());
  const Result result = run_whest(words, k_small);
  std::string shown;
  for (const std::string& word : words) shown += "'" + word + "' ";
  CAPTURE(shown);
  CAPTURE(result.err);
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with("whest: error: "));
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  return result.err;
}

// As check_refused(), and the sentence names the option.
void check_named(const std::string& command, const std::string& option, const Words& given) {
  CHECK(check_refused(command, option, given).find(option) != std::string::npos);
}

Words bad_values(const std::string& value) {
  const Words no_number = {"nan", "inf", "-inf", "-1", "1e999", "abc", "0x10", " 1", "1 ", "1_", "1,5", "/"};
  Words more = no_number;
  if (value == "N" || value == "FLOPS") more.insert(more.end(), {"1.5", "99999999999999999999"});
  if (value == "N" || value == "FLOPS" || value == "SECONDS" || value == "RATE" || value == "BYTES" || value == "ERROR")
    return more;
  if (value == "A-B") return {"nan", "-1", "1.5", "abc", "-", "1-", "-1-2", "0-1-2", "5-3", "0-99999999999999999999"};
  if (value == "FILE") return {"/", "no/such/directory/file.json"};
  if (value == "PATH") return {"/", "no/such/directory"};
  return {"no such name", "/", "no/such/file.json", "1.5"};  // NAME, PATH|NAME, LEVEL, FORMAT, VALUE
}

}  // namespace

TEST_CASE("the help of every command can be read, and names what the README names") {
  std::set<std::string> all = {"--help", "--version"};
  const std::vector<std::string> names = commands();
  CHECK(names.size() >= 8);
  for (const std::string& command : names) {
    const std::vector<Option> options = options_of(command);
    CHECK(options.size() >= 2);  // --format and --json
    for (const Option& option : options) all.insert(option.name);
  }
  // Options of other programs that the README shows.
  for (const char* theirs : {"--preset", "--build", "--install", "--prefix", "--ops", "--summary"}) all.insert(theirs);
  const std::string readme = whest::test::slurp(std::string(WHEST_SOURCE_DIR) + "/README.md");
  const std::regex option("--[a-z][a-z-]+");
  for (std::sregex_iterator at(readme.begin(), readme.end(), option), end; at != end; ++at) {
    CHECK_MESSAGE(all.contains(at->str()), at->str());
  }
}

TEST_CASE("the help names every choice that a refusal names") {
  const std::string help = run_whest({"run", "--help"}).out;
  for (const char* option : {"--sampler", "--cost-model", "--runner", "--detail", "--format", "--config"}) {
    const std::string refusal = run_whest({"run", "--estimator", "zeros", option, "no such"}).err;
    std::smatch match;
    CAPTURE(refusal);
    REQUIRE(std::regex_search(refusal, match, std::regex("one of ([^:]+?)(?:, got|, or|\\.\n|\\.$)|be (raw or full)")));
    const std::string choices = match[1].str() + match[2].str();
    const std::regex word("[a-z][a-z0-9.-]+");
    for (std::sregex_iterator at(choices.begin(), choices.end(), word), end; at != end; ++at) {
      if (at->str() == "or") continue;
      CHECK_MESSAGE(help.find(at->str()) != std::string::npos, at->str());
    }
  }
}

TEST_CASE("no option takes an empty value, no value, or two") {
  for (const std::string& command : commands()) {
    for (const Option& option : options_of(command)) {
      if (option.value.empty()) {
        check_named(command, option.name, {option.name + "=1"});
        continue;
      }
      check_named(command, option.name, {option.name});
      check_refused(command, option.name, {option.name, "--help-me"});
      check_named(command, option.name, {option.name + "="});
      check_named(command, option.name, {option.name, ""});
      check_named(command, option.name, {option.name + "=1", option.name, "1"});
    }
  }
}

TEST_CASE("no option takes a value that it cannot mean") {
  for (const std::string& command : commands()) {
    for (const Option& option : options_of(command)) {
      if (option.value.empty()) continue;
      Words values = bad_values(option.value);
      if (command != "run" && values.size() > 3) values.resize(3);  // the same options read by the same code
      for (const std::string& value : values) {
        check_refused(command, option.name, {option.name + "=" + value});
      }
    }
  }
}
