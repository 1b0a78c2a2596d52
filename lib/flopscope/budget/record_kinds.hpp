// SPDX-License-Identifier: MIT
// What a log's records have in common: of millions of records only a few differ in more than their times, so each
// combination of name, cost, shapes, namespace, subscripts and dtype is stored once, under a number.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope {

struct RecordKind {
  std::string_view op_name;  // outlives the log
  std::int64_t flop_cost = 0;
  std::uint32_t shapes = 0;                      // see RecordKinds::shapes
  std::uint32_t name_space = 0, subscripts = 0;  // texts' numbers
  std::uint8_t dtype = 0;                        // k_dtype_count: neutral
};

class RecordKinds {
 public:
  // The number of the kind of a record: its parts one by one, which need not be in memory where the kind is mostly that
  // of the operation's last record. Its shapes are those of the call's operands.
  std::uint32_t number_of(const Call& call, std::string_view op_name, std::int64_t flop_cost, std::uint32_t name_space,
                          std::uint32_t subscripts, std::uint8_t dtype) {
    if (!m_kinds.empty()) [[likely]] {
      const std::uint32_t last = m_last_of_operation[call.op.index % k_recent];
      const RecordKind& k = m_kinds[last];
      if (k.op_name.data() == op_name.data() && k.op_name.size() == op_name.size() && k.flop_cost == flop_cost &&
          k.name_space == name_space && k.subscripts == subscripts && k.dtype == dtype && has_shapes_at(k.shapes, call))
          [[likely]]
        return last;
    }
    return looked_up(call, {.op_name = op_name,
                            .flop_cost = flop_cost,
                            .name_space = name_space,
                            .subscripts = subscripts,
                            .dtype = dtype});
  }
  const RecordKind& operator[](std::uint32_t number) const { return m_kinds[number]; }

  std::vector<std::vector<std::int64_t>> shapes(std::uint32_t shapes) const;

  // A text as a number, the same for the same text; 0: none (data() is null).
  std::uint32_t text_number(std::string_view text);
  std::string_view text(std::uint32_t number) const { return m_texts[number]; }

 private:
  static constexpr std::size_t k_recent = 256;  // places by operation, and by a hash of 8 bits

  // Among the recent ones, else added.
  std::uint32_t looked_up(const Call& call, RecordKind kind);
  bool has_shapes_at(std::uint32_t at, const Call& call) const;
  static bool has_other_shapes(const std::int64_t* known, const Call& call);
  std::uint32_t shapes_of(const Call& call);

  std::vector<RecordKind> m_kinds;  // the first is none
  std::map<std::string, std::uint32_t, std::less<>> m_text_numbers;
  std::vector<std::string_view> m_texts{std::string_view()};  // keys of the map
  std::uint32_t m_last_text = 0;
  std::vector<std::int64_t> m_shapes;   // per record's shapes: how many; per shape: ndim, sizes...
  std::vector<std::int64_t> m_scratch;  // the shapes of one call
  // Kinds by operation and by hash, shapes by hash: what is in none of these places is stored again.
  std::vector<std::uint32_t> m_last_of_operation, m_recent_kinds, m_recent_shapes;
};

}  // namespace flopscope
