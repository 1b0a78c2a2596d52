// SPDX-License-Identifier: MIT
#include <algorithm>
#include <new>
#include <whest/flopscope/budget/clock.hpp>
#include <whest/flopscope/budget/op_log.hpp>
#include <whest/flopscope/core/block_pool.hpp>

namespace flopscope {
namespace {

// The shapes of a call as the log stores them, with their hash: how many, then for each its dimensions and sizes. On
// the stack unless there are many.
class ShapeList {
 public:
  explicit ShapeList(const Call& call) {
    push(0);
    collect(call);
    m_items[0] = m_shapes;
  }
  std::span<const std::int64_t> items() const { return {m_items, m_size}; }
  std::size_t hash() const { return static_cast<std::size_t>(m_hash >> 56); }

 private:
  void push(std::int64_t x) {
    if (m_size == m_capacity) grow();
    m_items[m_size++] = x;
    m_hash = (m_hash ^ static_cast<std::uint64_t>(x)) * 0x9e3779b97f4a7c15U;
  }
  void grow() {
    std::vector<std::int64_t> more(2 * m_capacity);
    std::copy_n(m_items, m_size, more.begin());
    m_heap = std::move(more);
    m_items = m_heap.data();
    m_capacity = m_heap.size();
  }
  void add(const Array& a) {
    ++m_shapes;
    push(a.ndim);
    for (int d = 0; d < a.ndim; ++d) push(a.shape[d]);
  }
  void add_operand(const Value& v) {
    if (v.is_absent()) return;
    if (v.is_array()) return add(v.as_array());
    if (!v.is_scalar()) return add(*to_array(v));
    ++m_shapes;
    push(0);
  }
  void collect(const Call& call) {
    if (call.op.log_shapes == LogShapes::none) return;
    if (call.op.log_shapes != LogShapes::operands) {
      const auto most = static_cast<std::size_t>(call.op.log_shapes) - static_cast<std::size_t>(LogShapes::first) + 1;
      for (std::size_t i = 0; i < std::min(most, call.args.size()); ++i) add_operand(call.args[i]);
      return;
    }
    for (const Value& v : call.args) {
      if (v.is_array()) add(v.as_array());
      if (v.is(ValueKind::tuple))  // the operands of a variadic operation
        for (const Value& item : v.as_items())
          if (item.is_array()) add(item.as_array());
    }
  }

  std::int64_t m_shapes = 0;
  std::uint64_t m_hash = 0;
  std::size_t m_size = 0, m_capacity = 32;
  std::int64_t m_stack[32];
  std::int64_t* m_items = m_stack;
  std::vector<std::int64_t> m_heap;
};

constexpr std::size_t k_recent_shapes = 256;  // by the hash's 8 bits

}  // namespace

OpLog::Chunk::Chunk(std::size_t entries)
    : items(static_cast<Entry*>(memory::allocate(entries * sizeof(Entry)))), bytes(entries * sizeof(Entry)) {
  if (items == nullptr) throw std::bad_alloc();
}

OpLog::Chunk::~Chunk() {
  if (items != nullptr) memory::release(items, bytes);
}

OpRecord OpLog::operator[](std::size_t i) const {
  const Entry& e = entry(i);
  OpRecord r;
  r.op_name = {e.op_name, e.op_name_size};
  r.name_space = m_texts[e.name_space];
  r.subscripts = m_texts[e.subscripts];
  r.flop_cost = e.flop_cost;
  r.cumulative = e.cumulative;
  if (e.start_ticks >= 0) r.start_offset_s = ticks_to_s(e.start_ticks);
  if (e.backend_ticks >= 0) r.backend_s = ticks_to_s(e.backend_ticks);
  r.overhead_s = ticks_to_s(e.overhead_ticks);
  if (e.dtype < k_dtype_count) r.resolved_dtype = static_cast<DType>(e.dtype);
  r.shapes = e.shapes;
  return r;
}

std::vector<std::vector<std::int64_t>> OpLog::shapes(const OpRecord& record) const {
  std::vector<std::vector<std::int64_t>> out;
  auto at = m_shapes.begin() + record.shapes;
  for (std::int64_t left = *at++; left > 0; --left) {
    const std::int64_t ndim = *at++;
    out.emplace_back(at, at + ndim);
    at += ndim;
  }
  return out;
}

std::uint32_t OpLog::text_number(std::string_view text) {
  if (text.data() == nullptr) return 0;
  if (m_last_text != 0 && m_texts[m_last_text] == text) return m_last_text;
  auto known = m_text_numbers.find(text);
  if (known == m_text_numbers.end()) {
    known = m_text_numbers.emplace(std::string(text), static_cast<std::uint32_t>(m_texts.size())).first;
    m_texts.push_back(known->first);
  }
  return m_last_text = known->second;
}

std::uint32_t OpLog::interned_shapes(const Call& call) {
  const ShapeList shapes(call);
  const std::span<const std::int64_t> items = shapes.items();
  if (m_recent.empty()) m_recent.assign(k_recent_shapes, UINT32_MAX);
  std::uint32_t& recent = m_recent[shapes.hash()];
  if (recent < m_shapes.size() && m_shapes.size() - recent >= items.size()) {
    std::size_t same = 0;
    while (same < items.size() && m_shapes[recent + same] == items[same]) ++same;
    if (same == items.size()) return recent;
  }
  recent = static_cast<std::uint32_t>(m_shapes.size());
  m_shapes.insert(m_shapes.end(), items.begin(), items.end());
  return recent;
}

void OpLog::add(const Call& call, std::string_view op_name, std::int64_t flop_cost, std::int64_t cumulative,
                std::int64_t start_ticks, std::optional<DType> dtype, std::string_view subscripts,
                std::uint32_t name_space) {
  const std::uint32_t shapes = interned_shapes(call), words = subscripts.empty() ? 0 : text_number(subscripts);
  if (m_size == m_capacity) m_capacity += m_chunks.emplace_back(m_chunks.empty() ? k_first_chunk : k_chunk).count();
  entry(m_size) = {.op_name = op_name.data(),
                   .flop_cost = flop_cost,
                   .cumulative = cumulative,
                   .start_ticks = start_ticks,
                   .backend_ticks = -1,
                   .overhead_ticks = 0,
                   .shapes = shapes,
                   .name_space = name_space,
                   .subscripts = words,
                   .op_name_size = static_cast<std::uint16_t>(op_name.size()),
                   .dtype = static_cast<std::uint8_t>(dtype ? static_cast<int>(*dtype) : k_dtype_count)};
  ++m_size;
}

void OpLog::set_times(std::size_t record, std::int64_t backend_ticks, std::int64_t overhead_ticks) {
  Entry& e = entry(record);
  e.backend_ticks = backend_ticks;
  e.overhead_ticks = overhead_ticks;
}

}  // namespace flopscope
