// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <whest/report/json_writer.hpp>
#include <whest/report/reporter.hpp>

namespace whest::report {

void JsonReporter::finish(const RunReport& report) { m_out << to_json(report) << std::flush; }

void ConsoleReporter::run(const RunReport& asked, const contest::NetworkScore& score) {
  if (score.outcome_class() != runner::OutcomeClass::exhausted) return;
  const contest::ScoringRules rules{.depth = asked.config.depth,
                                    .width = asked.config.width,
                                    .flop_budget = asked.config.flop_budget,
                                    .lambda_flops_per_second = asked.config.lambda(),
                                    .wall_time_limit_s = asked.config.wall_time_limit_s,
                                    .residual_wall_time_limit_s = asked.config.residual_wall_time_limit_s};
  m_remarks << contest::exhaustion_sentence(rules, score) << "\n" << std::flush;
}

void ConsoleReporter::finish(const RunReport& report) {
  const Document document = document_of(report, m_style.content);
  m_out << (m_style.rich ? render_rich(document, m_style.columns, m_style.colour) : render_plain(document))
        << std::flush;
}

std::vector<std::string> closing_remarks(const RunReport& report, bool tracebacks_shown) {
  std::vector<std::string> remarks;
  const contest::FailureCounts& counts = report.aggregates.failures;
  const std::size_t n = report.networks.size();
  if (counts.error > 0) {
    remarks.push_back(fmt::format("{} of {} MLP(s) raised during predict; {} Use --fail-fast to stop on first error.",
                                  counts.error, n,
                                  tracebacks_shown ? "see the details above." : "rerun with --debug for details."));
  }
  const std::int64_t exhausted = counts.budget_exhausted + counts.time_exhausted + counts.residual_wall_time_exhausted +
                                 counts.combined_budget_exhausted;
  if (exhausted > 0) {
    remarks.push_back(
        fmt::format("{} of {} MLP(s) met a limit ({} FLOP, {} time, {} residual, {} combined). Use --fail-fast to stop "
                    "on first failure.",
                    exhausted, n, counts.budget_exhausted, counts.time_exhausted, counts.residual_wall_time_exhausted,
                    counts.combined_budget_exhausted));
  }
  return remarks;
}

}  // namespace whest::report
