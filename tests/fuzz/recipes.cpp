// SPDX-License-Identifier: MIT
#include "recipes.hpp"

#include <algorithm>
#include <map>
#include <span>

namespace whest::fuzz {
namespace {

Value truth(Sensible& s) { return Value::boolean(s.random().one_in(2)); }
Value nothing(Sensible&) { return Value(); }  // left out
Value axis(Sensible& s) {
  if (s.ndim() == 0) return Value();
  if (s.takes("keepdims") && s.ndim() >= 2 && s.random().one_in(6))
    return s.values().tuple({Value::integer(0), Value::integer(s.ndim() - 1)});
  return s.whole(-s.ndim(), s.ndim() - 1);
}
Value first_axis(Sensible&) { return Value::integer(0); }
Value last_axis(Sensible&) { return Value::integer(-1); }
Value order_of_axes(Sensible& s) {
  Shape axes;
  for (std::int64_t i = 0; i < s.ndim(); ++i) axes.push_back(i);
  if (s.random().one_in(2)) std::reverse(axes.begin(), axes.end());
  return s.as_items(axes);
}
Value small_shape(Sensible& s) {
  Shape shape;
  for (std::int64_t n = s.random().between(0, 3); n > 0; --n) shape.push_back(s.random().between(0, 4));
  return s.as_items(shape);
}
Value size(Sensible& s) { return s.random().one_in(3) ? s.whole(0, 5) : small_shape(s); }
Value a_few(Sensible& s) { return s.whole(1, 5); }
Value up_to_two(Sensible& s) { return s.whole(0, 2); }
Value around_zero(Sensible& s) { return s.whole(-1, 2); }
Value any_real(Sensible& s) { return s.real(-3, 3); }
Value positive(Sensible& s) {
  if (s.random().one_in(4)) return s.values().filled(DType::float64, {s.random().between(1, 4)}, 0.5, 4);
  return s.real(0.25, 4);
}
Value probability(Sensible& s) { return Value::real(s.random().of({0.25, 0.5, 0.75})); }
Value probabilities(Sensible& s) {
  return s.values().list({Value::real(0.25), Value::real(0.5), Value::real(s.random().one_in(2) ? 0.25 : 0.125)});
}
Value shape_as_items(Sensible& s) { return s.as_items(s.shape()); }
Value mask(Sensible& s) { return s.random().one_in(3) ? Value::boolean(true) : s.truths(s.shape()); }
Value wider_dtype(Sensible& s) {
  return Value::of_dtype(flopscope::is_complex(s.dtype()) ? DType::complex128 : DType::float64);
}
Value float_dtype(Sensible& s) { return Value::of_dtype(s.random().of({DType::float64, DType::float32})); }
Value buffer(Sensible& s) {
  if (!s.random().one_in(3)) return Value();
  return s.values().filled(flopscope::is_complex(s.dtype()) ? DType::complex128 : DType::float64, s.shape(), 0, 1);
}
Value alike(Sensible& s) { return s.values().filled(s.dtype(), s.shape(), 0, 3); }
Value arrays_alike(Sensible& s) { return s.values().items({alike(s), alike(s)}); }
Value first_positions(Sensible& s) {
  std::int64_t least = s.ndim() == 0 ? 1 : *std::min_element(s.shape().begin(), s.shape().end());
  return s.random().one_in(3) ? Value::integer(0)
                              : s.positions({s.random().between(1, 4)}, std::max<std::int64_t>(least, 1));
}
Value regular(Sensible& s) { return s.regular_matrix(); }
Value equal_square(Sensible& s) {  // symmetric under every group
  return s.values().filled(s.dtype(), s.shape(), 1, 1);
}
Value group_of_all(Sensible& s) {
  std::vector<int> axes;
  for (int i = 0; i < s.ndim(); ++i) axes.push_back(i);
  if (axes.size() < 2) return Value();
  return s.values().group_on(axes);
}
Value bins(Sensible& s) {
  return s.random().one_in(3) ? s.values().list({Value::real(-3), Value::real(-1), Value::real(2.5)}) : s.whole(1, 6);
}
Value limits(Sensible& s) { return s.values().tuple({Value::real(-3), Value::real(3)}); }
Value ascending(Sensible& s) {
  return s.values().list({Value::real(-2), Value::real(-0.5), Value::real(0), Value::real(1.5)});
}
Value key(Sensible& s) {
  if (s.ndim() == 0) return Value::ellipsis();
  switch (s.random().below(6)) {
    case 0:
      return s.whole(-s.shape()[0], std::max<std::int64_t>(s.shape()[0], 1) - 1);
    case 1:
      return s.values().slice();
    case 2:
      return s.truths(s.shape());
    case 3:
      return s.positions({2, 2}, s.shape()[0]);
    case 4:
      return s.values().tuple({Value::ellipsis(), s.whole(0, std::max<std::int64_t>(s.length(), 1) - 1)});
    default:
      return s.values().tuple({s.values().slice({Value::none(), Value::none(), Value::integer(-1)}), Value::none()});
  }
}

struct Entry {
  std::string_view key;
  Recipe recipe;
};

// By the parameter's name alone.
constexpr Entry k_anywhere[] = {
    {"/axis", axis},
    {"/axis1", first_axis},
    {"/axis2", last_axis},
    {"/axisa", last_axis},
    {"/axisb", last_axis},
    {"/axisc", last_axis},
    {"/axes", order_of_axes},
    {"/source", first_axis},
    {"/destination", last_axis},
    {"/start", first_axis},
    {"/keepdims", truth},
    {"/full_matrices", truth},
    {"/compute_uv", truth},
    {"/hermitian", [](Sensible&) { return Value::boolean(false); }},
    {"/copy", [](Sensible&) { return Value::boolean(true); }},
    {"/endpoint", truth},
    {"/retstep", truth},
    {"/density", truth},
    {"/full", truth},
    {"/cov", truth},
    {"/rowvar", truth},
    {"/bias", truth},
    {"/deg", truth},
    {"/increasing", truth},
    {"/sparse", truth},
    {"/wrap", truth},
    {"/right", truth},
    {"/return_index", truth},
    {"/return_inverse", truth},
    {"/return_counts", truth},
    {"/return_indices", truth},
    {"/assume_unique", truth},
    {"/invert", truth},
    {"/sorted", truth},
    {"/equal_nan", truth},
    {"/overwrite_input", truth},
    {"/include_initial", truth},
    {"/returned", truth},
    {"/upper", truth},
    {"/subok", nothing},
    {"/device", nothing},
    {"/like", nothing},
    {"/names", nothing},
    {"/ldict", nothing},
    {"/gdict", nothing},
    {"/correction", nothing},
    {"/requirements", nothing},
    {"/sorter", nothing},
    {"/rcond", nothing},
    {"/tol", nothing},
    {"/max_work", nothing},
    {"/posinf", any_real},
    {"/neginf", any_real},
    {"/nan", any_real},
    {"/rtol", [](Sensible&) { return Value::real(1e-5); }},
    {"/atol", [](Sensible&) { return Value::real(1e-8); }},
    {"/initial", [](Sensible& s) { return s.whole(0, 3); }},
    {"/where", mask},
    {"/dtype", wider_dtype},
    {"/out", buffer},
    {"/casting",
     [](Sensible& s) {
       return s.word({"unsafe", "same_kind"});
     }},
    {"/order",
     [](Sensible& s) {
       return s.word({"C", "F"});
     }},
    {"/optimize",
     [](Sensible& s) {
       return s.word({"auto", "greedy", "optimal", "branch-2"});
     }},
    {"/side",
     [](Sensible& s) {
       return s.word({"left", "right"});
     }},
    {"/UPLO",
     [](Sensible& s) {
       return s.word({"L", "U"});
     }},
    {"/indexing",
     [](Sensible& s) {
       return s.word({"xy", "ij"});
     }},
    {"/norm",
     [](Sensible& s) {
       return s.word({"ortho", "forward", "backward"});
     }},
    {"/bitorder",
     [](Sensible& s) {
       return s.word({"big", "little"});
     }},
    {"/trim",
     [](Sensible& s) {
       return s.word({"f", "b", "fb"});
     }},
    {"/method",
     [](Sensible& s) {
       return s.word({"linear", "lower", "higher", "nearest", "midpoint", "hazen"});
     }},
    {"/ddof", up_to_two},
    {"/decimals", up_to_two},
    {"/k", around_zero},
    {"/offset", around_zero},
    {"/N", a_few},
    {"/M", a_few},
    {"/n", a_few},
    {"/num", a_few},
    {"/ndim", a_few},
    {"/ndmin", up_to_two},
    {"/edge_order", [](Sensible&) { return Value::integer(1); }},
    {"/minlength", up_to_two},
    {"/beta", any_real},
    {"/shape", small_shape},
    {"/new_shape", small_shape},
    {"/dimensions", small_shape},
    {"/size", size},
    {"/fill_value", any_real},
    {"/val", [](Sensible& s) { return s.whole(0, 3); }},
    {"/value", [](Sensible& s) { return s.whole(0, 3); }},
    {"/values", [](Sensible& s) { return s.whole(0, 3); }},
    {"/vals", [](Sensible& s) { return s.vector(s.dtype(), 2, 0, 3); }},
    {"/v", [](Sensible& s) { return s.takes("ind,") ? s.whole(0, 3) : s.operand(); }},
    {"/reps", size},
    {"/repeats", up_to_two},
    {"/shift", around_zero},
    {"/pad_width", up_to_two},
    {"/stat_length", a_few},
    {"/constant_values", up_to_two},
    {"/end_values", up_to_two},
    {"/reflect_type",
     [](Sensible& s) {
       return s.word({"even", "odd"});
     }},
    {"/indices_or_sections", [](Sensible&) { return Value::integer(1); }},
    {"/obj", [](Sensible&) { return Value::integer(0); }},
    {"/key", key},
    {"/arrays", arrays_alike},
    {"/tup", arrays_alike},
    {"/args", alike},
    {"/mask", [](Sensible& s) { return s.truths(s.shape()); }},
    {"/condition", [](Sensible& s) { return s.truths(s.shape()); }},
    {"/indices", first_positions},
    {"/ind", first_positions},
    {"/kth", [](Sensible&) { return Value::integer(0); }},
    {"/bins", bins},
    {"/range", limits},
    {"/weights", nothing},
    {"/initial_state", nothing},
    {"/symmetry", group_of_all},
    {"/base", [](Sensible& s) { return s.real(2, 4); }},
    {"/seed", [](Sensible& s) { return s.whole(0, 999); }},
    {"/decimals", up_to_two},
    {"/min", any_real},
    {"/max", any_real},
    {"/a_min", any_real},
    {"/a_max", any_real},
    {"/xi", [](Sensible& s) { return s.vector(s.dtype(), s.random().between(1, 4), 0, 3); }},
};

// Pointwise and reductions.
constexpr Entry k_pointwise[] = {
    {"percentile/q", [](Sensible& s) { return s.real(0, 100); }},
    {"nanpercentile/q", [](Sensible& s) { return s.real(0, 100); }},
    {"quantile/q", probability},
    {"nanquantile/q",
     [](Sensible& s) {
       return s.values().list({probability(s), probability(s)});
     }},
    {"interp/xp", ascending},
    {"interp/fp", [](Sensible& s) { return s.vector(DType::float64, 4, -3, 3); }},
    {"gradient/varargs", [](Sensible& s) { return s.real(0.5, 2); }},
    {"unwrap/discont", nothing},
    {"ldexp/x1", [](Sensible& s) { return s.values().filled(DType::float64, s.shape(), -3, 3); }},
    {"diff/n", up_to_two},
    {"trapezoid/x", nothing},
    {"diff/prepend", nothing},
    {"diff/append", nothing},
    {"var/mean", nothing},
    {"std/mean", nothing},
    {"nanvar/mean", nothing},
    {"nanstd/mean", nothing},
    {"cov/fweights", nothing},
    {"cov/aweights", nothing},
    {"cov/ddof", up_to_two},
    {"cov/dtype", wider_dtype},
};

// Contractions.
constexpr Entry k_contractions[] = {
    {"einsum/out", nothing},
    {"einsum/symmetry", nothing},
    {"matvec/b", [](Sensible& s) { return s.vector(s.dtype(), s.length(), -2, 2); }},
    {"vecmat/a", [](Sensible& s) { return s.vector(s.dtype(), s.length(), -2, 2); }},
    {"tensordot/axes", [](Sensible& s) { return s.random().one_in(2) ? Value::integer(1) : Value::integer(2); }},
    {"linalg.tensordot/axes", [](Sensible& s) { return s.whole(0, 2); }},
    {"convolve/mode",
     [](Sensible& s) {
       return s.word({"full", "same", "valid"});
     }},
    {"correlate/mode",
     [](Sensible& s) {
       return s.word({"full", "same", "valid"});
     }},
    {"cross/axis", last_axis},
    {"linalg.cross/axis", last_axis},
};

// Linear algebra.
constexpr Entry k_linalg[] = {
    {"linalg.solve/a", regular},
    {"linalg.inv/a", regular},
    {"linalg.cholesky/a", regular},
    {"linalg.eig/a", regular},
    {"linalg.eigvals/a", regular},
    {"linalg.matrix_power/a", regular},
    {"linalg.matrix_power/n", [](Sensible& s) { return s.whole(-2, 4); }},
    {"linalg.tensorsolve/a", regular},
    {"linalg.tensorsolve/b", [](Sensible& s) { return s.vector(s.dtype(), s.length(), -2, 2); }},
    {"linalg.tensorsolve/axes", nothing},
    {"linalg.tensorinv/a", regular},
    {"linalg.tensorinv/ind", [](Sensible&) { return Value::integer(1); }},
    {"linalg.qr/mode",
     [](Sensible& s) {
       return s.word({"reduced", "complete", "r", "raw"});
     }},
    {"linalg.svd/k", a_few},
    {"linalg.svdvals/k", a_few},
    {"linalg.cond/p", [](Sensible& s) { return s.whole(1, 2); }},
    {"linalg.norm/ord", [](Sensible& s) { return s.whole(1, 2); }},
    {"linalg.norm/axis", [](Sensible& s) { return s.whole(0, 1); }},
    {"linalg.vector_norm/ord", [](Sensible& s) { return s.whole(0, 3); }},
    {"linalg.matrix_norm/ord",
     [](Sensible& s) {
       return s.word({"fro", "nuc"});
     }},
    {"linalg.lstsq/b", [](Sensible& s) { return s.vector(s.dtype(), s.shape()[0], -2, 2); }},
    {"linalg.multi_dot/out", nothing},
    {"linalg.multi_dot/arrays",
     [](Sensible& s) {
       return s.values().list({regular(s), regular(s), s.values().filled(s.dtype(), {s.length(), 2}, 0, 2)});
     }},
};

// Fourier transforms.
constexpr Entry k_fft[] = {
    {"fft/a", [](Sensible& s) { return s.operand(); }},
    {"fft/s",
     [](Sensible& s) {
       return s.as_items({s.random().between(1, 4), s.random().between(1, 4)});
     }},
    {"fft/axes",
     [](Sensible& s) {
       return s.as_items({0, 1});
     }},
    {"fft/out", nothing},
    {"fft/d", [](Sensible& s) { return s.real(0.25, 2); }},
};

// Polynomials.
constexpr Entry k_polynomials[] = {
    {"polyfit/deg", [](Sensible& s) { return s.whole(0, 2); }},
    {"polyder/m", up_to_two},
    {"polyint/m", up_to_two},
    {"polyfit/w", nothing},
    {"polyint/k", nothing},
};

// Creation and movement.
constexpr Entry k_creation[] = {
    {"eye/k", around_zero},
    {"array/order", nothing},
    {"asarray_chkfinite/a", [](Sensible& s) { return s.values().filled(DType::float64, s.shape(), 0, 2); }},
    {"fromiter/iter",
     [](Sensible& s) {
       return s.values().list({s.whole(0, 3), s.whole(0, 3), s.real(0, 3)});
     }},
    {"fromiter/count", last_axis},
    {"arange/start", up_to_two},
    {"arange/stop", a_few},
    {"arange/step", a_few},
    {"linspace/start", any_real},
    {"linspace/stop", any_real},
    {"linspace/axis", first_axis},
    {"logspace/start", any_real},
    {"logspace/stop", any_real},
    {"logspace/axis", first_axis},
    {"geomspace/start", positive},
    {"geomspace/stop", positive},
    {"geomspace/axis", first_axis},
    {"tril_indices/m", a_few},
    {"triu_indices/m", a_few},
    {"reshape/shape", [](Sensible& s) { return s.random().one_in(2) ? shape_as_items(s) : Value::integer(-1); }},
    {"method.reshape/shape", last_axis},
    {"method.transpose/axes", nothing},
    {"rot90/axes", nothing},
    {"squeeze/axis", nothing},
    {"method.squeeze/axis", nothing},
    {"broadcast_to/shape",
     [](Sensible& s) {
       Shape wider = s.shape();
       wider.insert(wider.begin(), s.random().between(0, 3));
       return s.as_items(wider);
     }},
    {"pad/mode",
     [](Sensible& s) {
       return s.word({"constant", "edge", "wrap", "reflect", "mean", "linear_ramp"});
     }},
    {"append/values", alike},
    {"append/axis", [](Sensible& s) { return s.random().one_in(2) ? Value() : axis(s); }},
    {"copyto/src", alike},
    {"method.astype/dtype", float_dtype},
    {"astype/dtype", [](Sensible& s) { return s.values().dtype(); }},
    {"require/dtype", float_dtype},
    {"method.view/dtype", nothing},
    {"method.resize/args", [](Sensible& s) { return s.whole(1, 3); }},
    {"method.item/args", nothing},
    {"split/axis", axis},
    {"transpose/axes", order_of_axes},
};

// Gather and scatter.
constexpr Entry k_gather[] = {
    {"take/mode",
     [](Sensible& s) {
       return s.word({"raise", "wrap", "clip"});
     }},
    {"take/out", nothing},
    {"put/mode",
     [](Sensible& s) {
       return s.word({"raise", "wrap", "clip"});
     }},
    {"method.put/mode",
     [](Sensible& s) {
       return s.word({"raise", "wrap", "clip"});
     }},
    {"choose/a", [](Sensible& s) { return s.positions(s.shape(), 2); }},
    {"choose/choices", arrays_alike},
    {"choose/out", nothing},
    {"choose/mode",
     [](Sensible& s) {
       return s.word({"raise", "wrap", "clip"});
     }},
    {"method.choose/a", [](Sensible& s) { return s.positions(s.shape(), 2); }},
    {"method.choose/choices", arrays_alike},
    {"method.choose/out", nothing},
    {"compress/condition", [](Sensible& s) { return s.truths({s.ndim() == 0 ? 1 : s.shape()[0]}); }},
    {"compress/axis", first_axis},
    {"compress/out", nothing},
    {"method.compress/condition", [](Sensible& s) { return s.truths({s.ndim() == 0 ? 1 : s.shape()[0]}); }},
    {"method.compress/axis", first_axis},
    {"method.compress/out", nothing},
    {"select/condlist",
     [](Sensible& s) {
       return s.values().list({s.truths(s.shape()), s.truths(s.shape())});
     }},
    {"select/choicelist",
     [](Sensible& s) {
       return s.values().list({alike(s), alike(s)});
     }},
    {"select/default", [](Sensible& s) { return s.whole(0, 3); }},
    {"where/x", alike},
    {"where/y", alike},
    {"take_along_axis/arr", alike},
    {"take_along_axis/indices", [](Sensible& s) { return s.positions(s.shape(), 1); }},
    {"put_along_axis/indices", [](Sensible& s) { return s.positions(s.shape(), 1); }},
    {"unravel_index/indices", [](Sensible& s) { return s.positions({3}, 6); }},
    {"unravel_index/shape",
     [](Sensible& s) {
       return s.as_items({2, 3});
     }},
    {"ravel_multi_index/multi_index",
     [](Sensible& s) {
       return s.values().tuple({s.positions({3}, 2), s.positions({3}, 2)});
     }},
    {"ravel_multi_index/dims",
     [](Sensible& s) {
       return s.as_items({2, 3});
     }},
    {"ravel_multi_index/mode",
     [](Sensible& s) {
       return s.word({"raise", "wrap", "clip"});
     }},
    {"broadcast_shapes/args",
     [](Sensible& s) {
       return s.as_items({s.random().one_in(2) ? 1 : 3, 2});
     }},
    {"setitem/key", key},
    {"extract/arr", alike},
    {"unpackbits/count", nothing},
};

// Sorting.
constexpr Entry k_sorting[] = {
    {"sort/order", nothing},
    {"argsort/order", nothing},
    {"method.sort/order", nothing},
    {"partition/order", nothing},
    {"argpartition/order", nothing},
    {"method.partition/order", nothing},
    {"sort/kind",
     [](Sensible& s) {
       return s.word({"quicksort", "stable", "mergesort", "heapsort"});
     }},
    {"argsort/kind",
     [](Sensible& s) {
       return s.word({"quicksort", "stable", "mergesort", "heapsort"});
     }},
    {"method.sort/kind",
     [](Sensible& s) {
       return s.word({"quicksort", "stable", "mergesort", "heapsort"});
     }},
    {"sort/stable", nothing},
    {"argsort/stable", nothing},
    {"partition/kind", [](Sensible& s) { return s.word({"introselect"}); }},
    {"argpartition/kind", [](Sensible& s) { return s.word({"introselect"}); }},
    {"method.partition/kind", nothing},
    {"isin/kind", nothing},
    {"in1d/kind", nothing},
    {"searchsorted/a", ascending},
    {"digitize/bins", ascending},
    {"bincount/x", [](Sensible& s) { return s.vector(DType::int64, s.length(), 0, 4); }},
    {"histogram2d/range", nothing},
    {"histogramdd/range", nothing},
    {"histogram2d/bins", a_few},
    {"histogramdd/bins", a_few},
    {"histogramdd/sample",
     [](Sensible& s) {
       return s.values().filled(DType::float64, {4, 2}, -3, 3);
     }},
    {"trace/offset", around_zero},
};

// Queries of dtypes.
constexpr Entry k_dtypes[] = {
    {"can_cast/from_", [](Sensible& s) { return s.values().dtype(); }},
    {"can_cast/to", [](Sensible& s) { return s.values().dtype(); }},
    {"promote_types/type1", [](Sensible& s) { return s.values().dtype(); }},
    {"promote_types/type2", [](Sensible& s) { return s.values().dtype(); }},
    {"isdtype/dtype", [](Sensible& s) { return s.values().dtype(); }},
    {"isdtype/kind",
     [](Sensible& s) {
       return s.word({"numeric", "integral", "bool", "real floating"});
     }},
    {"typename/char",
     [](Sensible& s) {
       return s.word({"d", "f", "i"});
     }},
    {"issubdtype/arg1", [](Sensible& s) { return s.values().dtype(); }},
    {"issubdtype/arg2", [](Sensible& s) { return s.values().dtype(); }},
};

// Random: the parameters of the distributions, whatever they are drawn from.
constexpr Entry k_random[] = {
    {"random/a", positive},
    {"random/b", positive},
    {"random/n", a_few},
    {"random/p", probability},
    {"random/df", positive},
    {"random/dfnum", positive},
    {"random/dfden", positive},
    {"random/nonc", positive},
    {"random/shape", positive},
    {"random/scale", positive},
    {"random/sigma", positive},
    {"random/kappa", positive},
    {"random/lam", positive},
    {"random/loc", any_real},
    {"random/mu", any_real},
    {"random/mean", positive},
    {"random/ngood", a_few},
    {"random/nbad", a_few},
    {"random/nsample", up_to_two},
    {"random/left", [](Sensible& s) { return s.real(-2, -1); }},
    {"random/mode", [](Sensible& s) { return s.real(-0.5, 0.5); }},
    {"random/right", [](Sensible& s) { return s.real(1, 2); }},
    {"random/low", up_to_two},
    {"random/high", [](Sensible& s) { return s.whole(3, 9); }},
    {"random/length", up_to_two},
    {"random/n_children", up_to_two},
    {"random/replace", truth},
    {"random/shuffle", truth},
    {"random/check_valid",
     [](Sensible& s) {
       return s.word({"warn", "ignore", "raise"});
     }},
    {"random/tol", [](Sensible&) { return Value::real(1e-8); }},
    {"random/dtype", nothing},
    {"random/out", nothing},
    {"random/axis", first_axis},
    {"random/alpha", [](Sensible& s) { return s.vector(DType::float64, 3, 1, 3); }},
    {"random/pvals", probabilities},
    {"random/colors", [](Sensible& s) { return s.vector(DType::int64, 3, 2, 4); }},
    {"random/cov", [](Sensible& s) { return s.regular_matrix(); }},
    {"random/x", [](Sensible& s) { return s.operand(); }},
    {"random/method", nothing},
    {"random.rand/size", a_few},
    {"random.randn/size", a_few},
    {"random.zipf/a", [](Sensible& s) { return s.real(1.5, 4); }},
    {"random.choice/a",
     [](Sensible& s) { return s.random().one_in(2) ? s.whole(5, 9) : s.vector(s.dtype(), 6, 0, 3); }},
    {"random.choice/p", nothing},
    {"random.multivariate_normal/mean", [](Sensible& s) { return s.vector(DType::float64, s.length(), -2, 2); }},
    {"random.seed/seed", [](Sensible& s) { return s.whole(0, 999); }},
    {"random.symmetric/shape", shape_as_items},
    {"random.symmetric/distribution", nothing},
    {"random.symmetric/mode", nothing},
};

// Statistics.
constexpr Entry k_stats[] = {
    {"stats/q", probability},
    {"stats/scale", positive},
    {"stats/s", positive},
    {"stats/loc", any_real},
    {"stats/a", [](Sensible& s) { return s.real(-3, -1); }},
    {"stats/b", [](Sensible& s) { return s.real(1, 3); }},
    {"stats/x", [](Sensible& s) { return s.values().filled(DType::float64, s.shape(), -3, 3); }},
};

// Symmetry.
constexpr Entry k_symmetry[] = {
    {"as_symmetric/data", equal_square}, {"SymmetricTensor/input_array", equal_square},
    {"symmetrize/mode", nothing},        {"is_symmetric/atol", nothing},
    {"method.shape/a", alike},
};

}  // namespace

Recipe recipe_for(std::string_view key) {
  static const std::map<std::string_view, Recipe> s_all = [] {
    std::map<std::string_view, Recipe> all;
    for (const std::span<const Entry> room : std::initializer_list<std::span<const Entry>>{
             k_anywhere, k_pointwise, k_contractions, k_linalg, k_fft, k_polynomials, k_creation, k_gather, k_sorting,
             k_dtypes, k_random, k_stats, k_symmetry})
      for (const Entry& e : room) all.emplace(e.key, e.recipe);
    return all;
  }();
  const auto at = s_all.find(key);
  return at == s_all.end() ? nullptr : at->second;
}

}  // namespace whest::fuzz
