// SPDX-License-Identifier: MIT
// whest doctor: says whether this machine can compile, run and judge estimators.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/version.hpp>

#include "command.hpp"
#include "cost_models.hpp"
#include "doctor_checks.hpp"
#include "round_options.hpp"

namespace whest::app {

namespace {

const char* status_name(CheckStatus status) {
  switch (status) {
    case CheckStatus::ok:
      return "ok";
    case CheckStatus::warn:
      return "warn";
    case CheckStatus::fail:
      break;
  }
  return "fail";
}

class Doctor final : public Command {
 public:
  const char* name() const override { return "doctor"; }
  const char* help() const override { return "Check this machine: compiler, memory, isolation, speed against lambda"; }

  void declare(CLI::App& app) override {
    app.add_flag("--strict", m_strict, "exit 1 on warnings too");
    m_round.declare(app, {"lambda-flops-per-second", "memory-limit", "cost-model"});
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    const auto round = m_round.resolve();
    if (!round) return std::unexpected(round.error());
    if (auto known = check_cost_model(round->cost_model); !known) return std::unexpected(known.error());
    const std::vector<Check> checks = run_checks(*round);
    int n_warn = 0, n_fail = 0;
    for (const Check& check : checks) {
      n_warn += check.status == CheckStatus::warn;
      n_fail += check.status == CheckStatus::fail;
    }
    const bool good = n_fail == 0 && (n_warn == 0 || !m_strict);
    if (*format == Format::json) {
      show_json(checks, good, env);
    } else {
      show_people(checks, n_warn, n_fail, *format, env);
    }
    return good ? Exit::ok : Exit::participant;
  }

 private:
  static void show_json(const std::vector<Check>& checks, bool good, const Environment& env) {
    base::Json list = base::Json::array();
    for (const Check& check : checks) {
      list.push_back(base::Json{{"name", check.name}, {"status", status_name(check.status)}, {"detail", check.detail}});
    }
    env.out << base::json_text(base::Json{
        {"ok", good}, {"command", "doctor"}, {"checks", std::move(list)}, {"whest_version", base::version()}});
  }

  static void show_people(const std::vector<Check>& checks, int n_warn, int n_fail, Format format,
                          const Environment& env) {
    report::Section section{.title = "Doctor",
                            .tone = n_fail > 0   ? report::Tone::bad
                                    : n_warn > 0 ? report::Tone::warning
                                                 : report::Tone::good};
    for (const Check& check : checks) {
      section.notes.push_back(fmt::format("[{}] {}: {}", status_name(check.status), check.name, check.detail));
    }
    section.notes.push_back(fmt::format("{} checks, {} warnings, {} failures.", checks.size(), n_warn, n_fail));
    show_document({.title = "", .sections = {section}}, format, env.out);
  }

  bool m_strict = false;
  RoundOptions m_round;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_doctor() { return std::make_unique<Doctor>(); }

}  // namespace whest::app
