// SPDX-License-Identifier: MIT
// whest validate: loads an estimator, sets it up, asks it for one small network.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <whest/base/cancel.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/parse.hpp>
#include <whest/base/version.hpp>
#include <whest/contest/scoring.hpp>
#include <whest/network/generate.hpp>

#include "command.hpp"
#include "cost_models.hpp"
#include "crash_notice.hpp"
#include "interrupt.hpp"
#include "round_options.hpp"
#include "run_header.hpp"
#include "runners.hpp"

namespace whest::app {

namespace {

// As small as the peers' check: large enough to tell a transposed result.
constexpr std::int64_t k_width = 4;
constexpr std::int64_t k_depth = 2;

class Validate final : public Command {
 public:
  const char* name() const override { return "validate"; }
  const char* help() const override { return "Check that an estimator loads and returns valid predictions"; }

  void declare(CLI::App& app) override {
    app.add_option("--estimator", m_estimator, "a .cpp, a .so, or the name of a bundled estimator (required)")
        ->type_name("PATH|NAME");
    app.add_option("--class", m_class, "the class to check, where the file has more than one")->type_name("NAME");
    app.add_option("--seed", m_seed, "seed of the network (default: 0)")->type_name("N");
    app.add_flag("--debug", m_debug, "show where errors came from");
    m_round.declare(app, {"runner", "cost-model", "flop-budget", "setup-timeout", "wall-time-limit"});
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    auto round = m_round.resolve();
    if (!round) return std::unexpected(round.error());
    const auto seed = base::parse_seed("--seed", m_seed.empty() ? "0" : m_seed);
    if (!seed) return std::unexpected(seed.error());
    if (m_estimator.empty())
      return base::usage_error("--estimator is required: a .cpp, a .so, or the name of a bundled estimator.");
    if (auto built = check_cost_model(round->cost_model); !built) return std::unexpected(built.error());
    const InterruptScope interrupt(m_cancel);
    const auto located = locate_estimator(m_estimator, &env.err, &m_cancel);
    if (m_cancel.requested()) return interrupted(*format, env);
    if (!located) return std::unexpected(located.error());
    round->width = k_width;
    round->depth = k_depth;
    return check(*located, *round, *seed, *format, env);
  }

 private:
  base::Expected<Exit> check(const estimator::Located& located, const contest::Round& round, std::uint64_t seed,
                             Format format, const Environment& env) {
    auto runner = make_runner(round.runner);
    auto exit = examine(*runner, located, round, seed, format, env);
    if (m_cancel.requested()) exit = interrupted(format, env);
    if (!exit) return exit;
    // Teardown is the participant's code too: what was shown stands.
    env.out.flush();
    const CrashNotice notice(round.runner == "local", {.stage = "validate", .code = {}, .json = {}, .result = *exit});
    runner.reset();
    return exit;
  }

  base::Expected<Exit> examine(runner::Runner& runner, const estimator::Located& located, const contest::Round& round,
                               std::uint64_t seed, Format format, const Environment& env) {
    RunRequest request;
    request.round = round;
    request.class_name = m_class;
    request.debug = m_debug;
    const auto notice_of = [&](const char* code) {
      return std::make_unique<CrashNotice>(
          round.runner == "local",
          LastWords{.stage = "validate", .code = code, .json = format == Format::json, .result = {}});
    };
    auto notice = notice_of("SETUP_ERROR");
    const std::jthread stopper = base::when_requested(m_cancel, [&runner] { runner.stop(); });
    const double begin_s = env.clock.monotonic_s();
    const auto started = runner.start(submission_of(request, located, seed), limits_of(round));
    if (m_cancel.requested()) return Exit::interrupted;
    if (!started) return std::unexpected(started.error());
    if (*started) return refuse(**started, format, env);
    notice.reset();
    notice = notice_of("WORKER_EOF");
    const std::string class_name = runner.class_name();
    const auto suite = network::generate_suite(random::Entropy(seed), 1, k_width, k_depth);
    if (!suite) return std::unexpected(suite.error());
    runner::Prediction prediction = runner.predict(suite->front().mlp, 0);
    if (m_cancel.requested()) return Exit::interrupted;
    const std::vector<float> truth(static_cast<std::size_t>(k_width * k_depth), 0.0f);
    const contest::NetworkScore score =
        contest::score_network(scoring_rules(round), std::move(prediction), truth, 0, suite->front().mlp.name);
    if (score.failed()) {
      runner::Failure failure = score.failure.value_or(runner::Failure{});
      if (failure.code.empty()) failure.code = runner::outcome_row(score.outcome).error_code;
      if (failure.code.empty()) failure.code = "SCORING_RUNTIME_ERROR";
      if (failure.message.empty()) failure.message = contest::exhaustion_sentence(scoring_rules(round), score);
      return refuse(failure, format, env);
    }
    show_success(class_name, format, env, env.clock.monotonic_s() - begin_s);
    return Exit::ok;
  }

  static Exit interrupted(Format format, const Environment& env) {
    show_error({"validate", "INTERRUPTED", "the check was interrupted.", {}, {}}, format == Format::json, env.out,
               env.err);
    return Exit::interrupted;
  }

  Exit refuse(const runner::Failure& failure, Format format, const Environment& env) const {
    show_error({.stage = "validate",
                .code = failure.code,
                .message = failure.message,
                .details_json = failure.details_json,
                .traceback = m_debug ? failure.traceback : std::string(),
                .more_with_debug = !m_debug && !failure.traceback.empty(),
                .subject = "the estimator is not valid"},
               format == Format::json, env.out, env.err);
    return Exit::participant;
  }

  void show_success(const std::string& class_name, Format format, const Environment& env, double elapsed_s) const {
    if (format == Format::json) {
      env.out << base::json_text({{"ok", true},
                                  {"class_name", class_name},
                                  {"module_name", m_estimator},
                                  {"output_shape", {k_depth, k_width}},
                                  {"whest_version", base::version()}});
      return;
    }
    report::Section section{.title = "Validation", .tone = report::Tone::good};
    section.tables.push_back({.header = {"status", "check", "detail"},
                              .rows = {{"OK", "class resolved", class_name},
                                       {"OK", "setup completed", "ok"},
                                       {"OK", "predict returned shape", fmt::format("({}, {})", k_depth, k_width)},
                                       {"OK", "values finite", "all finite"}},
                              .left_columns = 3});
    section.notes.push_back(fmt::format("Validation passed in {:.0f} ms.", 1e3 * elapsed_s));
    show_document({.title = "", .sections = {section}}, format, env.out);
  }

  std::string m_estimator, m_class, m_seed;
  bool m_debug = false;
  base::CancelToken m_cancel;
  RoundOptions m_round;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_validate() { return std::make_unique<Validate>(); }

}  // namespace whest::app
