// SPDX-License-Identifier: MIT
// The scoring loop with a runner made of a function: order, failures, several jobs, resuming, cancelling.
#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <whest/contest/suite.hpp>
#include <whest/network/mlp.hpp>

using namespace whest;
using runner::Outcome;

namespace {

using Predict = std::function<runner::Prediction(std::int64_t)>;

runner::Prediction clean() {
  runner::Prediction prediction;
  prediction.outcome = Outcome::success;
  prediction.values = {1.0f};
  return prediction;
}

runner::Prediction raised() {
  runner::Prediction prediction;
  prediction.outcome = Outcome::predict_error;
  prediction.failure = runner::Failure{.code = {}, .message = "boom", .details_json = {}, .traceback = {}};
  return prediction;
}

class FakeRunner final : public runner::Runner {
 public:
  FakeRunner(Predict predict, std::optional<runner::Failure> failure, std::atomic<int>& stops)
      : m_predict(std::move(predict)), m_failure(std::move(failure)), m_stops(stops) {}
  base::Expected<std::optional<runner::Failure>> start(const runner::Submission&, const runner::Limits&) override {
    return m_failure;
  }
  runner::Prediction predict(const network::Mlp&, std::int64_t index) override { return m_predict(index); }
  ~FakeRunner() override { stop(); }
  void stop() override { ++m_stops; }

 private:
  Predict m_predict;
  std::optional<runner::Failure> m_failure;
  std::atomic<int>& m_stops;
};

struct Fixture {
  network::Mlp mlp;
  std::vector<float> truth = {2.0f};
  std::vector<contest::SuiteNetwork> networks;
  contest::SuiteOptions options;
  base::CancelToken cancel;
  std::atomic<int> stops{0};
  std::vector<std::int64_t> scored;

  explicit Fixture(std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) networks.push_back({i, "n" + std::to_string(i), &mlp, truth, 0.5});
    options.rules = {.depth = 1,
                     .width = 1,
                     .flop_budget = 10,
                     .lambda_flops_per_second = 0.0,
                     .wall_time_limit_s = std::nullopt,
                     .residual_wall_time_limit_s = std::nullopt};
  }

  contest::SuiteResult run(const Predict& predict, std::optional<runner::Failure> failure = std::nullopt) {
    auto result = contest::score_suite(
        networks, options, [&] { return std::make_unique<FakeRunner>(predict, failure, stops); }, cancel, {},
        [&](const contest::NetworkScore& score) { scored.push_back(score.mlp_index); });
    REQUIRE(result.has_value());
    return std::move(*result);
  }
};

}  // namespace

TEST_CASE("every network is scored once, in order, and the runner is handed over") {
  Fixture f(5);
  auto result = f.run([](std::int64_t i) { return i == 2 ? raised() : clean(); });
  REQUIRE(result.scores.size() == 5);
  for (std::int64_t i = 0; i < 5; ++i) CHECK(result.scores[static_cast<std::size_t>(i)].mlp_index == i);
  CHECK(result.scores[2].outcome == Outcome::predict_error);
  CHECK(result.scores[3].outcome == Outcome::success);
  CHECK_FALSE(result.cancelled);
  CHECK(f.stops.load() == 0);
  result.runners.clear();
  CHECK(f.stops.load() == 1);
}

TEST_CASE("fail-fast stops at the first failure") {
  Fixture f(5);
  f.options.on_failure = contest::OnFailure::stop;
  const auto result = f.run([](std::int64_t i) { return i == 2 ? raised() : clean(); });
  CHECK(result.stopped_at == 2);
  CHECK(result.scores.size() == 3);
  CHECK_FALSE(result.cancelled);
}

TEST_CASE("several jobs give the same scores in the same order") {
  Fixture f(40);
  f.options.jobs = 4;
  auto result = f.run([](std::int64_t i) { return i % 7 == 0 ? raised() : clean(); });
  REQUIRE(result.scores.size() == 40);
  for (std::int64_t i = 0; i < 40; ++i) {
    const auto& score = result.scores[static_cast<std::size_t>(i)];
    CHECK(score.mlp_index == i);
    CHECK(score.failed() == (i % 7 == 0));
  }
  result.runners.clear();
  CHECK(f.stops.load() == 4);
}

TEST_CASE("what was scored before is not predicted again") {
  Fixture f(4);
  contest::NetworkScore before;
  before.mlp_index = 1;
  before.adjusted_final_layer_score = 42.0;
  f.options.already_scored = {before};
  const auto result = f.run([](std::int64_t i) {
    CHECK(i != 1);
    return clean();
  });
  REQUIRE(result.scores.size() == 4);
  CHECK(result.scores[1].adjusted_final_layer_score == 42.0);
  CHECK(f.scored == std::vector<std::int64_t>{0, 2, 3});
}

TEST_CASE("a cancelled run keeps what was scored and drops what was running") {
  Fixture f(4);
  const auto result = f.run([&](std::int64_t i) {
    if (i == 2) f.cancel.request();
    return clean();
  });
  CHECK(result.cancelled);
  CHECK(result.scores.size() == 2);
  CHECK(f.stops.load() >= 1);
}

TEST_CASE("a setup failure is the submission's, and nothing is predicted") {
  Fixture f(3);
  const auto result = f.run(
      [](std::int64_t) -> runner::Prediction {
        FAIL("predicted");
        return {};
      },
      runner::Failure{.code = "SETUP_ERROR", .message = "no", .details_json = {}, .traceback = {}});
  REQUIRE(result.submission_failure.has_value());
  CHECK(result.submission_failure->code == "SETUP_ERROR");
  CHECK(result.scores.empty());
  CHECK_FALSE(result.cancelled);
}
