// SPDX-License-Identifier: MIT
// All that a run has summed so far, and which chunks are in it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>
#include <whest/ground_truth/chunk.hpp>
#include <whest/ground_truth/plan.hpp>
#include <whest/ground_truth/totals.hpp>

namespace whest::ground_truth {

class RunTotals {
 public:
  RunTotals(const Plan& plan, const Cells& cells);

  // Chunks in any order, each once. False when a value leaves the range of exact sums (never with the peers' doubles).
  bool add(std::int64_t chunk, const std::vector<double>& values);

  double value(std::size_t cell) const { return m_is_exact ? m_exact.value(cell) : m_ordered.value(cell); }

  bool has(std::int64_t chunk) const { return chunk < m_prefix || m_beyond.contains(chunk); }
  // All chunks below are in.
  std::int64_t prefix() const { return m_prefix; }

  // Rows of the chunks that are in.
  std::int64_t samples(const Plan& plan) const;

  // Where the present round ends (chunks): part of the state of a run with a target.
  std::int64_t round_end() const { return m_round_end; }
  void set_round_end(std::int64_t end) { m_round_end = end; }

  // What a checkpoint keeps; restore() takes it back into totals of the same plan and cells, false when it cannot be
  // that. Running doubles are kept up to prefix() only.
  std::string save() const;
  bool restore(std::string_view bytes);

 private:
  bool add_part(std::int64_t chunk, const std::vector<double>& values);

  // A block larger than a chunk, until all its chunks are in: its sums are squared as a whole.
  struct OpenBlock {
    std::int64_t chunks = 0;
    ExactTotals sums;
  };

  Cells m_layout;
  std::int64_t m_chunks_per_block;
  bool m_is_exact;
  ExactTotals m_exact;
  OrderedTotals m_ordered;
  std::map<std::int64_t, OpenBlock> m_open;
  std::int64_t m_round_end = 0;
  std::int64_t m_prefix = 0;
  std::set<std::int64_t> m_beyond;
};

}  // namespace whest::ground_truth
