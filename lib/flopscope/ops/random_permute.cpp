// SPDX-License-Identifier: MIT
// Choices and permutations: indices are drawn, then the data is gathered.
#include <algorithm>
#include <whest/flopscope/ops/detail/random_operations.hpp>
#include <whest/random/permute.hpp>

namespace flopscope::sampling {
namespace {

namespace rnd = whest::random;

// An array, or a number that stands for arange(number).
struct Population {
  ArrayRef array;  // null for a number
  std::int64_t number = 0;
  int axis = 0;
  std::int64_t length() const { return array ? array->shape[axis] : number; }
};

Population to_population(const Value& v, const Value* axis) {
  Population out;
  if (!v.is_sequence() && !(v.is_array() && v.as_array().ndim > 0)) {
    if (v.is(ValueKind::real) || v.is(ValueKind::complex) || (v.is_array() && !is_integer(v.as_array().type())))
      throw_value_error("a must be a sequence or an integer");
    out.number = to_int(v, "a");
    return out;
  }
  out.array = to_array(v);
  if (axis != nullptr) out.axis = to_axis(*axis, out.array->ndim, 0);
  return out;
}

// Items along an axis in the order of `indices`, whose shape replaces the axis.
ArrayRef gathered(const Array& a, int axis, std::span<const std::int64_t> indices,
                  std::span<const std::int64_t> index_shape) {
  const ArrayRef from = contiguous_copy_if_needed(a);
  Dims shape;
  std::int64_t outer = 1;
  std::int64_t inner = a.item_bytes();
  for (int d = 0; d < a.ndim; ++d) {
    if (d == axis) {
      for (const std::int64_t n : index_shape) shape.push_back(n);
    } else {
      shape.push_back(a.shape[d]);
      (d < axis ? outer : inner) *= a.shape[d];
    }
  }
  ArrayRef out = Array::make(a.type(), shape);
  const auto* source = from->items<std::byte>();
  auto* target = out->mutable_items<std::byte>();
  for (std::int64_t o = 0; o < outer; ++o)
    for (const std::int64_t i : indices) target = std::copy_n(source + (o * a.shape[axis] + i) * inner, inner, target);
  return out;
}

ArrayRef index_array(std::span<const std::int64_t> indices, std::span<const std::int64_t> shape) {
  ArrayRef out = Array::make(DType::int64, shape);
  std::copy(indices.begin(), indices.end(), out->mutable_items<std::int64_t>());
  return out;
}

// length: the shuffled axis; out: elements of the result.
PriceInput price_of_axis(std::int64_t length, double out) {
  PriceInput price;
  price.length = static_cast<double>(length);
  price.in = price.out = price.unique_out = out;
  return price;
}

// What a permutation of `x`, so many elements along its axes, is charged for: of a list some models see the length
// alone.
std::int64_t charged_length(const Call& call, const Value& x, const Array& array, std::int64_t length) {
  const bool by_length = x.is_sequence() && call.model.rule("random.measures_lists_by_length");
  return by_length ? array.shape[0] : length;
}

}  // namespace

Result run_choice(Call& call) {
  const int first = first_argument(call);
  const bool generator = random_object_of(call).stream.algorithms == rnd::Algorithms::generator;
  const Population population = to_population(call.arg(first), generator ? &call.arg(first + 4) : nullptr);
  if (!generator && population.array && population.array->ndim != 1) throw_value_error("a must be 1-dimensional");
  const std::optional<Dims> size = to_size(call.arg(first + 1));
  const Dims shape = size.value_or(Dims());
  rnd::ChoiceRequest request;
  request.population = population.length();
  request.count = element_count(shape);
  request.replace = to_bool(call.arg(first + 2), true) ? rnd::Replace::yes : rnd::Replace::no;
  if (generator && !to_bool(call.arg(first + 5), true)) request.shuffle = rnd::ShuffleResult::no;
  const Value& weights = call.arg(first + 3);
  ArrayRef p;
  if (!weights.is_absent()) {
    p = contiguous_as(*to_array(weights), DType::float64);
    if (p->ndim != 1) throw_value_error("p must be 1-dimensional");
  }
  const std::span<const double> probabilities =
      p ? std::span(p->items<double>(), static_cast<std::size_t>(p->size)) : std::span<const double>();
  const auto checked = p ? rnd::check_choice(request, probabilities) : rnd::check_choice(request);
  if (!checked) throw_value_error(checked.error().message);

  const double lane = population.array && population.length() > 0
                          ? static_cast<double>(population.array->size / population.length())
                          : 1.0;
  PriceInput price = price_of_axis(request.population, static_cast<double>(request.count) * lane);
  price.n = population.array ? static_cast<double>(population.array->shape[0]) : price.length;
  price.parts = request.replace == rnd::Replace::yes ? 1 : 0;
  price.extra = p ? 1 : 0;
  charge_drawn(call, price, std::nullopt,
               {request.replace == rnd::Replace::yes ? static_cast<std::int64_t>(request.count) : request.population});

  Source source = source_of(call);
  const auto chosen = p ? rnd::choice(source.stream(), request, probabilities) : rnd::choice(source.stream(), request);
  if (population.array) return gathered(*population.array, population.axis, *chosen, shape);
  if (!size) return Result::integer((*chosen)[0]);
  return index_array(*chosen, shape);
}

Result run_permutation(Call& call) {
  const int first = first_argument(call);
  const bool generator = random_object_of(call).stream.algorithms == rnd::Algorithms::generator;
  if (const Value& x = call.arg(first); x.is_array() && x.as_array().ndim == 0) {
    if (generator) to_axis(call.arg(first + 1), 0, 0);  // refuses
    throw_index_error("x must be an integer or at least 1-dimensional");
  }
  const Population population = to_population(call.arg(first), generator ? &call.arg(first + 1) : nullptr);
  const std::int64_t n = population.length();
  if (n < 0) throw_value_error("negative dimensions are not allowed");
  const double out = population.array ? static_cast<double>(population.array->size) : static_cast<double>(n);
  const std::int64_t charged = population.array ? charged_length(call, call.arg(first), *population.array, n) : n;
  charge_drawn(call, price_of_axis(charged, out), std::nullopt, {n});

  Source source = source_of(call);
  const std::vector<std::int64_t> order = rnd::permutation(source.stream(), n);
  const Dims shape{n};
  if (population.array) return gathered(*population.array, population.axis, order, shape);
  return index_array(order, shape);
}

Result run_shuffle(Call& call) {
  const int first = first_argument(call);
  if (!call.arg(first).is_array()) throw_type_error("shuffle needs an array");
  const Array& x = call.arg(first).as_array();
  if (x.ndim == 0) throw_type_error("len() of unsized object");
  x.require_writable();
  const bool generator = random_object_of(call).stream.algorithms == rnd::Algorithms::generator;
  const int axis = generator ? to_axis(call.arg(first + 1), x.ndim, 0) : 0;
  const std::int64_t n = x.shape[axis];
  charge_drawn(call, price_of_axis(n, static_cast<double>(x.size)), std::nullopt, {n});

  Source source = source_of(call);
  const std::vector<std::int64_t> order = rnd::permutation(source.stream(), n);
  const Dims shape{n};
  copy_into(x, *gathered(x, axis, order, shape));
  call.wrote_into(x);
  return Result::none();
}

// Every lane along the axis by itself; without an axis all elements as one lane.
Result run_permuted(Call& call) {
  const int first = first_argument(call);
  const ArrayRef x = to_array(call.arg(first));
  const Value& along = call.arg(first + 1);
  const bool flat = along.is_absent();
  const int axis = flat ? 0 : to_axis(along, x->ndim, 0);
  const Value& out = call.arg(first + 2);
  if (!out.is_absent() && (!out.is_array() || !(Dims(out.as_array().dims()) == Dims(x->dims()))))
    throw_value_error("out must have the same shape as x");
  if (!out.is_absent()) out.as_array().require_writable();
  if (!out.is_absent() && !can_cast_safe(x->type(), out.as_array().type()))
    throw_type_error("Cannot cast x to the dtype of out according to the rule 'safe'");
  call.charge(price_of_axis(charged_length(call, call.arg(first), *x, x->size), static_cast<double>(x->size)),
              std::nullopt);

  Source source = source_of(call);
  const ArrayRef from = contiguous_copy_if_needed(*x);
  ArrayRef result = Array::make(x->type(), x->dims());
  const std::int64_t length = flat ? x->size : x->shape[axis];
  std::int64_t inner = 1;
  for (int d = axis + 1; !flat && d < x->ndim; ++d) inner *= x->shape[d];
  const std::int64_t outer = x->size == 0 ? 0 : x->size / (length * inner);
  const std::int64_t bytes = x->item_bytes();
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t i = 0; i < inner; ++i) {
      const std::vector<std::int64_t> order = rnd::permutation(source.stream(), length);
      const auto place = [&](std::int64_t k) { return ((o * length + k) * inner + i) * bytes; };
      for (std::int64_t k = 0; k < length; ++k)
        std::copy_n(from->items<std::byte>() + place(order[static_cast<std::size_t>(k)]), bytes,
                    result->mutable_items<std::byte>() + place(k));
    }
  if (out.is_absent()) return result;
  copy_into(out.as_array(), *result);
  call.wrote_into(out.as_array());
  return ref_of(out.as_array());
}

}  // namespace flopscope::sampling
