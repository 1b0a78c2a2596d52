// SPDX-License-Identifier: MIT
// Running sums and products along an axis.
#include <vector>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/difference.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/tags.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

struct Scan {
  const Ufunc* op;
  double identity;
  bool skip_nan = false;
  bool array_api = false;  // cumulative_sum, cumulative_prod: keyword arguments, an axis unless 1-d, include_initial
};
constexpr Scan k_scans[] = {{&k_add, 0},
                            {&k_multiply, 1},
                            {&k_add, 0, true},
                            {&k_multiply, 1, true},
                            {&k_add, 0, false, true},
                            {&k_multiply, 1, false, true}};

// Scans `a` along `axis`; with `first`, the identity comes before the elements.
ArrayRef scan(const Scan& what, const Array& a, int axis, bool first) {
  Dims shape(a.dims());
  shape[axis] += first ? 1 : 0;
  const ArrayRef out = Array::make(a.type(), shape);
  const LoopFn loop = what.op->loops[static_cast<std::size_t>(what.op->direct[static_cast<std::size_t>(a.type())])].fn;
  const Element identity = element_of(what.identity, a.type());
  const auto bytes = static_cast<std::size_t>(a.item_bytes());
  std::vector<std::byte*> targets;  // first elements of the result's lanes, in the order of the input's
  for_each_lane(*out, axis, [&](const std::byte* p, std::int64_t, std::int64_t, std::int64_t) {
    targets.push_back(const_cast<std::byte*>(p));
  });
  const std::int64_t out_step = out->strides[axis];
  for_each_lane(a, axis, [&](const std::byte* p, std::int64_t step, std::int64_t n, std::int64_t lane) {
    std::byte* to = targets[static_cast<std::size_t>(lane)];
    if (first) {
      std::copy_n(identity.bytes, bytes, to);
      to += out_step;
    }
    if (n == 0) return;
    std::copy_n(p, bytes, to);
    std::byte* const data[3] = {to, const_cast<std::byte*>(p + step), to + out_step};
    const std::int64_t steps[3] = {out_step, step, out_step};
    loop(data, steps, n - 1);
  });
  return out;
}

}  // namespace

ArrayRef ufunc::running_sum(const ArrayRef& a, int axis) { return scan(k_scans[0], *a, axis, false); }

namespace {

// cumsum and its like: (a, axis, dtype, out); cumulative_*: (x, *, axis, dtype, out, include_initial)
Result run_scan(Call& call) {
  const Scan& what = k_scans[call.op.variant];
  const ArrayRef given = to_array(call.arg(0));
  const bool flat = call.arg(1).is_absent();
  if (call.arg(1).is_sequence()) {
    if (!what.array_api) throw_type_error("'tuple' object cannot be interpreted as an integer");
    if (call.arg(1).as_items().size() != 1) throw_value_error("accumulate does not allow multiple axes");
  }
  const bool first = what.array_api && to_bool(call.arg(4), false);
  if (what.array_api && flat && given->ndim > 1)
    throw_value_error("For arrays which have more than one dimension ``axis`` argument is required.");
  const Reduction r = make_reduction(call, Value(given), call.arg(1), {});
  const int axis = flat || given->ndim == 0 ? 0 : static_cast<int>(r.axes.reduced[0]);
  const std::optional<DType> asked = to_dtype(call.arg(2));
  const DType natural = accumulator_of(given->type());
  Dims shape = flat || given->ndim == 0 ? Dims{given->size} : Dims(given->dims());
  shape[axis] += first ? 1 : 0;
  const TagRef tag = flat ? nullptr : scan_tag(*given, axis);
  const Array* target =
      call.arg(3).is_absent() ? nullptr : &checked_out(call.arg(3), call.op.name, shape, natural, tag, Casting::unsafe);
  const DType dtype = folding_dtype(given->type(), asked, natural, target);
  PriceInput price = r.price;
  price.extra = what.skip_nan && is_floating(given->type()) ? r.price.unique_in : 0;
  call.charge(price, priced_dtype(call, given->type(), asked, natural, target));

  ArrayRef a = what.skip_nan ? without_nan(*given, what.identity) : given;
  if (a->type() != dtype) a = cast(*a, dtype);
  if (flat || a->ndim == 0) a = with_shape(a, Dims{a->size});
  ArrayRef out = scan(what, *a, axis, first);
  if (target != nullptr) return write_out(call, *target, *out, tag);
  if (tag) out->set_tag(tag);
  return out;
}

constexpr std::string_view k_signature = "a, axis=None, dtype=None, out=None";
constexpr std::string_view k_array_api_signature = "x, *, axis=None, dtype=None, out=None, include_initial=False";
constexpr std::string_view k_price = "reduction.folds";

constexpr Operation k_operations[] = {
    {.name = "cumsum", .signature = k_signature, .run = run_scan, .formula = k_price, .variant = 0},
    {.name = "cumprod", .signature = k_signature, .run = run_scan, .formula = k_price, .variant = 1},
    {.name = "nancumsum", .signature = k_signature, .run = run_scan, .formula = k_price, .variant = 2},
    {.name = "nancumprod", .signature = k_signature, .run = run_scan, .formula = k_price, .variant = 3},
    {.name = "cumulative_sum", .signature = k_array_api_signature, .run = run_scan, .formula = k_price, .variant = 4},
    {.name = "cumulative_prod", .signature = k_array_api_signature, .run = run_scan, .formula = k_price, .variant = 5},
};

}  // namespace

std::span<const Operation> scan_operations() { return k_operations; }

}  // namespace flopscope
