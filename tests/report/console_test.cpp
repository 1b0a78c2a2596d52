// SPDX-License-Identifier: MIT
// The consoles: exact bytes of a small report with a frozen clock and host, geometry of the boxes, what is shown when.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <golden.hpp>
#include <sstream>
#include <whest/contest/breakdown.hpp>
#include <whest/report/error_object.hpp>
#include <whest/report/json_reader.hpp>
#include <whest/report/json_writer.hpp>
#include <whest/report/progress_bar.hpp>
#include <whest/report/reporter.hpp>
#include <whest/report/text.hpp>
#include <whest/report/verify.hpp>

using namespace whest;
using runner::Outcome;

namespace {

class FrozenClock final : public base::Clock {
 public:
  double monotonic_s() const override { return now_s; }
  base::UtcTime utc() const override { return base::UtcTime() + std::chrono::seconds(1'764'000'000); }
  double now_s = 100.0;
};

const contest::ScoringRules k_rules{.depth = 2,
                                    .width = 2,
                                    .flop_budget = 1'000'000,
                                    .lambda_flops_per_second = 1e6,
                                    .wall_time_limit_s = 60.0,
                                    .residual_wall_time_limit_s = std::nullopt};

runner::Prediction prediction(Outcome outcome, std::int64_t flops) {
  runner::Prediction made;
  made.outcome = outcome;
  if (outcome == Outcome::success) made.values = {0.5f, 0.5f, 0.25f, 1.0f};
  made.meter = {.flop_budget = 1'000'000,
                .flops_used = flops,
                .wall_s = 0.75,
                .backend_s = 0.5,
                .overhead_s = 0.125,
                .residual_s = 0.125,
                .residual_cpu_s = 0.0625,
                .by_namespace = {},
                .audit = {}};
  made.meter.by_namespace = {
      {.name = "",
       .flops_used = flops,
       .calls = 3,
       .backend_s = 0.5,
       .overhead_s = 0.125,
       .operations = {{.name = "matmul", .flop_cost = flops - 100, .calls = 2, .backend_s = 0.25, .overhead_s = 0.0625},
                      {.name = "add", .flop_cost = 100, .calls = 1, .backend_s = 0.25, .overhead_s = 0.0625}}}};
  return made;
}

// Three networks: a clean one, one over the budget, one whose predict raised text with an escape sequence in it.
report::RunReport small_report() {
  const FrozenClock clock;
  report::RunReport report;
  report.mode = "human";
  report.version = "0.0.0";
  report.meta = {.started_at_utc = base::utc_iso(clock.utc()),
                 .finished_at_utc = base::utc_iso(clock.utc()),
                 .duration_s = 1.5,
                 .host = {.hostname = "host",
                          .os = "Linux",
                          .os_release = "6.1",
                          .platform = "Linux-6.1",
                          .machine = "x86_64",
                          .cpu_brand = "A Processor",
                          .cpu_count_logical = 4,
                          .cpu_count_physical = 2,
                          .ram_total_bytes = 8589934592,
                          .ram_available_bytes = std::nullopt},
                 .software = {.flopscope_version = "0.0"}};
  report.config = {.n_mlps = 3,
                   .width = 2,
                   .depth = 2,
                   .seed = 7,
                   .flop_budget = 1'000'000,
                   .setup_timeout_s = 5.0,
                   .wall_time_limit_s = 60.0,
                   .residual_wall_time_limit_s = std::nullopt,
                   .lambda_flops_per_second = 1e6,
                   .estimator_class = "Mine",
                   .estimator_path = "mine.cpp",
                   .dataset = std::nullopt,
                   .details = report::RunDetails{}};
  report.config.details->resolved_seed = 7;
  report.config.details->runner = "local";
  report.config.details->round = "warmup";
  report.config.details->sampler = "philox";
  report.config.details->n_samples = 1000;
  report.config.details->limits = {{"memory_limit_bytes", 1024.0, std::nullopt, "is advisory"}};
  report.config.details->settings = {{"n-mlps", "3", "command line"}};
  const std::vector<float> truth = {0.5f, 0.25f, 0.5f, 0.5f};
  report.networks.push_back(
      contest::score_network(k_rules, prediction(Outcome::success, 250'000), truth, 0, "calm-otter"));
  report.networks.push_back(
      contest::score_network(k_rules, prediction(Outcome::budget_exhausted, 999'900), truth, 1, "busy-crow"));
  runner::Prediction raised = prediction(Outcome::predict_error, 500);
  raised.failure = runner::Failure{.code = {},
                                   .message = "went \x1b[31mwrong",
                                   .details_json = R"({"hint": "h"})",
                                   .traceback = "at line 3\nat line 4"};
  report.networks.push_back(contest::score_network(k_rules, std::move(raised), truth, 2, "odd-wren"));
  report.aggregates = contest::aggregate(report.networks, 1'000'000);
  std::vector<std::optional<contest::Breakdown>> parts;
  for (const auto& score : report.networks) parts.push_back(score.breakdown);
  report.estimator = contest::merge(parts);
  report.sampling =
      contest::breakdown_of(prediction(Outcome::success, 4000).meter, "sampling", "sample_layer_statistics");
  report.ground_truth = report::GroundTruthQuality{
      .n_samples = 1000, .final_layer_standard_error = 0.015625, .mse_noise_floor = 0.000244140625, .wall_s = 0.5};
  return report;
}

const report::DocumentOptions k_everything{
    .every_network = true, .operations = true, .plots = true, .tracebacks = true};

// The bytes of tests/report/expected/<name>; with WHEST_UPDATE_EXPECTED set they are written instead.
void check_expected(const std::string& name, const std::string& text) {
  const std::string path = std::string(WHEST_SOURCE_DIR) + "/tests/report/expected/" + name;
  if (std::getenv("WHEST_UPDATE_EXPECTED") != nullptr) std::ofstream(path) << text;
  std::ifstream in(path);
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  CHECK(text == expected);
}

std::string without_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      plain += text[i];
  }
  return plain;
}

}  // namespace

TEST_CASE("the small report is consistent") { CHECK(report::verify(small_report()).empty()); }

TEST_CASE("exact bytes: plain, rich, JSON") {
  check_expected("plain.txt", report::render_plain(report::document_of(small_report(), {})));
  check_expected("rich.txt",
                 report::render_rich(report::document_of(small_report(), k_everything), 100, report::Colour::on));
  check_expected("report.json", report::to_json(small_report()));
}

TEST_CASE("our own JSON is read back to the same bytes") {
  const std::string text = report::to_json(small_report());
  const auto again = report::from_json(text, "report.json");
  REQUIRE_MESSAGE(again.has_value(), (again ? "" : again.error().message));
  CHECK(report::to_json(*again) == text);
  CHECK(report::verify(*again).empty());
}

TEST_CASE("every line of a rich report is as wide as the console") {
  for (const std::size_t width : {60u, 100u, 120u}) {
    std::istringstream lines(without_escapes(
        report::render_rich(report::document_of(small_report(), k_everything), width, report::Colour::on)));
    for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(report::columns(line) == width, line);
  }
}

TEST_CASE("without colours there is no escape, and a participant's never passes") {
  const auto document = report::document_of(small_report(), k_everything);
  CHECK(report::render_rich(document, 100, report::Colour::off).find('\x1b') == std::string::npos);
  CHECK(report::render_plain(document).find('\x1b') == std::string::npos);
  CHECK(report::render_plain(document).find("went ?[31mwrong") != std::string::npos);
}

TEST_CASE("tracebacks are shown on demand, the errors panel only with errors") {
  const auto plain = [](const report::RunReport& report, const report::DocumentOptions& options) {
    return report::render_plain(report::document_of(report, options));
  };
  CHECK(plain(small_report(), {}).find("at line 3") == std::string::npos);
  CHECK(plain(small_report(), {.tracebacks = true}).find("at line 3") != std::string::npos);
  report::RunReport clean = small_report();
  clean.networks.resize(1);
  clean.aggregates = contest::aggregate(clean.networks, 1'000'000);
  CHECK(plain(small_report(), {}).find("Estimator Errors") != std::string::npos);
  CHECK(plain(clean, {}).find("Estimator Errors") == std::string::npos);
}

TEST_CASE("golden reports can be shown too") {
  for (const char* name : {"runs/whest10/mean_seed7_n10_local.json", "runs/whest10/transposed_local.json",
                           "runs/whest16/residual_local.json"}) {
    const auto report = report::from_json(test::golden_text(name), name);
    REQUIRE(report.has_value());
    const std::string text = report::render_plain(report::document_of(*report, k_everything));
    CHECK(text.find("Final Score") != std::string::npos);
  }
}

TEST_CASE("a console reporter remarks on limits at once and reports at the end") {
  std::ostringstream out, remarks;
  report::ConsoleReporter reporter(out, remarks, {});
  const report::RunReport report = small_report();
  for (const auto& score : report.networks) reporter.run(report, score);
  CHECK(
      remarks.str() ==
      "MLP 1 (depth=2, width=2) exhausted its FLOP budget after 999,900 FLOPs (budget 1,000,000); scored as zeros.\n");
  CHECK(out.str().empty());
  reporter.finish(report);
  CHECK(out.str().starts_with("whest report\n"));
  CHECK(report::closing_remarks(report, false).size() == 2);
}

TEST_CASE("a progress bar redraws its line ten times a second and keeps a finished stage") {
  std::ostringstream out;
  FrozenClock clock;
  report::ProgressBar bar(out, clock);
  const auto drawn = [&](std::int64_t done) {
    const std::size_t before = out.str().size();
    bar.show({.stage = contest::Stage::scoring, .done = done, .total = 10, .note = "calm-otter"});
    return out.str().substr(before);
  };
  CHECK(drawn(0).find("0/10") != std::string::npos);
  clock.now_s += 0.05;
  CHECK(drawn(1).empty());
  clock.now_s += 0.06;
  CHECK(drawn(5).find("5/10 0:00, 0:00 left  calm-otter") != std::string::npos);
  CHECK(drawn(10).ends_with("\n"));
  bar.clear();
  CHECK(out.str().ends_with("\n"));
}

TEST_CASE("a progress bar never reaches the last column of its terminal") {
  for (const std::size_t width : {1u, 20u, 40u, 60u, 80u, 100u, 200u}) {
    FrozenClock clock;
    for (const std::int64_t done : {0, 3, 1'000'000}) {
      std::ostringstream out;
      report::ProgressBar bar(out, clock, width);
      bar.show({.stage = contest::Stage::ground_truth,
                .done = done,
                .total = 1'000'000,
                .note = "a-network-with-quite-a-long-name"});
      std::string line = out.str();
      const std::size_t begin = line.find("\x1b[K");
      REQUIRE(begin != std::string::npos);
      line = line.substr(begin + 3, line.find('\n') == std::string::npos ? line.npos : line.find('\n') - begin - 3);
      CHECK(report::columns(line) < std::max<std::size_t>(width, 2));
      if (width >= 80 && done == 1'000'000) CHECK(line.find("━━━━━━━━━━") != std::string::npos);
    }
  }
}

TEST_CASE("the error object of a command") {
  const auto object = nlohmann::json::parse(report::error_object({"setup", "SETUP_ERROR", "no", R"({"a": [1]})", ""}));
  CHECK(object["ok"] == false);
  CHECK(object["error"]["details"]["a"][0] == 1);
  CHECK_FALSE(object["error"].contains("traceback"));
}

TEST_CASE("an error for people: subject, code and every hint once, nothing that steers a terminal") {
  const report::CommandError usage{"run", "SCORING_VALIDATION_ERROR", "--seed is \x1b[31mwrong.", "", ""};
  CHECK(report::error_text(usage) == "whest: error: --seed is ?[31mwrong.\n");
  const report::CommandError failure{.stage = "predict",
                                     .code = "PREDICT_ERROR",
                                     .message = "no",
                                     .details_json = R"({"cause_hints": ["one", "two"], "hint": "two"})",
                                     .traceback = "at line 3",
                                     .subject = "network #1 (calm-otter)"};
  CHECK(report::error_text(failure) ==
        "whest: error: network #1 (calm-otter): no [PREDICT_ERROR]\nhint: one\nhint: two\nat line 3\n");
  const report::CommandError more{
      .stage = "setup", .code = "SETUP_ERROR", .message = "no", .more_with_debug = true, .subject = "setup"};
  CHECK(report::error_text(more) == "whest: error: setup: no [SETUP_ERROR]\nUse --debug to see where it came from.\n");
  CHECK(report::hints_of("not JSON").empty());
  CHECK(report::hints_of(R"({"cause_hints": 3, "hint": null})").empty());
}
