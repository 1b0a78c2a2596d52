// SPDX-License-Identifier: MIT
#include <string.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include <whest/base/clock.hpp>
#include <whest/flopscope/budget/audit.hpp>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/budget/exclusive.hpp>
#include <whest/flopscope/core/array.hpp>
#include <whest/flopscope/core/cost_model.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/runner/cpu_window.hpp>
#include <whest/runner/kernel_threads.hpp>
#include <whest/runner/session.hpp>

namespace whest::runner {

namespace {

namespace fs = flopscope;

Raised raised_from(const whest_error& error, std::int32_t kind) {
  // Texts of a record that another compiler filled: taken only as far as the record goes.
  const auto text = [](const char* at, std::size_t size) { return std::string(at, ::strnlen(at, size)); };
  return Raised{kind, text(error.type_name, sizeof error.type_name), text(error.message, sizeof error.message),
                text(error.details, sizeof error.details)};
}

std::vector<fs::ArrayRef> weight_arrays(const NetworkView& network) {
  std::vector<fs::ArrayRef> arrays;
  const std::int64_t shape[2] = {network.width, network.width};
  const std::int64_t strides[2] = {network.width * 4, 4};
  for (const float* layer : network.layers) {
    const auto bytes = network.width * network.width * 4;
    auto storage = fs::Storage::wrap(layer, bytes, network.keep);
    const auto* data = reinterpret_cast<const std::byte*>(layer);
    arrays.push_back(fs::Array::view(std::move(storage), data, fs::DType::float32, shape, strides));
  }
  return arrays;
}

// The log, summed by namespace and operation, each in the order of its first call. A program may open any number of
// namespaces of any length: a name counts to k_most_name bytes, and what comes when there are k_most_rows is summed as
// one.
class LogSums {
 public:
  void add(const fs::OpRecord& record) {
    // Both names stay where they are as long as the log: most calls repeat the last one's.
    if (record.name_space.data() != m_name_space || record.op_name.data() != m_op_name) {
      find(record.name_space.substr(0, k_most_name), record.op_name);
      m_name_space = record.name_space.data();
      m_op_name = record.op_name.data();
    }
    NamespaceReading& in = m_sums[m_in];
    OperationReading& operation = in.operations[m_operation];
    const double backend_s = record.backend_s.value_or(0.0);
    for (auto add : {&operation.flop_cost, &in.flops_used}) *add += record.flop_cost;
    for (auto count : {&operation.calls, &in.calls}) ++*count;
    for (auto add : {&operation.backend_s, &in.backend_s}) *add += backend_s;
    for (auto add : {&operation.overhead_s, &in.overhead_s}) *add += record.overhead_s;
  }

  std::vector<NamespaceReading> take() { return std::move(m_sums); }

 private:
  static constexpr std::size_t k_most_name = 256;
  static constexpr std::size_t k_most_rows = 2000;
  static constexpr std::string_view k_others = "(others)";

  void find(std::string_view name_space, std::string_view op_name) {
    if (m_rows >= k_most_rows && !m_operations.contains({name_space, op_name})) name_space = op_name = k_others;
    const auto [ns, new_namespace] = m_namespaces.try_emplace(name_space, m_sums.size());
    if (new_namespace) m_sums.emplace_back().name = std::string(name_space);
    m_in = ns->second;
    std::vector<OperationReading>& operations = m_sums[m_in].operations;
    const auto [op, new_operation] = m_operations.try_emplace({name_space, op_name}, operations.size());
    if (new_operation) operations.emplace_back().name = std::string(op_name);
    m_operation = op->second;
    m_rows += static_cast<std::size_t>(new_namespace) + static_cast<std::size_t>(new_operation);
  }

  std::vector<NamespaceReading> m_sums;
  std::map<std::string_view, std::size_t> m_namespaces;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> m_operations;
  std::size_t m_rows = 0;
  const char* m_name_space = nullptr;  // of the last record
  const char* m_op_name = nullptr;
  std::size_t m_in = 0, m_operation = 0;
};

std::vector<NamespaceReading> readings_by_namespace(const fs::BudgetContext& context) {
  LogSums sums;
  for (const fs::OpRecord& record : context.op_log()) sums.add(record);
  return sums.take();
}

// CPU that no counted operation can have used. A kernel of k threads uses one CPU second a second of the thread that
// predicts, and up to k - 1 of others: what remains of each is a lower bound, and exact where kernels have one thread.
// Each is counted by itself: on a busy processor another thread's work would hide in operations that were waiting. The
// thread that predicts counts no longer than the wall saw it, so that alone it is never above the residual wall time.
double residual_cpu_s(const MeterReading& meter, const CpuWindow::Used& cpu, int kernel_threads) {
  const double own_s = std::min(cpu.own_s, meter.wall_s) - meter.backend_s - meter.overhead_s;  // rounds as residual_s
  const double others_s = cpu.others_s - (kernel_threads - 1) * meter.backend_s;
  return std::max(0.0, own_s) + std::max(0.0, others_s);
}

AuditReading read_audit(const fs::Audit& audit) {
  AuditReading reading;
  reading.cost_model = audit.books().model().name();
  reading.flops_used = audit.books().flops_used();
  reading.by_namespace = readings_by_namespace(audit.books());
  for (const auto& [name, calls] : audit.refused()) {
    OperationReading& refused = reading.refused.emplace_back();
    refused.name = name;
    refused.calls = calls;
  }
  return reading;
}

// `wall_s` is the caller's own measure, which nothing in predict can stop; while an audit prices, the clock of the
// context stands still, and it alone counts.
MeterReading read_meter(const fs::BudgetContext& context, std::int64_t flop_budget, double wall_s) {
  MeterReading meter;
  meter.flop_budget = flop_budget;
  meter.flops_used = context.flops_used();
  meter.backend_s = context.backend_time_s();
  meter.overhead_s = context.overhead_time_s();
  meter.wall_s = std::max(context.wall_time_s().value_or(0.0), meter.backend_s + meter.overhead_s);
  if (context.audit() == nullptr) meter.wall_s = std::max(meter.wall_s, wall_s);
  meter.residual_s = meter.wall_s - meter.backend_s - meter.overhead_s;
  meter.by_namespace = readings_by_namespace(context);
  if (context.audit() != nullptr) meter.audit = read_audit(*context.audit());
  return meter;
}

// What predict returned, as float32; the harness's own work, behind the meter's window.
void take_result(Attempt& attempt, const fs::Array& array, std::int64_t width, std::int64_t depth) {
  attempt.shape.assign(array.dims().begin(), array.dims().end());
  if (attempt.shape != std::vector<std::int64_t>{depth, width}) return;
  const fs::ArrayRef values = fs::contiguous_as(array, fs::DType::float32);
  attempt.values.assign(values->items<float>(), values->items<float>() + values->size);
}

}  // namespace

base::Expected<Session> Session::open(SessionOptions options) {
  try {
    fs::set_active_cost_model(fs::cost_model(options.cost_model));
    if (!options.audit_cost_model.empty()) fs::cost_model(options.audit_cost_model);  // known, and loaded in time
  } catch (const fs::Error& error) {
    return base::usage_error(error.what());
  }
  set_kernel_threads(options.kernel_threads);
  auto plugin = estimator::Plugin::open(options.plugin_path, options.shown_path);
  if (!plugin) return std::unexpected(plugin.error());
  const auto type = plugin->select(options.class_name);
  if (!type) return std::unexpected(type.error());
  Session session(std::move(options));
  session.m_class = *type;
  session.m_class_name = (*type)->name;
  return session;
}

std::optional<Raised> Session::start() {
  whest_error error{};
  void* object = nullptr;
  if (const std::int32_t kind = m_class->create(&object, &error); kind != WHEST_OK) return raised_from(error, kind);
  m_instance = estimator::Instance(*m_class, object);
  whest_setup_context context{};
  context.width = m_options.width;
  context.depth = m_options.depth;
  context.flop_budget = m_options.flop_budget;
  context.api_version = k_api_version;
  context.scratch_dir = m_options.scratch_dir.empty() ? nullptr : m_options.scratch_dir.c_str();
  context.submission_dir = m_options.submission_dir.empty() ? nullptr : m_options.submission_dir.c_str();
  context.seed = m_options.seed;
  const std::int32_t kind = m_class->setup(object, &context, &error);
  if (kind != WHEST_OK) return raised_from(error, kind);
  // Under it predict would be charged to the participant's own budget.
  if (fs::active_context() != nullptr)
    return Raised{
        WHEST_ERROR, "RuntimeError", "setup left a BudgetContext open: it must be closed before predict is called", {}};
  return std::nullopt;
}

Attempt Session::predict(const NetworkView& network, fs::BudgetCounters* counters, std::optional<clockid_t> waiter) {
  const std::vector<fs::ArrayRef> arrays = weight_arrays(network);
  std::vector<const flopscope_array*> handles;
  for (const fs::ArrayRef& array : arrays) handles.push_back(array.get());
  const whest_mlp mlp{network.width, network.depth, handles.data(), network.name.c_str(), network.seed};

  fs::BudgetOptions options;
  options.flop_budget = static_cast<double>(m_options.flop_budget);
  options.quiet = true;
  if (m_options.wall_time_s > 0) options.wall_time_limit_s = m_options.wall_time_s;
  options.counters = counters;
  if (!m_options.audit_cost_model.empty()) options.audit_model = &fs::cost_model(m_options.audit_cost_model);
  fs::BudgetContext context(options);
  whest_error error{};
  const flopscope_array* handle = nullptr;

  const fs::ExclusiveMeter exclusive(context);
  const CpuWindow window(waiter);
  const double begin_s = base::system_clock().monotonic_s();
  context.enter();
  const std::int32_t kind = m_class->predict(m_instance.object(), &mlp, m_options.flop_budget, &handle, &error);
  context.exit();
  const double wall_s = base::system_clock().monotonic_s() - begin_s;
  const CpuWindow::Used cpu = window.used();

  Attempt attempt;
  attempt.meter = read_meter(context, m_options.flop_budget, wall_s);
  attempt.meter.residual_cpu_s = residual_cpu_s(attempt.meter, cpu, m_options.kernel_threads);
  if (kind != WHEST_OK) {
    attempt.raised = raised_from(error, kind);
  } else if (handle == nullptr) {
    attempt.raised.kind = WHEST_ERROR_NO_RESULT;
  } else {
    const auto result = fs::ArrayRef::adopt(const_cast<fs::Array*>(&fs::as_internal(handle)));
    take_result(attempt, *result, network.width, network.depth);
  }
  return attempt;
}

std::optional<Raised> Session::stop() {
  if (!m_instance) return std::nullopt;
  whest_error error{};
  const std::int32_t kind = m_class->teardown(m_instance.object(), &error);
  m_instance = {};
  if (kind != WHEST_OK) return raised_from(error, kind);
  return std::nullopt;
}

}  // namespace whest::runner
