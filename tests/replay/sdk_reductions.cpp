// SPDX-License-Identifier: MIT
// The functions of the participant's headers, by the operation that each calls: reductions and products.
#include "sdk_call.hpp"

namespace flopscope::replay {

// clang-format off
static constexpr SdkFunction k_functions[] = {
    FLOPSCOPE_SDK(any, "sum", fnp::sum),
    FLOPSCOPE_SDK(any, "prod", fnp::prod),
    FLOPSCOPE_SDK(any, "nansum", fnp::nansum),
    FLOPSCOPE_SDK(any, "nanprod", fnp::nanprod),
    FLOPSCOPE_SDK(any, "max", fnp::max),
    FLOPSCOPE_SDK(any, "min", fnp::min),
    FLOPSCOPE_SDK(any, "amax", fnp::amax),
    FLOPSCOPE_SDK(any, "amin", fnp::amin),
    FLOPSCOPE_SDK(any, "nanmax", fnp::nanmax),
    FLOPSCOPE_SDK(any, "nanmin", fnp::nanmin),
    FLOPSCOPE_SDK(any, "any", fnp::any),
    FLOPSCOPE_SDK(any, "all", fnp::all),
    FLOPSCOPE_SDK(any, "ptp", fnp::ptp),
    FLOPSCOPE_SDK(any, "argmax", fnp::argmax),
    FLOPSCOPE_SDK(any, "argmin", fnp::argmin),
    FLOPSCOPE_SDK(any, "nanargmax", fnp::nanargmax),
    FLOPSCOPE_SDK(any, "nanargmin", fnp::nanargmin),
    FLOPSCOPE_SDK(any, "cumsum", fnp::cumsum),
    FLOPSCOPE_SDK(any, "cumprod", fnp::cumprod),
    FLOPSCOPE_SDK(any, "nancumsum", fnp::nancumsum),
    FLOPSCOPE_SDK(any, "nancumprod", fnp::nancumprod),
    FLOPSCOPE_SDK(any, "cumulative_sum", fnp::cumulative_sum),
    FLOPSCOPE_SDK(any, "cumulative_prod", fnp::cumulative_prod),
    FLOPSCOPE_SDK(any, "mean", fnp::mean),
    FLOPSCOPE_SDK(any, "nanmean", fnp::nanmean),
    FLOPSCOPE_SDK(any, "var", fnp::var),
    FLOPSCOPE_SDK(any, "std", fnp::std),
    FLOPSCOPE_SDK(any, "nanvar", fnp::nanvar),
    FLOPSCOPE_SDK(any, "nanstd", fnp::nanstd),
    FLOPSCOPE_SDK(several, "average", fnp::average),
    FLOPSCOPE_SDK(any, "median", fnp::median),
    FLOPSCOPE_SDK(any, "nanmedian", fnp::nanmedian),
    FLOPSCOPE_SDK(any, "percentile", fnp::percentile),
    FLOPSCOPE_SDK(any, "quantile", fnp::quantile),
    FLOPSCOPE_SDK(any, "nanpercentile", fnp::nanpercentile),
    FLOPSCOPE_SDK(any, "nanquantile", fnp::nanquantile),
    FLOPSCOPE_SDK(counted, "count_nonzero", fnp::count_nonzero),
    FLOPSCOPE_SDK(any, "matmul", fnp::matmul),
    FLOPSCOPE_SDK(any, "dot", fnp::dot),
    FLOPSCOPE_SDK(any, "inner", fnp::inner),
    FLOPSCOPE_SDK(any, "outer", fnp::outer),
    FLOPSCOPE_SDK(any, "vdot", fnp::vdot),
    FLOPSCOPE_SDK(any, "vecdot", fnp::vecdot),
    FLOPSCOPE_SDK(any, "matvec", fnp::matvec),
    FLOPSCOPE_SDK(any, "vecmat", fnp::vecmat),
    FLOPSCOPE_SDK(any, "tensordot", fnp::tensordot),
    FLOPSCOPE_SDK(any, "kron", fnp::kron),
    FLOPSCOPE_SDK(any, "cross", fnp::cross),
    FLOPSCOPE_SDK(any, "convolve", fnp::convolve),
    FLOPSCOPE_SDK(any, "correlate", fnp::correlate),
    FLOPSCOPE_SDK(any, "cov", fnp::cov),
    FLOPSCOPE_SDK(any, "corrcoef", fnp::corrcoef),
    FLOPSCOPE_SDK(any, "trace", fnp::trace),
    FLOPSCOPE_SDK(any, "einsum", fnp::einsum),
    FLOPSCOPE_SDK(any, "einsum_path", fnp::einsum_path),
};
// clang-format on

std::span<const SdkFunction> sdk_reductions() { return k_functions; }

}  // namespace flopscope::replay
