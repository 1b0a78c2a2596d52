// SPDX-License-Identifier: MIT
// Samplers of single numbers: the catalogue of distributions, the typed samplers of Generator, integers, bytes.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/random_operations.hpp>
#include <whest/random/catalogue.hpp>
#include <whest/random/continuous.hpp>
#include <whest/random/integers.hpp>
#include <whest/random/ziggurat.hpp>

namespace flopscope::sampling {
namespace {

namespace rnd = whest::random;

PriceInput price_of_count(double out) {
  PriceInput price;
  price.in = price.out = price.unique_in = price.unique_out = out;
  return price;
}

// The parameters of a sampler, broadcast against each other and `size`.
struct Parameters {
  static constexpr std::size_t k_most = 3;
  std::array<ArrayRef, k_most> arrays;        // null for a scalar; else of the result's shape, float64, contiguous
  std::array<const double*, k_most> items{};  // null for a scalar
  std::array<double, k_most> values{};        // of the scalars
  Dims shape;
  bool is_scalar = true;  // no size, no array: the result is a number
  bool has_arrays = false;

  const double* at(std::int64_t i) {
    if (has_arrays)
      for (std::size_t k = 0; k < k_most; ++k)
        if (items[k] != nullptr) values[k] = items[k][i];
    return values.data();
  }
};

void read_parameter(Parameters& p, std::size_t k, const Value& v, const rnd::Parameter& what) {
  if (v.is_absent() && what.otherwise) {
    p.values[k] = *what.otherwise;
    return;
  }
  const ArrayRef a = v.is_scalar() ? scalar_array<double>(to_double(v, what.name)) : to_array(v);
  if (is_complex(a->type())) throw_type_error(std::string(what.name) + " must be real");
  const bool whole_number = !v.is_array() && a->ndim == 0 && std::trunc(item_double(*a)) == item_double(*a);
  if (what.whole && is_floating(a->type()) && !whole_number)
    throw_type_error(std::string(what.name) + " must be whole");
  if (a->ndim == 0) {
    p.values[k] = item_double(*a);
    return;
  }
  p.arrays[k] = a;
  p.has_arrays = true;
  p.is_scalar = false;
  p.shape = broadcast(p.shape, a->dims());
}

void settle_shape(Parameters& p, const std::optional<Dims>& size) {
  if (size) {
    p.is_scalar = false;
    if (p.has_arrays && !(broadcast(p.shape, *size) == *size))
      throw_value_error("shape mismatch: the parameters do not broadcast to size " + shape_text(*size));
    p.shape = *size;
  }
  for (std::size_t k = 0; k < Parameters::k_most; ++k) {
    if (!p.arrays[k]) continue;
    p.arrays[k] = contiguous_as(*broadcast_view(*p.arrays[k], p.shape), DType::float64);
    p.items[k] = p.arrays[k]->items<double>();
  }
}

void refuse_bad_parameters(const rnd::Distribution& distribution, rnd::Algorithms algorithms, Parameters& p,
                           std::int64_t count) {
  const std::int64_t checks = p.has_arrays ? count : 1;
  for (std::int64_t i = 0; i < checks; ++i) {
    const auto why = rnd::refusal(distribution, algorithms, p.at(i));
    if (!why) continue;
    const bool overflow = why->find("exceeds valid bounds") != std::string::npos;
    throw Error(overflow ? ErrorKind::overflow : ErrorKind::value_error, *why);
  }
}

template <class T, class Draw>
ArrayRef filled(std::span<const std::int64_t> shape, Draw&& draw) {
  ArrayRef out = Array::make(dtype_of<T>, shape);
  T* items = out->template mutable_items<T>();
  for (std::int64_t i = 0; i < out->size; ++i) items[i] = draw(i);
  return out;
}

// Doubles or floats of one typed sampler; `bits` is Pcg64 itself where it can be, for speed.
template <class Bits>
ArrayRef typed_numbers(Bits& bits, rnd::Stream& stream, Typed what, bool inverse, DType dtype, const Dims& shape) {
  const bool f32 = dtype == DType::float32;
  switch (what) {
    case Typed::random:
      return f32 ? filled<float>(shape, [&](std::int64_t) { return bits.next_float(); })
                 : filled<double>(shape, [&](std::int64_t) { return bits.next_double(); });
    case Typed::standard_normal:
      return f32 ? filled<float>(shape, [&](std::int64_t) { return rnd::standard_normal_f(bits); })
                 : filled<double>(shape, [&](std::int64_t) { return rnd::standard_normal(bits); });
    default:
      break;
  }
  if (inverse)
    return f32 ? filled<float>(shape, [&](std::int64_t) { return rnd::standard_exponential_by_inversion_f(bits); })
               : filled<double>(shape, [&](std::int64_t) { return rnd::standard_exponential_by_inversion(bits); });
  return f32 ? filled<float>(shape, [&](std::int64_t) { return rnd::standard_exponential_f(bits); })
             : filled<double>(shape, [&](std::int64_t) { return rnd::standard_exponential(stream); });
}

void require_float(DType dtype, std::string_view name) {
  if (dtype != DType::float32 && dtype != DType::float64)
    throw_type_error("Unsupported dtype dtype('" + std::string(name_of(dtype)) + "') for " + std::string(name));
}

rnd::IntegerType integer_type(DType dtype) {
  switch (dtype) {
    case DType::bool_:
      return rnd::IntegerType::boolean;
    case DType::int8:
      return rnd::IntegerType::int8;
    case DType::uint8:
      return rnd::IntegerType::uint8;
    case DType::int16:
      return rnd::IntegerType::int16;
    case DType::uint16:
      return rnd::IntegerType::uint16;
    case DType::int32:
      return rnd::IntegerType::int32;
    case DType::uint32:
      return rnd::IntegerType::uint32;
    case DType::int64:
      return rnd::IntegerType::int64;
    case DType::uint64:
      return rnd::IntegerType::uint64;
    default:
      throw_type_error("Unsupported dtype dtype('" + std::string(name_of(dtype)) + "') for integers");
  }
}

// Bounds as wide integers. Floats are truncated towards zero, as NumPy does.
struct Bounds {
  ArrayRef array;  // of the result's shape, int64 or uint64; null for a scalar
  rnd::Int128 value = 0;
  rnd::Int128 at(std::int64_t i) const {
    if (!array) return value;
    if (array->type() == DType::uint64) return array->items<std::uint64_t>()[i];
    return array->items<std::int64_t>()[i];
  }
};

Bounds to_bounds(const Value& v, std::string_view name, Dims& shape, bool& is_scalar) {
  Bounds out;
  if (v.is(ValueKind::integer)) {
    out.value = (v.flags & 1) != 0 ? rnd::Int128{static_cast<std::uint64_t>(v.i)} : rnd::Int128{v.i};
  } else if (v.is_scalar()) {
    const double x = to_double(v, name);
    if (!(std::fabs(x) < 0x1p100)) throw_value_error(std::string(name) + " is out of bounds");
    out.value = static_cast<rnd::Int128>(x);
  } else {
    const ArrayRef a = to_array(v);
    if (a->ndim == 0) {
      out.value = a->type() == DType::uint64 ? rnd::Int128{static_cast<std::uint64_t>(item_int64(*a))}
                                             : rnd::Int128{item_int64(*a)};
      return out;
    }
    out.array = contiguous_as(*a, a->type() == DType::uint64 ? DType::uint64 : DType::int64);
    shape = broadcast(shape, a->dims());
    is_scalar = false;
  }
  return out;
}

struct IntegerRequest {
  Bounds low, high;
  std::optional<Dims> size;
  DType dtype = DType::int64;
  bool endpoint = false;
  bool python_scalar = false;  // a Python int or bool for a single number
};

Result drawn_integers(Call& call, const IntegerRequest& request, Dims shape, bool is_scalar) {
  const rnd::IntegerType type = integer_type(request.dtype);
  Bounds low = request.low, high = request.high;
  if (request.size) {
    if (!is_scalar && !(broadcast(shape, *request.size) == *request.size))
      throw_value_error("Output size " + shape_text(*request.size) +
                        " is not compatible with broadcast dimensions of inputs " + shape_text(shape) + ".");
    shape = *request.size;
    is_scalar = false;
  }
  for (Bounds* b : {&low, &high})
    if (b->array) b->array = contiguous_as(*broadcast_view(*b->array, shape), b->array->type());
  const std::int64_t count = element_count(shape);
  const rnd::Int128 closed = request.endpoint ? 0 : 1;
  const bool arrays = low.array || high.array;
  for (std::int64_t i = 0; i < (arrays ? count : std::min<std::int64_t>(count, 1)); ++i)
    if (const auto why = rnd::refuse_integers(type, low.at(i), high.at(i) - closed, request.endpoint))
      throw_value_error(*why);
  charge_drawn(call, price_of_count(static_cast<double>(count)), request.dtype, {std::max<std::int64_t>(count, 1)});

  Source source = source_of(call);
  rnd::IntegerDraw one(source.stream(), type);
  const auto draw = [&](std::int64_t i) { return one(low.at(i), high.at(i) - closed); };
  if (is_scalar && request.python_scalar) return Result::integer(static_cast<std::int64_t>(draw(0)));
  return visit_dtype(request.dtype, [&]<class T>() -> Result {
    if constexpr (std::is_integral_v<T>)
      return filled<T>(shape, [&](std::int64_t i) { return static_cast<T>(draw(i)); });
    return Result::none();
  });
}

// low, or [0, low) when high is absent.
IntegerRequest integer_request(const Value& low, const Value& high, Dims& shape, bool& is_scalar) {
  IntegerRequest request;
  if (high.is_absent()) {
    request.high = to_bounds(low, "low", shape, is_scalar);
  } else {
    request.low = to_bounds(low, "low", shape, is_scalar);
    request.high = to_bounds(high, "high", shape, is_scalar);
  }
  return request;
}

}  // namespace

std::optional<Dims> to_size(const Value& v) {
  if (v.is_absent()) return std::nullopt;
  return to_shape(v, "size");
}

DType to_sample_dtype(const Call& call, const Value& v, DType if_absent) {
  if (v.is(ValueKind::dtype) && (v.flags & k_by_position) != 0 && call.model.rule("random.refuses_positional_dtype"))
    throw Error(ErrorKind::unsupported_dtype,
                std::string(call.op.name) + ": a dtype given by position is not billable; name it (dtype=...).");
  return to_dtype(v, if_absent);
}

Result run_distribution(Call& call) {
  const rnd::Distribution& distribution = rnd::distributions()[static_cast<std::size_t>(selector(call))];
  const int first = first_argument(call);
  const auto count_of = static_cast<int>(distribution.parameters.size());
  Parameters p;
  for (int k = 0; k < count_of; ++k)
    read_parameter(p, static_cast<std::size_t>(k), call.arg(first + k),
                   distribution.parameters[static_cast<std::size_t>(k)]);
  settle_shape(p, to_size(call.arg(first + count_of)));
  const std::int64_t count = element_count(p.shape);
  const rnd::Algorithms algorithms = random_object_of(call).stream.algorithms;
  refuse_bad_parameters(distribution, algorithms, p, count);
  const DType dtype = distribution.real != nullptr ? DType::float64 : DType::int64;
  charge_drawn(call, price_of_count(static_cast<double>(count)), dtype, {std::max<std::int64_t>(count, 1)});

  Source source = source_of(call);
  rnd::Stream& stream = source.stream();
  if (distribution.real != nullptr) {
    if (p.is_scalar) return Result::real(distribution.real(stream, p.at(0)));
    return filled<double>(p.shape, [&](std::int64_t i) { return distribution.real(stream, p.at(i)); });
  }
  if (p.is_scalar) return Result::integer(distribution.whole(stream, p.at(0)));
  return filled<std::int64_t>(p.shape, [&](std::int64_t i) { return distribution.whole(stream, p.at(i)); });
}

// Generator's samplers that give float32 too: (size, dtype, [method,] out), standard_gamma (shape, size, dtype, out).
Result run_typed(Call& call) {
  const auto what = static_cast<Typed>(selector(call));
  const bool gamma = what == Typed::standard_gamma;
  const int size_at = first_argument(call) + (gamma ? 1 : 0);
  const std::string_view name = call.op.name.substr(call.op.name.rfind('.') + 1);
  Parameters p;
  const rnd::Distribution& distribution = *rnd::find_distribution("standard_gamma");
  if (gamma) read_parameter(p, 0, call.arg(1), distribution.parameters[0]);
  const bool has_method = what == Typed::standard_exponential;
  const Value& out = call.arg(size_at + (has_method ? 3 : 2));
  std::optional<Dims> size = to_size(call.arg(size_at));
  if (!size && out.is_array()) size = Dims(out.as_array().dims());
  settle_shape(p, size);
  const DType dtype = to_sample_dtype(call, call.arg(size_at + 1), DType::float64);
  require_float(dtype, name);
  if (gamma) refuse_bad_parameters(distribution, rnd::Algorithms::generator, p, element_count(p.shape));
  const Value& method = call.arg(size_at + 2);
  const bool inverse = has_method && method.is(ValueKind::string) && method.as_string() != "zig";
  if (!out.is_absent() &&
      ufunc::checked_out(out, name, p.shape, dtype, nullptr, ufunc::Casting::unsafe).type() != dtype)
    throw_type_error(fmt::format("Supplied output array has the wrong type. Expected {}, got {}", name_of(dtype),
                                 name_of(out.as_array().type())));
  // A single number comes back as a plain one, in double.
  const bool plain = p.is_scalar && !out.is_array();
  call.charge(price_of_count(static_cast<double>(element_count(p.shape))), plain ? DType::float64 : dtype);

  Source source = source_of(call);
  rnd::Stream& stream = source.stream();
  ArrayRef result;
  if (gamma && dtype == DType::float32) {
    result = filled<float>(p.shape,
                           [&](std::int64_t i) { return rnd::standard_gamma_f(stream, static_cast<float>(*p.at(i))); });
  } else if (gamma) {
    result = filled<double>(p.shape, [&](std::int64_t i) { return rnd::standard_gamma(stream, *p.at(i)); });
  } else if (auto* pcg = dynamic_cast<rnd::Pcg64*>(stream.bits.get())) {
    result = typed_numbers(*pcg, stream, what, inverse, dtype, p.shape);
  } else {
    result = typed_numbers(*stream.bits, stream, what, inverse, dtype, p.shape);
  }
  if (out.is_array()) return ufunc::write_out(call, out.as_array(), *result, nullptr);
  if (plain) return Result::real(item_double(*result));
  return result;
}

Result run_dims(Call& call) {
  const Dims shape = to_shape(call.arg(first_argument(call)), "size");
  const std::int64_t count = element_count(shape);
  charge_drawn(call, price_of_count(static_cast<double>(count)), DType::float64, {count});
  Source source = source_of(call);
  rnd::Stream& stream = source.stream();
  const bool normal = selector(call) == 1;
  ArrayRef out = filled<double>(
      shape, [&](std::int64_t) { return normal ? rnd::standard_normal(stream) : stream.bits->next_double(); });
  if (shape.empty()) return Result::real(item_double(*out));
  return out;
}

Result run_uniform_sample(Call& call) {
  const std::optional<Dims> size = to_size(call.arg(first_argument(call)));
  const Dims shape = size.value_or(Dims());
  const std::int64_t count = element_count(shape);
  charge_drawn(call, price_of_count(static_cast<double>(count)), DType::float64, {count});
  Source source = source_of(call);
  ArrayRef out = filled<double>(shape, [&](std::int64_t) { return source.stream().bits->next_double(); });
  if (!size) return Result::real(item_double(*out));
  return out;
}

Result run_integers(Call& call) {
  const int first = first_argument(call);
  Dims shape;
  bool is_scalar = true;
  IntegerRequest request = integer_request(call.arg(first), call.arg(first + 1), shape, is_scalar);
  request.size = to_size(call.arg(first + 2));
  request.dtype = to_sample_dtype(call, call.arg(first + 3), DType::int64);
  request.endpoint = to_bool(call.arg(first + 4), false);
  return drawn_integers(call, request, shape, is_scalar);
}

Result run_randint(Call& call) {
  const int first = first_argument(call);
  Dims shape;
  bool is_scalar = true;
  IntegerRequest request = integer_request(call.arg(first), call.arg(first + 1), shape, is_scalar);
  request.size = to_size(call.arg(first + 2));
  request.dtype = to_dtype(call.arg(first + 3), DType::int64);
  request.python_scalar = call.arg(first + 3).is_absent();
  return drawn_integers(call, request, shape, is_scalar);
}

// Both ends included; from 1 when only one is given.
Result run_random_integers(Call& call) {
  const int first = first_argument(call);
  Dims shape;
  bool is_scalar = true;
  IntegerRequest request = integer_request(call.arg(first), call.arg(first + 1), shape, is_scalar);
  if (call.arg(first + 1).is_absent()) request.low.value = 1;
  request.size = to_size(call.arg(first + 2));
  request.endpoint = true;
  return drawn_integers(call, request, shape, is_scalar);
}

Result run_tomaxint(Call& call) {
  const std::optional<Dims> size = to_size(call.arg(first_argument(call)));
  const Dims shape = size.value_or(Dims());
  call.charge(price_of_count(static_cast<double>(element_count(shape))), DType::int64);
  Source source = source_of(call);
  const auto draw = [&](std::int64_t) { return static_cast<std::int64_t>(source.stream().bits->next_uint64() >> 1); };
  if (!size) return Result::integer(draw(0));
  return filled<std::int64_t>(shape, draw);
}

Result run_bytes(Call& call) {
  const std::int64_t length = to_int(call.arg(first_argument(call)), "length");
  if (length < 0) throw_value_error("negative dimensions are not allowed");
  charge_drawn(call, price_of_count(static_cast<double>(length)), std::nullopt, {length});
  Source source = source_of(call);
  return Result::text(rnd::random_bytes(source.stream(), static_cast<std::size_t>(length)));
}

void require_distribution_name(std::string_view name) {
  const rnd::Distribution* distribution = rnd::find_distribution(name);
  bool known = name == "rand" || name == "randn" || name == "random" || name == "random_sample" || name == "ranf" ||
               name == "sample" || distribution != nullptr;
  if (distribution != nullptr)
    for (const rnd::Parameter& p : distribution->parameters) known = known && p.otherwise.has_value();
  if (!known)
    throw Error(ErrorKind::attribute_error,
                "flopscope.numpy.random does not provide distribution '" + std::string(name) + "'");
}

ArrayRef module_numbers(std::string_view name, std::span<const std::int64_t> shape) {
  RandomObject& object = module_random();
  const std::scoped_lock lock(object.mutex);
  rnd::Stream& stream = object.stream;
  const rnd::Distribution* distribution = rnd::find_distribution(name == "randn" ? "standard_normal" : name);
  if (distribution == nullptr) return filled<double>(shape, [&](std::int64_t) { return stream.bits->next_double(); });
  Parameters p;
  for (std::size_t k = 0; k < distribution->parameters.size(); ++k)
    p.values[k] = *distribution->parameters[k].otherwise;
  return filled<double>(shape, [&](std::int64_t) {
    if (distribution->real != nullptr) return distribution->real(stream, p.at(0));
    return static_cast<double>(distribution->whole(stream, p.at(0)));
  });
}

}  // namespace flopscope::sampling
