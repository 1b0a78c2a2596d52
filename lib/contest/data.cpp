// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <system_error>
#include <whest/base/clock.hpp>
#include <whest/base/host.hpp>
#include <whest/base/numbers.hpp>
#include <whest/base/parse.hpp>
#include <whest/contest/data.hpp>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

namespace whest::contest {

namespace {

constexpr std::int64_t k_sampling_budget = 1'000'000'000'000'000;  // what the peers give each network's sampling

ground_truth::SamplingPrices prices_of(const std::string& cost_model) {
  const bool has_rates = flopscope::cost_model(cost_model).dtype_rate(flopscope::DType::float64) != 1;
  return has_rates ? ground_truth::SamplingPrices::dtype_aware : ground_truth::SamplingPrices::by_elements;
}

// One network's sampling, as a breakdown of the report.
Breakdown sampling_of(const ground_truth::SamplingBreakdown& from) {
  runner::NamespaceReading space{.name = "sampling.sample_layer_statistics",
                                 .flops_used = from.flops_used,
                                 .calls = from.calls,
                                 .backend_s = 0.0,
                                 .overhead_s = 0.0,
                                 .operations = {}};
  for (const ground_truth::OperationCost& operation : from.operations) {
    space.backend_s += operation.backend_time_s;
    space.overhead_s += operation.overhead_time_s;
    space.operations.push_back({.name = operation.name,
                                .flop_cost = operation.flop_cost,
                                .calls = operation.calls,
                                .backend_s = operation.backend_time_s,
                                .overhead_s = operation.overhead_time_s});
  }
  return Breakdown{.flop_budget = k_sampling_budget,
                   .flops_used = from.flops_used,
                   .wall_s = from.wall_time_s,
                   .backend_s = from.backend_time_s,
                   .overhead_s = from.overhead_time_s,
                   .residual_s = from.residual_time_s,
                   .by_namespace = {std::move(space)},
                   .time_source = {}};
}

// The mean squared standard error of the last layer; from the variances where the samples are too few to tell.
double variance_of_mean(const ground_truth::GroundTruth& truth, std::int64_t width) {
  double sum = 0.0;
  const std::size_t first = truth.layer_standard_errors.size() - static_cast<std::size_t>(width);
  for (std::size_t i = first; i < truth.layer_standard_errors.size(); ++i) {
    sum += truth.layer_standard_errors[i] * truth.layer_standard_errors[i];
  }
  if (sum == 0.0) return truth.avg_variance / static_cast<double>(truth.n_samples);
  return sum / static_cast<double>(width);
}

class DataMaker {
 public:
  DataMaker(const Round& round, const base::CancelToken& cancel, const ProgressFn& progress)
      : m_round(round), m_cancel(cancel), m_progress(progress) {}

  base::Expected<void> generate(ContestData& data, const DataOptions& options) {
    m_seeds = network::suite_seeds(random::Entropy(options.seed), static_cast<std::size_t>(m_round.n_mlps));
    for (std::int64_t i = options.range.first; i <= options.range.last; ++i) {
      if (m_cancel.requested()) return base::grader_error("interrupted");
      DataNetwork& made = data.networks.emplace_back();
      made.mlp_index = i;
      const network::NetworkSeeds& seeds = m_seeds[static_cast<std::size_t>(i)];
      if (options.without_truth.contains(i)) {
        made.mlp.name = seeds.name;
      } else {
        auto mlp = network::make_network(seeds, m_round.width, m_round.depth);
        if (!mlp) return std::unexpected(mlp.error());
        made.mlp = std::move(*mlp);
      }
      tell(Stage::generation, i - options.range.first + 1, options.range.last - options.range.first + 1, made.mlp.name);
    }
    return {};
  }

  base::Expected<void> sample(ContestData& data, const DataOptions& options) {
    const auto sampler = ground_truth::parse_sampler(m_round.sampler);
    if (!sampler) return std::unexpected(sampler.error());
    ground_truth::Options how;
    const TruthRequest& asked = options.truth;
    how.n_samples = asked.target_stderr && !asked.count_is_limit ? 0 : m_round.n_samples;
    how.target_stderr = asked.target_stderr;
    how.precision = asked.precision;
    // Those of finished networks are kept until all are: a run that is cut finds them.
    how.keep_checkpoint = true;
    how.sampler = *sampler;
    how.threads = static_cast<int>(m_round.max_threads.value_or(0));
    const auto n = static_cast<std::int64_t>(data.networks.size() - options.without_truth.size());
    std::int64_t done = 0;
    for (DataNetwork& network : data.networks) {
      if (options.without_truth.contains(network.mlp_index)) continue;
      if (!asked.checkpoint.empty()) how.checkpoint_path = checkpoint_of(asked, network);
      if (auto sampled = sample_one(data, network, how, done++, n); !sampled) return sampled;
    }
    if (asked.checkpoint.empty()) return {};
    for (const DataNetwork& network : data.networks) {
      std::error_code ignored;
      std::filesystem::remove(checkpoint_of(asked, network), ignored);
    }
    return {};
  }

 private:
  static std::string checkpoint_of(const TruthRequest& asked, const DataNetwork& network) {
    return fmt::format("{}.{}", asked.checkpoint, network.mlp_index);
  }

  base::Expected<void> sample_one(ContestData& data, DataNetwork& network, const ground_truth::Options& how,
                                  std::int64_t done, std::int64_t n) {
    const auto on_progress = [&](const ground_truth::Progress& p) {
      // With a target the samples are not known before: every network then counts as its own round says.
      const std::int64_t each = how.target_stderr ? p.samples_total : how.n_samples;
      tell(Stage::ground_truth, done * each + std::min(p.samples_done, each), n * each,
           fmt::format("{:.0f} samples/s, {}", p.samples_per_s, network.mlp.name));
    };
    const auto& seeds = m_seeds[static_cast<std::size_t>(network.mlp_index)];
    auto truth = simulate(network.mlp, seeds.samples, how, on_progress);
    if (!truth) return std::unexpected(truth.error());
    add_to(data.sampling, sampling_of(ground_truth::sampling_breakdown(*truth, m_round.width, m_round.depth,
                                                                       prices_of(m_round.cost_model))));
    network.mse_noise_floor = variance_of_mean(*truth, m_round.width);
    network.truth = std::move(truth->layer_means);
    data.n_samples = std::max(data.n_samples, truth->n_samples);
    data.isa = ground_truth::isa_name(truth->isa);
    return {};
  }

  base::Expected<ground_truth::GroundTruth> simulate(const network::Mlp& mlp, const random::SeedSequence& samples,
                                                     const ground_truth::Options& how,
                                                     const ground_truth::ProgressCallback& on_progress) const {
    try {
      return ground_truth::simulate(mlp, samples, how, on_progress, [&] { return m_cancel.requested(); });
    } catch (const std::bad_alloc&) {
      return base::grader_error(
          fmt::format("there is not enough memory for the ground truth of a network of width {} and depth {}.",
                      mlp.width, mlp.depth));
    }
  }

  void tell(Stage stage, std::int64_t done, std::int64_t total, const std::string& note) const {
    if (m_progress) m_progress({.stage = stage, .done = done, .total = total, .note = note});
  }

  const Round& m_round;
  const base::CancelToken& m_cancel;
  const ProgressFn& m_progress;
  std::vector<network::NetworkSeeds> m_seeds;
};

// All weights are held at once: refused where they cannot fit, since a system that overcommits would end the process.
base::Expected<void> check_memory(const Round& round, const IndexRange& range) {
  const double layer = 4.0 * static_cast<double>(round.width) * static_cast<double>(round.width);
  const auto count = static_cast<double>(range.last - range.first + 1);
  const double bytes = layer * static_cast<double>(round.depth) * count;
  if (bytes < 0x1p30) return {};
  const auto have = base::probe_host().ram_total_bytes;
  if (!have || bytes <= static_cast<double>(*have)) return {};
  return base::usage_error(fmt::format(
      "{} network(s) of width {} and depth {} take {:.1f} GiB of weights, and this machine has {} of memory; --range "
      "takes some of them.",
      count, round.width, round.depth, bytes / 0x1p30, base::bytes_for_people(*have)));
}

}  // namespace

base::Expected<IndexRange> parse_range(std::string_view text, std::int64_t n_mlps) {
  const std::size_t dash = text.find('-', 1);
  const auto first = base::parse_integer("--range", text.substr(0, dash), 0, n_mlps - 1);
  if (!first) return std::unexpected(first.error());
  if (dash == std::string_view::npos) return IndexRange{*first, *first};
  const auto last = base::parse_integer("--range", text.substr(dash + 1), 0, n_mlps - 1);
  if (!last) return std::unexpected(last.error());
  if (*last < *first) return base::usage_error(fmt::format("--range must not run backwards, got '{}'.", text));
  return IndexRange{*first, *last};
}

base::Expected<ContestData> make_data(const Round& round, const DataOptions& options, const base::CancelToken& cancel,
                                      const ProgressFn& progress) {
  if (auto ok = network::check_shape(round.width, round.depth); !ok) return std::unexpected(ok.error());
  if (auto ok = check_memory(round, options.range); !ok) return std::unexpected(ok.error());
  const double begin_s = base::system_clock().monotonic_s();
  ContestData data;
  DataMaker maker(round, cancel, progress);
  if (auto made = maker.generate(data, options); !made) return std::unexpected(made.error());
  if (auto sampled = maker.sample(data, options); !sampled) return std::unexpected(sampled.error());
  data.wall_s = base::system_clock().monotonic_s() - begin_s;
  return data;
}

}  // namespace whest::contest
