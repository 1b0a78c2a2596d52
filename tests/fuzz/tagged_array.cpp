// SPDX-License-Identifier: MIT
#include "tagged_array.hpp"

#include <algorithm>
#include <numeric>
#include <whest/flopscope/symmetry/tag.hpp>

namespace whest::fuzz {
namespace {

// Two or three axes of one extent, ascending; none where there are none.
std::vector<int> equal_axes(Random& random, const brute::Index& shape) {
  if (shape.empty()) return {};
  const std::int64_t extent = shape[static_cast<std::size_t>(random.below(std::ssize(shape)))];
  std::vector<int> axes;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (shape[d] == extent) axes.push_back(static_cast<int>(d));
  if (axes.size() == 3 && random.one_in(3)) axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(random.below(3)));
  return axes.size() < 2 ? std::vector<int>{} : axes;
}

}  // namespace

TaggedArray tagged_array(Random& random, const brute::Index& shape, flopscope::DType dtype) {
  const auto degree = static_cast<int>(shape.size());
  std::vector<brute::Permutation> generators;
  flopscope::TagRef tag;
  if (const std::vector<int> axes = equal_axes(random, shape); !axes.empty() && random.one_in(2)) {
    std::vector<int> image(axes.size());  // a rotation or an exchange
    std::iota(image.begin(), image.end(), 0);
    const auto turned = random.one_in(2) ? image.end() : image.begin() + 2;
    std::rotate(image.begin(), image.begin() + 1, turned);
    std::vector<std::vector<int>> images{image};
    if (random.one_in(2)) {
      std::vector<int> exchange(axes.size());
      std::iota(exchange.begin(), exchange.end(), 0);
      std::swap(exchange[0], exchange[1]);
      images.push_back(exchange);
    }
    for (const std::vector<int>& each : images) {
      brute::Permutation p(shape.size());
      std::iota(p.begin(), p.end(), 0);
      for (std::size_t i = 0; i < axes.size(); ++i)
        p[static_cast<std::size_t>(axes[i])] = axes[static_cast<std::size_t>(each[i])];
      generators.push_back(p);
    }
    tag = flopscope::symmetry::Tag::from_generators(images, axes);
  }
  TaggedArray result{flopscope::Array::make(flopscope::DType::float64, shape), brute::generated(degree, generators)};
  std::map<int, double> value_of_orbit;
  std::int64_t place = 0;
  for (const auto& [index, orbit] : brute::orbit_numbers(shape, result.group))  // ordered as C order is
    result.array->mutable_items<double>()[place++] =
        value_of_orbit.try_emplace(orbit, static_cast<double>(random.below(9) - 4)).first->second;
  result.array = flopscope::cast(*result.array, dtype);
  if (tag) result.array->set_tag(tag);
  return result;
}

double at(const flopscope::Array& a, const brute::Index& index) {
  const auto* p = static_cast<const std::byte*>(a.data);
  for (std::size_t d = 0; d < index.size(); ++d) p += index[d] * a.strides[d];
  return flopscope::read_double(a, p);
}

brute::Index dims_of(const flopscope::Array& a) { return {a.dims().begin(), a.dims().end()}; }

}  // namespace whest::fuzz
