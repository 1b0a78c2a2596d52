// SPDX-License-Identifier: MIT
// The C functions of budgets and namespaces.
#include <limits>
#include <memory>
#include <string>
#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/budget/session.hpp>

using namespace flopscope;

namespace {

BudgetContext& internal(flopscope_budget* b) { return *reinterpret_cast<BudgetContext*>(b); }
const BudgetContext& internal(const flopscope_budget* b) { return *reinterpret_cast<const BudgetContext*>(b); }

constexpr double k_none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

flopscope_status flopscope_budget_new(double flop_budget, int32_t quiet, const char* name_space,
                                      double wall_time_limit_s, flopscope_budget** budget) {
  return abi::guarded([&] {
    BudgetOptions options{.flop_budget = flop_budget, .quiet = quiet != 0, .name_space = {}, .wall_time_limit_s = {}};
    if (name_space != nullptr) options.name_space = name_space;
    if (wall_time_limit_s >= 0) options.wall_time_limit_s = wall_time_limit_s;
    *budget = reinterpret_cast<flopscope_budget*>(new BudgetContext(std::move(options)));
  });
}

void flopscope_budget_free(flopscope_budget* budget) { delete reinterpret_cast<BudgetContext*>(budget); }
flopscope_status flopscope_budget_enter(flopscope_budget* budget) {
  return abi::guarded([&] { internal(budget).enter(); });
}
flopscope_status flopscope_budget_exit(flopscope_budget* budget) {
  return abi::guarded([&] { internal(budget).exit(); });
}

const flopscope_budget* flopscope_current_budget() {
  const BudgetContext* current = nullptr;
  abi::guarded([&] { current = &current_context(); });
  return reinterpret_cast<const flopscope_budget*>(current);
}

void flopscope_budget_read(const flopscope_budget* budget, flopscope_budget_reading* r) {
  const BudgetContext& b = internal(budget);
  r->flop_budget = b.flop_budget();
  r->flops_used = b.flops_used();
  r->flops_remaining = b.flops_remaining();
  r->wall_time_s = b.wall_time_s().value_or(0);
  r->flopscope_backend_time_s = b.backend_time_s();
  r->flopscope_overhead_time_s = b.overhead_time_s();
  r->residual_wall_time_s = b.residual_time_s().value_or(0);
}

const char* flopscope_budget_summary(const flopscope_budget* budget, int32_t by_namespace) {
  thread_local std::string t_text;
  abi::guarded([&] { t_text = summary_text(summarize(internal(budget)), by_namespace != 0); });
  return t_text.c_str();
}

size_t flopscope_budget_log_size(const flopscope_budget* budget) { return internal(budget).op_log().size(); }

size_t flopscope_budget_log_copy(const flopscope_budget* budget, size_t first, size_t count,
                                 flopscope_op_record* records) {
  const OpLog& log = internal(budget).op_log();
  if (first >= log.size()) return 0;
  size_t written = 0;
  for (const OpRecord& r : log.from(first)) {
    if (written == count) break;
    const auto size_of = [](std::string_view text) { return static_cast<uint32_t>(text.size()); };
    records[written++] = {.op_name = r.op_name.data(),
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
  return written;
}

size_t flopscope_budget_log_shapes(const flopscope_budget* budget, const flopscope_op_record* record, int64_t* numbers,
                                   size_t capacity) {
  OpRecord asked;
  asked.shapes = record->shapes;
  size_t count = 0;
  const auto put = [&](std::int64_t number) {
    if (count < capacity) numbers[count] = number;
    ++count;
  };
  for (const std::vector<std::int64_t>& shape : internal(budget).op_log().shapes(asked)) {
    put(std::ssize(shape));
    for (const std::int64_t extent : shape) put(extent);
  }
  return count;
}

const char* flopscope_budget_namespace(const flopscope_budget* budget) {
  thread_local std::string t_text;
  const std::string_view name = internal(budget).current_namespace();
  if (name.data() == nullptr) return nullptr;
  t_text = name;
  return t_text.c_str();
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
