// SPDX-License-Identifier: MIT
// The op log of a context. It is written on the hot path and may hold millions of records, so an entry is one cache
// line and what repeats (namespaces, subscripts, shapes) is stored once; readers see whole records, made when asked
// for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

// One entry of the op log. Names are views into the catalogue or into the log's own tables, valid while it lives.
struct OpRecord {
  std::string_view op_name;
  std::string_view name_space;  // full dotted name; data() is null where there is none
  std::string_view subscripts;  // data() is null where there are none
  std::int64_t flop_cost = 0;
  std::int64_t cumulative = 0;
  std::optional<double> start_offset_s;  // from the context's entry; null in the default context
  std::optional<double> backend_s;       // null: the deadline stopped it before it ran
  double overhead_s = 0;
  std::optional<DType> resolved_dtype;
  std::uint32_t shapes = 0;  // see OpLog::shapes
};

class OpLog {
 public:
  class Iterator {
   public:
    Iterator(const OpLog& log, std::size_t at) : m_log(&log), m_at(at) {}
    OpRecord operator*() const { return (*m_log)[m_at]; }
    Iterator& operator++() {
      ++m_at;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.m_at == b.m_at; }

   private:
    const OpLog* m_log;
    std::size_t m_at;
  };

  std::size_t size() const { return m_size; }
  bool empty() const { return m_size == 0; }
  OpRecord operator[](std::size_t i) const;
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, m_size}; }

  // Shapes of the operands of a record.
  std::vector<std::vector<std::int64_t>> shapes(const OpRecord& record) const;

  // A text as a number, the same for the same text; 0: none (data() is null).
  std::uint32_t text_number(std::string_view text);
  std::string_view text(std::uint32_t number) const { return m_texts[number]; }

  // Writing: BudgetContext only. `op_name` must outlive the log; `name_space` is a text's number.
  // `start_ticks` < 0: null.
  void add(const Call& call, std::string_view op_name, std::int64_t flop_cost, std::int64_t cumulative,
           std::int64_t start_ticks, std::optional<DType> dtype, std::string_view subscripts, std::uint32_t name_space);
  // `backend_ticks` < 0: null.
  void set_times(std::size_t record, std::int64_t backend_ticks, std::int64_t overhead_ticks);

 private:
  struct alignas(64) Entry {
    const char* op_name;
    std::int64_t flop_cost, cumulative, start_ticks, backend_ticks, overhead_ticks;
    std::uint32_t shapes, name_space, subscripts;  // where in the tables
    std::uint16_t op_name_size;
    std::uint8_t dtype;  // k_dtype_count: neutral
  };
  static_assert(sizeof(Entry) == 64);
  // A small first chunk, then chunks large enough for pages of 2 MiB: a fault for each 4 KiB would cost more than the
  // writing.
  static constexpr std::size_t k_first_chunk = 1024, k_chunk = 131072;
  struct Chunk {
    explicit Chunk(std::size_t entries);
    Chunk(Chunk&& o) noexcept : items(std::exchange(o.items, nullptr)), bytes(o.bytes) {}
    Chunk(const Chunk&) = delete;
    Chunk& operator=(const Chunk&) = delete;
    Chunk& operator=(Chunk&&) = delete;
    ~Chunk();
    std::size_t count() const { return bytes / sizeof(Entry); }
    Entry* items;
    std::size_t bytes;
  };

  Entry& entry(std::size_t i) const {
    if (i < k_first_chunk) return m_chunks[0].items[i];
    i -= k_first_chunk;
    return m_chunks[1 + i / k_chunk].items[i % k_chunk];
  }
  bool has_shapes_at(std::uint32_t at, const Call& call) const;
  std::uint32_t interned_shapes(const Call& call);

  std::vector<Chunk> m_chunks;
  std::size_t m_size = 0, m_capacity = 0;
  std::map<std::string, std::uint32_t, std::less<>> m_text_numbers;
  std::vector<std::string_view> m_texts{std::string_view()};  // keys of the map
  std::uint32_t m_last_text = 0;
  std::vector<std::int64_t> m_shapes;   // per record's shapes: how many; per shape: ndim, sizes...
  std::vector<std::int64_t> m_scratch;  // the shapes of one call
  std::vector<std::uint32_t> m_last_of_operation, m_last_of_hash;
};

}  // namespace flopscope
