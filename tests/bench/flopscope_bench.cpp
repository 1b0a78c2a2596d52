// SPDX-License-Identifier: MIT
// Counted operations as a participant calls them ("flopscope/..."), and the same arithmetic without a meter
// ("bare/..."): a plain loop or a direct BLAS call into memory that is there already. peer.py runs the same cases in
// the real package.
#include <benchmark/benchmark.h>
#include <cblas.h>

#include <cmath>
#include <flopscope/budget.hpp>
#include <flopscope/fft.hpp>
#include <flopscope/numpy.hpp>
#include <flopscope/stats.hpp>
#include <flopscope/symmetry.hpp>
#include <functional>
#include <string>
#include <vector>

namespace fnp = flopscope::numpy;

namespace {

flopscope::BudgetContext unlimited() { return flopscope::BudgetContext(flopscope::BudgetOptions{1e18, true, {}, {}}); }

// n numbers in (0, 1), the same in every run and in peer.py.
fnp::ndarray numbers(const fnp::shape_t& shape, fnp::dtype dtype, int key) {
  std::int64_t n = 1;
  for (const std::int64_t size : shape) n *= size;
  std::vector<double> values(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] =
        (static_cast<double>((i * 2654435761U + static_cast<std::size_t>(key) * 40503U + 12345U) & 0xffffffffU) + 0.5) /
        4294967296.0;
  return fnp::astype(fnp::array(values), dtype).reshape(shape);
}

using Operation = std::function<fnp::ndarray()>;

void counted(benchmark::State& state, Operation (*make)()) {
  const auto context = unlimited();
  const Operation operation = make();
  for (auto _ : state) benchmark::DoNotOptimize(operation().handle());
}

void counted_case(const std::string& name, Operation (*make)()) {
  benchmark::RegisterBenchmark(("flopscope/" + name).c_str(), counted, make)->UseRealTime();
}

// ---- The same without a meter ----

template <class T>
[[gnu::noinline]] void add_loop(const T* a, const T* b, T* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = a[i] + b[i];
}

template <class T>
void bare_add(benchmark::State& state, std::int64_t n) {
  const std::vector<T> a(static_cast<std::size_t>(n), T(1)), b(static_cast<std::size_t>(n), T(2));
  std::vector<T> out(static_cast<std::size_t>(n));
  for (auto _ : state) {
    add_loop(a.data(), b.data(), out.data(), n);
    benchmark::ClobberMemory();
  }
}

template <class T, class F>
void bare_map(benchmark::State& state, F function) {
  constexpr std::size_t k_count = 1'000'000;
  std::vector<T> a(k_count), out(k_count);
  for (std::size_t i = 0; i < k_count; ++i) a[i] = static_cast<T>((static_cast<double>(i) + 0.5) / k_count);
  for (auto _ : state) {
    for (std::size_t i = 0; i < k_count; ++i) out[i] = function(a[i]);
    benchmark::ClobberMemory();
  }
}

void bare_matmul(benchmark::State& state, int n) {
  const std::vector<float> a(static_cast<std::size_t>(n * n), 0.5F), b(static_cast<std::size_t>(n * n), 0.25F);
  std::vector<float> c(static_cast<std::size_t>(n * n));
  for (auto _ : state) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n, b.data(), n, 0, c.data(), n);
    benchmark::ClobberMemory();
  }
}

void bare_cases() {
  const auto add = [](const char* name, auto body) {
    benchmark::RegisterBenchmark((std::string("bare/") + name).c_str(), body)->UseRealTime();
  };
  add("add_10", [](benchmark::State& s) { bare_add<double>(s, 10); });
  add("add_1000", [](benchmark::State& s) { bare_add<double>(s, 1000); });
  add("add_1e7_float32", [](benchmark::State& s) { bare_add<float>(s, 10'000'000); });
  add("add_1e7", [](benchmark::State& s) { bare_add<double>(s, 10'000'000); });
  add("exp_1e6_float32", [](benchmark::State& s) { bare_map<float>(s, [](float x) { return std::exp(x); }); });
  add("exp_1e6", [](benchmark::State& s) { bare_map<double>(s, [](double x) { return std::exp(x); }); });
  add("log_1e6", [](benchmark::State& s) { bare_map<double>(s, [](double x) { return std::log(x); }); });
  add("tanh_1e6_float32", [](benchmark::State& s) { bare_map<float>(s, [](float x) { return std::tanh(x); }); });
  add("tanh_1e6", [](benchmark::State& s) { bare_map<double>(s, [](double x) { return std::tanh(x); }); });
  add("sqrt_1e6_float32", [](benchmark::State& s) { bare_map<float>(s, [](float x) { return std::sqrt(x); }); });
  add("matmul_10_float32", [](benchmark::State& s) { bare_matmul(s, 10); });
  add("matmul_256_float32", [](benchmark::State& s) { bare_matmul(s, 256); });
  add("matmul_1024_float32", [](benchmark::State& s) { bare_matmul(s, 1024); });
}

// ---- Counted; peer.py has the same names ----

template <fnp::ndarray (*F)(const fnp::Arg&)>
void unary_cases(const std::string& name) {
  counted_case(name + "_1e6_float32",
               [] { return Operation([a = numbers({1'000'000}, fnp::float32, 1)] { return F(a); }); });
  counted_case(name + "_1e6", [] { return Operation([a = numbers({1'000'000}, fnp::float64, 1)] { return F(a); }); });
}

template <int N>
Operation matmul_float32() {
  return [a = numbers({N, N}, fnp::float32, 1), b = numbers({N, N}, fnp::float32, 2)] { return fnp::matmul(a, b); };
}

template <std::int64_t N, fnp::dtype D>
Operation add() {
  return [a = numbers({N}, D, 1), b = numbers({N}, D, 2)] { return fnp::add(a, b); };
}

void small_cases() {
  counted_case("add_10", add<10, fnp::float64>);
  counted_case("add_10_scalar", [] { return Operation([a = numbers({10}, fnp::float64, 1)] { return a * 2.0; }); });
  counted_case("add_1000", add<1000, fnp::float64>);
  counted_case("exp_10", [] { return Operation([a = numbers({10}, fnp::float64, 1)] { return fnp::exp(a); }); });
  counted_case("sum_10", [] { return Operation([a = numbers({10}, fnp::float64, 1)] { return fnp::sum(a); }); });
  counted_case("transpose_10", [] { return Operation([a = numbers({10, 10}, fnp::float64, 1)] { return a.T(); }); });
  counted_case("getitem_row_10", [] { return Operation([a = numbers({10, 10}, fnp::float64, 1)] { return a[3]; }); });
  counted_case("zeros_10", [] { return Operation([] { return fnp::zeros({10}); }); });
  counted_case("matmul_10_float32", matmul_float32<10>);
  counted_case("matvec_10", [] {
    return Operation(
        [a = numbers({10, 10}, fnp::float64, 1), x = numbers({10}, fnp::float64, 2)] { return fnp::matmul(a, x); });
  });
  counted_case("einsum_pair_10", [] {
    return Operation([a = numbers({10, 10}, fnp::float64, 1), b = numbers({10, 10}, fnp::float64, 2)] {
      return fnp::einsum("ij,kj->ik", a, b);
    });
  });
  counted_case("einsum_tagged_10", [] {
    const fnp::ndarray x = numbers({10, 10}, fnp::float64, 3);
    const fnp::ndarray s = flopscope::as_symmetric(x + x.T());
    return Operation([a = numbers({10, 10}, fnp::float64, 1), s, b = numbers({10, 10}, fnp::float64, 2)] {
      return fnp::einsum("ij,jk,kl->il", a, s, b);
    });
  });
}

// What an operation's own algorithm decides.
void algorithm_cases() {
  const auto add = []<class F>(const char* name, F) {
    counted_case(name, [] { return Operation([a = numbers({1'000'000}, fnp::float64, 1)] { return F{}(a); }); });
  };
  add("max_1e6", [](const fnp::ndarray& a) { return fnp::max(a); });
  add("argmax_1e6", [](const fnp::ndarray& a) { return fnp::argmax(a); });
  add("median_1e6", [](const fnp::ndarray& a) { return fnp::median(a); });
  add("unique_1e6", [](const fnp::ndarray& a) { return fnp::unique(a); });
  add("insert_1e6", [](const fnp::ndarray& a) { return fnp::insert(a, 500, 1.0); });
  add("fft_1e6", [](const fnp::ndarray& a) { return fnp::fft::fft(a); });
  add("rfft_1e6", [](const fnp::ndarray& a) { return fnp::fft::rfft(a); });
  counted_case("cov_200x1000", [] {
    return Operation([a = numbers({200, 1000}, fnp::float64, 1)] { return fnp::cov(a); });
  });
}

void large_cases() {
  algorithm_cases();
  counted_case("add_1e7_float32", add<10'000'000, fnp::float32>);
  counted_case("add_1e7", add<10'000'000, fnp::float64>);
  unary_cases<fnp::exp>("exp");
  unary_cases<fnp::log>("log");
  unary_cases<fnp::tanh>("tanh");
  unary_cases<fnp::sin>("sin");
  unary_cases<fnp::sqrt>("sqrt");
  unary_cases<fnp::log2>("log2");
  unary_cases<fnp::tan>("tan");
  unary_cases<fnp::arccos>("arccos");
  unary_cases<fnp::arctan>("arctan");
  unary_cases<fnp::sinh>("sinh");
  unary_cases<fnp::cbrt>("cbrt");
  counted_case("power_1e6", [] {
    return Operation([a = numbers({1'000'000}, fnp::float64, 1), b = numbers({1'000'000}, fnp::float64, 2)] {
      return fnp::power(a, b);
    });
  });
  counted_case("maximum_1e6_float32",
               [] { return Operation([a = numbers({1'000'000}, fnp::float32, 1)] { return fnp::maximum(a, 0.5); }); });
  counted_case("sum_1e6_float32",
               [] { return Operation([a = numbers({1'000'000}, fnp::float32, 1)] { return fnp::sum(a); }); });
  counted_case("mean_rows_1e6_float32", [] {
    return Operation([a = numbers({1000, 1000}, fnp::float32, 1)] { return fnp::mean(a, 0); });
  });
  counted_case("norm_cdf_1e6", [] {
    return Operation([a = numbers({1'000'000}, fnp::float64, 1)] { return flopscope::stats::norm::cdf(a); });
  });
  counted_case("sort_1e6_float32",
               [] { return Operation([a = numbers({1'000'000}, fnp::float32, 1)] { return fnp::sort(a); }); });
  counted_case("matmul_256_float32", matmul_float32<256>);
  counted_case("matmul_1024_float32", matmul_float32<1024>);
  counted_case("matvec_256_float32", [] {
    return Operation([a = numbers({256, 256}, fnp::float32, 1), x = numbers({256}, fnp::float32, 2)] {
      return fnp::matmul(a.T(), x);
    });
  });
  counted_case("einsum_covariance_256", [] {
    const fnp::ndarray x = numbers({256, 256}, fnp::float64, 3);
    const fnp::ndarray s = flopscope::as_symmetric(x + x.T());
    return Operation([w = numbers({256, 256}, fnp::float64, 1), s] { return fnp::einsum("ia,ij,jb->ab", w, s, w); });
  });
}

[[maybe_unused]] const bool k_registered = [] {
  bare_cases();
  small_cases();
  large_cases();
  return true;
}();

}  // namespace
