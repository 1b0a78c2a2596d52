// SPDX-License-Identifier: MIT
#include "sensible.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <whest/flopscope/symmetry/tag.hpp>

#include "recipes.hpp"

namespace whest::fuzz {
namespace {

bool one_of(std::string_view name, std::string_view words) {
  std::size_t at = 0;
  while (at < words.size()) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (words.substr(at, end - at) == name) return true;
    at = end + 1;
  }
  return false;
}

// ---- What shape and dtype the arrays of a call have ----

bool works_on_matrices(std::string_view name) {
  return name.starts_with("linalg.") || name.starts_with("fft.") ||
         one_of(name,
                "matmul dot inner vdot vecdot matvec vecmat tensordot method.__imatmul__ fill_diagonal trace diagonal "
                "method.diagonal tril triu fliplr flipud rot90 matrix_transpose method.mT swapaxes method.swapaxes "
                "moveaxis rollaxis diag_indices_from tril_indices_from triu_indices_from histogramdd lexsort vsplit "
                "hsplit as_symmetric SymmetricTensor is_symmetric symmetrize random.symmetric cov corrcoef kron "
                "bmat block diag");
}
bool works_on_vectors(std::string_view name) {
  return name.starts_with("poly") ||
         one_of(name,
                "roots convolve correlate interp bincount histogram2d trim_zeros ix_ meshgrid searchsorted digitize "
                "vander fromiter random.shuffle random.RandomState.shuffle random.Generator.shuffle "
                "random.permutation random.RandomState.permutation");
}
bool works_on_integers(std::string_view name) {
  return name.starts_with("bitwise_") || name.find("_shift") != std::string_view::npos ||
         one_of(name,
                "invert gcd lcm bincount method.__iand__ method.__ior__ method.__ixor__ method.__ilshift__ "
                "method.__irshift__ method.__index__ method.__int__ ldexp");
}

Shape shape_for(std::string_view name, Random& random) {
  const std::int64_t n = random.between(2, 4);
  if (name == "dsplit") return {n, n, n};
  if (one_of(name, "linalg.tensorinv linalg.tensorsolve")) return {n, n};
  if (one_of(name, "method.item method.__float__ method.__int__ method.__index__ method.__complex__ method.__bool__"))
    return random.one_in(2) ? Shape{} : Shape{1};
  if (one_of(name, "cross linalg.cross")) return random.one_in(2) ? Shape{3} : Shape{n, 3};
  if (works_on_vectors(name)) return {random.between(3, 6)};
  if (works_on_matrices(name)) return random.one_in(8) && name.starts_with("linalg.") ? Shape{2, n, n} : Shape{n, n};
  Shape shape;
  for (std::int64_t axes = random.one_in(12) ? 0 : random.between(1, 3); axes > 0; --axes)
    shape.push_back(random.one_in(40) ? 0 : random.between(1, 4));
  if (random.one_in(3) && !shape.empty()) std::fill(shape.begin(), shape.end(), shape[0]);
  return shape;
}

DType dtype_for(std::string_view name, Random& random) {
  if (name == "packbits") return random.of({DType::bool_, DType::uint8});
  if (name == "unpackbits") return DType::uint8;
  if (works_on_integers(name))
    return random.of({DType::int64, DType::int32, DType::int8, DType::uint8, DType::uint16, DType::int16});
  if (name.starts_with("linalg.") || name.starts_with("fft."))
    return random.of(
        {DType::float64, DType::float32, DType::float64, DType::complex128, DType::complex64, DType::int64});
  if (random.one_in(12)) return random.of({DType::complex64, DType::complex128});
  if (random.one_in(20)) return DType::bool_;
  return random.of({DType::float64, DType::float64, DType::float64, DType::float32, DType::float32, DType::float16,
                    DType::int64, DType::int32, DType::int16, DType::int8, DType::uint8, DType::uint64});
}

// "random.Generator.normal" and "random.RandomState.normal" are drawn as "random.normal".
std::string without_class(std::string_view name) {
  std::string text(name);
  for (const std::string_view part : {"Generator.", "RandomState."})
    if (const std::size_t at = text.find(part); at != std::string::npos) text.erase(at, part.size());
  return text;
}

}  // namespace

Sensible::Sensible(Values& values, const flopscope::Operation& op)
    : m_values(values),
      m_op(op),
      m_shape(shape_for(op.name, values.random())),
      m_dtype(dtype_for(op.name, values.random())) {
  if (op.name.find("multivariate_normal") != std::string_view::npos) m_shape = {3, 3};
}

std::optional<Value> Sensible::value(std::string_view parameter, bool optional) {
  const std::string name = without_class(m_op.name);
  if (parameter == "self") {
    const Pool& pool = values().pool();
    return Value::of_object(
        (m_op.name.find("RandomState") == std::string_view::npos ? pool.generators : pool.random_states).front());
  }
  const std::string family = name.substr(0, name.find('.') == std::string::npos ? 0 : name.find('.'));
  for (const std::string& scope : {name, family, std::string()}) {
    const Recipe recipe = recipe_for(scope + "/" + std::string(parameter));
    if (recipe == nullptr) continue;
    const Value v = recipe(*this);
    return v.is_missing() ? std::nullopt : std::optional(v);
  }
  if (optional) return std::nullopt;
  return operand();
}

bool Sensible::wants(std::string_view parameter) const {
  return one_of(std::string(m_op.name) + "/" + std::string(parameter),
                "linalg.tensorinv/ind tensordot/axes arange/stop random.symmetric/shape where/x where/y "
                "linalg.tensordot/axes take/axis cumulative_sum/axis cumulative_prod/axis "
                "random.Generator.integers/high random.randint/high "
                "random.RandomState.randint/high random.RandomState.random_integers/high random.uniform/high "
                "random.RandomState.uniform/high random.Generator.uniform/high compress/axis method.compress/axis");
}

std::optional<std::vector<Value>> Sensible::together() {
  if (!is("einsum") && !is("einsum_path")) return std::nullopt;
  // Up to five operands over labels of fixed sizes; some operands the same object, some tagged.
  std::array<std::int64_t, 5> sizes;
  const bool equal = random().one_in(2);
  for (std::int64_t& n : sizes) n = equal ? 3 : random().between(1, 4);
  std::string text, labels;
  std::vector<Value> arguments{Value()};
  Shape last_shape;
  for (std::int64_t n = random().between(1, random().one_in(6) ? 5 : 3); n > 0; --n) {
    Shape shape;
    for (std::int64_t k = random().between(n == 1 ? 1 : 0, 3); k > 0; --k) {
      const auto label = static_cast<std::size_t>(random().below(5));
      text += static_cast<char>('a' + label);
      if (labels.find(text.back()) == std::string::npos) labels += text.back();
      shape.push_back(sizes[label]);
    }
    const bool again = arguments.size() > 1 && shape == last_shape && random().one_in(2);
    if (again) {
      arguments.push_back(arguments.back());
    } else {
      const bool tagged = shape.size() >= 2 && shape.front() == shape.back() && random().one_in(3);
      const ArrayRef a = values().fresh(m_dtype, shape, tagged ? 1 : 0, tagged ? 1 : 2);
      if (tagged) a->set_tag(flopscope::symmetry::Tag::symmetric({0, static_cast<int>(shape.size()) - 1}));
      arguments.push_back(values().kept(a));
    }
    last_shape = shape;
    if (n > 1) text += ',';
  }
  text += "->";
  for (const char c : labels)
    if (random().one_in(2)) text += c;
  arguments.front() = values().text(text);
  return arguments;
}

Value Sensible::operand() {
  if (!takes("a1, a2") && random().one_in(10) && !works_on_matrices(m_op.name) && !m_op.name.starts_with("method."))
    return flopscope::is_integer(m_dtype) ? whole(0, 3) : real(-3, 3);
  const bool square = std::adjacent_find(m_shape.begin(), m_shape.end(), std::not_equal_to<>()) == m_shape.end();
  const double low = flopscope::is_unsigned_integer(m_dtype) || m_dtype == DType::bool_ ? 0 : -3;
  if (square && ndim() >= 2 && random().one_in(5)) {
    const ArrayRef equal = values().fresh(m_dtype, m_shape, 1, 1);
    std::vector<int> axes;
    for (int i = 0; i < ndim(); ++i) axes.push_back(i);
    equal->set_tag(random().one_in(2) ? flopscope::symmetry::Tag::symmetric(axes)
                                      : flopscope::symmetry::Tag::cyclic(axes));
    return values().kept(equal);
  }
  Shape own = m_shape;
  if (takes("x1, x2") && !works_on_matrices(m_op.name) && !own.empty() && random().one_in(5))
    own[static_cast<std::size_t>(random().below(ndim()))] = 1;
  return values().filled(m_dtype, own, low, 3);
}

Value Sensible::real(double low, double high) {
  return Value::real(low + static_cast<double>(random().below(static_cast<std::int64_t>((high - low) * 4) + 1)) / 4);
}

Value Sensible::word(std::initializer_list<const char*> words) { return Value::string(random().of(words)); }

Value Sensible::positions(const Shape& of, std::int64_t below) {
  const ArrayRef a = flopscope::Array::make(DType::int64, of);
  for (std::int64_t i = 0; i < a->size; ++i)
    a->mutable_items<std::int64_t>()[i] = random().below(std::max<std::int64_t>(below, 1));
  return values().kept(a);
}

Value Sensible::as_items(const Shape& numbers) {
  std::vector<Value> list;
  for (const std::int64_t n : numbers) list.push_back(Value::integer(n));
  return values().items(std::move(list));
}

Value Sensible::regular_matrix() {
  const std::int64_t n = length();
  const Shape shape = ndim() < 2 ? Shape{n, n} : m_shape;
  const ArrayRef a = flopscope::zeros(DType::float64, shape);
  for (std::int64_t m = 0; m < a->size / (n * n); ++m)
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j <= i; ++j) {
        const double x = i == j ? 8 + static_cast<double>(i) : static_cast<double>(random().below(3)) / 2;
        a->mutable_items<double>()[(m * n + i) * n + j] = a->mutable_items<double>()[(m * n + j) * n + i] = x;
      }
  return values().kept(flopscope::cast(*a, m_dtype));
}

}  // namespace whest::fuzz
