// SPDX-License-Identifier: MIT
// flopscope::numpy::random: NumPy's generators, metered, each with NumPy's own streams.
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::numpy::random {

// A generator of the library: copies are handles on the same stream.
class Stream {
 public:
  // Takes over one reference.
  explicit Stream(flopscope_object* object) : m_object(object) {}
  Stream(const Stream& o) : m_object(o.m_object ? flopscope_object_retain(o.m_object) : nullptr) {}
  Stream(Stream&& o) noexcept : m_object(std::exchange(o.m_object, nullptr)) {}
  Stream& operator=(Stream o) noexcept {
    std::swap(m_object, o.m_object);
    return *this;
  }
  ~Stream() {
    if (m_object) flopscope_object_release(m_object);
  }

 protected:
  static flopscope_object* object_of(const detail::Outcome& outcome) {
    if (outcome.value().kind != FLOPSCOPE_OBJECT) throw Error("TypeError", "the operation returned no generator");
    return flopscope_object_retain(outcome.value().object);
  }
  Arg self() const {
    if (m_object == nullptr) throw Error("ValueError", "the generator was moved from");
    flopscope_value v = detail::make(FLOPSCOPE_OBJECT);
    v.object = m_object;
    return Arg(v);
  }

 private:
  flopscope_object* m_object;
};

// default_rng(seed): NumPy's Generator on PCG64. Behind each method, NumPy's parameters.
class Generator : public Stream {
 public:
  using Stream::Stream;
  // clang-format off
  FLOPSCOPE_METHOD(ndarray, beta, "random.Generator.beta", 2, 3)  // a, b, size=None
  FLOPSCOPE_METHOD(ndarray, binomial, "random.Generator.binomial", 2, 3)  // n, p, size=None
  FLOPSCOPE_METHOD(ndarray, chisquare, "random.Generator.chisquare", 1, 2)  // df, size=None
  FLOPSCOPE_METHOD(ndarray, exponential, "random.Generator.exponential", 0, 2)  // scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, f, "random.Generator.f", 2, 3)  // dfnum, dfden, size=None
  FLOPSCOPE_METHOD(ndarray, gamma, "random.Generator.gamma", 1, 3)  // shape, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, geometric, "random.Generator.geometric", 1, 2)  // p, size=None
  FLOPSCOPE_METHOD(ndarray, gumbel, "random.Generator.gumbel", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, hypergeometric, "random.Generator.hypergeometric", 3, 4)  // ngood, nbad, nsample, size=None
  FLOPSCOPE_METHOD(ndarray, laplace, "random.Generator.laplace", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, logistic, "random.Generator.logistic", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, lognormal, "random.Generator.lognormal", 0, 3)  // mean=default, sigma=default, size=None
  FLOPSCOPE_METHOD(ndarray, logseries, "random.Generator.logseries", 1, 2)  // p, size=None
  FLOPSCOPE_METHOD(ndarray, negative_binomial, "random.Generator.negative_binomial", 2, 3)  // n, p, size=None
  FLOPSCOPE_METHOD(ndarray, noncentral_chisquare, "random.Generator.noncentral_chisquare", 2, 3)  // df, nonc, size=None
  FLOPSCOPE_METHOD(ndarray, noncentral_f, "random.Generator.noncentral_f", 3, 4)  // dfnum, dfden, nonc, size=None
  FLOPSCOPE_METHOD(ndarray, normal, "random.Generator.normal", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, pareto, "random.Generator.pareto", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, poisson, "random.Generator.poisson", 0, 2)  // lam=default, size=None
  FLOPSCOPE_METHOD(ndarray, power, "random.Generator.power", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, rayleigh, "random.Generator.rayleigh", 0, 2)  // scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, standard_cauchy, "random.Generator.standard_cauchy", 0, 1)  // size=None
  FLOPSCOPE_METHOD(ndarray, standard_t, "random.Generator.standard_t", 1, 2)  // df, size=None
  FLOPSCOPE_METHOD(ndarray, triangular, "random.Generator.triangular", 3, 4)  // left, mode, right, size=None
  FLOPSCOPE_METHOD(ndarray, uniform, "random.Generator.uniform", 0, 3)  // low=default, high=default, size=None
  FLOPSCOPE_METHOD(ndarray, vonmises, "random.Generator.vonmises", 2, 3)  // mu, kappa, size=None
  FLOPSCOPE_METHOD(ndarray, wald, "random.Generator.wald", 2, 3)  // mean, scale, size=None
  FLOPSCOPE_METHOD(ndarray, weibull, "random.Generator.weibull", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, zipf, "random.Generator.zipf", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, random, "random.Generator.random", 0, 2)  // size=None, dtype=float64, out=None
  FLOPSCOPE_METHOD(ndarray, standard_normal, "random.Generator.standard_normal", 0, 2)  // size=None, dtype=float64, out=None
  FLOPSCOPE_METHOD(ndarray, standard_exponential, "random.Generator.standard_exponential", 0, 2)  // size=None, dtype=float64, method='zig', out=None
  FLOPSCOPE_METHOD(ndarray, standard_gamma, "random.Generator.standard_gamma", 1, 3)  // shape, size=None, dtype=float64, out=None
  FLOPSCOPE_METHOD(ndarray, integers, "random.Generator.integers", 1, 4)  // low, high=None, size=None, dtype=int64, endpoint=False
  FLOPSCOPE_METHOD(std::string, bytes, "random.Generator.bytes", 1, 1)  // length
  FLOPSCOPE_METHOD(ndarray, choice, "random.Generator.choice", 1, 4)  // a, size=None, replace=True, p=None, axis=0, shuffle=True
  FLOPSCOPE_METHOD(ndarray, permutation, "random.Generator.permutation", 1, 2)  // x, axis=0
  FLOPSCOPE_METHOD(void, shuffle, "random.Generator.shuffle", 1, 2)  // x, axis=0
  FLOPSCOPE_METHOD(ndarray, permuted, "random.Generator.permuted", 1, 1)  // x, *, axis=None, out=None
  FLOPSCOPE_METHOD(ndarray, dirichlet, "random.Generator.dirichlet", 1, 2)  // alpha, size=None
  FLOPSCOPE_METHOD(ndarray, multinomial, "random.Generator.multinomial", 2, 3)  // n, pvals, size=None
  FLOPSCOPE_METHOD(ndarray, multivariate_hypergeometric, "random.Generator.multivariate_hypergeometric", 2, 3)  // colors, nsample, size=None, method='marginals'
  FLOPSCOPE_METHOD(ndarray, multivariate_normal, "random.Generator.multivariate_normal", 2, 3)  // mean, cov, size=None, check_valid='warn', tol=1e-8, *, method='svd'
  // clang-format on

  // Independent generators, as many as asked for.
  std::vector<Generator> spawn(std::int64_t n_children) {
    static const detail::Operation k_op("random.Generator.spawn");
    const detail::Outcome outcome = k_op(self(), n_children);
    std::vector<Generator> out;
    for (std::uint32_t i = 0; i < outcome.value().count; ++i)
      out.emplace_back(flopscope_object_retain(outcome.value().items[i].object));
    return out;
  }

 private:
  friend Generator default_rng(const Arg& seed);
};

inline Generator default_rng(const Arg& seed = {}) {
  static const detail::Operation k_op("random.default_rng");
  return Generator(Generator::object_of(k_op(seed)));
}

// Where a RandomState stands in its stream, to come back to.
class State : public Stream {
 public:
  using Stream::object_of;
  using Stream::self;
  using Stream::Stream;
};

// NumPy's older generator, on the Mersenne Twister.
class RandomState : public Stream {
 public:
  using Stream::Stream;
  explicit RandomState(const Arg& seed = {}) : Stream(made(seed)) {}
  // clang-format off
  FLOPSCOPE_METHOD(ndarray, beta, "random.RandomState.beta", 2, 3)  // a, b, size=None
  FLOPSCOPE_METHOD(ndarray, binomial, "random.RandomState.binomial", 2, 3)  // n, p, size=None
  FLOPSCOPE_METHOD(ndarray, chisquare, "random.RandomState.chisquare", 1, 2)  // df, size=None
  FLOPSCOPE_METHOD(ndarray, exponential, "random.RandomState.exponential", 0, 2)  // scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, f, "random.RandomState.f", 2, 3)  // dfnum, dfden, size=None
  FLOPSCOPE_METHOD(ndarray, gamma, "random.RandomState.gamma", 1, 3)  // shape, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, geometric, "random.RandomState.geometric", 1, 2)  // p, size=None
  FLOPSCOPE_METHOD(ndarray, gumbel, "random.RandomState.gumbel", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, hypergeometric, "random.RandomState.hypergeometric", 3, 4)  // ngood, nbad, nsample, size=None
  FLOPSCOPE_METHOD(ndarray, laplace, "random.RandomState.laplace", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, logistic, "random.RandomState.logistic", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, lognormal, "random.RandomState.lognormal", 0, 3)  // mean=default, sigma=default, size=None
  FLOPSCOPE_METHOD(ndarray, logseries, "random.RandomState.logseries", 1, 2)  // p, size=None
  FLOPSCOPE_METHOD(ndarray, negative_binomial, "random.RandomState.negative_binomial", 2, 3)  // n, p, size=None
  FLOPSCOPE_METHOD(ndarray, noncentral_chisquare, "random.RandomState.noncentral_chisquare", 2, 3)  // df, nonc, size=None
  FLOPSCOPE_METHOD(ndarray, noncentral_f, "random.RandomState.noncentral_f", 3, 4)  // dfnum, dfden, nonc, size=None
  FLOPSCOPE_METHOD(ndarray, normal, "random.RandomState.normal", 0, 3)  // loc=default, scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, pareto, "random.RandomState.pareto", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, poisson, "random.RandomState.poisson", 0, 2)  // lam=default, size=None
  FLOPSCOPE_METHOD(ndarray, power, "random.RandomState.power", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, rayleigh, "random.RandomState.rayleigh", 0, 2)  // scale=default, size=None
  FLOPSCOPE_METHOD(ndarray, standard_cauchy, "random.RandomState.standard_cauchy", 0, 1)  // size=None
  FLOPSCOPE_METHOD(ndarray, standard_exponential, "random.RandomState.standard_exponential", 0, 1)  // size=None
  FLOPSCOPE_METHOD(ndarray, standard_gamma, "random.RandomState.standard_gamma", 1, 2)  // shape, size=None
  FLOPSCOPE_METHOD(ndarray, standard_normal, "random.RandomState.standard_normal", 0, 1)  // size=None
  FLOPSCOPE_METHOD(ndarray, standard_t, "random.RandomState.standard_t", 1, 2)  // df, size=None
  FLOPSCOPE_METHOD(ndarray, triangular, "random.RandomState.triangular", 3, 4)  // left, mode, right, size=None
  FLOPSCOPE_METHOD(ndarray, uniform, "random.RandomState.uniform", 0, 3)  // low=default, high=default, size=None
  FLOPSCOPE_METHOD(ndarray, vonmises, "random.RandomState.vonmises", 2, 3)  // mu, kappa, size=None
  FLOPSCOPE_METHOD(ndarray, wald, "random.RandomState.wald", 2, 3)  // mean, scale, size=None
  FLOPSCOPE_METHOD(ndarray, weibull, "random.RandomState.weibull", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, zipf, "random.RandomState.zipf", 1, 2)  // a, size=None
  FLOPSCOPE_METHOD(ndarray, random, "random.RandomState.random", 0, 1)  // size=None
  FLOPSCOPE_METHOD(ndarray, random_sample, "random.RandomState.random_sample", 0, 1)  // size=None
  FLOPSCOPE_METHOD(ndarray, randint, "random.RandomState.randint", 1, 4)  // low, high=None, size=None, dtype=int
  FLOPSCOPE_METHOD(std::string, bytes, "random.RandomState.bytes", 1, 1)  // length
  FLOPSCOPE_METHOD(ndarray, choice, "random.RandomState.choice", 1, 4)  // a, size=None, replace=True, p=None
  FLOPSCOPE_METHOD(ndarray, permutation, "random.RandomState.permutation", 1, 1)  // x
  FLOPSCOPE_METHOD(void, shuffle, "random.RandomState.shuffle", 1, 1)  // x
  FLOPSCOPE_METHOD(ndarray, dirichlet, "random.RandomState.dirichlet", 1, 2)  // alpha, size=None
  FLOPSCOPE_METHOD(ndarray, multinomial, "random.RandomState.multinomial", 2, 3)  // n, pvals, size=None
  FLOPSCOPE_METHOD(ndarray, multivariate_normal, "random.RandomState.multivariate_normal", 2, 3)  // mean, cov, size=None, check_valid='warn', tol=1e-8
  FLOPSCOPE_METHOD(void, seed, "random.RandomState.seed", 0, 1)  // seed=None
  FLOPSCOPE_METHOD(ndarray, random_integers, "random.RandomState.random_integers", 1, 3)  // low, high=None, size=None
  FLOPSCOPE_METHOD(ndarray, tomaxint, "random.RandomState.tomaxint", 0, 1)  // size=None
  // clang-format on
  State get_state() const {
    static const detail::Operation k_op("random.RandomState.get_state");
    return State(object_of(k_op(self())));
  }
  void set_state(const State& state) {
    static const detail::Operation k_op("random.RandomState.set_state");
    k_op(self(), state.self());
  }
  template <class... N>
  ndarray rand(const N&... sizes) {
    static const detail::Operation k_op("random.RandomState.rand");
    return detail::with_variadic(k_op, {self()}, {Arg(sizes)...}).array();
  }
  template <class... N>
  ndarray randn(const N&... sizes) {
    static const detail::Operation k_op("random.RandomState.randn");
    return detail::with_variadic(k_op, {self()}, {Arg(sizes)...}).array();
  }

 private:
  static flopscope_object* made(const Arg& seed) {
    static const detail::Operation k_op("random.RandomState");
    return object_of(k_op(seed));
  }
};

// The functions of the module draw from one RandomState of the process.
// clang-format off
FLOPSCOPE_FUNCTION(ndarray, beta, "random.beta", 2, 3)  // a, b, size=None
FLOPSCOPE_FUNCTION(ndarray, binomial, "random.binomial", 2, 3)  // n, p, size=None
FLOPSCOPE_FUNCTION(ndarray, chisquare, "random.chisquare", 1, 2)  // df, size=None
FLOPSCOPE_FUNCTION(ndarray, exponential, "random.exponential", 0, 2)  // scale=default, size=None
FLOPSCOPE_FUNCTION(ndarray, f, "random.f", 2, 3)  // dfnum, dfden, size=None
FLOPSCOPE_FUNCTION(ndarray, gamma, "random.gamma", 1, 3)  // shape, scale=default, size=None
FLOPSCOPE_FUNCTION(ndarray, geometric, "random.geometric", 1, 2)  // p, size=None
FLOPSCOPE_FUNCTION(ndarray, gumbel, "random.gumbel", 0, 3)  // loc=default, scale=default, size=None
FLOPSCOPE_FUNCTION(ndarray, hypergeometric, "random.hypergeometric", 3, 4)  // ngood, nbad, nsample, size=None
FLOPSCOPE_FUNCTION(ndarray, laplace, "random.laplace", 0, 3)  // loc=default, scale=default, size=None
FLOPSCOPE_FUNCTION(ndarray, logistic, "random.logistic", 0, 3)  // loc=default, scale=default, size=None
FLOPSCOPE_FUNCTION(ndarray, lognormal, "random.lognormal", 0, 3)  // mean=default, sigma=default, size=None
FLOPSCOPE_FUNCTION(ndarray, logseries, "random.logseries", 1, 2)  // p, size=None
FLOPSCOPE_FUNCTION(ndarray, negative_binomial, "random.negative_binomial", 2, 3)  // n, p, size=None
FLOPSCOPE_FUNCTION(ndarray, noncentral_chisquare, "random.noncentral_chisquare", 2, 3)  // df, nonc, size=None
FLOPSCOPE_FUNCTION(ndarray, noncentral_f, "random.noncentral_f", 3, 4)  // dfnum, dfden, nonc, size=None
FLOPSCOPE_FUNCTION(ndarray, normal, "random.normal", 0, 3)  // loc=default, scale=default, size=None
FLOPSCOPE_FUNCTION(ndarray, pareto, "random.pareto", 1, 2)  // a, size=None
FLOPSCOPE_FUNCTION(ndarray, poisson, "random.poisson", 0, 2)  // lam=default, size=None
FLOPSCOPE_FUNCTION(ndarray, power, "random.power", 1, 2)  // a, size=None
FLOPSCOPE_FUNCTION(ndarray, rayleigh, "random.rayleigh", 0, 2)  // scale=default, size=None
FLOPSCOPE_FUNCTION(ndarray, standard_cauchy, "random.standard_cauchy", 0, 1)  // size=None
FLOPSCOPE_FUNCTION(ndarray, standard_exponential, "random.standard_exponential", 0, 1)  // size=None
FLOPSCOPE_FUNCTION(ndarray, standard_gamma, "random.standard_gamma", 1, 2)  // shape, size=None
FLOPSCOPE_FUNCTION(ndarray, standard_normal, "random.standard_normal", 0, 1)  // size=None
FLOPSCOPE_FUNCTION(ndarray, standard_t, "random.standard_t", 1, 2)  // df, size=None
FLOPSCOPE_FUNCTION(ndarray, triangular, "random.triangular", 3, 4)  // left, mode, right, size=None
FLOPSCOPE_FUNCTION(ndarray, uniform, "random.uniform", 0, 3)  // low=default, high=default, size=None
FLOPSCOPE_FUNCTION(ndarray, vonmises, "random.vonmises", 2, 3)  // mu, kappa, size=None
FLOPSCOPE_FUNCTION(ndarray, wald, "random.wald", 2, 3)  // mean, scale, size=None
FLOPSCOPE_FUNCTION(ndarray, weibull, "random.weibull", 1, 2)  // a, size=None
FLOPSCOPE_FUNCTION(ndarray, zipf, "random.zipf", 1, 2)  // a, size=None
FLOPSCOPE_FUNCTION(ndarray, random, "random.random", 0, 1)  // size=None
FLOPSCOPE_FUNCTION(ndarray, random_sample, "random.random_sample", 0, 1)  // size=None
FLOPSCOPE_FUNCTION(ndarray, randint, "random.randint", 1, 4)  // low, high=None, size=None, dtype=int
FLOPSCOPE_FUNCTION(std::string, bytes, "random.bytes", 1, 1)  // length
FLOPSCOPE_FUNCTION(ndarray, choice, "random.choice", 1, 4)  // a, size=None, replace=True, p=None
FLOPSCOPE_FUNCTION(ndarray, permutation, "random.permutation", 1, 1)  // x
FLOPSCOPE_FUNCTION(void, shuffle, "random.shuffle", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, dirichlet, "random.dirichlet", 1, 2)  // alpha, size=None
FLOPSCOPE_FUNCTION(ndarray, multinomial, "random.multinomial", 2, 3)  // n, pvals, size=None
FLOPSCOPE_FUNCTION(ndarray, multivariate_normal, "random.multivariate_normal", 2, 3)  // mean, cov, size=None, check_valid='warn', tol=1e-8
FLOPSCOPE_FUNCTION(void, seed, "random.seed", 0, 1)  // seed=None
FLOPSCOPE_FUNCTION(ndarray, ranf, "random.ranf", 0, 1)  // size=None
FLOPSCOPE_FUNCTION(ndarray, sample, "random.sample", 0, 1)  // size=None
// clang-format on
inline State get_state() {
  static const detail::Operation k_op("random.get_state");
  return State(State::object_of(k_op()));
}
inline void set_state(const State& state) {
  static const detail::Operation k_op("random.set_state");
  k_op(state.self());
}
template <class... N>
ndarray rand(const N&... sizes) {
  static const detail::Operation k_op("random.rand");
  return detail::with_variadic(k_op, {}, {Arg(sizes)...}).array();
}
template <class... N>
ndarray randn(const N&... sizes) {
  static const detail::Operation k_op("random.randn");
  return detail::with_variadic(k_op, {}, {Arg(sizes)...}).array();
}
inline ndarray rand(std::initializer_list<std::int64_t> shape) { return random_sample(shape_t(shape)); }
inline ndarray randn(std::initializer_list<std::int64_t> shape) { return standard_normal(shape_t(shape)); }

}  // namespace flopscope::numpy::random
