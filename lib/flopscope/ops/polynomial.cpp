// SPDX-License-Identifier: MIT
// The polynomial family: polynomials as lists of coefficients, highest power first, and window functions. Integers are
// worked in int64, other numbers in double or complex double; results have NumPy's dtypes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>
#include <whest/flopscope/ops/detail/polynomial_operations.hpp>
#include <whest/flopscope/ops/detail/wrapping.hpp>

namespace flopscope {
namespace {

using linalg::Complex;

// Calls f.operator()<T>() with std::int64_t, double or Complex.
template <class F>
decltype(auto) visit_number(DType d, F&& f) {
  if (is_complex(d)) return f.template operator()<Complex>();
  if (is_floating(d)) return f.template operator()<double>();
  return f.template operator()<std::int64_t>();
}

// A list of coefficients; a number is a list of one.
ArrayRef to_coefficients(const Value& v) {
  ArrayRef a = to_array(v);
  if (a->ndim == 1) return a;
  if (a->ndim > 1) throw_value_error("Polynomial must be 1d only.");
  const std::int64_t one = 1, step = a->item_bytes();
  return Array::view(a->storage(), a->items<std::byte>(), a->type(), {&one, 1}, {&step, 1});
}

// A list of coefficients where NumPy asks for the length of what it is given.
ArrayRef to_sized_coefficients(const Value& v) {
  if (to_array(v)->ndim == 0) throw_type_error("len() of unsized object");
  return to_coefficients(v);
}

template <class T>
std::vector<T> values_of(const Array& a) {
  const ArrayRef c = contiguous_as(a, dtype_of<T>);
  return {c->items<T>(), c->items<T>() + c->size};
}

template <class T>
ArrayRef array_of(const std::vector<T>& values, DType dtype) {
  return contiguous_as(*vector_array<T>(values), dtype);
}

DType floating(DType d) { return is_floating(d) ? d : DType::float64; }

double length_of(const Array& a) { return static_cast<double>(a.size); }

PriceInput lengths(const Array& a, const Array& b) {
  PriceInput p;
  p.m = length_of(a);
  p.n = length_of(b);
  p.out = std::max(p.m, p.n);
  return p;
}

enum class Sum : int { add, subtract };

// Rows of numbers instead of numbers: added as arrays, the shorter padded in front, which NumPy does to lists only.
Result run_sum_of_rows(Call& call, ArrayRef a, ArrayRef b) {
  if (a->ndim == 0 || b->ndim == 0) throw_type_error("len() of unsized object");
  if (ArrayRef& shorter = a->shape[0] < b->shape[0] ? a : b; a->shape[0] != b->shape[0]) {
    if (shorter->ndim != 1)
      throw_value_error("all the input array dimensions except for the concatenation axis must match exactly");
    const std::int64_t length = std::max(a->shape[0], b->shape[0]);
    const ArrayRef padded = zeros(shorter->type(), Dims{length});
    copy_into(*detail::sliced(*padded, 0, length - shorter->size, shorter->size), *shorter);
    shorter = padded;
  }
  const DType dtype = promote(a->type(), b->type());
  const Dims shape = broadcast(a->dims(), b->dims());
  PriceInput price;
  price.m = static_cast<double>(a->shape[0]);
  price.n = static_cast<double>(b->shape[0]);
  price.out = static_cast<double>(element_count(shape));
  call.charge(price, dtype);
  const bool subtract = static_cast<Sum>(call.op.variant) == Sum::subtract;
  return visit_number(dtype, [&]<class T>() {
    const std::vector<T> x = values_of<T>(*broadcast_view(*a, shape)), y = values_of<T>(*broadcast_view(*b, shape));
    ArrayRef out = Array::make(dtype_of<T>, shape);
    for (std::size_t i = 0; i < x.size(); ++i)
      out->template mutable_items<T>()[i] = subtract ? x[i] - y[i] : x[i] + y[i];
    return contiguous_as(*out, dtype);
  });
}

Result run_sum(Call& call) {
  if (const ArrayRef x = to_array(call.arg(0)), y = to_array(call.arg(1)); x->ndim > 1 || y->ndim > 1)
    return run_sum_of_rows(call, x, y);
  const ArrayRef a = to_coefficients(call.arg(0)), b = to_coefficients(call.arg(1));
  const DType dtype = promote(a->type(), b->type());
  call.charge(lengths(*a, *b), dtype);
  const bool subtract = static_cast<Sum>(call.op.variant) == Sum::subtract;
  return visit_number(dtype, [&]<class T>() {
    const std::vector<T> x = values_of<T>(*a), y = values_of<T>(*b);
    std::vector<T> out(std::max(x.size(), y.size()), T{});
    std::copy(x.begin(), x.end(), out.end() - static_cast<std::ptrdiff_t>(x.size()));
    for (std::size_t i = 0; i < y.size(); ++i) {
      T& to = out[out.size() - y.size() + i];
      to = subtract ? ufunc::difference_of(to, y[i]) : ufunc::sum_of(to, y[i]);
    }
    return array_of(out, dtype);
  });
}

template <class T>
void drop_leading_zeros(std::vector<T>& v) {
  v.erase(v.begin(), std::find_if(v.begin(), v.end(), [](T x) { return x != T{}; }));
  if (v.empty()) v.push_back(T{});
}

Result run_polymul(Call& call) {
  const ArrayRef a = to_sized_coefficients(call.arg(0)), b = to_sized_coefficients(call.arg(1));
  const DType dtype = promote(a->type(), b->type());
  call.charge(lengths(*a, *b), dtype);
  return visit_number(dtype, [&]<class T>() {
    std::vector<T> x = values_of<T>(*a), y = values_of<T>(*b);
    drop_leading_zeros(x);
    drop_leading_zeros(y);
    std::vector<T> out(x.size() + y.size() - 1, T{});
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t j = 0; j < y.size(); ++j) out[i + j] = ufunc::multiply_add(out[i + j], x[i], y[j]);
    return array_of(out, dtype);
  });
}

template <class T>
T reciprocal(T x) {
  return T(1) / x;
}
// Smith's formula, in the precision of the parts as NumPy has it.
template <class R>
std::complex<R> reciprocal(std::complex<R> x) {
  if (std::abs(x.real()) >= std::abs(x.imag())) {
    const R ratio = x.imag() / x.real(), scale = R(1) / (x.real() + x.imag() * ratio);
    return {scale, -ratio * scale};
  }
  const R ratio = x.real() / x.imag(), scale = R(1) / (x.imag() + x.real() * ratio);
  return {ratio * scale, -scale};
}

// The reciprocal of a number that was single, in the precision it had.
double reciprocal_of_single(double x) { return reciprocal(static_cast<float>(x)); }
Complex reciprocal_of_single(Complex x) { return Complex(reciprocal(Complex64(x))); }

// Division in the precision of the result, since its rounding decides which leading coefficients of the remainder are
// nearly zero and dropped.
template <class T>
Result divided(const Array& u, const Array& v, DType dtype, bool divisor_is_single) {
  std::vector<T> r = values_of<T>(u);
  const std::vector<T> y = values_of<T>(v);
  const std::size_t quotients = r.size() >= y.size() ? r.size() - y.size() + 1 : 0;
  std::vector<T> q(std::max<std::size_t>(quotients, 1), T{});
  T scale = reciprocal(y[0]);
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, Complex>) {
    if (divisor_is_single) scale = reciprocal_of_single(y[0]);
  }
  for (std::size_t k = 0; k < quotients; ++k) {
    q[k] = scale * r[k];
    for (std::size_t j = 0; j < y.size(); ++j) r[k + j] -= q[k] * y[j];
  }
  while (r.size() > 1 && std::abs(r[0]) <= 1e-8) r.erase(r.begin());
  return Result::tuple({array_of(q, dtype), array_of(r, dtype)});
}

Result run_polydiv(Call& call) {
  const ArrayRef u = to_coefficients(call.arg(0)), v = to_coefficients(call.arg(1));
  if (u->size == 0 || v->size == 0) throw_index_error("index 0 is out of bounds for axis 0 with size 0");
  call.charge(lengths(*u, *v), floating(promote(u->type(), v->type())));
  const DType dtype = promote(floating(u->type()), floating(v->type()));
  const bool single = real_part_of(v->type()) == DType::float32;
  if (dtype == DType::complex128) return divided<Complex>(*u, *v, dtype, single);
  if (dtype == DType::complex64) return divided<Complex64>(*u, *v, dtype, single);
  if (dtype == DType::float32) return divided<float>(*u, *v, dtype, single);
  return divided<double>(*u, *v, dtype, single);
}

Result run_polyder(Call& call) {
  const ArrayRef p = to_sized_coefficients(call.arg(0));
  const std::int64_t order = call.arg(1).is_missing() ? 1 : to_whole(call.arg(1), "m");
  if (order < 0) throw_value_error("Order of derivative must be positive (see polyint)");
  const DType dtype = promote(p->type(), DType::int64);
  PriceInput price;
  price.n = length_of(*p);
  price.k = static_cast<double>(order);
  call.charge(price, dtype);
  if (order == 0) return copy_of(*p);
  return visit_number(dtype, [&]<class T>() {
    std::vector<T> c = values_of<T>(*p);
    for (std::int64_t i = 0; i < order && !c.empty(); ++i) {
      c.pop_back();
      for (std::size_t j = 0; j < c.size(); ++j) c[j] *= static_cast<T>(c.size() - j);
    }
    return array_of(c, dtype);
  });
}

Result run_polyint(Call& call) {
  const ArrayRef p = to_sized_coefficients(call.arg(0));
  const std::int64_t order = call.arg(1).is_missing() ? 1 : to_whole(call.arg(1), "m");
  if (order < 0) throw_value_error("Order of integral must be positive (see polyder)");
  const ArrayRef constants = call.arg(2).is_absent() ? zeros(DType::float64, Dims{std::max<std::int64_t>(order, 1)})
                                                     : to_coefficients(call.arg(2));
  if (constants->size != 1 && constants->size < order)
    throw_value_error("k must be a scalar or a rank-1 array of length 1 or >m.");
  DType dtype = promote(p->type(), DType::int64);
  if (!is_floating(dtype)) dtype = DType::float64;
  PriceInput price;
  price.n = length_of(*p);
  price.k = static_cast<double>(order);
  call.charge(price, dtype);
  if (order == 0) return copy_of(*p);
  if (!call.arg(2).is_absent()) dtype = promote(dtype, constants->type());
  if (order > std::int64_t{1} << 32) throw Error(ErrorKind::memory_error, "Unable to allocate the coefficients");
  return visit_number(dtype, [&]<class T>() -> Result {
    if constexpr (std::is_same_v<T, std::int64_t>) {
      return {};  // not reached: the dtype is floating
    } else {
      std::vector<T> c = values_of<T>(*p);
      const std::vector<T> k = values_of<T>(*constants);
      for (std::int64_t i = 0; i < order; ++i) {
        for (std::size_t j = 0; j < c.size(); ++j) c[j] /= static_cast<double>(c.size() - j);
        c.push_back(k[k.size() == 1 ? 0 : static_cast<std::size_t>(i)]);
      }
      return array_of(c, dtype);
    }
  });
}

Result run_polyval(Call& call) {
  const ArrayRef p = to_array(call.arg(0)), x = to_array(call.arg(1));
  if (p->ndim == 0) throw_type_error("len() of unsized object");
  const DType dtype = promote(p->type(), x->type());
  // A coefficient may be an array, which each step meets with x.
  const Dims coefficient_shape(p->dims().subspan(1));
  const Dims shape = p->shape[0] == 0 ? Dims(x->dims()) : broadcast(coefficient_shape, x->dims());
  PriceInput price;
  price.n = static_cast<double>(p->shape[0]);
  price.in = length_of(*x);
  price.out = static_cast<double>(element_count(shape));
  call.charge(price, dtype);
  if (p->shape[0] == 0) return zeros(x->type(), shape);
  return visit_number(dtype, [&]<class T>() -> Result {
    const ArrayRef points = contiguous_as(*broadcast_view(*x, shape), dtype_of<T>);
    ArrayRef out = zeros(dtype_of<T>, shape);
    const T* at = points->items<T>();
    T* y = out->mutable_items<T>();
    for (std::int64_t k = 0; k < p->shape[0]; ++k) {
      const ArrayRef c = contiguous_as(*broadcast_view(*detail::at_position(*p, 0, k), shape), dtype_of<T>);
      for (std::int64_t i = 0; i < out->size; ++i) y[i] = ufunc::multiply_add(c->items<T>()[i], y[i], at[i]);
    }
    return contiguous_as(*out, dtype);
  });
}

// Eigenvalues of one n x n matrix, real where the operand is real and all of them are.
ArrayRef eigenvalues(const Array& a, std::int64_t n, DType dtype) {
  const linalg::StackShape shape{.batch = {}, .count = 1, .m = n, .n = n};
  const ArrayRef w = linalg::eigenvalues(*contiguous_as(a, linalg::work_dtype(dtype)), shape);
  const Complex* v = w->items<Complex>();
  const bool real = std::all_of(v, v + w->size, [](Complex z) { return z.imag() == 0; });
  return contiguous_as(*w, is_complex(dtype) || real ? dtype : complex_of(dtype));
}

Result run_roots(Call& call) {
  const ArrayRef p = to_array(call.arg(0));
  if (p->ndim > 1) throw_value_error("Input must be a rank-1 array.");
  if (p->ndim == 0) throw_type_error("len() of unsized object");
  std::vector<Complex> c = values_of<Complex>(*p);
  PriceInput price;
  price.m = length_of(*p) - 1;
  const auto is_zero = [](Complex z) { return z == Complex(0); };
  const bool all_zero = std::all_of(c.begin(), c.end(), is_zero);
  std::int64_t trailing = 0;
  if (!all_zero) {
    while (is_zero(c.back())) {
      c.pop_back();
      ++trailing;
    }
    c.erase(c.begin(), std::find_if_not(c.begin(), c.end(), is_zero));
    price.n = static_cast<double>(c.size() - 1);
  }
  // Where no matrix is made, any floating dtype will do.
  const DType dtype = price.n == 0 && is_floating(p->type()) ? p->type() : linalg::result_dtype(p->type());
  call.charge(price, dtype);
  if (all_zero) return Array::make(DType::float64, Dims{0});

  const auto n = static_cast<std::int64_t>(c.size()) - 1;
  ArrayRef found = Array::make(DType::float64, Dims{0});
  if (n > 0) {  // the companion matrix: minus the coefficients above ones
    ArrayRef companion = zeros(DType::complex128, Dims{n, n});
    auto* m = companion->mutable_items<Complex>();
    for (std::int64_t j = 0; j < n; ++j) m[j] = -c[static_cast<std::size_t>(j + 1)] / c[0];
    for (std::int64_t i = 1; i < n; ++i) m[i * n + i - 1] = 1;
    found = eigenvalues(*companion, n, dtype);
  }
  ArrayRef out = zeros(found->type(), Dims{n + trailing});
  std::copy_n(found->items<std::byte>(), found->size * found->item_bytes(), out->mutable_items<std::byte>());
  return out;
}

// Whether the roots are real or come in conjugate pairs, so that the polynomial's coefficients are real.
bool in_conjugate_pairs(std::vector<Complex> roots) {
  std::vector<Complex> mirrored;
  for (const Complex z : roots) mirrored.push_back(std::conj(z));
  const auto before = [](Complex a, Complex b) {
    return a.real() != b.real() ? a.real() < b.real() : a.imag() < b.imag();
  };
  std::sort(roots.begin(), roots.end(), before);
  std::sort(mirrored.begin(), mirrored.end(), before);
  return roots == mirrored;
}

Result run_poly(Call& call) {
  const ArrayRef given = to_array(call.arg(0));
  const bool matrix = given->ndim == 2 && given->shape[0] == given->shape[1] && given->shape[0] != 0;
  if (!matrix && given->ndim > 1) throw_value_error("input must be 1d or non-empty square 2d array.");
  DType dtype = is_floating(given->type()) && given->type() != DType::float16 ? given->type() : DType::float64;
  PriceInput price;
  price.n = static_cast<double>(matrix ? given->shape[0] : given->size);
  price.extra = matrix ? 1 : 0;
  call.charge(price, dtype);
  if (given->size == 0) return Result::real(1.0);
  ArrayRef roots = given;
  if (matrix) {
    roots = eigenvalues(*given, given->shape[0], dtype);
    dtype = roots->type();
  }
  const std::vector<Complex> zeros_of = values_of<Complex>(*roots);
  std::vector<Complex> a{1};
  for (const Complex z : zeros_of) {
    a.push_back(0);
    for (std::size_t i = a.size() - 1; i > 0; --i) a[i] -= z * a[i - 1];
  }
  return array_of(a, in_conjugate_pairs(zeros_of) ? real_part_of(dtype) : dtype);
}

constexpr Operation k_operations[] = {
    {.name = "polyadd",
     .signature = "a1, a2",
     .run = run_sum,
     .formula = "polynomial.longest",
     .variant = static_cast<int>(Sum::add),
     .log_shapes = LogShapes::first_two},
    {.name = "polysub",
     .signature = "a1, a2",
     .run = run_sum,
     .formula = "polynomial.longest",
     .variant = static_cast<int>(Sum::subtract),
     .log_shapes = LogShapes::first_two},
    {.name = "polymul",
     .signature = "a1, a2",
     .run = run_polymul,
     .formula = "polynomial.m_times_n",
     .log_shapes = LogShapes::first_two},
    {.name = "polydiv",
     .signature = "u, v",
     .run = run_polydiv,
     .formula = "polynomial.m_times_n",
     .log_shapes = LogShapes::first_two},
    {.name = "polyder", .signature = "p, m=1", .run = run_polyder, .formula = "polynomial.n"},
    {.name = "polyint", .signature = "p, m=1, k=None", .run = run_polyint, .formula = "polynomial.n"},
    {.name = "polyval",
     .signature = "p, x",
     .run = run_polyval,
     .formula = "polynomial.horner",
     .log_shapes = LogShapes::first_two},
    {.name = "polyfit",
     .signature = "x, y, deg, rcond=None, full=False, w=None, cov=False",
     .run = polynomial::run_polyfit,
     .formula = "polynomial.fit_2mn2"},
    {.name = "poly", .signature = "seq_of_zeros", .run = run_poly, .formula = "polynomial.n2"},
    {.name = "roots", .signature = "p", .run = run_roots, .formula = "polynomial.m3"},
    polynomial::k_windows[0],
    polynomial::k_windows[1],
    polynomial::k_windows[2],
    polynomial::k_windows[3],
    polynomial::k_windows[4],
};

}  // namespace

std::span<const Operation> polynomial_operations() { return k_operations; }

}  // namespace flopscope
