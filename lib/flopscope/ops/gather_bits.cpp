// SPDX-License-Identifier: MIT
// The gather family: numbers of elements and shapes (unravel_index, ravel_multi_index, broadcast_shapes) and bits in
// bytes (packbits, unpackbits).
#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

double size_of(const Array& a) { return static_cast<double>(a.size); }

// ---- unravel_index, ravel_multi_index ----

Result run_unravel_index(Call& call) {
  const ArrayRef indices = to_array(call.arg(0));
  if (!is_integer(indices->type())) throw_type_error("only int indices permitted");
  const Dims shape = to_shape(call.arg(1), "shape");
  const bool fortran = detail::to_order(call.arg(2), 'C') == 'F';
  const std::int64_t size = element_count(shape);
  const std::vector<std::int64_t> flat = detail::to_ints(Value(*indices), "indices");
  for (const std::int64_t i : flat)
    if (i < 0 || i >= size) throw_value_error(fmt::format("index {} is out of bounds for array with size {}", i, size));
  call.charge({.in = size_of(*indices), .out = size_of(*indices) * shape.size()}, std::nullopt);
  std::vector<ArrayRef> axes;
  for (int d = 0; d < shape.size(); ++d) axes.push_back(Array::make(DType::int64, indices->dims()));
  for (std::size_t k = 0; k < flat.size(); ++k) {
    std::int64_t rest = flat[k];
    for (int j = 0; j < shape.size(); ++j) {
      const int d = fortran ? j : shape.size() - 1 - j;
      axes[static_cast<std::size_t>(d)]->mutable_items<std::int64_t>()[k] = rest % shape[d];
      rest /= shape[d];
    }
  }
  return Result::tuple({axes.begin(), axes.end()});
}

std::int64_t bounded(std::int64_t i, std::int64_t size, std::string_view mode) {
  if (size > 0 && mode == "clip") return std::clamp<std::int64_t>(i, 0, size - 1);
  if (size > 0 && mode == "wrap") return ((i % size) + size) % size;
  if (i < 0 || i >= size) throw_value_error("invalid entry in coordinates array");
  return i;
}

std::string_view index_mode(const Value& v) {
  const std::string_view mode = v.is(ValueKind::string) ? v.as_string() : "";
  if (mode != "raise" && mode != "clip" && mode != "wrap")
    throw_value_error(fmt::format("clipmode must be one of 'clip', 'raise', or 'wrap' (got '{}')", mode));
  return mode;
}

// One mode for all axes, or one each.
std::vector<std::string_view> index_modes(const Value& v, int axes) {
  const auto count = static_cast<std::size_t>(axes);
  if (!v.is_sequence()) return std::vector<std::string_view>(count, v.is_absent() ? "raise" : index_mode(v));
  std::vector<std::string_view> modes;
  for (const Value& item : v.as_items()) modes.push_back(index_mode(item));
  if (modes.size() != count)
    throw_value_error(fmt::format("list of clipmodes has wrong length ({} instead of {})", modes.size(), count));
  return modes;
}

Result run_ravel_multi_index(Call& call) {
  const std::vector<Operand> parts = detail::to_operands(call.arg(0), "multi_index");
  const Dims dims = to_shape(call.arg(1), "dims");
  const bool fortran = detail::to_order(call.arg(3), 'C') == 'F';
  if (static_cast<int>(parts.size()) != dims.size())
    throw_value_error(fmt::format("parameter multi_index must be a sequence of length {}", dims.size()));
  Dims shape;
  for (const Operand& p : parts) shape = broadcast(shape, p.array->dims());
  const std::vector<std::string_view> modes = index_modes(call.arg(2), dims.size());
  ArrayRef out = zeros(DType::int64, shape);
  std::int64_t stride = 1;
  for (int j = 0; j < dims.size(); ++j) {
    const int d = fortran ? j : dims.size() - 1 - j;
    std::int64_t* at = out->mutable_items<std::int64_t>();
    for (const std::int64_t i :
         detail::to_ints(Value(*broadcast_view(*parts[static_cast<std::size_t>(d)].array, shape)), "multi_index"))
      *at++ += stride * bounded(i, dims[d], modes[static_cast<std::size_t>(d)]);
    if (__builtin_mul_overflow(stride, dims[d], &stride))
      throw_value_error("invalid dims: array size defined by dims is larger than the maximum possible size.");
  }
  call.charge({.out = size_of(*out)}, std::nullopt);
  return out;
}

Result run_broadcast_shapes(Call& call) {
  Dims shape;
  double axes = 0;
  for (const Value& v : call.arg(0).as_items()) {
    const Dims part = to_shape(v, "shape");
    axes += v.is_sequence() ? part.size() : 1;
    shape = broadcast(shape, part);
  }
  call.charge({.out = axes}, std::nullopt);
  std::vector<Result> out;
  for (const std::int64_t d : shape) out.push_back(Result::integer(d));
  return Result::tuple(std::move(out));
}

// ---- packbits, unpackbits ----

bool is_little(const Value& bitorder) {
  if (bitorder.is_absent() || bitorder.as_string() == "big") return false;
  if (bitorder.as_string() == "little") return true;
  throw_value_error("'order' must be either 'little' or 'big'");
}

struct Planes {
  ArrayRef from;  // contiguous, the axis worked along
  int axis;
  std::int64_t outer, length, inner;
};

Planes planes_of(const Array& a, const Value& axis, DType as) {
  ArrayRef from = contiguous_as(a, as);
  if (axis.is_absent() || from->ndim == 0) from = detail::flattened(*from);
  const int ax = axis.is_absent() ? 0 : to_axis(axis, from->ndim, 0);
  Planes p{from, ax, 1, from->shape[ax], 1};
  for (int d = 0; d < from->ndim; ++d) (d < ax ? p.outer : p.inner) *= d == ax ? 1 : from->shape[d];
  return p;
}

// Eight truths, one a byte from the lowest, as the bits of one byte: the product moves each to its place in the top
// byte, where no two meet.
std::uint8_t packed_eight(std::uint64_t truths, bool little) {
  return static_cast<std::uint8_t>((truths * (little ? 0x0102040810204080U : 0x8040201008040201U)) >> 56);
}
// And back: a copy of the byte for each bit, of which that bit is kept.
std::uint64_t unpacked_eight(std::uint8_t byte, bool little) {
  constexpr std::uint64_t k_ones = 0x0101010101010101U;
  const std::uint64_t bits = byte * k_ones & (little ? 0x8040201008040201U : 0x0102040810204080U);
  return (bits + 0x7f * k_ones) >> 7 & k_ones;
}
int place_in_byte(std::int64_t i, bool little) { return static_cast<int>(little ? i % 8 : 7 - i % 8); }
constexpr bool k_low_byte_first = std::endian::native == std::endian::little;

// `to` is all zero.
void pack_plane(const bool* from, std::uint8_t* to, std::int64_t length, std::int64_t inner, bool little) {
  std::int64_t i = 0;
  if (inner == 1 && k_low_byte_first)
    for (; i + 8 <= length; i += 8) {
      std::uint64_t truths;
      std::memcpy(&truths, from + i, sizeof truths);
      to[i / 8] = packed_eight(truths, little);
    }
  for (; i < length; ++i) {
    const bool* row = from + i * inner;
    std::uint8_t* bytes = to + i / 8 * inner;
    const int place = place_in_byte(i, little);
    for (std::int64_t k = 0; k < inner; ++k) bytes[k] = static_cast<std::uint8_t>(bytes[k] | row[k] << place);
  }
}

void unpack_plane(const std::uint8_t* from, std::uint8_t* to, std::int64_t count, std::int64_t inner, bool little) {
  std::int64_t i = 0;
  if (inner == 1 && k_low_byte_first)
    for (; i + 8 <= count; i += 8) {
      const std::uint64_t bits = unpacked_eight(from[i / 8], little);
      std::memcpy(to + i, &bits, sizeof bits);
    }
  for (; i < count; ++i) {
    const std::uint8_t* bytes = from + i / 8 * inner;
    std::uint8_t* row = to + i * inner;
    const int place = place_in_byte(i, little);
    for (std::int64_t k = 0; k < inner; ++k) row[k] = static_cast<std::uint8_t>(bytes[k] >> place & 1);
  }
}

Result run_packbits(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (!is_integer(a->type()) && a->type() != DType::bool_)
    throw_type_error("Expected an input array of integer or boolean data type");
  const bool little = is_little(call.arg(2));
  const Planes p = planes_of(*a, call.arg(1), DType::bool_);
  Dims shape(p.from->dims());
  shape[p.axis] = (p.length + 7) / 8;
  detail::log_result_shape(call, shape);
  call.charge({.in = size_of(*a), .out = static_cast<double>(element_count(shape))}, a->type());
  ArrayRef out = zeros(DType::uint8, shape);
  const std::int64_t packed = shape[p.axis];
  for (std::int64_t o = 0; o < p.outer; ++o)
    pack_plane(p.from->items<bool>() + o * p.length * p.inner,
               out->mutable_items<std::uint8_t>() + o * packed * p.inner, p.length, p.inner, little);
  return out;
}

Result run_unpackbits(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->type() != DType::uint8) throw_type_error("Expected an input array of unsigned byte data type");
  const bool little = is_little(call.arg(3));
  const Planes p = planes_of(*a, call.arg(1), DType::uint8);
  std::int64_t count = p.length * 8;
  if (!call.arg(2).is_absent()) {
    const std::int64_t asked = to_int(call.arg(2), "count");
    if (asked < 0 && -asked > count)
      throw_value_error(fmt::format("-count {} is larger than the number of elements {}", asked, count));
    count = asked < 0 ? count + asked : asked;
  }
  Dims shape(p.from->dims());
  shape[p.axis] = count;
  detail::log_result_shape(call, shape);
  call.charge({.in = size_of(*a), .out = static_cast<double>(element_count(shape))}, a->type());
  ArrayRef out = zeros(DType::uint8, shape);
  for (std::int64_t o = 0; o < p.outer; ++o)
    unpack_plane(p.from->items<std::uint8_t>() + o * p.length * p.inner,
                 out->mutable_items<std::uint8_t>() + o * count * p.inner, std::min(count, p.length * 8), p.inner,
                 little);
  return out;
}

constexpr Operation bits(std::string_view name, std::string_view signature, Kernel run, std::string_view formula) {
  return {.name = name, .signature = signature, .run = run, .formula = formula, .log_shapes = LogShapes::none};
}

constexpr Operation k_operations[] = {
    bits("unravel_index", "indices, shape, order='C'", run_unravel_index, "written.at_least_1"),
    bits("ravel_multi_index", "multi_index, dims, mode='raise', order='C'", run_ravel_multi_index, "written"),
    bits("broadcast_shapes", "*args", run_broadcast_shapes, "written.at_least_1"),
    bits("packbits", "a, axis=None, bitorder='big'", run_packbits, "read"),
    bits("unpackbits", "a, axis=None, count=None, bitorder='big'", run_unpackbits, "written"),
};

}  // namespace

detail::Table detail::gather_bits_operations() { return k_operations; }

}  // namespace flopscope
