// SPDX-License-Identifier: MIT
// Counts that tagged arrays are priced by: distinct elements, and the facts of a reduction (C.5). Cached, because the
// same tag and shape are priced again and again.
#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <whest/flopscope/symmetry/accumulation.hpp>
#include <whest/flopscope/symmetry/refusal.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope::symmetry {
namespace {

Count elements(Dims shape) {
  Count product = 1;
  for (const std::int64_t size : shape) product *= size;
  return product;
}

std::vector<std::int64_t> sizes_of(const Tag& tag, Dims shape) {
  std::vector<std::int64_t> sizes;
  for (const int axis : tag.axes()) sizes.push_back(shape[static_cast<std::size_t>(axis)]);
  return sizes;
}

Count elements_outside(const Tag& tag, Dims shape) {
  Count product = 1;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (std::ranges::find(tag.axes(), static_cast<int>(axis)) == tag.axes().end()) product *= shape[axis];
  return product;
}

Count count_unique(const TagRef& tag, Dims shape) {
  if (!tag || !tag->group().is_listable()) return elements(shape);
  return elements_outside(*tag, shape) * *tag->group().grid_orbits(sizes_of(*tag, shape));
}

// Results by a text that names the question; dropped when there are many.
template <class Value>
class Cache {
 public:
  template <class Compute>
  Value get(const std::string& key, Compute compute) {
    {
      const std::shared_lock lock(m_mutex);
      if (const auto at = m_values.find(key); at != m_values.end()) return at->second;
    }
    Value value = compute();
    const std::unique_lock lock(m_mutex);
    if (m_values.size() > 4096) m_values.clear();
    m_values.emplace(key, value);
    return value;
  }

 private:
  std::shared_mutex m_mutex;
  std::unordered_map<std::string, Value> m_values;
};

void append(std::string& key, std::int64_t number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::string question(const Tag& tag, Dims shape) {
  std::string key;
  for (const std::int64_t size : shape) append(key, size);
  key += '|';
  key += tag.key();
  return key;
}

}  // namespace

double unique_elements(const TagRef& tag, Dims shape) {
  if (!tag) return static_cast<double>(std::max<Count>(1, elements(shape)));
  static Cache<double> cache;
  return cache.get(question(*tag, shape),
                   [&] { return static_cast<double>(std::max<Count>(1, count_unique(tag, shape))); });
}

double burnside_unique_count(const Tag& tag, Dims shape) {
  const int ndim = static_cast<int>(shape.size());
  for (const int axis : tag.axes())
    if (axis >= ndim || axis < -ndim) throw_index_error("tuple index out of range");
  std::vector<std::int64_t> sizes;
  for (const int axis : tag.axes()) sizes.push_back(shape[static_cast<std::size_t>(axis < 0 ? axis + ndim : axis)]);
  for (const auto& orbit : tag.group().orbits())
    for (const int point : orbit)
      if (sizes[static_cast<std::size_t>(point)] != sizes[static_cast<std::size_t>(orbit.front())])
        refuse_value("positions in the same orbit have different dimension sizes; all must have the same size");
  if (!tag.group().is_listable()) refuse_too_large();
  return static_cast<double>(*tag.group().grid_orbits(sizes));
}

ReductionCounts reduction_counts(const TagRef& tag, Dims shape, std::span<const int> axes, const EinsumRules& rules) {
  std::vector<std::int64_t> kept_shape;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (std::ranges::find(axes, static_cast<int>(axis)) == axes.end()) kept_shape.push_back(shape[axis]);
  const double in = static_cast<double>(elements(shape)), out = static_cast<double>(elements(kept_shape));
  if (!tag) return {in, in, out};
  static Cache<ReductionCounts> cache;
  std::string key = question(*tag, shape);
  for (const int axis : axes) append(key, axis);
  key += rules.effort_limit ? 'e' : '-';
  return cache.get(key, [&]() -> ReductionCounts {
    const TagRef left = reduce(tag, static_cast<int>(shape.size()), axes, false);
    ReductionCounts counts{static_cast<double>(count_unique(tag, shape)), in,
                           static_cast<double>(count_unique(left, kept_shape))};
    if (!tag->group().is_listable()) return counts;
    std::vector<bool> free;
    for (const int axis : tag->axes()) free.push_back(std::ranges::find(axes, axis) == axes.end());
    const Accumulation sum = accumulate(tag->group(), sizes_of(*tag, shape), free, rules);
    if (sum.too_many)
      counts.orbits_out = out;
    else
      counts.alpha = static_cast<double>(sum.alpha * elements_outside(*tag, shape));
    return counts;
  });
}

}  // namespace flopscope::symmetry
