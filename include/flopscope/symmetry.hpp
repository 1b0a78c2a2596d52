// SPDX-License-Identifier: MIT
// Symmetry groups on array axes, and the arrays that declare one.
#pragma once

#include <flopscope/ndarray.hpp>

namespace flopscope {

class SymmetryGroup {
 public:
  static SymmetryGroup symmetric(const std::vector<std::int32_t>& axes) { return make("symmetric", axes); }
  static SymmetryGroup cyclic(const std::vector<std::int32_t>& axes) { return make("cyclic", axes); }
  static SymmetryGroup dihedral(const std::vector<std::int32_t>& axes) { return make("dihedral", axes); }

  SymmetryGroup(const SymmetryGroup& o) : m_group(flopscope_group_retain(o.m_group)) {}
  SymmetryGroup(SymmetryGroup&& o) noexcept : m_group(std::exchange(o.m_group, nullptr)) {}
  SymmetryGroup& operator=(SymmetryGroup o) noexcept {
    std::swap(m_group, o.m_group);
    return *this;
  }
  ~SymmetryGroup() {
    if (m_group) flopscope_group_release(m_group);
  }
  numpy::Arg value() const {
    flopscope_value v = numpy::detail::make(FLOPSCOPE_GROUP);
    v.group = m_group;
    return numpy::Arg(v);
  }

 private:
  explicit SymmetryGroup(void* group) : m_group(group) {}
  static SymmetryGroup make(const char* kind, const std::vector<std::int32_t>& axes) {
    void* group = nullptr;
    detail::check(flopscope_group_make(kind, axes.data(), static_cast<std::int32_t>(axes.size()), &group));
    return SymmetryGroup(group);
  }
  void* m_group;
};

// The array, declared symmetric under the group; SymmetryError when its values are not (atol 1e-6, rtol 1e-5).
inline numpy::ndarray as_symmetric(const numpy::ndarray& a, const SymmetryGroup& group) {
  static const numpy::detail::Operation k_op("as_symmetric", "#0,#1");
  return k_op(numpy::Arg(a), group.value()).array();
}
inline numpy::ndarray as_symmetric(const numpy::ndarray& a) {
  return as_symmetric(a, SymmetryGroup::symmetric({0, 1}));
}

}  // namespace flopscope
