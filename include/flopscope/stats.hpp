// SPDX-License-Identifier: MIT
// flopscope::stats: metered distributions, under SciPy's names: norm::pdf(x, loc, scale), ...
#pragma once

#include <flopscope/ndarray.hpp>

namespace flopscope::stats {

using numpy::Arg;
using numpy::ndarray;

// clang-format off
#define FLOPSCOPE_STATS_FUNCTION(distribution, function)                                                     \
  inline ndarray function(const Arg& x, const Arg& loc = {}, const Arg& scale = {}) {                        \
    static const numpy::detail::Operation k_op("stats." #distribution "." #function, "#0,loc,scale");        \
    return k_op(x, loc, scale).array();                                                                      \
  }
#define FLOPSCOPE_DISTRIBUTION(distribution)              \
  namespace distribution {                                \
  FLOPSCOPE_STATS_FUNCTION(distribution, pdf)             \
  FLOPSCOPE_STATS_FUNCTION(distribution, cdf)             \
  FLOPSCOPE_STATS_FUNCTION(distribution, ppf)             \
  }
FLOPSCOPE_DISTRIBUTION(norm)
FLOPSCOPE_DISTRIBUTION(uniform)
FLOPSCOPE_DISTRIBUTION(expon)
FLOPSCOPE_DISTRIBUTION(cauchy)
FLOPSCOPE_DISTRIBUTION(logistic)
FLOPSCOPE_DISTRIBUTION(laplace)
#undef FLOPSCOPE_DISTRIBUTION
#undef FLOPSCOPE_STATS_FUNCTION
// clang-format on

}  // namespace flopscope::stats
