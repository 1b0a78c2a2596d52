// SPDX-License-Identifier: MIT
// whest run: scores an estimator over a suite of networks.
#include <fmt/format.h>

#include <whest/base/parse.hpp>
#include <whest/base/suggest.hpp>

#include "pipeline.hpp"
#include "round_options.hpp"
#include "truth_options.hpp"

namespace whest::app {

namespace {

class RunCommand final : public Command {
 public:
  const char* name() const override { return "run"; }
  const char* help() const override { return "Score an estimator"; }

  void declare(CLI::App& app) override {
    app.add_option("--estimator", m_estimator, "a .cpp, a .so, or the name of a bundled estimator (required)")
        ->type_name("PATH|NAME");
    app.add_option("--class", m_class, "the class to run, where the file has more than one")->type_name("NAME");
    app.add_option("--seed", m_seed, "seed of the suite (default: drawn and recorded)")->type_name("N");
    m_round.declare(app);
    m_truth.declare(app);
    app.add_option("--audit-cost-model", m_audit, "also say what the run would have cost under this price list")
        ->type_name("NAME");
    app.add_option("--range", m_range, "only these networks of the suite, A-B with both ends")->type_name("A-B");
    app.add_option("--output", m_output_file, "write the JSON report to a file too")->type_name("FILE");
    app.add_option("--resume", m_resume, "keep the scores of an earlier report of the same run")->type_name("FILE");
    app.add_option("--detail", m_detail, "raw, or full: a table of all networks (default: raw)")->type_name("LEVEL");
    app.add_flag("--profile", m_profile, "show every operation with its FLOPs and times");
    app.add_flag("--show-diagnostic-plots", m_plots, "show charts of errors and scores");
    app.add_flag("--debug", m_debug, "show where errors came from");
    app.add_flag("--fail-fast", m_fail_fast, "stop at the first network that fails");
    app.add_option("--dataset", m_dataset, "score on a baked dataset (not built yet)")->type_name("PATH");
    app.add_option("--split", m_split, "split of the dataset (not built yet)")->type_name("NAME");
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    RunRequest request;
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    if (!m_dataset.empty() || !m_split.empty()) {
      return base::usage_error(
          "--dataset and --split are refused: datasets are not built yet; use --seed and --n-samples.");
    }
    const auto round = m_round.resolve();
    if (!round) return std::unexpected(round.error());
    if (!m_seed.empty()) {
      const auto seed = base::parse_seed("--seed", m_seed);
      if (!seed) return std::unexpected(seed.error());
      request.seed = *seed;
    }
    const std::vector<std::string> levels = {"raw", "full"};
    if (m_detail != "raw" && m_detail != "full") {
      return base::usage_error(
          fmt::format("--detail must be raw or full, got '{}'.{}", m_detail, base::did_you_mean(m_detail, levels)));
    }
    request.round = *round;
    request.settings = m_round.settings();
    const auto truth = m_truth.resolve(request.settings);
    if (!truth) return std::unexpected(truth.error());
    request.truth = *truth;
    if (!request.truth.checkpoint.empty() && !request.seed) {
      return base::usage_error("--checkpoint needs --seed: without one every run has other networks.");
    }
    request.estimator = m_estimator;
    request.class_name = m_class;
    request.output = m_output_file;
    request.range = m_range;
    request.audit_cost_model = m_audit;
    request.resume = m_resume;
    request.format = *format;
    request.content = {
        .every_network = m_detail == "full", .operations = m_profile, .plots = m_plots, .tracebacks = m_debug};
    request.debug = m_debug;
    request.fail_fast = m_fail_fast;
    return execute_run(request, env);
  }

 private:
  std::string m_estimator, m_class, m_seed, m_range, m_audit, m_output_file, m_resume, m_dataset, m_split;
  std::string m_detail = "raw";
  bool m_profile = false, m_plots = false, m_debug = false, m_fail_fast = false;
  RoundOptions m_round;
  TruthOptions m_truth;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_run() { return std::make_unique<RunCommand>(); }

}  // namespace whest::app
