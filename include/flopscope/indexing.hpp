// SPDX-License-Identifier: MIT
// x[...] read, written, and walked along its first axis.
#pragma once

#include <flopscope/call.hpp>
#include <iterator>
#include <tuple>

namespace flopscope::numpy {

namespace detail {

// One entry of an index, with what it borrows.
struct IndexEntry {
  Arg list;
  flopscope_value value;
  flopscope_value three[3];
  IndexEntry(const slice& s) : value(make_sequence(FLOPSCOPE_SLICE, three, 3)) {
    const std::optional<std::int64_t> parts[] = {s.start, s.stop, s.step};
    for (int i = 0; i < 3; ++i) three[i] = parts[i] ? make_int(*parts[i]) : make(FLOPSCOPE_NONE);
  }
  IndexEntry(ellipsis_t) : value(make(FLOPSCOPE_ELLIPSIS)) {}
  IndexEntry(newaxis_t) : value(make(FLOPSCOPE_NONE)) {}
  IndexEntry(const ndarray& a) : value(Arg(a).value()) {}
  template <class T>
  requires std::is_integral_v<T> IndexEntry(T i) : value(Arg(i).value()) {}
  template <class T>
  IndexEntry(const std::vector<T>& items) : list(Arg::list({items.begin(), items.end()})), value(list.value()) {}
  IndexEntry(const IndexEntry&) = delete;
  IndexEntry& operator=(const IndexEntry&) = delete;
};

// `op` with the array, the index, and what follows.
template <class... I, class... A>
Outcome indexed(const Operation& op, const std::tuple<const I&...>& items, const ndarray& array, const A&... more) {
  return std::apply(
      [&](const I&... each) {
        const IndexEntry entries[] = {IndexEntry(each)...};
        flopscope_value values[sizeof...(I)];
        for (std::size_t i = 0; i < sizeof...(I); ++i) values[i] = entries[i].value;
        const Arg key(sizeof...(I) == 1 ? values[0] : make_sequence(FLOPSCOPE_TUPLE, values, sizeof...(I)));
        return op(array, key, more...);
      },
      items);
}

}  // namespace detail

// A part of an array that can be written to, made by x.at(...) for one statement. As in Python, `part += v` reads the
// part, adds to it and writes it back.
template <class... I>
class Item {
 public:
  explicit Item(const ndarray& array, const I&... items) : m_array(array), m_items(items...) {}
  Item(const Item&) = delete;
  void operator=(const Item& other) const { *this = static_cast<ndarray>(other); }
  void operator=(const Arg& value) const {
    static const detail::Operation k_op("setitem");
    detail::indexed(k_op, m_items, m_array, value);
  }
  operator ndarray() const {
    static const detail::Operation k_op("getitem");
    return detail::indexed(k_op, m_items, m_array).array();
  }
  void operator+=(const Arg& b) const {
    change([&](ndarray& part) { part += b; });
  }
  void operator-=(const Arg& b) const {
    change([&](ndarray& part) { part -= b; });
  }
  void operator*=(const Arg& b) const {
    change([&](ndarray& part) { part *= b; });
  }
  void operator/=(const Arg& b) const {
    change([&](ndarray& part) { part /= b; });
  }

 private:
  template <class F>
  void change(F&& change_part) const {
    ndarray part = *this;
    change_part(part);
    *this = part;
  }

  const ndarray& m_array;
  std::tuple<const I&...> m_items;
};

template <class... I>
ndarray ndarray::operator[](const I&... items) const {
  static const detail::Operation k_op("getitem");
  return detail::indexed(k_op, std::tuple<const I&...>(items...), *this).array();
}

inline ndarray ndarray::operator[](std::initializer_list<std::int64_t> rows) const {
  return (*this)[std::vector<std::int64_t>(rows)];
}

template <std::same_as<bool> Truth>
ndarray ndarray::operator[](std::initializer_list<Truth> mask) const {
  return (*this)[std::vector<bool>(mask)];
}

template <class... I>
Item<I...> ndarray::at(const I&... items) const {
  return Item<I...>(*this, items...);
}

class ndarray::iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = ndarray;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = ndarray;

  iterator(const ndarray& array, std::int64_t at) : m_array(&array), m_at(at) {}
  ndarray operator*() const { return (*m_array)[m_at]; }
  iterator& operator++() {
    ++m_at;
    return *this;
  }
  bool operator==(const iterator& o) const { return m_at == o.m_at; }

 private:
  const ndarray* m_array;
  std::int64_t m_at;
};

inline ndarray::iterator ndarray::begin() const {
  if (ndim() == 0) throw Error("TypeError", "iteration over a 0-d array");
  return {*this, 0};
}
inline ndarray::iterator ndarray::end() const { return {*this, shape(0)}; }

}  // namespace flopscope::numpy
