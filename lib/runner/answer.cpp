// SPDX-License-Identifier: MIT
// The region of shared memory through which a prediction and its meter come back (see protocol.hpp).
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <whest/runner/protocol.hpp>

namespace whest::runner {

namespace {

constexpr std::uint32_t k_max_namespaces = 100'000;
constexpr std::uint32_t k_max_operations = 100'000;
constexpr std::size_t k_max_name = 4096;
constexpr std::uint32_t k_max_dims = 64;
constexpr double k_identity_tolerance_s = 1e-6;
constexpr double k_clock_slack_s = 1e-3;  // between the child's clock readings and the host's

std::int64_t value_bytes(std::int64_t width, std::int64_t depth) { return (width * depth * 4 + 63) / 64 * 64; }

void put_reading(ByteWriter& out, std::int64_t flops, std::int64_t calls, double backend_s, double overhead_s) {
  out.put(flops);
  out.put(calls);
  out.put(backend_s);
  out.put(overhead_s);
}

void put_operations(ByteWriter& out, std::span<const OperationReading> operations) {
  out.put(static_cast<std::uint32_t>(operations.size()));
  for (const OperationReading& operation : operations) {
    out.put_text(operation.name);
    put_reading(out, operation.flop_cost, operation.calls, operation.backend_s, operation.overhead_s);
  }
}

void put_breakdown(ByteWriter& out, std::span<const NamespaceReading> by_namespace) {
  out.put(static_cast<std::uint32_t>(by_namespace.size()));
  for (const NamespaceReading& in : by_namespace) {
    out.put_text(in.name);
    put_reading(out, in.flops_used, in.calls, in.backend_s, in.overhead_s);
    put_operations(out, in.operations);
  }
}

void put_meter(ByteWriter& out, const MeterReading& meter, bool with_breakdown) {
  out.put(meter.flops_used);
  for (double s : {meter.wall_s, meter.backend_s, meter.overhead_s, meter.residual_s, meter.residual_cpu_s}) out.put(s);
  put_breakdown(out, with_breakdown ? std::span(meter.by_namespace) : std::span<const NamespaceReading>());
  const bool with_audit = with_breakdown && meter.audit;
  out.put(static_cast<std::uint32_t>(with_audit));
  if (!with_audit) return;
  out.put_text(meter.audit->cost_model);
  out.put(meter.audit->flops_used);
  put_breakdown(out, meter.audit->by_namespace);
  put_operations(out, meter.audit->refused);
}

ByteWriter payload(const Attempt& attempt, bool with_breakdown) {
  ByteWriter out;
  out.put(attempt.raised.kind);
  out.put_text(attempt.raised.type_name);
  out.put_text(attempt.raised.message);
  out.put_text(attempt.raised.details);
  out.put(static_cast<std::uint32_t>(attempt.shape.size()));
  for (std::int64_t extent : attempt.shape) out.put(extent);
  out.put(static_cast<std::uint64_t>(attempt.values.size()));
  put_meter(out, attempt.meter, with_breakdown);
  return out;
}

// A reading that can be: counts from 0, times from 0 and finite.
template <class Reading>
void get_reading(ByteReader& in, std::int64_t& flops, Reading& reading) {
  flops = in.get<std::int64_t>();
  reading.calls = in.get<std::int64_t>();
  reading.backend_s = in.get<double>();
  reading.overhead_s = in.get<double>();
  if (flops < 0 || reading.calls < 0 || !(reading.backend_s >= 0) || !(reading.overhead_s >= 0) ||
      !std::isfinite(reading.backend_s + reading.overhead_s)) {
    in.fail();
  }
}

// The operations, and the sum of what they cost.
std::int64_t get_operations(ByteReader& in, std::vector<OperationReading>& operations) {
  const auto count = in.get<std::uint32_t>();
  if (count > k_max_operations) in.fail();
  std::int64_t sum = 0;
  for (std::uint32_t j = 0; j < count && in.ok(); ++j) {
    OperationReading& operation = operations.emplace_back();
    operation.name = in.get_text(k_max_name);
    get_reading(in, operation.flop_cost, operation);
    if (__builtin_add_overflow(sum, operation.flop_cost, &sum)) in.fail();
  }
  return sum;
}

// Namespaces that add up to `flops_used`; none at all are legal, whatever was used.
void get_breakdown(ByteReader& in, std::vector<NamespaceReading>& by_namespace, std::int64_t flops_used) {
  const auto namespaces = in.get<std::uint32_t>();
  if (namespaces > k_max_namespaces) in.fail();
  std::int64_t total = 0;
  for (std::uint32_t i = 0; i < namespaces && in.ok(); ++i) {
    NamespaceReading& ns = by_namespace.emplace_back();
    ns.name = in.get_text(k_max_name);
    get_reading(in, ns.flops_used, ns);
    const std::int64_t in_namespace = get_operations(in, ns.operations);
    if (in_namespace != ns.flops_used || __builtin_add_overflow(total, ns.flops_used, &total)) in.fail();
  }
  if (namespaces > 0 && total != flops_used) in.fail();
}

void get_audit(ByteReader& in, std::optional<AuditReading>& audit) {
  const auto present = in.get<std::uint32_t>();
  if (present > 1) in.fail();
  if (present != 1 || !in.ok()) return;
  audit.emplace();
  audit->cost_model = in.get_text(k_max_name);
  audit->flops_used = in.get<std::int64_t>();
  if (audit->flops_used < 0) in.fail();
  get_breakdown(in, audit->by_namespace, audit->flops_used);
  get_operations(in, audit->refused);
}

void get_meter(ByteReader& in, MeterReading& meter, std::int64_t flop_budget, double elapsed_s) {
  meter.flop_budget = flop_budget;
  meter.flops_used = in.get<std::int64_t>();
  for (double* s : {&meter.wall_s, &meter.backend_s, &meter.overhead_s, &meter.residual_s, &meter.residual_cpu_s}) {
    *s = in.get<double>();
    if (!(*s >= 0) || !std::isfinite(*s)) in.fail();
  }
  if (meter.flops_used < 0 || meter.flops_used > flop_budget || meter.wall_s > elapsed_s + k_clock_slack_s) in.fail();
  if (std::abs(meter.wall_s - meter.backend_s - meter.overhead_s - meter.residual_s) > k_identity_tolerance_s) {
    in.fail();
  }
  get_breakdown(in, meter.by_namespace, meter.flops_used);
  get_audit(in, meter.audit);
}

}  // namespace

std::int64_t answer_bytes(std::int64_t width, std::int64_t depth) {
  return k_answer_head_bytes + value_bytes(width, depth) + k_answer_payload_bytes;
}

void write_answer(std::span<std::byte> region, std::uint64_t sequence, const Attempt& attempt) {
  const auto values_at = static_cast<std::size_t>(k_answer_head_bytes);
  const auto room = region.size() - values_at - static_cast<std::size_t>(k_answer_payload_bytes);
  if (!attempt.values.empty() && attempt.values.size() * 4 <= room) {
    std::memcpy(region.data() + values_at, attempt.values.data(), attempt.values.size() * 4);
  }
  ByteWriter out = payload(attempt, true);
  if (out.bytes().size() > static_cast<std::size_t>(k_answer_payload_bytes)) out = payload(attempt, false);
  std::memcpy(region.data() + values_at + room, out.bytes().data(), out.bytes().size());
  auto* head = reinterpret_cast<AnswerHead*>(region.data());
  head->magic = k_answer_magic;
  head->sequence = sequence;
  head->payload_size = out.bytes().size();
  std::atomic_ref(head->state).store(k_answer_complete, std::memory_order_release);
}

std::vector<std::byte> fetch_answer(int fd, std::int64_t width, std::int64_t depth) {
  AnswerHead head;
  if (::pread(fd, &head, sizeof head, 0) != sizeof head) return {};
  if (head.payload_size > static_cast<std::uint64_t>(k_answer_payload_bytes)) head.payload_size = 0;
  const auto size = static_cast<std::size_t>(k_answer_head_bytes + value_bytes(width, depth)) + head.payload_size;
  std::vector<std::byte> copy(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t n = ::pread(fd, copy.data() + done, size - done, static_cast<off_t>(done));
    if (n <= 0) return {};
    done += static_cast<std::size_t>(n);
  }
  return copy;
}

AnswerHead answer_head(std::span<const std::byte> region) {
  AnswerHead head;
  if (region.size() >= sizeof head) std::memcpy(&head, region.data(), sizeof head);
  return head;
}

std::optional<Attempt> read_answer(std::span<const std::byte> region, std::uint64_t sequence, std::int64_t width,
                                   std::int64_t depth, std::int64_t flop_budget, double elapsed_s) {
  const AnswerHead head = answer_head(region);
  const auto fixed = static_cast<std::size_t>(k_answer_head_bytes + value_bytes(width, depth));
  if (region.size() < fixed || head.magic != k_answer_magic || head.sequence != sequence ||
      head.state != k_answer_complete || head.payload_size != region.size() - fixed) {
    return std::nullopt;
  }
  const auto values = region.subspan(static_cast<std::size_t>(k_answer_head_bytes));
  ByteReader in(region.subspan(fixed));
  Attempt attempt;
  attempt.raised.kind = in.get<std::int32_t>();
  attempt.raised.type_name = in.get_text(sizeof(whest_error::type_name));
  attempt.raised.message = in.get_text(sizeof(whest_error::message));
  attempt.raised.details = in.get_text(sizeof(whest_error::details));
  if (attempt.raised.kind < WHEST_OK || attempt.raised.kind > WHEST_ERROR_NO_RESULT) in.fail();
  const auto dims = in.get<std::uint32_t>();
  if (dims > k_max_dims) in.fail();
  for (std::uint32_t d = 0; d < dims && in.ok(); ++d) attempt.shape.push_back(in.get<std::int64_t>());
  const auto count = in.get<std::uint64_t>();
  if (count != 0 && count != static_cast<std::uint64_t>(width * depth)) in.fail();
  get_meter(in, attempt.meter, flop_budget, elapsed_s);
  if (!in.at_end()) return std::nullopt;
  attempt.values.resize(count);
  if (count > 0) std::memcpy(attempt.values.data(), values.data(), count * 4);
  return attempt;
}

}  // namespace whest::runner
