// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope::ufunc {
namespace {

bool is_unsigned_wide(const Value& v) { return (v.flags & 1) != 0; }  // an int above 2^63 - 1

bool fits(const Value& v, DType integer) {
  return visit_dtype(integer, [&]<class T>() {
    if constexpr (std::is_same_v<T, std::uint64_t>)
      return is_unsigned_wide(v) || v.i >= 0;
    else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
      return !is_unsigned_wide(v) && std::in_range<T>(v.i);
    else
      return true;
  });
}

template <class T>
void put(void* at, T x) {
  std::memcpy(at, &x, sizeof x);
}

template <class T>
void store_integer(const Value& v, std::string_view name, void* at) {
  if (!fits(v, dtype_of<T>))
    throw Error(ErrorKind::overflow,
                is_unsigned_wide(v)
                    ? fmt::format("Python integer {} out of bounds for {}", static_cast<std::uint64_t>(v.i), name)
                    : fmt::format("Python integer {} out of bounds for {}", v.i, name));
  put(at, static_cast<T>(v.i));
}

double scalar_double(const Value& v) {
  if (v.is(ValueKind::real)) return v.f;
  return is_unsigned_wide(v) ? static_cast<double>(static_cast<std::uint64_t>(v.i)) : static_cast<double>(v.i);
}

[[noreturn]] void no_loop(const Ufunc& u) {
  throw_type_error(fmt::format(
      "ufunc '{}' not supported for the input types, and the inputs could not be safely coerced to any supported types "
      "according to the casting rule ''safe''",
      u.name));
}

// Whether an operand of dtype `from` takes part in a loop that wants `to`.
bool accepts(const Loop& loop, std::span<const DType> from) {
  for (std::size_t k = 0; k < from.size(); ++k)
    if (!can_cast_safe(from[k], loop.types[k])) return false;
  return true;
}

// The dtypes with which the inputs search for a loop.
void promoted_types(const Ufunc& u, std::span<const Input> inputs, std::span<DType> out) {
  std::optional<DType> strong;
  for (const Input& in : inputs)
    if (!in.is_weak()) strong = strong ? promote(*strong, in.type()) : in.type();
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Input& in = inputs[k];
    const bool integer = in.is_weak() && in.weak() == WeakKind::integer;
    // A Python int that is compared with integers by its value, or that counts binary digits: as the int64 it is.
    const bool by_value =
        integer && strong &&
        ((u.weak_any_size && is_integer(*strong) && !fits(in.scalar(), *strong)) || (u.fixed_second_int && k == 1));
    const bool least = integer && strong && u.fixed_second_int && k == 0;  // its number: of the first loop there is
    if (!in.is_weak())
      out[k] = in.type();
    else if (least)
      out[k] = DType::int8;
    else if (!strong || by_value)
      out[k] = in.strong_type();
    else
      out[k] = promote_weak(*strong, in.weak());
  }
  if (u.resolve == Resolve::search) return;
  DType common = out[0];
  for (std::size_t k = 1; k < inputs.size(); ++k) common = promote(common, out[k]);
  if (u.resolve == Resolve::divide && !is_floating(common)) common = DType::float64;
  std::fill(out.begin(), out.end(), common);
}

bool same_dims(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

// The operands of one walk: pointers, and strides per dimension of the broadcast shape.
struct Walk {
  int operands = 0;
  int ndim = 0;
  std::int64_t shape[k_max_dims];
  std::int64_t strides[k_max_dims][k_max_operands];
  std::byte* data[k_max_operands];

  // Adds an operand right-aligned to the full shape; sizes that are stretched get stride 0.
  void add(const Array& a, std::span<const std::int64_t> full) {
    const int nd = static_cast<int>(full.size());
    const int lead = nd - a.ndim;
    for (int d = 0; d < nd; ++d) strides[d][operands] = d < lead || a.shape[d - lead] == 1 ? 0 : a.strides[d - lead];
    data[operands++] = a.mutable_items<std::byte>();
  }
  void add_scalar(void* at, int nd) {
    for (int d = 0; d < nd; ++d) strides[d][operands] = 0;
    data[operands++] = static_cast<std::byte*>(at);
  }
  // Drops sizes of 1 and joins neighbours that every operand walks through evenly.
  void coalesce(std::span<const std::int64_t> full) {
    ndim = 0;
    for (std::size_t d = 0; d < full.size(); ++d) {
      if (full[d] == 1) continue;
      bool joins = ndim > 0;
      for (int k = 0; joins && k < operands; ++k) joins = strides[ndim - 1][k] == strides[d][k] * full[d];
      const int to = joins ? ndim - 1 : ndim++;
      shape[to] = joins ? shape[to] * full[d] : full[d];
      for (int k = 0; k < operands; ++k) strides[to][k] = strides[d][k];
    }
  }
  void run(LoopFn fn) {
    if (ndim == 0) {
      const std::int64_t steps[k_max_operands] = {};
      fn(data, steps, 1);
      return;
    }
    const int last = ndim - 1;
    std::int64_t index[k_max_dims] = {};
    for (;;) {
      fn(data, strides[last], shape[last]);
      int d = last - 1;
      for (; d >= 0; --d) {
        for (int k = 0; k < operands; ++k) data[k] += strides[d][k];
        if (++index[d] < shape[d]) break;
        for (int k = 0; k < operands; ++k) data[k] -= strides[d][k] * shape[d];
        index[d] = 0;
      }
      if (d < 0) return;
    }
  }
};

}  // namespace

Input::Input(const Value& v) {
  switch (v.what()) {
    case ValueKind::array:
      m_array = &v.as_array();
      return;
    case ValueKind::boolean:
      m_owned = scalar_array<bool>(v.i != 0);  // Python's bool is NumPy's: not weak
      m_array = m_owned.get();
      return;
    case ValueKind::integer:
      m_weak = WeakKind::integer;
      break;
    case ValueKind::real:
      m_weak = WeakKind::real;
      break;
    case ValueKind::complex:
      m_weak = WeakKind::complex;
      break;
    default:
      m_owned = to_operand(v).array;
      m_array = m_owned.get();
      return;
  }
  m_scalar = v;
}

DType Input::strong_type() const {
  if (m_array) return m_array->type();
  return m_weak == WeakKind::integer && is_unsigned_wide(m_scalar) ? DType::uint64 : default_dtype(m_weak);
}

Operand Input::operand() const { return m_array ? Operand{ref_of(*m_array), std::nullopt} : to_operand(m_scalar); }

void Input::store_scalar(DType to, void* at) const {
  if (m_array) {
    const ArrayRef one = contiguous_as(*m_array, to);
    std::memcpy(at, one->data, static_cast<std::size_t>(item_size(to)));
    return;
  }
  if (m_weak == WeakKind::integer && is_integer(to)) {
    visit_dtype(to, [&]<class T>() {
      if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) store_integer<T>(m_scalar, name_of(to), at);
    });
    return;
  }
  const double re = m_weak == WeakKind::complex ? m_scalar.c[0] : scalar_double(m_scalar);
  const double im = m_weak == WeakKind::complex ? m_scalar.c[1] : 0;
  switch (to) {
    case DType::bool_:
      return put(at, re != 0 || im != 0);
    case DType::float16:
      return put(at, static_cast<Half>(re));
    case DType::float32:
      return put(at, static_cast<float>(re));
    case DType::float64:
      return put(at, re);
    case DType::complex64:
      return put(at, Complex64(static_cast<float>(re), static_cast<float>(im)));
    case DType::complex128:
      return put(at, Complex128(re, im));
    default: {
      const ArrayRef one = cast(*scalar_array<double>(re), to);
      std::memcpy(at, one->data, static_cast<std::size_t>(item_size(to)));
    }
  }
}

Casting to_casting(const Value& v) {
  if (v.is_absent()) return Casting::same_kind;
  if (v.is(ValueKind::string)) {
    const std::string_view s = v.as_string();
    if (s == "no") return Casting::no;
    if (s == "equiv") return Casting::equiv;
    if (s == "safe") return Casting::safe;
    if (s == "same_kind") return Casting::same_kind;
    if (s == "unsafe") return Casting::unsafe;
    throw_value_error(
        fmt::format("casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '{}')", s));
  }
  throw_type_error("casting must be a string");
}

bool can_cast(DType from, DType to, Casting casting) {
  switch (casting) {
    case Casting::no:
    case Casting::equiv:
      return from == to;
    case Casting::safe:
      return can_cast_safe(from, to);
    case Casting::same_kind:
      return can_cast_same_kind(from, to);
    case Casting::unsafe:
      break;
  }
  return true;
}

namespace {

// A plain number takes the loop's dtype, a real one only where that is its own; alone it is an array.
void check_inputs(const Ufunc& u, const Loop& loop, std::span<const Input> inputs, Casting casting) {
  if (u.name.starts_with("logical_")) return;  // whatever can be true or false may be tested
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Input& in = inputs[k];
    if (in.is_weak() ? (in.weak() != WeakKind::integer || inputs.size() == 1) && in.type() != loop.types[k]
                     : !can_cast(in.type(), loop.types[k], casting))
      throw_type_error(fmt::format("Cannot cast ufunc '{}' input {} from dtype('{}') to dtype('{}')", u.name, k,
                                   name_of(in.type()), name_of(loop.types[k])));
  }
}

std::optional<std::size_t> first_misfit(const Loop& loop, std::span<const Input> inputs, Casting casting) {
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const DType want = loop.types[k];
    const bool fits =
        inputs[k].is_weak() ? promote_weak(want, inputs[k].weak()) == want : can_cast(inputs[k].type(), want, casting);
    if (!fits) return k;
  }
  return std::nullopt;
}

const Loop& found_loop(const Ufunc& u, std::span<const Input> inputs, std::optional<DType> dtype, Casting casting) {
  if (dtype) {
    std::optional<std::size_t> misfit;  // an input that does not go into a loop of that dtype
    for (const Loop& loop : u.loops) {
      if (loop.types[static_cast<std::size_t>(u.inputs)] != *dtype) continue;
      const std::optional<std::size_t> at = first_misfit(loop, inputs, casting);
      if (!at) return loop;
      misfit = misfit.value_or(*at);
    }
    if (misfit)
      throw_type_error(fmt::format("Cannot cast ufunc '{}' input {} from dtype('{}') to a loop of dtype('{}')", u.name,
                                   *misfit, name_of(inputs[*misfit].type()), name_of(*dtype)));
    throw_type_error(
        fmt::format("No loop matching the specified signature and casting was found for ufunc {}", u.name));
  }
  // Arrays of one dtype that has its own loop.
  if (!inputs[0].is_weak() && (inputs.size() == 1 || (!inputs[1].is_weak() && inputs[1].type() == inputs[0].type()))) {
    const int at = u.direct[static_cast<std::size_t>(inputs[0].type())];
    if (at >= 0) return u.loops[static_cast<std::size_t>(at)];
  }
  DType types[k_max_inputs] = {};
  const std::span<DType> wanted(types, inputs.size());
  promoted_types(u, inputs, wanted);
  if (u.refuses_bool && std::all_of(wanted.begin(), wanted.end(), [](DType d) { return d == DType::bool_; })) {
    if (u.name == "subtract")
      throw_type_error(
          "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the "
          "logical_xor function instead.");
    if (u.name == "negative")
      throw_type_error(
          "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not "
          "function instead.");
    throw_type_error(
        fmt::format("ufunc '{}' did not contain a loop with signature matching types {}", u.name, name_of(types[0])));
  }
  for (const Loop& loop : u.loops)
    if (accepts(loop, wanted)) return loop;
  no_loop(u);
}

}  // namespace

const Loop& resolve(const Ufunc& u, std::span<const Input> inputs, std::optional<DType> dtype, Casting casting) {
  const Loop& loop = found_loop(u, inputs, dtype, casting);
  if (casting == Casting::no || casting == Casting::equiv) check_inputs(u, loop, inputs, casting);
  return loop;
}

void check_scalars(const Loop& loop, std::span<const Input> inputs) {
  alignas(16) std::byte unused[16];
  for (std::size_t k = 0; k < inputs.size(); ++k)
    if (inputs[k].is_weak() && is_integer(loop.types[k])) inputs[k].store_scalar(loop.types[k], unused);
}

DType result_type(std::span<const Input> inputs) {
  std::optional<DType> strong;
  std::optional<WeakKind> weak;
  for (const Input& in : inputs)
    if (in.is_weak()) weak = weak ? std::max(*weak, in.weak()) : in.weak();
  for (const bool floating : {true, false})  // floats first: float32, with int16 and uint16, stays float32
    for (const Input& in : inputs)
      if (!in.is_weak() && is_floating(in.type()) == floating)
        strong = strong ? promote(*strong, in.type()) : in.type();
  if (!strong) return default_dtype(*weak);
  return weak ? promote_weak(*strong, *weak) : *strong;
}

Dims broadcast_shape(std::span<const Input> inputs) {
  Dims shape(inputs[0].dims());
  for (std::size_t k = 1; k < inputs.size(); ++k)
    if (!same_dims(shape, inputs[k].dims())) shape = broadcast(shape, inputs[k].dims());
  return shape;
}

void execute(const Loop& loop, std::span<const Input> inputs, std::span<const ArrayRef> outs) {
  const std::span<const std::int64_t> shape = outs[0]->dims();
  if (outs[0]->size == 0) return;
  alignas(16) std::byte scalars[k_max_inputs][16];
  ArrayRef converted[k_max_inputs];
  Walk w;
  bool flat = true;
  std::int64_t steps[k_max_operands];
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const DType want = loop.types[k];
    if (inputs[k].is_weak()) {
      inputs[k].store_scalar(want, scalars[k]);
      w.add_scalar(scalars[k], static_cast<int>(shape.size()));
      steps[k] = 0;
      continue;
    }
    const Array* a = inputs[k].array();
    if (a->type() != want) {
      converted[k] = cast(*a, want);
      a = converted[k].get();
    }
    w.add(*a, shape);
    steps[k] = a->item_bytes();
    flat = flat && a->is_contiguous() && same_dims(a->dims(), shape);
  }
  for (std::size_t k = 0; k < outs.size(); ++k) {
    w.add(*outs[k], shape);
    steps[inputs.size() + k] = outs[k]->item_bytes();
    flat = flat && outs[k]->is_contiguous();
  }
  if (flat) {
    loop.fn(w.data, steps, outs[0]->size);
    return;
  }
  w.coalesce(shape);
  w.run(loop.fn);
}

namespace {
ArrayRef apply_to(const Ufunc& u, std::span<const Input> inputs) {
  const Loop& loop = resolve(u, inputs);
  check_scalars(loop, inputs);
  const ArrayRef out = Array::make(loop.types[inputs.size()], broadcast_shape(inputs));
  execute(loop, inputs, {&out, 1});
  return out;
}
}  // namespace

ArrayRef apply(const Ufunc& u, const Input& a) { return apply_to(u, {&a, 1}); }
ArrayRef apply(const Ufunc& u, const Input& a, const Input& b) {
  const Input both[] = {a, b};
  return apply_to(u, both);
}

}  // namespace flopscope::ufunc
