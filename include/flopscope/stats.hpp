// SPDX-License-Identifier: MIT
// flopscope::stats: metered distributions, under SciPy's names: norm::pdf(x, loc, scale), ...
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::stats {

using numpy::Arg;
using numpy::ndarray;
namespace detail = numpy::detail;

// clang-format off
namespace norm {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.norm.pdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.norm.cdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.norm.ppf", 1, 3)  // q, loc=0.0, scale=1.0
}
namespace uniform {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.uniform.pdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.uniform.cdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.uniform.ppf", 1, 3)  // q, loc=0.0, scale=1.0
}
namespace expon {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.expon.pdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.expon.cdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.expon.ppf", 1, 3)  // q, loc=0.0, scale=1.0
}
namespace cauchy {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.cauchy.pdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.cauchy.cdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.cauchy.ppf", 1, 3)  // q, loc=0.0, scale=1.0
}
namespace logistic {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.logistic.pdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.logistic.cdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.logistic.ppf", 1, 3)  // q, loc=0.0, scale=1.0
}
namespace laplace {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.laplace.pdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.laplace.cdf", 1, 3)  // x, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.laplace.ppf", 1, 3)  // q, loc=0.0, scale=1.0
}
namespace lognorm {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.lognorm.pdf", 2, 4)  // x, s, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.lognorm.cdf", 2, 4)  // x, s, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.lognorm.ppf", 2, 4)  // q, s, loc=0.0, scale=1.0
}
namespace truncnorm {
FLOPSCOPE_FUNCTION(ndarray, pdf, "stats.truncnorm.pdf", 3, 5)  // x, a, b, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, cdf, "stats.truncnorm.cdf", 3, 5)  // x, a, b, loc=0.0, scale=1.0
FLOPSCOPE_FUNCTION(ndarray, ppf, "stats.truncnorm.ppf", 3, 5)  // q, a, b, loc=0.0, scale=1.0
}
// clang-format on

}  // namespace flopscope::stats
