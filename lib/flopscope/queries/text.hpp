// SPDX-License-Identifier: MIT
// Cost queries as words, for command lines.
#pragma once

#include <span>
#include <string>
#include <whest/flopscope/queries/query.hpp>

namespace flopscope::queries {

// The answer to words such as
//   svd 256 256 k=10          qr 64 32 mode=r           norm 256x256 nuc
//   einsum ij,jk->ik 256x256 256x256                    multi_dot 10x30 30x5 5x60
//   pointwise exp 256x256     reduction sum 256x256 axis=0
// The first word is the query's name, "_cost" and the leading "accounting." or "numpy.linalg." as in cost(). A shape is
// sizes joined by x ("256x" has one size); name=value is a named argument; "none" is None; other words are text. Throws
// as cost() does, and ValueError for no words at all.
double cost_of_words(std::span<const std::string> words, const CostModel& model, Weights weights = Weights::of_model);

}  // namespace flopscope::queries
