// SPDX-License-Identifier: MIT
// flopscope_replay FILE... [--cost-model M] [--ops LIST] [--summary]: replays golden files through the waist by
// operation name, compares charges, logs and values, prints each mismatch, and ends with 'N passed, M failed, K
// skipped'.
#include <fmt/format.h>
#include <zlib.h>

#include <cstdio>
#include <map>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/errors.hpp>

#include "format.hpp"
#include "queries_format.hpp"

namespace flopscope::replay {
namespace {

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

bool replay_file(const std::string& path, const Settings& settings, bool summary, Totals& totals) {
  const auto text = read_text(path);
  if (!text) {
    fmt::print(stderr, "flopscope_replay: cannot read '{}'\n", path);
    return false;
  }
  int number = 0;
  const auto replay = [&](const Json& line) {
    const Format format = line.is_object() ? format_of(line) : nullptr;
    if (format == nullptr) {
      fmt::print(stderr, "flopscope_replay: {}:{}: not a line of a known golden format\n", path, number);
      return false;
    }
    const LineResult r = format(line, settings);
    count(r, totals);
    if (!summary)
      for (const std::string& m : r.mismatches) fmt::print("{}: {}\n", r.id, m);
    return true;
  };
  if (text->starts_with('[')) {  // one JSON list instead of lines
    for (const Json& item : Json::parse(*text)) {
      ++number;
      if (!replay(item)) return false;
    }
    return true;
  }
  for (std::size_t begin = 0; begin < text->size();) {
    std::size_t end = text->find('\n', begin);
    if (end == std::string::npos) end = text->size();
    const std::string line_text = text->substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (!line_text.empty() && !replay(Json::parse(line_text, nullptr, false))) return false;
  }
  return true;
}

void print_counts(const char* title, const std::map<std::string, int>& ops) {
  if (ops.empty()) return;
  fmt::print("{}:", title);
  for (const auto& [op, n] : ops) fmt::print(" {}:{}", op, n);
  fmt::print("\n");
}

int usage(const std::string& message) {
  fmt::print(stderr,
             "flopscope_replay: {}\nusage: flopscope_replay FILE... [--cost-model M] [--ops LIST] [--summary]\n",
             message);
  return 2;
}

int run(int argc, char** argv) {
  Settings settings;
  std::vector<std::string> files;
  bool summary = false;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    const bool takes_value = arg == "--cost-model" || arg == "--ops";
    if (takes_value && i + 1 == argc) return usage(arg + " needs a value");
    if (arg == "--cost-model")
      settings.models.push_back(argv[++i]);
    else if (arg == "--summary")
      summary = true;
    else if (arg == "--ops") {
      const std::string list = argv[++i];
      for (std::size_t b = 0; b <= list.size();) {
        std::size_t e = list.find(',', b);
        if (e == std::string::npos) e = list.size();
        settings.ops.insert(list.substr(b, e - b));
        b = e + 1;
      }
    } else if (arg.starts_with("--"))
      return usage("unknown option '" + arg + "'");
    else
      files.push_back(arg);
  }
  if (files.empty()) return usage("no file given");
  if (settings.models.empty()) settings.models = {"flopscope-0.5", "flopscope-0.9", "flopscope-0.12"};
  for (const std::string& m : settings.models) {
    try {
      cost_model(m);
    } catch (const Error& e) {
      return usage(e.what());
    }
  }
  Totals totals;
  for (const std::string& f : files)
    if (!replay_file(f, settings, summary, totals)) return 2;
  if (summary) {
    print_counts("failed", totals.failed_ops);
    print_counts("skipped", totals.skipped_ops);
  }
  fmt::print("{} passed, {} failed, {} skipped\n", totals.passed, totals.failed, totals.skipped);
  return totals.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace flopscope::replay

int main(int argc, char** argv) {
  try {
    return flopscope::replay::run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "flopscope_replay: {}\n", e.what());
    return 3;
  }
}
