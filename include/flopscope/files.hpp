// SPDX-License-Identifier: MIT
// Arrays in NumPy's files: .npy (one array) and .npz (several, by name). Reading is free; writing is charged for every
// element that leaves, and refused under models that have no price for it.
#pragma once

#include <flopscope/call.hpp>
#include <flopscope/keywords.hpp>
#include <utility>

namespace flopscope::numpy {

using named_arrays = std::vector<std::pair<std::string, ndarray>>;

// The array of a .npy file.
inline ndarray load(const std::string& file) {
  static const detail::Operation k_op("load");
  detail::Outcome outcome = k_op(file);
  if (outcome.value().kind != FLOPSCOPE_ARRAY)
    throw Error("TypeError", "'" + file + "' holds several arrays: use load_npz()");
  return std::move(outcome).array();
}

// The arrays of an .npz file, in its order.
inline named_arrays load_npz(const std::string& file) {
  static const detail::Operation k_op("load");
  const detail::Outcome outcome = k_op(file);
  const flopscope_value& both = outcome.value();  // the names, the arrays
  if (both.kind != FLOPSCOPE_TUPLE) throw Error("TypeError", "'" + file + "' holds one array: use load()");
  named_arrays out;
  for (std::uint32_t i = 0; i < both.items[1].count; ++i) {
    const flopscope_value &name = both.items[0].items[i], &array = both.items[1].items[i];
    flopscope_array_retain(array.array);
    out.emplace_back(std::string(name.s, name.count), ndarray::adopt(array.array));
  }
  return out;
}

// Writes `file`, with .npy added where it does not end so.
inline void save(const std::string& file, const Arg& array) {
  static const detail::Operation k_op("save");
  k_op(file, array);
}

namespace detail {

inline void save_several(const Operation& op, const std::string& file, const named_arrays& arrays) {
  std::vector<Arg> names, items;
  for (const auto& [name, array] : arrays) {
    names.push_back(name);
    items.push_back(array);
  }
  op(file, items, kw::names = names);
}

}  // namespace detail

// Writes `file`, with .npz added where it does not end so; names must differ. savez_compressed deflates.
inline void savez(const std::string& file, const named_arrays& arrays) {
  static const detail::Operation k_op("savez");
  detail::save_several(k_op, file, arrays);
}
inline void savez_compressed(const std::string& file, const named_arrays& arrays) {
  static const detail::Operation k_op("savez_compressed");
  detail::save_several(k_op, file, arrays);
}

}  // namespace flopscope::numpy
