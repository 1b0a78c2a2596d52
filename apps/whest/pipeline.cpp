// SPDX-License-Identifier: MIT
// The trace of a run: checks -> estimator located (compiled) -> data (networks, truth) -> scoring loop -> report.
#include "pipeline.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <filesystem>
#include <whest/base/file.hpp>
#include <whest/base/numbers.hpp>
#include <whest/base/version.hpp>
#include <whest/contest/data.hpp>
#include <whest/contest/suite.hpp>
#include <whest/report/json_writer.hpp>
#include <whest/report/progress_bar.hpp>
#include <whest/report/reporter.hpp>
#include <whest/runner/sandbox.hpp>

#include "crash_notice.hpp"
#include "early_start.hpp"
#include "interrupt.hpp"
#include "request_checks.hpp"
#include "resume.hpp"
#include "run_header.hpp"
#include "runners.hpp"

namespace whest::app {

namespace {

// 53 bits of the system's entropy: every JSON reader keeps them.
base::Expected<std::uint64_t> draw_seed() {
  std::uint64_t bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != static_cast<ssize_t>(sizeof bits)) {
    return base::grader_error("the system gives no entropy for a seed.");
  }
  return bits >> 11;
}

// One run, its parts in the order in which they are made.
class Run {
 public:
  Run(const RunRequest& request, const Environment& env)
      : m_request(request),
        m_env(env),
        m_show_bar(bar_columns().has_value()),
        m_bar(env.err, env.clock, bar_columns().value_or(80)) {}

  base::Expected<Exit> execute() {
    const InterruptScope interrupt(m_cancel);  // until teardown is over: a run that is ended leaves nothing behind
    auto exit = run_and_show();
    if (exit) let_go(*exit);
    return exit;
  }

 private:
  base::Expected<Exit> run_and_show() {
    if (auto ok = check_request(m_request); !ok) return std::unexpected(ok.error());
    auto located = locate_estimator(m_request.estimator, &m_env.err, &m_cancel);
    if (m_cancel.requested()) return interrupted();
    if (!located) return std::unexpected(located.error());
    m_located = *located;
    if (auto ok = resolve_suite(); !ok) return std::unexpected(ok.error());
    m_asked = make_header(m_request, m_located, *m_seed, m_env);
    make_reporter();
    m_reporter->begin(m_asked);
    const auto started = start_runner();
    if (m_cancel.requested()) return interrupted();
    if (!started) return std::unexpected(started.error());
    if (*started) return refuse_submission(**started);
    auto data = make_data();
    if (!data && m_cancel.requested()) return interrupted();
    if (!data) return std::unexpected(data.error());
    warn_about_limits();
    auto result = score(*data);
    m_bar.clear();
    if (!result) return std::unexpected(result.error());
    if (result->submission_failure) return refuse_submission(*result->submission_failure);
    return conclude(*data, std::move(*result));
  }

  // Teardown is the participant's code: whatever it does to this process, what was shown stands, and its status.
  void let_go(Exit exit) {
    m_env.out.flush();
    const CrashNotice notice(m_request.round.runner == "local",
                             {.stage = "run", .code = {}, .json = {}, .result = exit});
    m_runner.reset();
    m_runners.clear();
  }

  base::Expected<void> resolve_suite() {
    const std::string all = fmt::format("0-{}", m_request.round.n_mlps - 1);
    const auto range = contest::parse_range(m_request.range.empty() ? all : m_request.range, m_request.round.n_mlps);
    if (!range) return std::unexpected(range.error());
    m_range = *range;
    m_seed = m_request.seed;
    if (!m_request.resume.empty()) {
      auto earlier = load_resumable(m_request, m_located, m_range);
      if (!earlier) return std::unexpected(earlier.error());
      m_earlier = std::move(*earlier);
      m_seed = m_earlier->config.details->resolved_seed;
    }
    if (m_seed) return {};
    const auto drawn = draw_seed();
    if (!drawn) return std::unexpected(drawn.error());
    m_seed = *drawn;
    return {};
  }

  void make_reporter() {
    if (m_request.format == Format::json) {
      m_reporter = std::make_unique<report::JsonReporter>(m_env.out);
      return;
    }
    m_reporter =
        std::make_unique<report::ConsoleReporter>(m_env.out, m_env.err,
                                                  report::ConsoleStyle{.rich = m_request.format == Format::rich,
                                                                       .colour = console_colour(),
                                                                       .columns = console_columns(),
                                                                       .content = m_request.content});
  }

  void warn_about_limits() {
    if (m_request.round.runner == "local") {
      m_env.err << fmt::format(
          "whest: the memory limit of {} is advisory with --runner local; --runner subprocess enforces it.\n",
          base::bytes_for_people(m_request.round.memory_limit_bytes));
    } else if (const std::string missing = runner::missing_walls(); !missing.empty()) {
      m_env.err << fmt::format("whest: --runner subprocess isolates less here: {}.\n", missing);
    }
    m_env.err << std::flush;
  }

  // Loads the estimator and runs its setup(): what is wrong with it is known before minutes of sampling.
  base::Expected<std::optional<runner::Failure>> start_runner() {
    const double begin_s = m_env.clock.monotonic_s();
    const CrashNotice notice(m_request.round.runner == "local", last_words("setup", "SETUP_ERROR"));
    m_runner = make_runner(m_request.round.runner);
    auto started =
        start_watched(*m_runner, submission_of(m_request, m_located, *m_seed), limits_of(m_request.round), m_cancel);
    m_duration_s = m_env.clock.monotonic_s() - begin_s;
    return started;
  }

  LastWords last_words(const char* stage, const char* code) const {
    return {.stage = stage, .code = code, .json = m_request.format == Format::json, .result = {}};
  }

  // The runner that is started already, then new ones.
  std::unique_ptr<runner::Runner> next_runner() {
    return m_runner ? already_started(std::move(m_runner)) : make_runner(m_request.round.runner);
  }

  contest::ProgressFn progress() {
    if (!m_show_bar) return {};
    return [this](const contest::Progress& at) { m_bar.show(at); };
  }

  base::Expected<contest::ContestData> make_data() {
    contest::DataOptions options{.seed = *m_seed, .range = m_range, .without_truth = {}, .truth = m_request.truth};
    if (m_earlier) {
      for (const contest::NetworkScore& score : m_earlier->networks) options.without_truth.insert(score.mlp_index);
    }
    auto data = contest::make_data(m_request.round, options, m_cancel, progress());
    m_bar.clear();
    return data;
  }

  base::Expected<contest::SuiteResult> score(const contest::ContestData& data) {
    std::vector<contest::SuiteNetwork> networks;
    for (const contest::DataNetwork& network : data.networks) {
      networks.push_back({network.mlp_index, network.mlp.name, &network.mlp, network.truth, network.mse_noise_floor});
    }
    contest::SuiteOptions options;
    options.rules = scoring_rules(m_request.round);
    options.submission = submission_of(m_request, m_located, *m_seed);
    options.limits = limits_of(m_request.round);
    options.on_failure = m_request.fail_fast ? contest::OnFailure::stop : contest::OnFailure::go_on;
    options.jobs = m_request.round.jobs;
    if (m_earlier) options.already_scored = m_earlier->networks;
    const double begin_s = m_env.clock.monotonic_s();
    const CrashNotice notice(m_request.round.runner == "local", last_words("run", "WORKER_EOF"));
    auto result = contest::score_suite(
        networks, options, [&] { return next_runner(); }, m_cancel, progress(),
        [&](const contest::NetworkScore& network_score) {
          m_bar.clear();
          m_reporter->run(m_asked, network_score);
        });
    m_duration_s += m_env.clock.monotonic_s() - begin_s;
    if (result) m_runners = std::move(result->runners);
    return result;
  }

  Exit show(const report::CommandError& error, Exit exit) const {
    show_error(error, m_request.format == Format::json, m_env.out, m_env.err);
    return exit;
  }

  Exit interrupted() const {
    return show({"run", "INTERRUPTED", "the run was interrupted before anything was scored.", {}, {}},
                Exit::interrupted);
  }

  Exit refuse_submission(const runner::Failure& failure) const {
    return show({.stage = "setup",
                 .code = failure.code.empty() ? "SETUP_ERROR" : failure.code,
                 .message = failure.message,
                 .details_json = failure.details_json,
                 .traceback = m_request.debug ? failure.traceback : std::string(),
                 .more_with_debug = !m_request.debug && !failure.traceback.empty(),
                 .subject = "the estimator's setup failed"},
                Exit::participant);
  }

  report::RunReport make_report(const contest::ContestData& data, contest::SuiteResult result) const {
    report::RunReport report = m_asked;
    report.config.estimator_class = result.class_name;
    note_enforcement(*report.config.details, result.enforcement);
    report.complete = !result.cancelled && !result.stopped_at;
    report.networks = std::move(result.scores);
    finish_report(report, data, m_earlier, m_duration_s, m_env.clock);
    return report;
  }

  base::Expected<Exit> conclude(const contest::ContestData& data, contest::SuiteResult result) {
    if (result.scores.empty()) return interrupted();
    const auto stopped_at = result.stopped_at;
    const bool cancelled = result.cancelled;
    const report::RunReport report = make_report(data, std::move(result));
    if (!m_request.output.empty()) {
      report::RunReport for_machines = report;
      for_machines.mode = "agent";
      if (auto written = base::write_file_atomically(m_request.output, report::to_json(for_machines)); !written) {
        m_reporter->finish(report);  // what was computed is not lost
        m_env.err << "whest: error: " << written.error().message << "\n";
        return Exit::grader;
      }
    }
    if (cancelled) {
      return show({"run",
                   "INTERRUPTED",
                   fmt::format("the run was interrupted: {} of {} networks were scored.", report.networks.size(),
                               data.networks.size()),
                   {},
                   {}},
                  Exit::interrupted);
    }
    if (stopped_at) return show(first_failure(report, *stopped_at, m_request.debug), Exit::participant);
    m_reporter->finish(report);
    for (const std::string& remark : report::closing_remarks(report, m_request.debug)) m_env.err << remark << "\n";
    return contest::any_error(report.networks) ? Exit::participant : Exit::ok;
  }

  const RunRequest& m_request;
  const Environment& m_env;
  base::CancelToken m_cancel;
  bool m_show_bar;
  report::ProgressBar m_bar;
  estimator::Located m_located;
  contest::IndexRange m_range;
  std::optional<std::uint64_t> m_seed;
  std::optional<report::RunReport> m_earlier;
  report::RunReport m_asked;
  std::unique_ptr<report::Reporter> m_reporter;
  std::unique_ptr<runner::Runner> m_runner;                // the first one, until the scoring loop takes it
  std::vector<std::unique_ptr<runner::Runner>> m_runners;  // behind it
  double m_duration_s = 0.0;
};

}  // namespace

base::Expected<Exit> execute_run(const RunRequest& request, const Environment& env) {
  // Where the caller stands now: an estimator in this process may go elsewhere.
  RunRequest placed = request;
  for (std::string* path : {&placed.output, &placed.truth.checkpoint})
    if (!path->empty()) *path = std::filesystem::absolute(*path).string();
  return Run(placed, env).execute();
}

}  // namespace whest::app
