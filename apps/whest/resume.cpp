// SPDX-License-Identifier: MIT
#include "resume.hpp"

#include <fmt/format.h>

#include <whest/network/generate.hpp>
#include <whest/report/json_reader.hpp>
#include <whest/report/verify.hpp>

namespace whest::app {

namespace {

// What must be the same for scores to belong together, as text: name, then, now.
struct Pair {
  const char* name;
  std::string then;
  std::string now;
};

template <class T>
std::string text(const T& value) {
  return fmt::format("{}", value);
}

template <class T>
std::string text(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : std::string("none");
}

// A setting of the earlier run, or what runs without that option did.
std::string setting_of(const std::vector<report::Setting>& settings, const char* name, const char* otherwise) {
  for (const report::Setting& setting : settings) {
    if (setting.name == name) return setting.value;
  }
  return otherwise;
}

std::optional<std::int64_t> memory_limit_of(const report::RunDetails& details) {
  for (const report::Limit& limit : details.limits) {
    if (limit.name == "memory_limit_bytes" && limit.requested) return static_cast<std::int64_t>(*limit.requested);
  }
  return std::nullopt;
}

std::vector<Pair> pairs_of(const report::RunConfig& then, const RunRequest& request,
                           const estimator::Located& located) {
  const contest::Round& now = request.round;
  const report::RunDetails& details = *then.details;
  std::vector<Pair> pairs = {
      {"n_mlps", text(then.n_mlps), text(now.n_mlps)},
      {"width", text(then.width), text(now.width)},
      {"depth", text(then.depth), text(now.depth)},
      {"flop_budget", text(then.flop_budget), text(now.flop_budget)},
      {"lambda_flops_per_second", text(then.lambda()), text(now.lambda_flops_per_second)},
      {"wall_time_limit_s", text(then.wall_time_limit_s), text(std::optional(now.wall_time_limit_s))},
      {"residual_wall_time_limit_s", text(then.residual_wall_time_limit_s), text(now.residual_wall_time_limit_s)},
      {"memory_limit_bytes", text(memory_limit_of(details)), text(std::optional(now.memory_limit_bytes))},
      {"cost_model", details.cost_model, now.cost_model},
      {"audit_cost_model", details.audit_cost_model, request.audit_cost_model},
      {"sampler", details.sampler, now.sampler},
      {"n_samples", text(details.n_samples), text(now.n_samples)},
      {"precision", setting_of(details.settings, "precision", "float32"),
       setting_of(request.settings, "precision", "float32")},
      {"target_stderr", setting_of(details.settings, "target-stderr", "none"),
       setting_of(request.settings, "target-stderr", "none")},
      {"runner", details.runner, now.runner},
      {"estimator_sha256", details.estimator_sha256, located.sha256}};
  if (request.seed) pairs.push_back({"seed", text(details.resolved_seed), text(request.seed)});
  if (!request.class_name.empty()) pairs.push_back({"estimator_class", then.estimator_class, request.class_name});
  return pairs;
}

// Scores are kept as they stand in the file: first everything is recomputed that can be, down to the networks' names.
base::Expected<void> check_sound(const report::RunReport& earlier, const std::string& path) {
  std::vector<std::string> findings = report::verify(earlier);
  if (findings.empty()) {
    const auto seeds = network::suite_seeds(random::Entropy(*earlier.config.details->resolved_seed),
                                            static_cast<std::size_t>(earlier.config.n_mlps));
    for (std::size_t i = 0; i < earlier.networks.size(); ++i) {
      const contest::NetworkScore& score = earlier.networks[i];
      const std::string& name = seeds[static_cast<std::size_t>(score.mlp_index)].name;
      if (score.mlp_name == name) continue;
      findings.push_back(fmt::format("per_mlp[{}]: mlp_name is '{}', expected '{}' for mlp_index {} of this seed", i,
                                     score.mlp_name, name, score.mlp_index));
    }
  }
  if (findings.empty()) return {};
  const std::string more = findings.size() > 1 ? fmt::format(" (and {} more)", findings.size() - 1) : "";
  return base::usage_error(fmt::format("--resume: '{}' is damaged: {}{}.", path, findings.front(), more));
}

}  // namespace

base::Expected<report::RunReport> load_resumable(const RunRequest& request, const estimator::Located& located,
                                                 const contest::IndexRange& range) {
  auto earlier = report::load_report(request.resume);
  if (!earlier) return base::usage_error(fmt::format("--resume: {}", earlier.error().message));
  if (!earlier->config.details || !earlier->config.details->resolved_seed) {
    return base::usage_error(fmt::format("--resume: '{}' is no report of whest.", request.resume));
  }
  for (const Pair& pair : pairs_of(earlier->config, request, located)) {
    if (pair.then != pair.now) {
      return base::usage_error(fmt::format("--resume: '{}' was made with {} = {}, this run has {}.", request.resume,
                                           pair.name, pair.then, pair.now));
    }
  }
  if (auto sound = check_sound(*earlier, request.resume); !sound) return std::unexpected(sound.error());
  std::erase_if(earlier->networks, [&](const contest::NetworkScore& score) { return !range.holds(score.mlp_index); });
  return earlier;
}

}  // namespace whest::app
