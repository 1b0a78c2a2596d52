// SPDX-License-Identifier: MIT
// flopscope_fuzz: random calls through the waist. No call may crash, charge a negative amount, change anything when it
// is refused, or disagree with a slow reference where there is one (reference.hpp). Usage:
//   flopscope_fuzz [--calls N] [--seed S] [--cost-model M] [--only OPERATION] [--trace]
// Ends with a line of counts; exit 1 on a finding, which is printed with its seed and call.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/core/waist.hpp>

#include "arguments.hpp"
#include "reference.hpp"

using namespace flopscope;
using whest::fuzz::Arguments;
using whest::fuzz::Random;

namespace {

struct Options {
  std::int64_t calls = 20'000;
  std::uint64_t seed = 1;
  std::string cost_model = "flopscope-0.12";
  std::string only;
  bool trace = false;
};

Options parse(int argc, char** argv) {
  Options o;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&]() -> std::string {
      if (++i < argc) return argv[i];
      std::fprintf(stderr, "flopscope_fuzz: %s needs a value\n", word.c_str());
      std::exit(2);
    };
    if (word == "--calls") {
      o.calls = std::atoll(value().c_str());
    } else if (word == "--seed") {
      o.seed = std::strtoull(value().c_str(), nullptr, 10);
    } else if (word == "--cost-model") {
      o.cost_model = value();
    } else if (word == "--only") {
      o.only = value();
    } else if (word == "--trace") {
      o.trace = true;
    } else {
      std::fprintf(stderr, "flopscope_fuzz: unknown argument '%s'\n", word.c_str());
      std::exit(2);
    }
  }
  return o;
}

// What must hold of any result; what does not is added to `findings`.
// Whether an element at `at` or further along the axes from `axis` on is a byte other than 0 and 1.
bool has_other_bool(const Array& a, int axis, const std::byte* at) {
  if (axis == a.ndim) return *at > std::byte{1};
  for (std::int64_t i = 0; i < a.shape[axis]; ++i)
    if (has_other_bool(a, axis + 1, at + i * a.strides[axis])) return true;
  return false;
}

void check_result(const Result& result, std::vector<std::string>& findings) {
  if (const auto* items = result.items()) {
    for (const Result& item : *items) check_result(item, findings);
    return;
  }
  if (!result.is_array()) return;
  const Array& a = *result.array();
  std::int64_t last = a.item_bytes(), first = 0;
  for (int d = 0; d < a.ndim; ++d) {
    if (a.shape[d] < 0) findings.emplace_back("a negative extent");
    if (a.shape[d] >= 2) (a.strides[d] < 0 ? first : last) += (a.shape[d] - 1) * a.strides[d];
  }
  const auto* begin = static_cast<const std::byte*>(a.data);
  const std::byte* storage = a.storage()->data();
  if (a.size > 0 && (begin + first < storage || begin + last > storage + a.storage()->bytes())) {
    findings.emplace_back("a result that reaches beyond its storage");
    return;
  }
  // Code that reads a bool of another byte may do anything.
  if (a.type() == DType::bool_ && has_other_bool(a, 0, begin)) {
    findings.emplace_back("a bool that is neither false nor true");
  }
}

class Fuzzer {
 public:
  explicit Fuzzer(const Options& options) : m_options(options), m_random(options.seed) {
    set_active_cost_model(cost_model(options.cost_model));
    for (const Operation& op : Catalogue::instance().all()) {
      const bool chosen = options.only.empty() ? !whest::fuzz::leaves_the_process(op.name) : op.name == options.only;
      if (chosen) m_operations.push_back(&op);
    }
  }

  int run() {
    if (m_operations.empty()) {
      std::fprintf(stderr, "flopscope_fuzz: no operation is named '%s'\n", m_options.only.c_str());
      return 2;
    }
    for (m_call = 0; m_call < m_options.calls; ++m_call) {
      if (m_call % k_calls_per_context == 0) renew();
      if (m_options.only.empty() && m_random.one_in(20)) {
        compare();
      } else {
        call(*m_random.of(m_operations));
      }
    }
    m_context->exit();
    std::printf("%lld calls, %lld accepted, %lld refused, %lld compared, %lld findings\n",
                static_cast<long long>(m_options.calls), static_cast<long long>(m_accepted),
                static_cast<long long>(m_refused), static_cast<long long>(m_compared),
                static_cast<long long>(m_findings));
    return m_findings == 0 ? 0 : 1;
  }

 private:
  static constexpr std::int64_t k_calls_per_context = 5000;
  static constexpr std::size_t k_kept_results = 64;
  static constexpr std::int64_t k_largest_kept = 4096;  // elements; larger results would only cost time

  void renew() {
    if (m_context) m_context->exit();
    m_earlier.clear();
    BudgetOptions budget;
    budget.flop_budget = m_random.one_in(4) ? 1e4 : 1e15;  // a small one is soon exhausted: refusals at the charge
    budget.quiet = true;
    m_context = std::make_unique<BudgetContext>(budget);
    m_context->enter();
    const Value seed = Value::integer(m_random.below(1000));
    invoke("random.seed", {&seed, 1}, {});
  }

  void found(std::string_view where, std::string_view what) {
    ++m_findings;
    std::printf("finding: %.*s: %.*s (--seed %llu, call %lld, %s)\n", static_cast<int>(where.size()), where.data(),
                static_cast<int>(what.size()), what.data(), static_cast<unsigned long long>(m_options.seed),
                static_cast<long long>(m_call), m_options.cost_model.c_str());
  }

  void call(const Operation& op) {
    Arguments arguments(m_random, m_earlier);
    arguments.draw(op.signature);
    if (m_options.trace) {
      std::printf("%lld %.*s\n", static_cast<long long>(m_call), static_cast<int>(op.name.size()), op.name.data());
      std::fflush(stdout);
    }
    const std::int64_t used = m_context->flops_used();
    const std::size_t records = m_context->op_log().size();
    try {
      Result result = invoke(op.name, arguments.positional, arguments.named);
      ++m_accepted;
      std::vector<std::string> findings;
      check_result(result, findings);
      for (const std::string& what : findings) found(op.name, what);
      keep(std::move(result));
    } catch (const Error&) {
      ++m_refused;
    } catch (const std::bad_alloc&) {  // as any other refused allocation
      ++m_refused;
    } catch (const std::length_error&) {
      ++m_refused;
    } catch (const std::exception& error) {
      found(op.name, error.what());
    }
    std::int64_t logged = 0;
    for (const OpRecord& record : m_context->op_log().from(records)) {
      if (record.flop_cost < 0) found(op.name, "a negative charge");
      logged += record.flop_cost;
    }
    if (m_context->flops_used() - used != logged) found(op.name, "the log and the charge differ");
    if (static_cast<double>(m_context->flops_used()) > m_context->flop_budget()) found(op.name, "more than the budget");
  }

  void keep(Result result) {
    if (result.is_array() && result.array()->size > k_largest_kept) return;
    if (m_earlier.size() < k_kept_results) {
      m_earlier.push_back(std::move(result));
    } else {
      m_earlier[static_cast<std::size_t>(m_random.below(k_kept_results))] = std::move(result);
    }
  }

  void compare() {
    using Case = std::optional<std::string> (*)(Random&);
    static const std::vector<Case> k_cases = {whest::fuzz::einsum_case, whest::fuzz::pointwise_case,
                                              whest::fuzz::reduction_case, whest::fuzz::orbits_case};
    try {
      if (const auto what = m_random.of(k_cases)(m_random)) found("reference", *what);
      ++m_compared;
    } catch (const BudgetExhaustedError&) {
      ++m_refused;
    }
  }

  Options m_options;
  Random m_random;
  std::vector<const Operation*> m_operations;
  std::unique_ptr<BudgetContext> m_context;
  std::vector<Result> m_earlier;
  std::int64_t m_call = 0, m_accepted = 0, m_refused = 0, m_compared = 0, m_findings = 0;
};

}  // namespace

#if defined(__SANITIZE_ADDRESS__)
// The sanitizer's own end the process where memory is refused; here that is tried, and must end in an error.
void* operator new(std::size_t bytes) {
  if (void* block = std::malloc(bytes)) return block;
  throw std::bad_alloc();
}
void* operator new[](std::size_t bytes) { return ::operator new(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }
#endif

int main(int argc, char** argv) {
  // Huge extents are tried, too: they must end in an error, not in swapping nor in seconds of filling.
  [[maybe_unused]] const rlimit memory{std::uint64_t{3} << 29, std::uint64_t{3} << 29};
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  setrlimit(RLIMIT_AS, &memory);
#endif
  return Fuzzer(parse(argc, argv)).run();
}
