// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <whest/flopscope/budget/clock.hpp>
#include <whest/flopscope/budget/op_log.hpp>
#include <whest/flopscope/core/block_pool.hpp>

namespace flopscope {
namespace {

// ---- A record is one word where its numbers are small, which they mostly are: the lowest bit 1 (its start is known),
// then 15 bits of the kind and 16 of each time. Else it is two bytes, the first 0, the second with two bits for the
// length of each of four numbers, and then these numbers; lengths are found without a branch, since nothing foretells
// them. ----

constexpr std::size_t k_numbers = 4, k_longest_record = 2 + k_numbers * 8, k_block_bytes = 16 * 1024;

// Small differences of either sign as small numbers: 0, -1, 1, -2, 2...
std::uint64_t folded(std::int64_t x) {
  return (static_cast<std::uint64_t>(x) << 1) ^ static_cast<std::uint64_t>(x >> 63);
}
std::int64_t unfolded(std::uint64_t x) { return static_cast<std::int64_t>(x >> 1) ^ -static_cast<std::int64_t>(x & 1); }

using Numbers = std::array<std::uint64_t, k_numbers>;

// Kind and start as one number (see pack), then the three times. Writes up to k_longest_record bytes, and returns where
// the record ends.
std::byte* put(std::byte* at, const Numbers& numbers) {
  static_assert(std::endian::native == std::endian::little);
  if (((numbers[0] | numbers[1] | numbers[2] | numbers[3]) >> 16) == 0 && numbers[0] % 2 != 0) [[likely]] {
    const std::uint64_t word = numbers[0] | numbers[1] << 16 | numbers[2] << 32 | numbers[3] << 48;
    std::memcpy(at, &word, sizeof word);
    return at + sizeof word;
  }
  *at = std::byte{0};
  std::byte* const head = at + 1;
  at += 2;  // numbers of 1, 2, 4 or 8 bytes each, lowest first
  unsigned lengths = 0;
  for (std::size_t i = 0; i < k_numbers; ++i) {
    const std::uint64_t x = numbers[i];
    const unsigned log2_bytes = (x >> 8 != 0 ? 1U : 0U) + (x >> 16 != 0 ? 1U : 0U) + (x >> 32 != 0 ? 1U : 0U);
    std::memcpy(at, &x, sizeof x);
    at += std::size_t{1} << log2_bytes;
    lengths |= log2_bytes << (2 * i);
  }
  *head = static_cast<std::byte>(lengths);
  return at;
}

const std::byte* take(const std::byte* at, Numbers& numbers) {
  if ((*at & std::byte{1}) != std::byte{0}) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    for (std::size_t i = 0; i < k_numbers; ++i) numbers[i] = word >> (16 * i) & 0xffffU;
    return at + sizeof word;
  }
  const auto lengths = static_cast<unsigned>(at[1]);
  at += 2;
  for (std::size_t i = 0; i < k_numbers; ++i) {
    const std::size_t bytes = std::size_t{1} << (lengths >> (2 * i) & 3U);
    std::uint64_t x = 0;
    std::memcpy(&x, at, sizeof x);  // as put() wrote it; what is above belongs to others
    numbers[i] = x & (~std::uint64_t{0} >> (64 - 8 * bytes));
    at += bytes;
  }
  return at;
}

}  // namespace

void OpLog::State::pass(const Entry& entry, std::int64_t flop_cost) {
  if (__builtin_add_overflow(cumulative, flop_cost, &cumulative)) cumulative = INT64_MAX;
  if (entry.start_ticks >= 0)
    ticks = entry.start_ticks + entry.overhead_ticks + std::max<std::int64_t>(entry.backend_ticks, 0);
}

OpLog::Block::Block(std::size_t first, const State& state)
    : bytes(static_cast<std::byte*>(memory::allocate(k_block_bytes))), first_record(first), before(state) {
  if (bytes == nullptr) throw std::bad_alloc();
}

OpLog::Block::~Block() {
  if (bytes != nullptr) memory::release(bytes, k_block_bytes);
}

void OpLog::add(const Call& call, std::string_view op_name, std::int64_t flop_cost, std::int64_t start_ticks,
                std::optional<DType> dtype, std::string_view subscripts, std::uint32_t name_space) {
  const std::uint32_t kind =
      m_kinds.number_of(call, op_name, flop_cost, name_space, subscripts.empty() ? 0 : text_number(subscripts),
                        static_cast<std::uint8_t>(dtype ? static_cast<int>(*dtype) : k_dtype_count));
  // There is room for it, so that the record's end, which no failure may stop, needs no memory.
  if (m_blocks.empty() || m_blocks.back().used + k_longest_record > k_block_bytes) [[unlikely]]
    m_blocks.emplace_back(m_packed, m_state);
  m_open.push_back({.start_ticks = start_ticks, .kind = kind});
}

void OpLog::set_times(std::size_t record, std::int64_t backend_ticks, std::int64_t overhead_ticks) {
  Entry& closed = m_open[record - m_packed + m_first_open];
  closed.backend_ticks = backend_ticks;
  closed.overhead_ticks = overhead_ticks;
  closed.is_open = false;
  if (m_open.size() == 1) [[likely]] {
    pack(closed);
    m_open.clear();
    return;
  }
  while (m_first_open < m_open.size() && !m_open[m_first_open].is_open) pack(m_open[m_first_open++]);
  if (m_first_open == m_open.size()) {
    m_open.clear();
    m_first_open = 0;
  }
}

void OpLog::pack(const Entry& entry) {
  if (m_blocks.back().used + k_longest_record > k_block_bytes) [[unlikely]]
    m_blocks.emplace_back(m_packed, m_state);
  Block& block = m_blocks.back();
  // The kind and whether there is a start; the start as the time since the last end; the other times, where -1 is none.
  const bool has_start = entry.start_ticks >= 0;
  const std::byte* const end = put(
      block.bytes + block.used,
      {std::uint64_t{entry.kind} * 2 + (has_start ? 1 : 0), has_start ? folded(entry.start_ticks - m_state.ticks) : 0,
       static_cast<std::uint64_t>(entry.backend_ticks + 1), folded(entry.overhead_ticks)});
  block.used = static_cast<std::size_t>(end - block.bytes);
  m_state.pass(entry, m_kinds[entry.kind].flop_cost);
  ++m_packed;
}

OpRecord OpLog::record(const Entry& entry, std::int64_t cumulative, double tick_s) const {
  const RecordKind& kind = m_kinds[entry.kind];
  OpRecord r;
  r.op_name = kind.op_name;
  r.name_space = text(kind.name_space);
  r.subscripts = text(kind.subscripts);
  r.flop_cost = kind.flop_cost;
  r.cumulative = cumulative;
  if (entry.start_ticks >= 0) r.start_offset_s = static_cast<double>(entry.start_ticks) * tick_s;
  if (entry.backend_ticks >= 0) r.backend_s = static_cast<double>(entry.backend_ticks) * tick_s;
  r.overhead_s = static_cast<double>(entry.overhead_ticks) * tick_s;
  if (kind.dtype < k_dtype_count) r.resolved_dtype = static_cast<DType>(kind.dtype);
  r.shapes = kind.shapes;
  return r;
}

OpLog::Iterator::Iterator(const OpLog& log, std::size_t at) : m_log(&log), m_at(at), m_tick_s(seconds_per_tick()) {
  if (at >= log.size()) return;
  if (!log.m_blocks.empty()) {
    const auto after = std::ranges::upper_bound(log.m_blocks, at, {}, &Block::first_record);
    m_block = static_cast<std::size_t>(after - log.m_blocks.begin()) - 1;
    m_state = log.m_blocks[m_block].before;
  }
  for (m_at = log.m_blocks.empty() ? 0 : log.m_blocks[m_block].first_record; m_at < at; ++m_at) read();
  read();
}

void OpLog::Iterator::read() {
  if (m_at >= m_log->size()) return;
  Entry entry;
  if (m_at < m_log->m_packed) {
    if (m_offset == m_log->m_blocks[m_block].used) {
      ++m_block;
      m_offset = 0;
    }
    Numbers numbers;
    const std::byte* const begin = m_log->m_blocks[m_block].bytes;
    m_offset = static_cast<std::size_t>(take(begin + m_offset, numbers) - begin);
    entry.kind = static_cast<std::uint32_t>(numbers[0] / 2);
    if (numbers[0] % 2 != 0) entry.start_ticks = m_state.ticks + unfolded(numbers[1]);
    entry.backend_ticks = static_cast<std::int64_t>(numbers[2]) - 1;
    entry.overhead_ticks = unfolded(numbers[3]);
  } else {
    entry = m_log->m_open[m_log->m_first_open + (m_at - m_log->m_packed)];
  }
  m_state.pass(entry, m_log->m_kinds[entry.kind].flop_cost);
  m_record = m_log->record(entry, m_state.cumulative, m_tick_s);
}

}  // namespace flopscope
