// SPDX-License-Identifier: MIT
#include <algorithm>
#include <initializer_list>
#include <span>
#include <whest/flopscope/budget/record_kinds.hpp>

namespace flopscope {
namespace {

// The arguments whose shapes are shown, where these are the first so many.
std::span<const Value> first_shown(const Call& call) {
  if (call.log_shapes > LogShapes::first_three) return {};
  const auto most = static_cast<std::size_t>(call.log_shapes) - static_cast<std::size_t>(LogShapes::first) + 1;
  return call.args.first(std::min(most, call.args.size()));
}

// Calls f(dimensions) for every shape that the record of a call shows, while f returns true.
template <class F>
void visit_shapes(const Call& call, F f) {
  if (call.log_shapes == LogShapes::stated) {
    for (const std::span<const std::int64_t> shape : call.stated_shapes)
      if (!f(shape)) return;
    return;
  }
  if (call.log_shapes == LogShapes::operands) {
    for (const Value& v : call.args) {
      if (v.is_absent()) continue;
      if (v.is_array() && !f(v.as_array().dims())) return;
      if (v.is_sequence())  // operands in a row
        for (const Value& item : v.as_items())
          if (item.is_array() && !f(item.as_array().dims())) return;
    }
    return;
  }
  for (const Value& v : first_shown(call)) {
    if (!v.is_array() && !v.is_scalar() && !v.is_sequence()) continue;  // not given, a text, a dtype
    if (!f(v.is_array() ? v.as_array().dims() : v.is_scalar() ? std::span<const std::int64_t>() : to_array(v)->dims()))
      return;
  }
}

std::size_t hash_of(std::span<const std::int64_t> numbers) {
  std::uint64_t h = 0;
  for (const std::int64_t x : numbers) h = (h ^ static_cast<std::uint64_t>(x)) * 0x9e3779b97f4a7c15U;
  return static_cast<std::size_t>(h >> 56);
}

std::size_t hash_of(const RecordKind& k) {
  const std::int64_t numbers[] = {k.flop_cost,  k.shapes, k.name_space,
                                  k.subscripts, k.dtype,  static_cast<std::int64_t>(k.op_name.size())};
  return hash_of(numbers);
}

bool same(const RecordKind& a, const RecordKind& b) {
  return a.flop_cost == b.flop_cost && a.op_name.data() == b.op_name.data() && a.op_name.size() == b.op_name.size() &&
         a.shapes == b.shapes && a.name_space == b.name_space && a.subscripts == b.subscripts && a.dtype == b.dtype;
}

}  // namespace

std::uint32_t RecordKinds::looked_up(const Call& call, RecordKind kind) {
  if (m_kinds.empty()) {
    m_kinds.emplace_back();
    m_shapes.assign(1, 0);  // of records that show none
    for (auto* places : {&m_last_of_operation, &m_recent_kinds, &m_recent_shapes}) places->assign(k_recent, 0);
  }
  kind.shapes = shapes_of(call);
  std::uint32_t& recent = m_recent_kinds[hash_of(kind)];
  if (!same(m_kinds[recent], kind)) {
    recent = static_cast<std::uint32_t>(m_kinds.size());
    m_kinds.push_back(kind);
  }
  return m_last_of_operation[call.op.index % k_recent] = recent;
}

std::vector<std::vector<std::int64_t>> RecordKinds::shapes(std::uint32_t shapes) const {
  std::vector<std::vector<std::int64_t>> out;
  if (shapes >= m_shapes.size()) return out;
  auto at = m_shapes.begin() + shapes;
  // A number from outside may point anywhere.
  for (std::int64_t left = *at++; left > 0 && at != m_shapes.end(); --left) {
    const std::int64_t ndim = *at++;
    if (ndim < 0 || ndim > m_shapes.end() - at) break;
    out.emplace_back(at, at + ndim);
    at += ndim;
  }
  return out;
}

std::uint32_t RecordKinds::text_number(std::string_view text) {
  if (text.data() == nullptr) return 0;
  if (m_last_text != 0 && m_texts[m_last_text] == text) return m_last_text;
  auto known = m_text_numbers.find(text);
  if (known == m_text_numbers.end()) {
    known = m_text_numbers.emplace(std::string(text), static_cast<std::uint32_t>(m_texts.size())).first;
    m_texts.push_back(known->first);
  }
  return m_last_text = known->second;
}

// Written out for arguments that are arrays, which nearly all are: this is asked at every counted call.
bool RecordKinds::has_shapes_at(std::uint32_t at, const Call& call) const {
  if (call.log_shapes == LogShapes::stated) [[unlikely]]
    return has_other_shapes(m_shapes.data() + at, call);
  const std::int64_t* known = m_shapes.data() + at;
  std::int64_t left = *known++;
  const bool of_operands = call.log_shapes == LogShapes::operands;
  for (const Value& v : of_operands ? call.args : first_shown(call)) {
    if (v.is_array()) [[likely]] {
      const Array& a = v.as_array();
      if (left-- == 0 || *known++ != a.ndim) return false;
      for (int d = 0; d < a.ndim; ++d)
        if (*known++ != a.shape[d]) return false;
    } else if (of_operands ? v.is_sequence() : !v.is_absent()) {
      return has_other_shapes(m_shapes.data() + at, call);
    }
  }
  return left == 0;
}

bool RecordKinds::has_other_shapes(const std::int64_t* known, const Call& call) {
  std::int64_t left = *known++;
  bool same = true;
  visit_shapes(call, [&](std::span<const std::int64_t> dims) {
    if (left-- == 0 || *known++ != std::ssize(dims)) return same = false;
    for (const std::int64_t extent : dims)
      if (*known++ != extent) return same = false;
    return true;
  });
  return same && left == 0;
}

std::uint32_t RecordKinds::shapes_of(const Call& call) {
  m_scratch.assign(1, 0);
  visit_shapes(call, [&](std::span<const std::int64_t> dims) {
    ++m_scratch[0];
    m_scratch.push_back(static_cast<std::int64_t>(dims.size()));
    m_scratch.insert(m_scratch.end(), dims.begin(), dims.end());
    return true;
  });
  std::uint32_t& recent = m_recent_shapes[hash_of(m_scratch)];
  if (!has_shapes_at(recent, call)) {
    recent = static_cast<std::uint32_t>(m_shapes.size());
    m_shapes.insert(m_shapes.end(), m_scratch.begin(), m_scratch.end());
  }
  return recent;
}

}  // namespace flopscope
