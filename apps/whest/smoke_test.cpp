// SPDX-License-Identifier: MIT
// whest smoke-test: the bundled `combined` estimator over the round `smoke`; says whether an installation works.
#include "pipeline.hpp"
#include "round_options.hpp"

namespace whest::app {

namespace {

class SmokeTest final : public Command {
 public:
  const char* name() const override { return "smoke-test"; }
  const char* help() const override { return "Run a bundled estimator over three networks"; }

  void declare(CLI::App& app) override {
    app.add_option("--detail", m_detail, "raw, or full: a table of all networks (default: raw)")->type_name("LEVEL");
    app.add_flag("--profile", m_profile, "show every operation with its FLOPs and times");
    app.add_flag("--show-diagnostic-plots", m_plots, "show charts of errors and scores");
    app.add_flag("--debug", m_debug, "show where errors came from");
    m_round.declare(app, {"runner", "max-threads"}, "smoke");
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    if (m_detail != "raw" && m_detail != "full")
      return base::usage_error("--detail must be raw or full, got '" + m_detail + "'.");
    const auto round = m_round.resolve();
    if (!round) return std::unexpected(round.error());
    RunRequest request;
    request.round = *round;
    request.settings = m_round.settings();
    request.estimator = "combined";
    request.format = *format;
    request.content = {
        .every_network = m_detail == "full", .operations = m_profile, .plots = m_plots, .tracebacks = m_debug};
    request.debug = m_debug;
    if (*format != Format::json)
      env.err << "Smoke test: the bundled estimator 'combined' over round '" << round->name << "'.\n" << std::flush;
    return execute_run(request, env);
  }

 private:
  std::string m_detail = "raw";
  bool m_profile = false, m_plots = false, m_debug = false;
  RoundOptions m_round;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_smoke_test() { return std::make_unique<SmokeTest>(); }

}  // namespace whest::app
