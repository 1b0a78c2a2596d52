// SPDX-License-Identifier: MIT
// Testing and making symmetric values. A group element permutes the axes: x[i] = x[i moved].
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <whest/flopscope/ops/detail/finite.hpp>
#include <whest/flopscope/ops/detail/symmetric_values.hpp>
#include <whest/flopscope/symmetry/refusal.hpp>

namespace flopscope::contract {
namespace {

using symmetry::Permutation;
using symmetry::Tag;

// The array with its tagged axes permuted, a view.
ArrayRef permuted_view(const Array& a, const Tag& tag, symmetry::Image p) {
  Dims shape(a.dims()), strides(a.byte_strides());
  for (std::size_t i = 0; i < p.size(); ++i) {
    const int from = tag.axes()[p[i]], to = tag.axes()[i];
    shape[to] = a.shape[from];
    strides[to] = a.strides[from];
  }
  return Array::view(a.storage(), a.items<std::byte>(), a.type(), shape, strides);
}

ArrayRef as_complex(const Array& a) { return contiguous_as(a, DType::complex128); }

std::vector<int> axes_list(const Value& v) {
  std::vector<int> axes;
  for (const Value& item : v.as_items()) axes.push_back(static_cast<int>(to_int(item, "symmetry")));
  return axes;
}

void require_disjoint(const std::vector<std::vector<int>>& blocks) {
  std::set<int> seen;
  for (const auto& block : blocks)
    for (const int axis : std::set<int>(block.begin(), block.end()))
      if (!seen.insert(axis).second)
        throw_value_error(fmt::format("symmetry partition blocks overlap on axes ({},)", axis));
}

}  // namespace

TagRef to_tag(const Value& v) {
  if (v.is(ValueKind::group)) return v.as_group();
  if (v.is_absent()) throw_value_error("symmetry must be provided");
  if (!v.is_sequence()) throw_type_error("symmetry must be a group, a list of axes or a list of blocks of axes");
  const bool of_blocks = !v.as_items().empty() && v.as_items()[0].is_sequence();
  if (!of_blocks) return Tag::symmetric(axes_list(v));
  std::vector<std::vector<int>> blocks;
  for (const Value& block : v.as_items()) {
    if (!block.is_sequence()) throw_type_error("symmetry must be a list of axes or a list of blocks of axes");
    blocks.push_back(axes_list(block));
  }
  require_disjoint(blocks);
  return blocks.size() == 1 ? Tag::symmetric(blocks.front()) : Tag::young(blocks);
}

Deviation deviation(const Array& a, const Tag& tag, double atol, double rtol) {
  Deviation worst;
  const ArrayRef plain = as_complex(a);
  const Complex128* x = plain->items<Complex128>();
  for (const Permutation& g : tag.group().generators()) {
    const ArrayRef moved = as_complex(*permuted_view(*plain, tag, g));
    const Complex128* y = moved->items<Complex128>();
    for (std::int64_t i = 0; i < plain->size; ++i) {
      if (x[i] == y[i]) continue;
      const double difference = std::abs(x[i] - y[i]);
      if (!(difference <= worst.largest)) worst.largest = difference;
      const double allowed = atol + rtol * std::abs(x[i]);
      if (!(difference <= allowed) || std::isinf(allowed)) worst.passes = false;
    }
  }
  return worst;
}

void require_symmetric(const Array& a, const Tag& tag, double atol, double rtol) {
  symmetry::require_fits(tag, a.dims());
  const Deviation d = deviation(a, tag, atol, rtol);
  if (d.passes) return;
  throw Error(ErrorKind::symmetry_error,
              fmt::format("Tensor not symmetric along axes ({}): max deviation = {} (tolerance: atol={:g}, rtol={:g})",
                          fmt::join(tag.axes(), ", "), d.largest, atol, rtol));
}

namespace {

// To the bit, as the products of symmetric operands mostly have it: no tolerance need be asked then.
bool is_invariant(const Array& contiguous, const Tag& tag) {
  const auto bytes = static_cast<std::size_t>(contiguous.size * contiguous.item_bytes());
  return std::ranges::all_of(tag.group().generators(), [&](const Permutation& g) {
    const ArrayRef moved = contiguous_copy_if_needed(*permuted_view(contiguous, tag, g));
    return std::memcmp(contiguous.data, moved->data, bytes) == 0;
  });
}

}  // namespace

bool takes_tag(const CostModel& model, const Array& product, const Tag& tag) {
  symmetry::require_fits(tag, product.dims());
  const ArrayRef plain = contiguous_copy_if_needed(product);
  if (!detail::all_finite(*plain)) return !model.writes_void_tags();
  if (!is_invariant(*plain, tag)) require_symmetric(*plain, tag, k_default_atol, k_default_rtol);
  return true;
}

namespace {

// The elements in the order in which the packages find them, which decides the last bit of a sum over them: from each
// generator on, what is found is multiplied by every generator from the right and from the left.
std::vector<Permutation> elements_as_found(const symmetry::Group& group) {
  const auto generators = group.generators();
  std::vector<Permutation> found{symmetry::identity_permutation(group.degree())};
  std::set<Permutation> seen(found.begin(), found.end());
  const auto find = [&](Permutation p) {
    if (seen.insert(p).second) found.push_back(std::move(p));
  };
  for (const Permutation& generator : generators) {
    std::size_t next = found.size();
    find(generator);
    for (; next < found.size(); ++next)
      for (const Permutation& g : generators) {
        find(symmetry::compose(found[next], g));
        find(symmetry::compose(g, found[next]));
      }
  }
  return found;
}

template <class T>
ArrayRef mean_over(const Array& a, const Tag& tag) {
  const std::vector<Permutation> elements = elements_as_found(tag.group());
  const ArrayRef plain = contiguous_as(a, dtype_of<T>);
  std::vector<T> sum(static_cast<std::size_t>(plain->size));
  for (const Permutation& element : elements) {
    const ArrayRef moved = contiguous_copy_if_needed(*permuted_view(*plain, tag, element));
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += moved->template items<T>()[i];
  }
  const auto count = static_cast<double>(elements.size());
  ArrayRef mean = Array::make(dtype_of<T>, a.dims());
  for (std::size_t i = 0; i < sum.size(); ++i)  // NumPy divides a complex number by a real one by its reciprocal
    mean->template mutable_items<T>()[i] = std::is_same_v<T, double> ? sum[i] / count : sum[i] * (1 / count);
  return mean;
}

}  // namespace

ArrayRef projected(const Array& a, const Tag& tag) {
  if (!tag.group().is_listable()) symmetry::refuse_too_large();
  return is_complex(a.type()) ? mean_over<Complex128>(a, tag) : mean_over<double>(a, tag);
}

ArrayRef canonical_copy(const Array& a, const Tag& tag) {
  ArrayRef result = copy_of(a);
  const int ndim = a.ndim;
  const std::vector<Permutation> generators(tag.group().generators().begin(), tag.group().generators().end());
  std::vector<std::int64_t> step(static_cast<std::size_t>(ndim), 1);
  for (int d = ndim - 2; d >= 0; --d)
    step[static_cast<std::size_t>(d)] = step[static_cast<std::size_t>(d + 1)] * a.shape[d + 1];
  std::vector<bool> done(static_cast<std::size_t>(result->size), false);
  const std::int64_t bytes = result->item_bytes();
  std::byte* items = result->mutable_items<std::byte>();
  std::vector<std::int64_t> todo;
  for (std::int64_t first = 0; first < result->size; ++first) {
    if (done[static_cast<std::size_t>(first)]) continue;
    todo.assign(1, first);
    done[static_cast<std::size_t>(first)] = true;
    while (!todo.empty()) {
      const std::int64_t at = todo.back();
      todo.pop_back();
      if (at != first) std::copy_n(items + first * bytes, bytes, items + at * bytes);
      for (const Permutation& g : generators) {
        std::int64_t moved = at;
        for (std::size_t i = 0; i < g.size(); ++i) {
          const int from = tag.axes()[i], to = tag.axes()[g[i]];
          const std::int64_t own = at / step[static_cast<std::size_t>(from)] % a.shape[from];
          const std::int64_t old = at / step[static_cast<std::size_t>(to)] % a.shape[to];
          moved += (own - old) * step[static_cast<std::size_t>(to)];
        }
        if (done[static_cast<std::size_t>(moved)]) continue;
        done[static_cast<std::size_t>(moved)] = true;
        todo.push_back(moved);
      }
    }
  }
  return result;
}

ArrayRef declared_values(const CostModel& model, const ArrayRef& a, const Tag& tag) {
  if (!model.rule("symmetry.tags_are_exact")) return a;
  const ArrayRef plain = contiguous_copy_if_needed(*a);
  const bool exact = is_invariant(*plain, tag) || deviation(*plain, tag, k_default_atol, k_default_rtol).largest == 0;
  return exact ? a : canonical_copy(*plain, tag);
}

}  // namespace flopscope::contract
