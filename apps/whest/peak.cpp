// SPDX-License-Identifier: MIT
// The machine's arithmetic peak, by multiply-adds on registers: what raw code could reach at best.
#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>
#include <whest/base/clock.hpp>

#include "doctor_checks.hpp"

namespace whest::app {

namespace {

constexpr double k_measure_s = 0.05;
constexpr std::int64_t k_rounds = 100'000;  // between two looks at the clock
constexpr std::size_t k_chains = 10;        // independent sums, enough to fill two pipelines of latency 4

// Sixteen floats: one register of AVX-512, lowered to narrower ones elsewhere.
using Lanes = float __attribute__((vector_size(64)));

// One stretch of multiply-adds; compiled for every vector width, chosen when it is first called.
__attribute__((target_clones("avx512f", "arch=haswell", "default"), optimize("O3,fp-contract=fast"))) float
multiply_add(float start, float factor) {
  Lanes sums[k_chains];
  for (std::size_t c = 0; c < k_chains; ++c) sums[c] = Lanes{} + start;
  for (std::int64_t i = 0; i < k_rounds; ++i) {
#pragma GCC unroll 10
    for (std::size_t c = 0; c < k_chains; ++c) sums[c] = sums[c] * factor + 1.0f;
  }
  float sum = 0.0f;
  for (const Lanes& lanes : sums) sum += lanes[0];
  return sum;
}

double thread_flops_per_s() {
  // CPU time, not wall: what else runs on the machine now must not hide what it can do.
  constexpr std::size_t k_floats_in_lanes = sizeof(Lanes) / sizeof(float);
  const double begin_s = base::thread_cpu_s();
  double elapsed_s = 0.0;
  double operations = 0.0;
  volatile float sink = 0.0f;
  while (elapsed_s < k_measure_s) {
    sink = multiply_add(sink, 0.5f);
    operations += 2.0 * static_cast<double>(k_chains * k_floats_in_lanes) * static_cast<double>(k_rounds);
    elapsed_s = base::thread_cpu_s() - begin_s;
  }
  static_cast<void>(sink);
  return operations / elapsed_s;
}

}  // namespace

double measured_peak_flops_per_s() {
  const unsigned n = std::max(1u, std::thread::hardware_concurrency());
  std::vector<double> rates(n);
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < n; ++i) threads.emplace_back([&rates, i] { rates[i] = thread_flops_per_s(); });
  }
  double sum = 0.0;
  for (const double rate : rates) sum += rate;
  return sum;
}

}  // namespace whest::app
