// SPDX-License-Identifier: MIT
// Estimators that throw, from predict, setup and teardown.
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;

struct Raises : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override {
    fnp::add(fnp::ones({10}), fnp::ones({10}));
    throw std::invalid_argument("deliberate failure in predict");
  }
};
WHEST_ESTIMATOR(Raises)

struct OwnError : std::exception {};  // what() says "std::exception": no message of its own
struct EmptyMessage : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override { throw std::runtime_error(""); }
};
WHEST_ESTIMATOR(EmptyMessage)

struct RaisesDetails : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override {
    throw whest::DetailedError("deliberate failure with details",
                               R"({"layer": 3, "hint": "made up", "values": [1, 2.5, null]})");
  }
};
WHEST_ESTIMATOR(RaisesDetails)

struct RaisesNoDetails : Estimator {  // text that is no JSON, a value that is no object, an object that does not fit
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    const std::string details[] = {"{broken", "[1, 2]", "{\"a\": \"" + std::string(1100, 'x') + "\"}"};
    throw whest::DetailedError("no details", details[mlp.seed() % 3]);
  }
};
WHEST_ESTIMATOR(RaisesNoDetails)

struct RaisesInt : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override { throw 42; }
};
WHEST_ESTIMATOR(RaisesInt)

struct RaisesNotText : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override { throw std::runtime_error("bad \xff\x01 bytes"); }
};
WHEST_ESTIMATOR(RaisesNotText)

struct NullWhat : std::exception {
  const char* what() const noexcept override { return nullptr; }
};
struct RaisesNullWhat : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override { throw NullWhat(); }
};
WHEST_ESTIMATOR(RaisesNullWhat)

struct LibraryError : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    return fnp::add(fnp::ones({mlp.width()}), fnp::ones({mlp.width() + 1}));
  }
};
WHEST_ESTIMATOR(LibraryError)

struct RaisesSecond : Estimator {  // for the second network of the object's life
  int calls = 0;
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    if (++calls == 2) throw std::runtime_error("deliberate failure on call 2");
    return fnp::zeros({mlp.depth(), mlp.width()});
  }
};
WHEST_ESTIMATOR(RaisesSecond)

struct BadAlloc : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override { throw std::bad_alloc(); }
};
WHEST_ESTIMATOR(BadAlloc)

struct NestedContext : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    flopscope::BudgetContext own({.flop_budget = 1e15, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
    return fnp::add(fnp::zeros({mlp.depth(), mlp.width()}), 1.0);
  }
};
WHEST_ESTIMATOR(NestedContext)

struct CreateRaises : Estimator {
  CreateRaises() { throw std::runtime_error("deliberate failure in the constructor"); }
  ndarray predict(const Mlp&, std::int64_t) override { return {}; }
};
WHEST_ESTIMATOR(CreateRaises)

struct SetupRaises : Estimator {
  void setup(const whest::SetupContext&) override { throw std::runtime_error("deliberate failure in setup"); }
  ndarray predict(const Mlp&, std::int64_t) override { return {}; }
};
WHEST_ESTIMATOR(SetupRaises)

struct SetupLeavesBudgetOpen : Estimator {
  std::unique_ptr<flopscope::BudgetContext> budget;
  void setup(const whest::SetupContext&) override {
    budget = std::make_unique<flopscope::BudgetContext>(
        flopscope::BudgetOptions{.flop_budget = 1e12, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  }
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.depth(), mlp.width()}); }
};
WHEST_ESTIMATOR(SetupLeavesBudgetOpen)

struct TeardownRaises : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.depth(), mlp.width()}); }
  void teardown() override { throw std::runtime_error("deliberate failure in teardown"); }
};
WHEST_ESTIMATOR(TeardownRaises)

struct SaysContext : Estimator {  // fails with a message that says what it was given
  whest::SetupContext context;
  void setup(const whest::SetupContext& c) override { context = c; }
  ndarray predict(const Mlp& mlp, std::int64_t flop_budget) override {
    const auto& c = context;
    throw std::runtime_error(
        "width=" + std::to_string(c.width) + " depth=" + std::to_string(c.depth) +
        " flop_budget=" + std::to_string(c.flop_budget) + " api_version=" + c.api_version +
        " scratch_dir=" + (c.scratch_dir.empty() ? "none" : "some") + " submission_dir=" + c.submission_dir +
        " seed=" + std::to_string(c.seed) + "; mlp width=" + std::to_string(mlp.width()) +
        " depth=" + std::to_string(mlp.depth()) + " seed=" + std::to_string(mlp.seed()) + " name=" + mlp.name() +
        " budget=" + std::to_string(flop_budget) + " weights[" + std::to_string(mlp.weights().size()) + "]");
  }
};
WHEST_ESTIMATOR(SaysContext)
