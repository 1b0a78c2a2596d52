// SPDX-License-Identifier: MIT
// flopscope::numpy::random: NumPy's generators, metered. default_rng(seed) gives NumPy's own stream.
#pragma once

#include <flopscope/ndarray.hpp>

namespace flopscope::numpy::random {

class Generator {
 public:
  // Takes over one reference.
  explicit Generator(flopscope_object* object) : m_object(object) {}
  Generator(const Generator& o) : m_object(flopscope_object_retain(o.m_object)) {}
  Generator(Generator&& o) noexcept : m_object(std::exchange(o.m_object, nullptr)) {}
  Generator& operator=(Generator o) noexcept {
    std::swap(m_object, o.m_object);
    return *this;
  }
  ~Generator() {
    if (m_object) flopscope_object_release(m_object);
  }

  ndarray standard_normal(const detail::Ints& size, numpy::dtype d = float64) {
    static const detail::Operation k_op("random.Generator.standard_normal", "#0,size,dtype");
    return k_op(self(), Arg(size.value()), Arg(d)).array();
  }
  ndarray normal(const Arg& loc, const Arg& scale, const detail::Ints& size) {
    static const detail::Operation k_op("random.Generator.normal", "#0,loc,scale,size");
    return k_op(self(), loc, scale, Arg(size.value())).array();
  }
  ndarray random(const detail::Ints& size, numpy::dtype d = float64) {
    static const detail::Operation k_op("random.Generator.random", "#0,size,dtype");
    return k_op(self(), Arg(size.value()), Arg(d)).array();
  }
  ndarray uniform(const Arg& low, const Arg& high, const detail::Ints& size) {
    static const detail::Operation k_op("random.Generator.uniform", "#0,low,high,size");
    return k_op(self(), low, high, Arg(size.value())).array();
  }
  ndarray integers(std::int64_t low, std::int64_t high, const detail::Ints& size) {
    static const detail::Operation k_op("random.Generator.integers", "#0,low,high,size");
    return k_op(self(), Arg(low), Arg(high), Arg(size.value())).array();
  }
  ndarray choice(const Arg& a, const detail::Ints& size, bool replace = true) {
    static const detail::Operation k_op("random.Generator.choice", "#0,a,size,replace");
    return k_op(self(), a, Arg(size.value()), Arg(replace)).array();
  }
  ndarray permutation(const Arg& x) {
    static const detail::Operation k_op("random.Generator.permutation", "#0,x");
    return k_op(self(), x).array();
  }

 private:
  Arg self() const {
    flopscope_value v = detail::make(FLOPSCOPE_OBJECT);
    v.object = m_object;
    return Arg(v);
  }
  flopscope_object* m_object;
};

inline Generator default_rng(const Arg& seed = {}) {
  static const detail::Operation k_op("random.default_rng", "#0");
  detail::Outcome outcome = k_op(seed);
  if (outcome.value().kind != FLOPSCOPE_OBJECT) throw Error("TypeError", "default_rng returned no generator");
  return Generator(flopscope_object_retain(outcome.value().object));
}

inline void seed(std::int64_t s) {
  static const detail::Operation k_op("random.seed", "#0");
  k_op(Arg(s));
}
inline ndarray randn(const detail::Ints& shape) {
  static const detail::Operation k_op("random.standard_normal", "size");
  return k_op(Arg(shape.value())).array();
}
inline ndarray uniform(const Arg& low, const Arg& high, const detail::Ints& size) {
  static const detail::Operation k_op("random.uniform", "low,high,size");
  return k_op(low, high, Arg(size.value())).array();
}

}  // namespace flopscope::numpy::random
