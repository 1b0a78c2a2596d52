// SPDX-License-Identifier: MIT
// The op log of a context. It is written on the hot path and may hold millions of records, so a record is a few bytes:
// the number of its kind (record_kinds.hpp) and its times as differences, a word where they are small. Fresh memory
// costs more than the packing: a system hands out about a byte in a nanosecond.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>
#include <whest/flopscope/budget/record_kinds.hpp>

namespace flopscope {

// One entry of the op log. Names are views into the catalogue or into the log's own tables, valid while it lives.
struct OpRecord {
  std::string_view op_name;
  std::string_view name_space;  // full dotted name; data() is null where there is none
  std::string_view subscripts;  // data() is null where there are none
  std::int64_t flop_cost = 0;
  std::int64_t cumulative = 0;           // of the log so far, this record included; stops at 2^63 - 1
  std::optional<double> start_offset_s;  // from the context's entry; null in the default context
  std::optional<double> backend_s;       // null: the deadline stopped it before it ran
  double overhead_s = 0;
  std::optional<DType> resolved_dtype;
  std::uint32_t shapes = 0;  // see OpLog::shapes
};

class OpLog {
 public:
  class Iterator;

  std::size_t size() const { return m_packed + (m_open.size() - m_first_open); }
  bool empty() const { return size() == 0; }
  // One after the other is fast; a place in the middle is found by reading a few thousand records.
  Iterator begin() const;
  Iterator end() const;
  auto from(std::size_t first) const;
  OpRecord operator[](std::size_t i) const;

  // Shapes of the operands of a record.
  std::vector<std::vector<std::int64_t>> shapes(const OpRecord& record) const { return m_kinds.shapes(record.shapes); }

  // A text as a number, the same for the same text; 0: none (data() is null).
  std::uint32_t text_number(std::string_view text) { return m_kinds.text_number(text); }
  std::string_view text(std::uint32_t number) const { return m_kinds.text(number); }

  // Writing: BudgetContext only. `op_name` must outlive the log; `name_space` is a text's number; `start_ticks` < 0:
  // null. The record stays open until set_times() is called for it; it must be, for others behind it take more memory
  // until then.
  void add(const Call& call, std::string_view op_name, std::int64_t flop_cost, std::int64_t start_ticks,
           std::optional<DType> dtype, std::string_view subscripts, std::uint32_t name_space);
  // `backend_ticks` < 0: null.
  void set_times(std::size_t record, std::int64_t backend_ticks, std::int64_t overhead_ticks);

 private:
  struct Entry {
    std::int64_t start_ticks = -1, backend_ticks = -1, overhead_ticks = 0;
    std::uint32_t kind = 0;
    bool is_open = true;
  };
  // What is known before a record: the sum of the costs, and when the last one ended.
  struct State {
    std::int64_t cumulative = 0, ticks = 0;
    void pass(const Entry& entry, std::int64_t flop_cost);
  };
  struct Block {
    Block(std::size_t first_record, const State& before);
    Block(Block&& o) noexcept
        : bytes(std::exchange(o.bytes, nullptr)), used(o.used), first_record(o.first_record), before(o.before) {}
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    Block& operator=(Block&&) = delete;
    ~Block();
    std::byte* bytes;
    std::size_t used = 0;
    std::size_t first_record;
    State before;
  };

  void pack(const Entry& entry);
  OpRecord record(const Entry& entry, std::int64_t cumulative, double tick_s) const;

  RecordKinds m_kinds;
  std::vector<Block> m_blocks;
  std::size_t m_packed = 0;   // records in blocks
  State m_state;              // behind the last of them
  std::vector<Entry> m_open;  // from the first open record on
  std::size_t m_first_open = 0;
};

class OpLog::Iterator {
 public:
  using value_type = OpRecord;
  using difference_type = std::ptrdiff_t;
  Iterator() = default;
  Iterator(const OpLog& log, std::size_t at);
  const OpRecord& operator*() const { return m_record; }
  Iterator& operator++() {
    ++m_at;
    read();
    return *this;
  }
  Iterator operator++(int) {
    Iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.m_at == b.m_at; }

 private:
  void read();

  const OpLog* m_log = nullptr;
  std::size_t m_at = 0;     // the record's number
  std::size_t m_block = 0;  // where the next one's bytes are
  std::size_t m_offset = 0;
  State m_state;
  double m_tick_s = 0;
  OpRecord m_record;
};

inline OpLog::Iterator OpLog::begin() const { return {*this, 0}; }
inline OpLog::Iterator OpLog::end() const { return {*this, size()}; }
inline auto OpLog::from(std::size_t first) const { return std::ranges::subrange(Iterator(*this, first), end()); }
inline OpRecord OpLog::operator[](std::size_t i) const { return *Iterator(*this, i); }

}  // namespace flopscope
