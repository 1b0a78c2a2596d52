// SPDX-License-Identifier: MIT
// The parts of a family whose operations stand in several files.
#pragma once

#include <initializer_list>
#include <vector>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope::detail {

using Table = std::span<const Operation>;

inline std::vector<Operation> joined(std::initializer_list<Table> parts) {
  std::vector<Operation> all;
  for (const Table part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Table creation_matrix_operations();  // diag, tri*, vander, grids of indices
Table creation_range_operations();   // arange, linspace, logspace, geomspace
Table movement_join_operations();    // concatenate, stack, block...
Table movement_copy_operations();    // tile, repeat, roll, insert, astype...
Table movement_pad_operations();     // pad
Table movement_split_operations();   // split, unstack...
Table gather_write_operations();     // fill_diagonal, put, place, copyto...
Table gather_bits_operations();      // packbits, unravel_index...
Table sorting_set_operations();      // unique, union1d, isin...
Table histogram_operations();        // histogram, histogram2d...
Table count_operations();            // bincount, trace
Table query_operations();            // shape, can_cast...
Table io_operations();               // load, save...
Table inplace_method_operations();   // method.sort, method.fill, method.view...

}  // namespace flopscope::detail
