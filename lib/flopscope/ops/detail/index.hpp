// SPDX-License-Identifier: MIT
// NumPy's indexing, read from a value: what each entry of an index does to which axis, and the result's layout.
#pragma once

#include <vector>
#include <whest/flopscope/core/value.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::detail {

// Integers, slices, new axes and ellipses alone make a view. As soon as an array or a mask takes part, integers count
// as arrays of no axes, all arrays are broadcast together, and their common axes stand where they were if they were
// next to each other, else first.
class Index {
 public:
  // Throws IndexError: too many indices, out of bounds, arrays of another kind, shapes that do not broadcast.
  Index(const Array& a, const Value& key);

  bool is_view() const { return !m_gathers; }
  bool is_billed() const { return m_is_billed; }     // empty lists alone are not
  const Dims& shape() const { return m_shape; }      // of the result
  double mask_elements() const { return m_masked; }  // elements of all masks (a bare bool counts one)
  const std::vector<symmetry::IndexItem>& tag_items() const { return m_items; }

  ArrayRef view() const;    // is_view() only
  ArrayRef gather() const;  // a new array, when !is_view()
  // Byte offsets of the result's elements from the array's first element, in C order of shape().
  std::vector<std::int64_t> offsets() const;

 private:
  struct Picked {         // an array along one axis
    ArrayRef positions;   // int64
    std::int64_t stride;  // of the axis, in bytes
  };

  void add(const Value& part);
  void add_integer(std::int64_t i);
  void add_slice(const Value& slice);
  void add_ellipsis();
  void add_array(const Array& index);
  void add_mask(const Array& mask);
  void add_bool(bool b);
  void pick(const ArrayRef& positions, std::int64_t stride, std::int64_t size);
  void pass_axis();
  void mark_separator();
  void place_picked();
  std::vector<std::int64_t> picked_offsets() const;

  const Array& m_array;
  int m_axis = 0;           // next axis of the array
  int m_ellipsis_axes = 0;  // axes the ellipsis stands for
  bool m_gathers = false;
  bool m_is_billed = false;
  double m_masked = 0;
  std::int64_t m_start = 0;           // byte offset of the first element
  Dims m_rest_shape, m_rest_strides;  // axes that are not picked from
  std::vector<Picked> m_picked;
  Dims m_picked_shape;
  int m_place = 0;  // where among the rest axes the picked ones stand
  enum class Run : std::uint8_t { none, open, closed, broken } m_run = Run::none;
  Dims m_shape;
  std::vector<symmetry::IndexItem> m_items;
};

}  // namespace flopscope::detail
