// SPDX-License-Identifier: MIT
// Conversion between element types, and copies between layouts: the internal moves that charge nothing.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <whest/flopscope/core/array.hpp>
#include <whest/flopscope/core/half.hpp>

namespace flopscope {
namespace {

template <class T>
inline constexpr bool k_is_complex = std::is_same_v<T, Complex64> || std::is_same_v<T, Complex128>;
template <class T>
inline constexpr bool k_is_real = std::is_same_v<T, Half> || std::is_same_v<T, float> || std::is_same_v<T, double>;

// Floating to integer as x86 does it in NumPy: truncation; out of range and NaN give the smallest int32, or int64 for
// wider targets and uint32, which then wraps.
template <class To>
To real_to_integer(double x) {
  if constexpr (std::is_same_v<To, std::uint64_t>) {
    if (x >= 9223372036854775808.0) return x < 18446744073709551616.0 ? static_cast<std::uint64_t>(x) : 0;
  }
  using Register = std::conditional_t<(sizeof(To) < 4 || std::is_same_v<To, std::int32_t>), std::int32_t, std::int64_t>;
  constexpr double k_end = -static_cast<double>(std::numeric_limits<Register>::min());  // exact: a power of two
  // Where a fraction below the smallest integer can be told apart, it is cut off and fits.
  const bool fits = (sizeof(Register) < 8 ? x > -k_end - 1 : x >= -k_end) && x < k_end;
  return static_cast<To>(fits ? static_cast<Register>(x) : std::numeric_limits<Register>::min());
}

template <class To, class From>
To convert(From x) {
  if constexpr (std::is_same_v<To, From>)
    return x;
  else if constexpr (std::is_same_v<From, Half>)
    return convert<To>(float_of(x));
  else if constexpr (std::is_same_v<To, bool>) {
    if constexpr (k_is_real<From>)
      return static_cast<double>(x) != 0;
    else
      return x != From{};
  } else if constexpr (k_is_complex<To>) {
    using R = typename To::value_type;
    if constexpr (k_is_complex<From>)
      return To(static_cast<R>(x.real()), static_cast<R>(x.imag()));
    else
      return To(static_cast<R>(x), R{0});
  } else if constexpr (k_is_complex<From>)
    return convert<To>(x.real());
  else if constexpr (k_is_real<From> && !k_is_real<To>)
    return real_to_integer<To>(static_cast<double>(x));
  else if constexpr (std::is_same_v<To, Half>) {
    if constexpr (std::is_same_v<From, float>)
      return half_of(x);
    else
      return half_of(static_cast<double>(x));
  } else
    return static_cast<To>(x);
}

// One row of elements, any strides.
using RowCopy = void (*)(std::byte* dst, std::int64_t dst_step, const std::byte* src, std::int64_t src_step,
                         std::int64_t n);

template <class To, class From>
void copy_row(std::byte* dst, std::int64_t ds, const std::byte* src, std::int64_t ss, std::int64_t n) {
  if (ds == sizeof(To) && ss == sizeof(From)) {
    const From* from = reinterpret_cast<const From*>(src);
    To* to = reinterpret_cast<To*>(dst);
    for (std::int64_t i = 0; i < n; ++i) to[i] = convert<To>(from[i]);
    return;
  }
  for (std::int64_t i = 0; i < n; ++i, dst += ds, src += ss) {
    From x;
    std::memcpy(&x, src, sizeof x);
    const To y = convert<To>(x);
    std::memcpy(dst, &y, sizeof y);
  }
}

template <class From>
RowCopy row_copy_from(DType to) {
  return visit_dtype(to, []<class To>() -> RowCopy { return &copy_row<To, From>; });
}

RowCopy row_copy(DType to, DType from) {
  return visit_dtype(from, [to]<class From>() -> RowCopy { return row_copy_from<From>(to); });
}

void copy_strided(const Array& dst, const Array& src) {  // equal shapes
  if (dst.size == 0) return;
  const RowCopy row = row_copy(dst.type(), src.type());
  std::byte* d = dst.mutable_items<std::byte>();
  const std::byte* s = src.items<std::byte>();
  if (dst.is_contiguous() && src.is_contiguous()) {
    if (dst.dtype == src.dtype)
      std::memmove(d, s, static_cast<std::size_t>(dst.size * dst.item_bytes()));
    else
      row(d, dst.item_bytes(), s, src.item_bytes(), dst.size);
    return;
  }
  const int nd = dst.ndim;
  std::int64_t index[k_max_dims] = {};
  for (;;) {
    row(d, dst.strides[nd - 1], s, src.strides[nd - 1], dst.shape[nd - 1]);
    int k = nd - 2;
    for (; k >= 0; --k) {
      d += dst.strides[k];
      s += src.strides[k];
      if (++index[k] < dst.shape[k]) break;
      d -= dst.strides[k] * dst.shape[k];
      s -= src.strides[k] * dst.shape[k];
      index[k] = 0;
    }
    if (k < 0) return;
  }
}

}  // namespace

void copy_into(const Array& dst, const Array& src) {
  dst.require_writable();  // whatever the operation has looked at before
  ArrayRef from = std::equal(dst.dims().begin(), dst.dims().end(), src.dims().begin(), src.dims().end())
                      ? ref_of(src)
                      : broadcast_view(src, dst.dims());
  const bool each_on_itself = dst.data == from->data && std::ranges::equal(dst.byte_strides(), from->byte_strides());
  const bool overlap = dst.storage() == src.storage() && !each_on_itself;
  copy_strided(dst, overlap ? *copy_of(*from) : *from);
}

ArrayRef cast(const Array& a, DType to) {
  ArrayRef out = Array::make(to, a.dims());
  copy_strided(*out, a);
  return out;
}

ArrayRef copy_of(const Array& a) { return cast(a, a.type()); }
ArrayRef contiguous_copy_if_needed(const Array& a) { return a.is_contiguous() ? ref_of(a) : copy_of(a); }
ArrayRef contiguous_as(const Array& a, DType to) { return a.type() == to ? contiguous_copy_if_needed(a) : cast(a, to); }

namespace {
template <class To>
To read_as(const Array& a, const std::byte* at) {
  To out;
  row_copy(dtype_of<To>, a.type())(reinterpret_cast<std::byte*>(&out), 0, at, 0, 1);
  return out;
}
void require_one_element(const Array& a) {
  if (a.size != 1) throw_type_error("only length-1 arrays can be converted to Python scalars");
}
}  // namespace

double read_double(const Array& a, const std::byte* at) { return read_as<double>(a, at); }
Complex128 read_complex(const Array& a, const std::byte* at) { return read_as<Complex128>(a, at); }
std::int64_t read_int64(const Array& a, const std::byte* at) { return read_as<std::int64_t>(a, at); }

double item_double(const Array& a) {
  require_one_element(a);
  return read_double(a, a.items<std::byte>());
}
std::int64_t item_int64(const Array& a) {
  require_one_element(a);
  return read_int64(a, a.items<std::byte>());
}

}  // namespace flopscope
