// SPDX-License-Identifier: MIT
// The C functions of budgets and namespaces.
#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>
#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/budget/session.hpp>

using namespace flopscope;

namespace {

// The budgets that callers have made, by number. A number tells nobody where a context lies, and what is not in here
// cannot be entered, left or freed: a program that runs under the grader's budget cannot step out of it.
class Budgets {
 public:
  flopscope_budget add(BudgetOptions options) {
    const std::scoped_lock lock(m_mutex);
    auto context = std::make_unique<BudgetContext>(std::move(options));
    const flopscope_budget number = context->serial();
    m_made.emplace(number, std::move(context));
    return number;
  }

  void remove(flopscope_budget number) {
    std::unique_ptr<BudgetContext> context;
    const std::scoped_lock lock(m_mutex);
    if (made(number).is_open() && active_context() != &made(number))
      throw Error(ErrorKind::runtime_error, "This BudgetContext is open in another thread");
    context = std::move(m_made.extract(number).mapped());
  }

  template <class F>
  void with_own(flopscope_budget number, F&& use) {
    const std::scoped_lock lock(m_mutex);
    use(made(number));
  }

  // With a budget that the caller may read: one of its own, or the one that this thread charges. False: there is none.
  template <class F>
  bool with_readable(flopscope_budget number, F&& use) {
    const std::scoped_lock lock(m_mutex);
    const BudgetContext* context = nullptr;
    if (const auto own = m_made.find(number); own != m_made.end()) context = own->second.get();
    if (context == nullptr && number == current_context().serial()) context = &current_context();
    if (context != nullptr) use(*context);
    return context != nullptr;
  }

 private:
  BudgetContext& made(flopscope_budget number) {
    const auto at = m_made.find(number);
    if (at == m_made.end()) throw Error(ErrorKind::runtime_error, "This BudgetContext is none of yours, or is gone");
    return *at->second;
  }

  std::mutex m_mutex;
  std::map<flopscope_budget, std::unique_ptr<BudgetContext>> m_made;
};

Budgets& budgets() {
  static auto* s_budgets = new Budgets;  // plugins free theirs during static destruction, too
  return *s_budgets;
}

// Reads a budget where that is allowed; else nothing happens.
template <class F>
void read_if_allowed(flopscope_budget number, F&& read) {
  abi::guarded([&] { budgets().with_readable(number, read); });
}

[[noreturn]] void throw_unreadable() {
  throw Error(ErrorKind::runtime_error, "This BudgetContext is gone, or another thread's");
}

constexpr double k_none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

flopscope_status flopscope_budget_new(double flop_budget, int32_t quiet, const char* name_space,
                                      double wall_time_limit_s, flopscope_budget* budget) {
  return abi::guarded([&] {
    BudgetOptions options{.flop_budget = flop_budget, .quiet = quiet != 0, .name_space = {}, .wall_time_limit_s = {}};
    if (name_space != nullptr) options.name_space = name_space;
    if (wall_time_limit_s >= 0) options.wall_time_limit_s = wall_time_limit_s;
    *budget = budgets().add(std::move(options));
  });
}

flopscope_status flopscope_budget_free(flopscope_budget budget) {
  return abi::guarded([&] { budgets().remove(budget); });
}
flopscope_status flopscope_budget_enter(flopscope_budget budget) {
  return abi::guarded([&] { budgets().with_own(budget, [](BudgetContext& b) { b.enter(); }); });
}
flopscope_status flopscope_budget_exit(flopscope_budget budget) {
  return abi::guarded([&] { budgets().with_own(budget, [](BudgetContext& b) { b.exit(); }); });
}

flopscope_status flopscope_current_budget(flopscope_budget* budget) {
  return abi::guarded([&] { *budget = current_context().serial(); });
}

flopscope_status flopscope_budget_read(flopscope_budget budget, flopscope_budget_reading* r) {
  return abi::guarded([&] {
    const bool found = budgets().with_readable(budget, [&](const BudgetContext& b) {
      r->flop_budget = b.flop_budget();
      r->flops_used = b.flops_used();
      r->flops_remaining = b.flops_remaining();
      r->wall_time_s = b.wall_time_s().value_or(0);
      r->flopscope_backend_time_s = b.backend_time_s();
      r->flopscope_overhead_time_s = b.overhead_time_s();
      r->residual_wall_time_s = b.residual_time_s().value_or(0);
    });
    if (!found) throw_unreadable();
  });
}

const char* flopscope_budget_summary(flopscope_budget budget, int32_t by_namespace) {
  thread_local std::string t_text;
  const char* text = nullptr;
  read_if_allowed(budget, [&](const BudgetContext& b) {
    t_text = summary_text(summarize(b), by_namespace != 0);
    text = t_text.c_str();
  });
  return text;
}

size_t flopscope_budget_log_size(flopscope_budget budget) {
  size_t size = 0;
  read_if_allowed(budget, [&](const BudgetContext& b) { size = b.op_log().size(); });
  return size;
}

namespace {

flopscope_op_record record_of(const OpRecord& r) {
  const auto size_of = [](std::string_view text) { return static_cast<uint32_t>(text.size()); };
  return {.op_name = r.op_name.data(),
          .name_space = r.name_space.data(),
          .subscripts = r.subscripts.data(),
          .op_name_size = size_of(r.op_name),
          .name_space_size = size_of(r.name_space),
          .subscripts_size = size_of(r.subscripts),
          .shapes = r.shapes,
          .resolved_dtype = r.resolved_dtype ? static_cast<int32_t>(*r.resolved_dtype) : -1,
          .flop_cost = r.flop_cost,
          .cumulative = r.cumulative,
          .start_offset_s = r.start_offset_s.value_or(k_none),
          .backend_s = r.backend_s.value_or(k_none),
          .overhead_s = r.overhead_s};
}

}  // namespace

size_t flopscope_budget_log_copy(flopscope_budget budget, size_t first, size_t count, flopscope_op_record* records) {
  size_t written = 0;
  read_if_allowed(budget, [&](const BudgetContext& b) {
    if (first >= b.op_log().size()) return;
    for (const OpRecord& r : b.op_log().from(first)) {
      if (written == count) break;
      records[written++] = record_of(r);
    }
  });
  return written;
}

size_t flopscope_budget_log_shapes(flopscope_budget budget, const flopscope_op_record* record, int64_t* numbers,
                                   size_t capacity) {
  OpRecord asked;
  asked.shapes = record->shapes;
  size_t count = 0;
  const auto put = [&](std::int64_t number) {
    if (count < capacity) numbers[count] = number;
    ++count;
  };
  read_if_allowed(budget, [&](const BudgetContext& b) {
    for (const std::vector<std::int64_t>& shape : b.op_log().shapes(asked)) {
      put(std::ssize(shape));
      for (const std::int64_t extent : shape) put(extent);
    }
  });
  return count;
}

const char* flopscope_budget_namespace(flopscope_budget budget) {
  thread_local std::string t_text;
  const char* text = nullptr;
  read_if_allowed(budget, [&](const BudgetContext& b) {
    if (b.current_namespace().data() == nullptr) return;
    t_text = b.current_namespace();
    text = t_text.c_str();
  });
  return text;
}

namespace {

void read_summary(const Summary& s, flopscope_budget_reading& r) {
  r.flop_budget = s.flop_budget;
  r.flops_used = s.flops_used;
  r.flops_remaining = s.flops_remaining;
  r.wall_time_s = s.wall_s.value_or(0);
  r.flopscope_backend_time_s = s.backend_s;
  r.flopscope_overhead_time_s = s.overhead_s;
  r.residual_wall_time_s = s.residual_s.value_or(0);
}

std::vector<flopscope_totals> rows_of(const Summary& s) {
  std::vector<flopscope_totals> rows;
  for (const NamespaceTotals& in : s.by_namespace)
    for (const OperationTotals& of : in.operations)
      rows.push_back({.name_space = in.name ? in.name->data() : nullptr,
                      .op_name = of.name.data(),
                      .name_space_size = static_cast<uint32_t>(in.name.value_or("").size()),
                      .op_name_size = static_cast<uint32_t>(of.name.size()),
                      .flop_cost = of.flop_cost,
                      .calls = of.calls,
                      .backend_s = of.backend_s,
                      .overhead_s = of.overhead_s});
  return rows;
}

}  // namespace

flopscope_status flopscope_summary_read(flopscope_budget budget, flopscope_budget_reading* reading,
                                        flopscope_totals* rows, size_t capacity, size_t* count) {
  return abi::guarded([&] {
    thread_local Summary t_summary;  // holds the texts
    if (budget == 0) {
      t_summary = Session::instance().summary();
    } else if (!budgets().with_readable(budget, [](const BudgetContext& b) { t_summary = summarize(b); })) {
      throw_unreadable();
    }
    read_summary(t_summary, *reading);
    const std::vector<flopscope_totals> all = rows_of(t_summary);
    std::copy_n(all.begin(), std::min(capacity, all.size()), rows);
    *count = all.size();
  });
}

const char* flopscope_session_summary() {
  thread_local std::string t_text;
  abi::guarded([&] { t_text = session_summary_text(); });
  return t_text.c_str();
}
void flopscope_session_reset() { Session::instance().reset(); }

flopscope_status flopscope_namespace_open(const char* segment) {
  return abi::guarded([&] { current_context().push_namespace(segment); });
}
flopscope_status flopscope_namespace_close() {
  return abi::guarded([&] { current_context().pop_namespace(); });
}
