// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <whest/base/embedded.hpp>
#include <whest/base/file.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/suggest.hpp>
#include <whest/contest/round.hpp>
#include <whest/ground_truth/options.hpp>

namespace whest::base {
extern const std::span<const EmbeddedFile> k_round_files;  // configs/*.json, by whest_embed
}

namespace whest::contest {

namespace {
std::string stem(std::string_view path) { return std::filesystem::path(path).stem().string(); }
}  // namespace

const std::vector<std::string>& runner_names() {
  static const std::vector<std::string> names = {"local", "inprocess", "subprocess", "server"};
  return names;
}

const std::vector<std::string>& sampler_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const ground_truth::Sampler sampler : ground_truth::k_all_samplers) {
      all.emplace_back(ground_truth::sampler_name(sampler));
    }
    return all;
  }();
  return names;
}

std::string canonical_runner(std::string_view name) {
  if (name == "inprocess") return "local";
  if (name == "server") return "subprocess";
  return std::string(name);
}

base::Expected<double> check_lambda(std::string_view what, double flops_per_second) {
  if (flops_per_second <= k_max_lambda_flops_per_second) return flops_per_second;
  return base::usage_error(fmt::format("{} must be at most {} FLOPs per second, got {}.", what,
                                       k_max_lambda_flops_per_second, flops_per_second));
}

std::vector<std::string> round_names() {
  std::vector<std::string> names;
  for (const base::EmbeddedFile& file : base::k_round_files) names.push_back(stem(file.name));
  return names;
}

base::Expected<Round> parse_round(std::string_view text, std::string_view where) {
  const auto json = base::parse_json(text, where);
  if (!json) return std::unexpected(json.error());
  base::JsonObject object(*json, std::string(where));
  Round round;
  round.name = object.text("name");
  round.title = object.text("title");
  round.width = object.integer("width", 1, k_max_width);
  round.depth = object.integer("depth", 1, k_max_depth);
  round.n_mlps = object.integer("n_mlps", 1, k_max_n_mlps);
  round.flop_budget = object.integer("flop_budget", 1, k_max_flop_budget);
  round.lambda_flops_per_second = object.real("lambda_flops_per_second", base::Bound::non_negative);
  round.residual_wall_time_limit_s = object.real_or_null("residual_wall_time_limit_s", base::Bound::positive);
  round.wall_time_limit_s = object.real("wall_time_limit_s", base::Bound::positive);
  round.setup_timeout_s = object.real("setup_timeout_s", base::Bound::positive);
  round.memory_limit_bytes = object.integer("memory_limit_bytes", 1, std::numeric_limits<std::int64_t>::max());
  round.n_samples = object.integer("n_samples", 1, k_max_samples);
  round.cost_model = object.text("cost_model");
  round.sampler = object.choice("sampler", sampler_names());
  round.runner = canonical_runner(object.choice("runner", runner_names()));
  round.jobs = object.integer("jobs", 1, k_max_threads);
  if (object.has("max_threads") && json->at("max_threads").is_null()) {
    object.ignore("max_threads");
  } else {
    round.max_threads = object.integer("max_threads", 1, k_max_threads);
  }
  if (auto read = object.finish(); !read) return std::unexpected(read.error());
  const std::string lambda = fmt::format("'lambda_flops_per_second' in {}", where);
  if (auto ok = check_lambda(lambda, round.lambda_flops_per_second); !ok) return std::unexpected(ok.error());
  return round;
}

base::Expected<Round> load_round(const std::string& name_or_path) {
  const bool is_path = name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".json");
  if (is_path) {
    const auto text = base::read_file(name_or_path);
    if (!text) return std::unexpected(text.error());
    return parse_round(*text, fmt::format("config file '{}'", name_or_path));
  }
  for (const base::EmbeddedFile& file : base::k_round_files) {
    if (stem(file.name) == name_or_path) return parse_round(file.text, fmt::format("round '{}'", name_or_path));
  }
  const auto names = round_names();
  return base::usage_error(fmt::format("unknown round '{}': give one of {}, or the path of a .json file.{}",
                                       name_or_path, fmt::join(names, ", "), base::did_you_mean(name_or_path, names)));
}

}  // namespace whest::contest
