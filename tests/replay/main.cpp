// SPDX-License-Identifier: MIT
// flopscope_replay FILE... [--cost-model M] [--ops LIST] [--sdk] [--summary]: replays golden files through the waist by
// operation name, compares charges, logs and values, prints each mismatch, and ends with 'N passed, M failed, K
// skipped'. Exit 0: no mismatch; 1: some; 2: wrong usage, or a file that is none of ours; 3: a fault of the program.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <span>
#include <stdexcept>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/queries/query.hpp>

#include "format.hpp"
#include "queries_format.hpp"

namespace flopscope::replay {
namespace {

// Wrong usage, or a file that cannot be replayed: exit 2.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::optional<std::string> read_text(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return std::nullopt;
  std::string text;
  char buffer[1 << 16];
  int n = 0;
  while ((n = gzread(file, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(n));
  gzclose(file);
  return n < 0 ? std::nullopt : std::optional(text);
}

using Format = LineResult (*)(const Json&, const Settings&);

// The format of a line, by its fields.
Format format_of(const Json& line) {
  if (line.contains("op") && line.contains("args") && line.contains("charge")) return replay_call;
  if (is_query(line)) return replay_query;
  if (line.contains("steps") && line.contains("name")) return replay_budget;
  if (line.contains("op") && line.contains("operands")) return replay_contraction;
  if (line.contains("script")) return replay_script;
  if (line.contains("value") && (line.contains("group") || line.contains("api"))) return replay_group;
  return nullptr;
}

struct Totals {
  int passed = 0, failed = 0, skipped = 0;
  std::map<std::string, int> skipped_ops, failed_ops;
};

void count(const LineResult& r, Totals& totals) {
  switch (r.verdict) {
    case Verdict::passed:
      ++totals.passed;
      break;
    case Verdict::failed:
      ++totals.failed;
      ++totals.failed_ops[r.op];
      break;
    case Verdict::skipped:
      ++totals.skipped;
      ++totals.skipped_ops[r.op];
      break;
  }
}

// Names by which --ops may ask for the line.
void note_names(const Json& line, std::set<std::string>& names) {
  for (const char* key : {"op", "function"}) {
    if (!line.contains(key) || !line[key].is_string()) continue;
    names.insert(line[key].get<std::string>());
    names.insert(operation_named(line[key].get<std::string>()).op);
  }
  if (!line.contains("script") || !line["script"].is_array()) return;
  for (const Json& step : line["script"]) names.insert(step.value("call", ""));
}

struct Replay {
  Settings settings;
  bool summary = false;
  Totals totals = {};
  std::set<std::string> names_met = {};

  // Throws Unusable for what is no line of a golden file.
  void line(const Json& json) {
    const Format format = json.is_object() ? format_of(json) : nullptr;
    if (format == nullptr) throw Unusable("not a line of a known golden format");
    note_names(json, names_met);
    try {
      const LineResult r = format(json, settings);
      count(r, totals);
      if (summary) return;
      if (!r.reason.empty()) fmt::print("{}: skipped: {}\n", r.id, r.reason);
      for (const std::string& m : r.mismatches) fmt::print("{}: {}\n", r.id, m);
    } catch (const Json::exception& error) {
      throw Unusable(fmt::format("not as its format says: {}", error.what()));
    }
  }

  void file(const std::string& path) {
    const auto text = read_text(path);
    if (!text) throw Unusable(fmt::format("cannot read '{}'", path));
    if (text->find_first_not_of(" \t\r\n") == std::string::npos) throw Unusable(fmt::format("'{}' is empty", path));
    int number = 0;
    try {
      if (text->starts_with('[')) {  // one JSON list instead of lines
        const Json list = Json::parse(*text, nullptr, false);
        if (list.is_discarded()) throw Unusable("not valid JSON");
        if (list.empty()) throw Unusable("an empty list");
        for (const Json& item : list) {
          ++number;
          line(item);
        }
        return;
      }
      for (std::size_t begin = 0; begin < text->size();) {
        const std::size_t end = std::min(text->find('\n', begin), text->size());
        const std::string line_text = text->substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (!line_text.empty()) line(Json::parse(line_text, nullptr, false));
      }
    } catch (const Unusable& unusable) {
      throw Unusable(fmt::format("{}:{}: {}", path, number, unusable.what()));
    }
  }
};

void print_counts(const char* title, const std::map<std::string, int>& ops) {
  if (ops.empty()) return;
  fmt::print("{}:", title);
  for (const auto& [op, n] : ops) fmt::print(" {}:{}", op, n);
  fmt::print("\n");
}

constexpr const char* k_usage = "usage: flopscope_replay FILE... [--cost-model M] [--ops LIST] [--sdk] [--summary]\n";

std::string help() {
  return fmt::format(
      "Replays golden files of operations, queries, budgets and symmetry, and compares what they say.\n{}\n"
      "  FILE            a file of golden/calls, queries, budget or symmetry; may be compressed by gzip\n"
      "  --cost-model M  replay under this model only, may be repeated (default: every flopscope version);\n"
      "                  known: {}\n"
      "  --ops LIST      only these operations, queries or scripted calls, by name, with commas between\n"
      "  --sdk           calls go through the participant's headers (fnp::NAME); what these offer in another form (an\n"
      "                  index, a conversion to a number, files) is skipped\n"
      "  --summary       counts by operation instead of each mismatch\n"
      "  -h, --help      show this help and exit\n"
      "The last line is 'N passed, M failed, K skipped': skipped are operations that the catalogue or --ops leaves "
      "out.\n"
      "Exit status: 0 no mismatch, 1 some, 2 wrong usage or file, 3 a fault of the program.\n",
      k_usage, fmt::join(cost_model_names(), ", "));
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

struct Arguments {
  Settings settings;
  std::vector<std::string> files;
  bool summary = false;
  bool help = false;
};

Arguments parse(std::span<char*> words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i];
    const std::string name = word.substr(0, word.find('='));
    if (name == "--cost-model" || name == "--ops") {
      const bool joined = name.size() < word.size();
      if (!joined && i + 1 == words.size()) throw Unusable(name + " needs a value");
      const std::string value = joined ? word.substr(name.size() + 1) : words[++i];
      for (const std::string& one : split(value)) {
        if (one.empty()) throw Unusable(fmt::format("{} has an empty name in '{}'", name, value));
        if (name == "--ops") arguments.settings.ops.insert(one);
      }
      if (name == "--cost-model") arguments.settings.models.push_back(value);
    } else if (word == "--sdk") {
      arguments.settings.through_sdk = true;
    } else if (word == "--summary") {
      arguments.summary = true;
    } else if (word == "--help" || word == "-h") {
      arguments.help = true;
    } else if (word.starts_with("-") && word.size() > 1) {
      throw Unusable("unknown option '" + word + "'");
    } else {
      arguments.files.push_back(word);
    }
  }
  return arguments;
}

// A name of --ops that is neither an operation nor a query nor in any of the files is a slip.
void check_names(const std::set<std::string>& wanted, const std::set<std::string>& met) {
  for (const std::string& name : wanted) {
    const bool known = met.contains(name) || Catalogue::instance().find(operation_named(name).op) != nullptr ||
                       queries::signature(name, cost_model("flopscope-0.12")).has_value();
    if (!known) throw Unusable(fmt::format("--ops: there is no operation or query '{}'", name));
  }
}

int run(std::span<char*> words) {
  Arguments arguments = parse(words);
  if (arguments.help) {
    fmt::print("{}", help());
    return 0;
  }
  if (arguments.files.empty()) throw Unusable("no file given");
  std::vector<std::string>& models = arguments.settings.models;
  if (models.empty()) models = {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12"};
  const std::vector<std::string> known = cost_model_names();
  for (const std::string& model : models) {
    if (std::find(known.begin(), known.end(), model) == known.end())
      throw Unusable(fmt::format("unknown cost model '{}': use one of {}", model, fmt::join(known, ", ")));
  }
  Replay replay{.settings = arguments.settings, .summary = arguments.summary};
  for (const std::string& file : arguments.files) replay.file(file);
  check_names(arguments.settings.ops, replay.names_met);
  const Totals& totals = replay.totals;
  if (arguments.summary) {
    print_counts("failed", totals.failed_ops);
    print_counts("skipped", totals.skipped_ops);
  }
  fmt::print("{} passed, {} failed, {} skipped\n", totals.passed, totals.failed, totals.skipped);
  return totals.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace flopscope::replay

int main(int argc, char** argv) {
  using namespace flopscope::replay;
  try {
    if (argc == 3 && std::string_view(argv[1]) == k_scenario_option) return run_scenario_alone(argv[2]);
    return run(std::span(argv + 1, static_cast<std::size_t>(argc - 1)));
  } catch (const Unusable& unusable) {
    fmt::print(stderr, "flopscope_replay: {}.\n{}", unusable.what(), k_usage);
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "flopscope_replay: {}\n", e.what());
    return 3;
  }
}
