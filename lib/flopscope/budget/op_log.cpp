// SPDX-License-Identifier: MIT
#include <algorithm>
#include <new>
#include <whest/flopscope/budget/clock.hpp>
#include <whest/flopscope/budget/op_log.hpp>
#include <whest/flopscope/core/block_pool.hpp>

namespace flopscope {
namespace {

// Calls f(dimensions) for every shape that the record of a call shows, while f returns true.
template <class F>
void visit_shapes(const Call& call, F f) {
  if (call.op.log_shapes == LogShapes::none) return;
  if (call.op.log_shapes == LogShapes::operands) {
    for (const Value& v : call.args) {
      if (v.is_array() && !f(v.as_array().dims())) return;
      if (v.is(ValueKind::tuple))  // the operands of a variadic operation
        for (const Value& item : v.as_items())
          if (item.is_array() && !f(item.as_array().dims())) return;
    }
    return;
  }
  const auto most = static_cast<std::size_t>(call.op.log_shapes) - static_cast<std::size_t>(LogShapes::first) + 1;
  for (std::size_t i = 0; i < std::min(most, call.args.size()); ++i) {
    const Value& v = call.args[i];
    if (v.is_absent()) continue;
    if (!f(v.is_array() ? v.as_array().dims() : v.is_scalar() ? std::span<const std::int64_t>() : to_array(v)->dims()))
      return;
  }
}

std::size_t hash_of(std::span<const std::int64_t> numbers) {
  std::uint64_t h = 0;
  for (const std::int64_t x : numbers) h = (h ^ static_cast<std::uint64_t>(x)) * 0x9e3779b97f4a7c15U;
  return static_cast<std::size_t>(h >> 56);
}

constexpr std::size_t k_recent = 256;  // by operation, and by the hash's 8 bits

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

bool OpLog::has_shapes_at(std::uint32_t at, const Call& call) const {
  const std::int64_t count = m_shapes[at];
  std::int64_t seen = 0;
  std::size_t next = at + 1;
  bool same = true;
  visit_shapes(call, [&](std::span<const std::int64_t> dims) {
    same = ++seen <= count && m_shapes[next] == static_cast<std::int64_t>(dims.size());
    for (std::size_t d = 0; same && d < dims.size(); ++d) same = m_shapes[next + 1 + d] == dims[d];
    next += 1 + dims.size();
    return same;
  });
  return same && seen == count;
}

// Mostly those of the operation's last record; else looked for among the recent ones, else added.
std::uint32_t OpLog::interned_shapes(const Call& call) {
  if (m_last_of_operation.empty()) {
    m_shapes.assign(1, 0);  // of records that show none
    m_last_of_operation.assign(k_recent, 0);
    m_last_of_hash.assign(k_recent, 0);
  }
  std::uint32_t& last = m_last_of_operation[call.op.index % k_recent];
  if (has_shapes_at(last, call)) return last;
  m_scratch.assign(1, 0);
  visit_shapes(call, [&](std::span<const std::int64_t> dims) {
    ++m_scratch[0];
    m_scratch.push_back(static_cast<std::int64_t>(dims.size()));
    m_scratch.insert(m_scratch.end(), dims.begin(), dims.end());
    return true;
  });
  std::uint32_t& recent = m_last_of_hash[hash_of(m_scratch)];
  if (!has_shapes_at(recent, call)) {
    recent = static_cast<std::uint32_t>(m_shapes.size());
    m_shapes.insert(m_shapes.end(), m_scratch.begin(), m_scratch.end());
  }
  return last = recent;
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
