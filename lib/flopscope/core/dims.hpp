// SPDX-License-Identifier: MIT
// A shape, a list of strides or of axes: up to NumPy's 64 dimensions, on the stack, copied by its length.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <whest/flopscope/core/errors.hpp>

namespace flopscope {

inline constexpr int k_max_dims = 64;

class Dims {
 public:
  Dims() = default;
  Dims(std::initializer_list<std::int64_t> v) { assign(v.begin(), v.end()); }
  explicit Dims(std::span<const std::int64_t> v) { assign(v.data(), v.data() + v.size()); }
  Dims(int n, std::int64_t fill) {
    check(n);
    m_size = n;
    std::fill_n(m_v, n, fill);
  }
  Dims(const Dims& o) { assign(o.begin(), o.end()); }
  Dims& operator=(const Dims& o) {
    if (this != &o) assign(o.begin(), o.end());
    return *this;
  }

  int size() const { return m_size; }
  bool empty() const { return m_size == 0; }
  std::int64_t& operator[](int i) { return m_v[i]; }
  std::int64_t operator[](int i) const { return m_v[i]; }
  std::int64_t* begin() { return m_v; }
  std::int64_t* end() { return m_v + m_size; }
  const std::int64_t* begin() const { return m_v; }
  const std::int64_t* end() const { return m_v + m_size; }
  std::int64_t back() const { return m_v[m_size - 1]; }
  operator std::span<const std::int64_t>() const { return {m_v, static_cast<std::size_t>(m_size)}; }

  void push_back(std::int64_t x) {
    check(m_size + 1);
    m_v[m_size++] = x;
  }
  void insert(int at, std::int64_t x) {
    check(m_size + 1);
    std::copy_backward(m_v + at, m_v + m_size, m_v + m_size + 1);
    m_v[at] = x;
    ++m_size;
  }
  void erase(int at) {
    std::copy(m_v + at + 1, m_v + m_size, m_v + at);
    --m_size;
  }
  friend bool operator==(const Dims& a, const Dims& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

 private:
  static void check(int n) {
    if (n > k_max_dims)
      throw_value_error("maximum supported dimension for an ndarray is currently 64, found " + std::to_string(n));
  }
  void assign(const std::int64_t* b, const std::int64_t* e) {
    check(static_cast<int>(e - b));
    m_size = static_cast<int>(e - b);
    std::copy(b, e, m_v);
  }
  int m_size = 0;
  std::int64_t m_v[k_max_dims];
};

// Product of the sizes; throws ValueError when it passes 2^63.
std::int64_t element_count(std::span<const std::int64_t> shape);

// "(2, 3)", "(4,)", "()".
std::string shape_text(std::span<const std::int64_t> shape);

// NumPy's broadcast of two shapes; throws ValueError "operands could not be broadcast together with shapes ...".
Dims broadcast(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

// An axis in [-ndim, ndim) as [0, ndim); throws AxisError.
int normalize_axis(std::int64_t axis, int ndim);

}  // namespace flopscope
