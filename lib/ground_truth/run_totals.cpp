// SPDX-License-Identifier: MIT
#include <cstring>
#include <span>
#include <type_traits>
#include <whest/ground_truth/run_totals.hpp>

namespace whest::ground_truth {

namespace {

template <class T>
void put(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

// Takes values from the front; after a failure every further one fails.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : m_bytes(bytes) {}

  template <class T>
  bool take(T& value) {
    m_good = m_good && m_bytes.size() >= sizeof(T);
    if (!m_good) return false;
    std::memcpy(&value, m_bytes.data(), sizeof(T));
    m_bytes.remove_prefix(sizeof(T));
    return true;
  }
  template <class T>
  bool take_all(std::span<T> values) {
    for (T& value : values) {
      if (!take(value)) return false;
    }
    return true;
  }
  bool at_end() const { return m_good && m_bytes.empty(); }

 private:
  std::string_view m_bytes;
  bool m_good = true;
};

}  // namespace

RunTotals::RunTotals(const Plan& plan, const Cells& cells)
    : m_layout(cells),
      m_chunks_per_block(plan.chunks_per_block),
      m_is_exact(plan.sampler != Sampler::numpy),
      m_exact(m_is_exact ? cells.count() : 0),
      m_ordered(m_is_exact ? 0 : cells.count()) {}

bool RunTotals::add(std::int64_t chunk, const std::vector<double>& values) {
  if (!m_is_exact) {
    m_ordered.add(chunk, values);
  } else if (!m_exact.add(values) || (m_chunks_per_block > 1 && !add_part(chunk, values))) {
    return false;
  }
  m_beyond.insert(chunk);
  while (!m_beyond.empty() && *m_beyond.begin() == m_prefix) {
    m_beyond.erase(m_beyond.begin());
    ++m_prefix;
  }
  return true;
}

bool RunTotals::add_part(std::int64_t chunk, const std::vector<double>& values) {
  const std::size_t sums = m_layout.sum(m_layout.depth, 0);
  const std::int64_t block = chunk / m_chunks_per_block;
  OpenBlock& open = m_open.try_emplace(block, OpenBlock{0, ExactTotals(sums)}).first->second;
  if (!open.sums.add(std::span(values).first(sums))) return false;
  if (++open.chunks < m_chunks_per_block) return true;
  std::vector<double> squares(m_layout.count());
  for (std::size_t i = 0; i < sums; ++i) squares[sums + i] = open.sums.value(i) * open.sums.value(i);
  m_open.erase(block);
  return m_exact.add(squares);
}

std::int64_t RunTotals::samples(const Plan& plan) const {
  std::int64_t rows = plan.samples_before(m_prefix);
  for (const std::int64_t chunk : m_beyond) rows += plan.rows_of(chunk);
  return rows;
}

std::string RunTotals::save() const {
  std::string out;
  put(out, m_round_end);
  put(out, m_prefix);
  if (!m_is_exact) {
    for (const double cell : m_ordered.cells()) put(out, cell);
    return out;
  }
  for (const Fixed cell : m_exact.cells()) put(out, cell);
  put(out, m_beyond.size());
  for (const std::int64_t chunk : m_beyond) put(out, chunk);
  put(out, m_open.size());
  for (const auto& [block, open] : m_open) {
    put(out, block);
    put(out, open.chunks);
    for (const Fixed cell : open.sums.cells()) put(out, cell);
  }
  return out;
}

bool RunTotals::restore(std::string_view bytes) {
  Taker from(bytes);
  std::int64_t prefix = 0;
  if (!from.take(m_round_end) || !from.take(prefix) || prefix < 0 || prefix > m_round_end) return false;
  if (!m_is_exact) {
    std::vector<double> cells(m_layout.count());
    if (!from.take_all(std::span(cells)) || !from.at_end()) return false;
    m_ordered.restore(prefix, std::move(cells));
    m_prefix = prefix;
    return true;
  }
  if (!from.take_all(m_exact.cells())) return false;
  m_prefix = prefix;
  std::size_t count = 0;
  if (!from.take(count)) return false;
  for (std::int64_t chunk = 0; count > 0; --count) {
    if (!from.take(chunk)) return false;
    m_beyond.insert(chunk);
  }
  if (!from.take(count)) return false;
  for (std::int64_t block = 0; count > 0; --count) {
    OpenBlock open{0, ExactTotals(m_layout.sum(m_layout.depth, 0))};
    if (!from.take(block) || !from.take(open.chunks) || !from.take_all(open.sums.cells())) return false;
    m_open.emplace(block, std::move(open));
  }
  return from.at_end();
}

}  // namespace whest::ground_truth
