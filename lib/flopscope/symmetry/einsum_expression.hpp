// SPDX-License-Identifier: MIT
// Subscripts of a contraction, read as opt_einsum reads them, with the sizes of the labels (B.1).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flopscope::symmetry {

// The letters of labels that nobody has named, in the order in which they are taken.
inline constexpr std::string_view k_label_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// A word is the labels of an operand's axes, as numbers.
using Word = std::vector<int>;

struct Expression {
  std::string labels;               // the letters used, ascending; label i is labels[i]
  std::vector<std::int64_t> sizes;  // of the labels
  std::vector<Word> inputs;
  // Of the operands as given, in which a 1 may stand for a label's size. Empty: as the labels say.
  std::vector<std::vector<std::int64_t>> shapes;
  Word output;

  std::string letters(const Word& word) const;
  std::string text() const;  // "ij,jk->ik", ellipses and output spelled out
  std::vector<bool> output_mask() const;
  // The greatest size of each label in any operand, which is not the label's where a 1 stretches to a 0.
  std::vector<std::int64_t> greatest_sizes() const;
  std::vector<std::int64_t> output_shape() const;
};

// `shapes` are the operands' shapes. Throws Error (ValueError) for text that is no einsum, for a number of terms or
// axes that does not agree with the operands, and for sizes that differ (1 stretches).
Expression parse_einsum(std::string_view subscripts, std::span<const std::vector<std::int64_t>> shapes);

}  // namespace flopscope::symmetry
