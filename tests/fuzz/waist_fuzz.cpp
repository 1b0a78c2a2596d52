// SPDX-License-Identifier: MIT
// flopscope_fuzz: random calls through the waist. No call may crash, charge a negative amount, change its arguments
// when it is refused before its charge (checks.hpp), go by what must not matter (invariance.hpp), or disagree with a
// slow reference where there is one (reference.hpp). Ends with a line of counts; exit 1 on a finding, which is printed
// with its seed and call.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/core/waist.hpp>

#include "arguments.hpp"
#include "checks.hpp"
#include "invariance.hpp"
#include "options.hpp"
#include "reference.hpp"

using namespace flopscope;
using whest::fuzz::Arguments;
using whest::fuzz::Options;
using whest::fuzz::Random;

namespace {

class Fuzzer {
 public:
  explicit Fuzzer(const Options& options) : m_options(options), m_random(options.seed) {
    set_active_cost_model(cost_model(options.cost_model));
    for (const Operation& op : Catalogue::instance().all()) {
      const bool chosen = options.only.empty() ? !whest::fuzz::leaves_the_process(op.name) : op.name == options.only;
      if (chosen) m_operations.push_back(&op);
      if (chosen && whest::fuzz::writes_into_buffer(op)) m_writing.push_back(&op);
    }
  }

  int run() {
    for (m_call = 0; m_call < m_options.calls; ++m_call) {
      if (m_call == m_next_context) renew();
      if (m_options.only.empty() && m_random.one_in(20)) {
        compare();
      } else if (m_random.one_in(10)) {
        vary();
      } else {
        call(*m_random.of(m_operations));
      }
    }
    m_context->exit();
    if (m_options.list_refused)
      for (const Operation* op : m_operations)
        if (!m_ever_accepted.contains(op->name)) std::printf("never accepted: %s\n", std::string(op->name).c_str());
    std::printf(
        "%lld calls, %lld accepted, of %zu of %zu operations, %lld refused, %lld compared, %lld varied, %lld "
        "findings\n",
        static_cast<long long>(m_options.calls), static_cast<long long>(m_accepted), m_ever_accepted.size(),
        m_operations.size(), static_cast<long long>(m_refused), static_cast<long long>(m_compared),
        static_cast<long long>(m_varied), static_cast<long long>(m_findings));
    return m_findings == 0 ? 0 : 1;
  }

 private:
  static constexpr std::int64_t k_calls_per_context = 5000, k_calls_of_small_budget = 300;
  static constexpr std::size_t k_kept_results = 64;
  static constexpr std::int64_t k_largest_kept = 4096;  // elements; larger results would only cost time

  void renew() {
    if (m_context) m_context->exit();
    m_pool = {};
    BudgetOptions budget;
    const bool small = m_random.one_in(3);  // soon exhausted: refusals at the charge
    budget.flop_budget = small ? 3e4 : 1e15;
    m_next_context = m_call + (small ? k_calls_of_small_budget : k_calls_per_context);
    budget.quiet = true;
    m_context = std::make_unique<BudgetContext>(budget);
    m_context->enter();
    const Value seed = Value::integer(m_random.below(1000));
    invoke("random.seed", {&seed, 1}, {});
    m_pool.generators.push_back(object_of("random.default_rng", seed));
    m_pool.random_states.push_back(object_of("random.RandomState", seed));
  }

  static ObjectRef object_of(std::string_view maker, const Value& seed) {
    return std::get<ObjectRef>(invoke(maker, {&seed, 1}, {}).variant());
  }

  void found(std::string_view where, std::string_view what) {
    ++m_findings;
    std::printf("finding: %.*s: %.*s (--seed %llu, call %lld, %s)\n", static_cast<int>(where.size()), where.data(),
                static_cast<int>(what.size()), what.data(), static_cast<unsigned long long>(m_options.seed),
                static_cast<long long>(m_call), m_options.cost_model.c_str());
  }

  void call(const Operation& op) {
    Arguments arguments(m_random, m_pool);
    arguments.draw(op);
    if (m_options.trace) {
      std::printf("%lld %.*s\n", static_cast<long long>(m_call), static_cast<int>(op.name.size()), op.name.data());
      std::fflush(stdout);
    }
    const whest::fuzz::Before before(*m_context, op.name, arguments, m_pool);
    run(op, arguments, before);
    std::int64_t logged = 0;
    for (const OpRecord& record : m_context->op_log().from(before.records())) {
      if (record.flop_cost < 0) found(op.name, "a negative charge");
      logged += record.flop_cost;
    }
    if (m_context->flops_used() - before.flops_used() != logged) found(op.name, "the log and the charge differ");
    if (static_cast<double>(m_context->flops_used()) > m_context->flop_budget()) found(op.name, "more than the budget");
  }

  void run(const Operation& op, const Arguments& arguments, const whest::fuzz::Before& before) {
    try {
      Result result = invoke(op.name, arguments.positional, arguments.named);
      ++m_accepted;
      m_ever_accepted.insert(op.name);
      std::vector<std::string> findings;
      whest::fuzz::check_result(result, findings);
      for (const std::string& what : findings) found(op.name, what);
      keep(std::move(result));
    } catch (const Error& error) {
      refused(op, before, error.what());
    } catch (const std::bad_alloc&) {  // as any other refused allocation
      refused(op, before, "memory");
    } catch (const std::length_error&) {
      refused(op, before, "memory");
    } catch (const std::exception& error) {
      found(op.name, error.what());
    }
  }

  void refused(const Operation& op, const whest::fuzz::Before& before, const char* why) {
    ++m_refused;
    if (m_options.trace) std::printf("  refused: %s\n", why);
    if (const std::string what = before.changed_by_refusal(); !what.empty()) found(op.name, what);
  }

  void keep(Result result) {
    if (result.is_array() && result.array()->size > k_largest_kept) return;
    if (m_pool.earlier.size() < k_kept_results) {
      m_pool.earlier.push_back(std::move(result));
    } else {
      m_pool.earlier[static_cast<std::size_t>(m_random.below(k_kept_results))] = std::move(result);
    }
  }

  void compare() {
    using Case = whest::fuzz::Finding (*)(Random&, BudgetContext&);
    static const std::vector<Case> k_cases = {whest::fuzz::einsum_case,    whest::fuzz::product_case,
                                              whest::fuzz::pointwise_case, whest::fuzz::unary_case,
                                              whest::fuzz::reduction_case, whest::fuzz::orbits_case};
    try {
      if (const auto what = m_random.of(k_cases)(m_random, *m_context)) found("reference", *what);
      ++m_compared;
    } catch (const BudgetExhaustedError&) {
      ++m_refused;
    } catch (const Error& error) {
      found("reference", error.what());
    }
  }

  void vary() {
    try {
      const std::int64_t which = m_random.below(8);
      const auto what = which == 0 ? whest::fuzz::copyto_case(m_random, *m_context)
                        : which <= 3 || m_writing.empty()
                            ? whest::fuzz::trailing_case(m_random, *m_context, *m_random.of(m_operations), m_pool)
                            : whest::fuzz::overlap_case(m_random, *m_context, *m_random.of(m_writing), m_pool);
      if (what) found("variation", *what);
      ++m_varied;
    } catch (const BudgetExhaustedError&) {
      ++m_refused;
    }
  }

  Options m_options;
  Random m_random;
  std::vector<const Operation*> m_operations, m_writing;
  std::unique_ptr<BudgetContext> m_context;
  whest::fuzz::Pool m_pool;
  std::set<std::string_view> m_ever_accepted;
  std::int64_t m_call = 0, m_next_context = 0, m_accepted = 0, m_refused = 0, m_compared = 0, m_varied = 0,
               m_findings = 0;
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
  const auto options = whest::fuzz::parse_options(argc, argv);
  if (!options) {
    std::fprintf(stderr, "flopscope_fuzz: %s\n", options.error().c_str());
    return 2;
  }
  if (options->help) {
    std::fputs(whest::fuzz::help_text().c_str(), stdout);
    return 0;
  }
  // Huge extents are tried, too: they must end in an error, not in swapping nor in seconds of filling.
  [[maybe_unused]] const rlimit memory{std::uint64_t{3} << 29, std::uint64_t{3} << 29};
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  setrlimit(RLIMIT_AS, &memory);
#endif
  return Fuzzer(*options).run();
}
