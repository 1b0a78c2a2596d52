// SPDX-License-Identifier: MIT
#include "checks.hpp"

#include <algorithm>
#include <bit>
#include <whest/flopscope/ops/detail/random_operations.hpp>

namespace whest::fuzz {

using flopscope::Array;

namespace {

// Whether an element at `at` or further along the axes from `axis` on is a byte other than 0 and 1. An axis without a
// stride shows the same elements again, however long it is.
bool has_other_bool(const Array& a, int axis, const std::byte* at) {
  if (axis == a.ndim) return *at > std::byte{1};
  const std::int64_t extent = a.strides[axis] == 0 ? std::min<std::int64_t>(a.shape[axis], 1) : a.shape[axis];
  for (std::int64_t i = 0; i < extent; ++i)
    if (has_other_bool(a, axis + 1, at + i * a.strides[axis])) return true;
  return false;
}

class Fingerprint {
 public:
  void add(std::uint64_t x) { m_hash = (m_hash ^ x) * 0x9e3779b97f4a7c15U + (m_hash >> 29); }
  void add(const std::byte* bytes, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) m_hash = (m_hash ^ static_cast<std::uint64_t>(bytes[i])) * 0x100000001b3U;
    add(static_cast<std::uint64_t>(count));
  }
  std::uint64_t value() const { return m_hash; }

 private:
  std::uint64_t m_hash = 0xcbf29ce484222325U;
};

void add_stream(Fingerprint& print, flopscope::sampling::RandomObject& object) {
  const std::scoped_lock lock(object.mutex);
  const auto copy = object.stream.clone();
  print.add(copy.bits->next_uint64());
  print.add(copy.bits->next_uint64());
  print.add(copy.has_gauss ? std::bit_cast<std::uint64_t>(copy.gauss) : 0);
}

}  // namespace

void check_result(const flopscope::Result& result, std::vector<std::string>& findings) {
  if (const auto* items = result.items()) {
    for (const flopscope::Result& item : *items) check_result(item, findings);
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
  if (a.type() == DType::bool_ && a.size > 0 && has_other_bool(a, 0, begin))
    findings.emplace_back("a bool that is neither false nor true");
}

Before::Before(const flopscope::BudgetContext& context, std::string_view operation, const Arguments& arguments,
               const Pool& pool)
    : m_context(context),
      m_arguments(arguments),
      m_pool(pool),
      m_draws(operation.starts_with("random.")),
      m_used(context.flops_used()),
      m_records(context.op_log().size()),
      m_namespace(context.current_namespace()),
      m_arrays(print_of_arrays()),
      m_streams(print_of_streams()) {}

std::string Before::changed_by_refusal() const {
  if (m_context.op_log().size() != m_records) return "";  // refused by what the numbers are, after the charge
  if (m_context.flops_used() != m_used) return "a refused call was charged, and not logged";
  if (m_context.current_namespace() != m_namespace) return "a refused call changed the namespace";
  if (print_of_arrays() != m_arrays) return "a refused call changed an argument";
  if (print_of_streams() != m_streams) return "a refused call changed a random stream";
  return "";
}

std::uint64_t Before::print_of_arrays() const {
  Fingerprint print;
  for (const ArrayRef& a : m_arguments.values().arrays()) {
    print.add(a->storage()->data(), a->storage()->bytes());
    print.add(reinterpret_cast<std::uintptr_t>(a->data));
    print.add(reinterpret_cast<std::uintptr_t>(a->tag().get()));
    for (const std::int64_t extent : a->dims()) print.add(static_cast<std::uint64_t>(extent));
    for (const std::int64_t stride : a->byte_strides()) print.add(static_cast<std::uint64_t>(stride));
  }
  return print.value();
}

std::uint64_t Before::print_of_streams() const {
  Fingerprint print;
  if (!m_draws) return print.value();
  add_stream(print, flopscope::sampling::module_random());
  for (const auto* objects : {&m_pool.generators, &m_pool.random_states})
    for (const flopscope::ObjectRef& object : *objects)
      add_stream(print, dynamic_cast<flopscope::sampling::RandomObject&>(*object));
  return print.value();
}

}  // namespace whest::fuzz
