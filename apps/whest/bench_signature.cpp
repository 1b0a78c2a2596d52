// SPDX-License-Identifier: MIT
#include "bench_signature.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <whest/base/sha256.hpp>
#include <whest/contest/data.hpp>
#include <whest/contest/suite.hpp>
#include <whest/ground_truth/bench.hpp>

#include "run_header.hpp"

namespace whest::app {

namespace {

// An estimator over a small suite: a budget that suffices, or one that ends it.
struct Case {
  const char* estimator;
  const char* cost_model;
  std::int64_t flop_budget;
};

constexpr std::array k_cases{Case{"mean_propagation", "flopscope-0.5", 1'000'000'000},
                             Case{"covariance_propagation", "flopscope-0.5", 1'000'000'000},
                             Case{"covariance_propagation", "flopscope-0.5", 100'000},
                             Case{"zeros", "flopscope-0.5", 1'000'000'000},
                             Case{"mean_propagation", "fma1", 1'000'000'000}};

base::Expected<contest::Round> small_round(const Case& one, int threads) {
  auto round = contest::load_round("smoke");
  if (!round) return std::unexpected(round.error());
  round->width = 16;
  round->depth = 3;
  round->n_mlps = 2;
  round->n_samples = 2'000;
  round->lambda_flops_per_second = 0;  // no time may show in an outcome
  round->wall_time_limit_s = 600;
  round->setup_timeout_s = 600;
  round->flop_budget = one.flop_budget;
  round->cost_model = one.cost_model;
  round->runner = "local";
  if (threads > 0) round->max_threads = threads;
  return round;
}

base::Expected<std::string> content_of(const Case& one, int threads) {
  RunRequest request;
  auto round = small_round(one, threads);
  if (!round) return std::unexpected(round.error());
  request.round = *round;
  const auto located = locate_estimator(one.estimator);
  if (!located) return std::unexpected(located.error());
  constexpr std::uint64_t k_seed = 2026;
  const base::CancelToken cancel;
  const auto data =
      contest::make_data(*round, {.seed = k_seed, .range = {0, 1}, .without_truth = {}, .truth = {}}, cancel, {});
  if (!data) return std::unexpected(data.error());
  std::string content;
  std::vector<contest::SuiteNetwork> networks;
  for (const contest::DataNetwork& network : data->networks) {
    networks.push_back({network.mlp_index, network.mlp.name, &network.mlp, network.truth, network.mse_noise_floor});
    content += network.mlp.name + base::sha256_hex(std::as_bytes(std::span(network.truth)));
  }
  contest::SuiteOptions options;
  options.rules = scoring_rules(*round);
  options.submission = submission_of(request, *located, k_seed);
  options.limits = limits_of(*round);
  const auto result = contest::score_suite(
      networks, options, [] { return make_runner("local"); }, cancel, {}, [](const auto&) {});
  if (!result) return std::unexpected(result.error());
  if (result->scores.size() != networks.size()) {
    return base::grader_error(fmt::format("the signature's estimator '{}' gave no scores.", one.estimator));
  }
  for (const contest::NetworkScore& score : result->scores) {
    content += fmt::format("{} {} {}\n", one.estimator, runner::outcome_row(score.outcome).name, score.flops_used);
  }
  return content;
}

}  // namespace

base::Expected<std::string> bench_signature(int threads) {
  auto content = ground_truth::ground_truth_signature(std::nullopt, threads);
  if (!content) return content;
  for (const Case& one : k_cases) {
    const auto more = content_of(one, threads);
    if (!more) return more;
    *content += *more;
  }
  return base::sha256_hex(*content);
}

}  // namespace whest::app
