// SPDX-License-Identifier: MIT
// Estimators that return something: right, wrong in shape, wrong in value.
#include <cmath>
#include <limits>
#include <whest/estimator.hpp>

namespace fnp = flopscope::numpy;
using fnp::ndarray;
using whest::Estimator;
using whest::Mlp;

struct Clean : Estimator {  // 4,096 FLOPs at 8x256 under flopscope-0.5
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    return fnp::add(fnp::add(fnp::zeros({mlp.depth(), mlp.width()}), 0.25), 0.25);
  }
};
WHEST_ESTIMATOR(Clean)

struct Shape : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.depth(), mlp.width() + 1}); }
};
WHEST_ESTIMATOR(Shape)

struct Transposed : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.width(), mlp.depth()}); }
};
WHEST_ESTIMATOR(Transposed)

struct Flat : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::zeros({mlp.depth() * mlp.width()}); }
};
WHEST_ESTIMATOR(Flat)

struct Nothing : Estimator {
  ndarray predict(const Mlp&, std::int64_t) override { return {}; }
};
WHEST_ESTIMATOR(Nothing)

struct Scalar : Estimator {  // what a list of lists is to the peers: no dimensions at all
  ndarray predict(const Mlp&, std::int64_t) override { return fnp::zeros({}); }
};
WHEST_ESTIMATOR(Scalar)

struct OneNan : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    auto p = fnp::zeros({mlp.depth(), mlp.width()}, fnp::float32);
    fnp::fill_diagonal(p, std::numeric_limits<double>::quiet_NaN());
    return p;
  }
};
WHEST_ESTIMATOR(OneNan)

struct OneInfinity : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    auto p = fnp::zeros({mlp.depth(), mlp.width()}, fnp::float32);
    fnp::fill_diagonal(p, -std::numeric_limits<double>::infinity());
    return fnp::add(p, 1.0);
  }
};
WHEST_ESTIMATOR(OneInfinity)

struct Overflow : Estimator {  // finite in float64, infinite in float32
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::full({mlp.depth(), mlp.width()}, 1e39); }
};
WHEST_ESTIMATOR(Overflow)

struct Float64 : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::full({mlp.depth(), mlp.width()}, 0.1); }
};
WHEST_ESTIMATOR(Float64)

struct Integer : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override { return fnp::ones({mlp.depth(), mlp.width()}, fnp::int64); }
};
WHEST_ESTIMATOR(Integer)

struct Namespaces : Estimator {
  ndarray shift;
  void setup(const whest::SetupContext&) override { shift = fnp::add(fnp::ones({4}), 0.5); }
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    auto x = fnp::zeros({mlp.depth(), mlp.width()});
    {
      flopscope::Namespace outer("outer");
      x = fnp::add(x, 1.0);
      flopscope::Namespace inner("inner");
      x = fnp::multiply(x, 0.5);
    }
    {
      flopscope::Namespace estimator("estimator");
      x = fnp::add(x, 0.0);
    }
    return fnp::maximum(x, 0.25);
  }
};
WHEST_ESTIMATOR(Namespaces)

// More namespaces than a breakdown lists, two of them longer than it names.
struct ManyNamespaces : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t) override {
    auto x = fnp::zeros({mlp.depth(), mlp.width()});
    const auto in = [&](const std::string& name) {
      flopscope::Namespace space(name);
      x = fnp::add(x, 1.0);
    };
    in(std::string(5000, 'a') + "1");
    in(std::string(5000, 'a') + "2");
    for (int i = 0; i < 3000; ++i) in("space" + std::to_string(i));
    return x;
  }
};
WHEST_ESTIMATOR(ManyNamespaces)

// The seed and the first weight of what it was given, so that a test sees them arrive.
struct Echo : Estimator {
  ndarray predict(const Mlp& mlp, std::int64_t flop_budget) override {
    const auto& w = mlp.weights().at(static_cast<std::size_t>(mlp.depth() - 1));
    const double first = w[0, 0].item();
    const double told = static_cast<double>(mlp.seed() % 1000) + static_cast<double>(mlp.name().size()) / 64 +
                        static_cast<double>(flop_budget % 1000) / 1024;
    return fnp::full({mlp.depth(), mlp.width()}, told + first);
  }
};
WHEST_ESTIMATOR(Echo)
