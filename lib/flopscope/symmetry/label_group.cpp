// SPDX-License-Identifier: MIT
// The label group by search: partial maps of labels are extended operand by operand, equal ones merged, so that the
// work follows the number of label permutations and not of row permutations.
#include <algorithm>
#include <map>
#include <numeric>
#include <whest/flopscope/symmetry/group_data.hpp>
#include <whest/flopscope/symmetry/label_group.hpp>

namespace flopscope::symmetry {
namespace {

constexpr std::uint8_t k_unset = 0xff;
constexpr std::int64_t k_work_limit = 5'000'000;  // partial maps tried for one operand

using Sizes = std::span<const std::int64_t>;

struct PartialMap {
  Permutation image, preimage;  // of labels; k_unset where not yet known
  std::uint64_t used = 0;       // copies of the current object already taken as images
  auto operator<=>(const PartialMap&) const = default;
};

// Operands that are one object: their words, and the group on the positions of each.
struct ObjectClass {
  std::vector<Word> words;
  Group group = Group::trivial(0);
};

class Search {
 public:
  Search(Sizes sizes, const std::vector<bool>* kept) : m_sizes(sizes), m_kept(kept) {
    const Permutation unset(sizes.size(), k_unset);
    m_maps.push_back({unset, unset, 0});
  }

  // False: too many.
  bool add(const ObjectClass& object) {
    for (const Word& word : object.words)
      if (!add_copy(word, object)) return false;
    for (PartialMap& map : m_maps) map.used = 0;
    merge();
    return true;
  }

  Group group() const {
    std::vector<Permutation> chosen;
    const int degree = static_cast<int>(m_sizes.size());
    StabilizerChain so_far(degree, {}, {});
    for (const PartialMap& map : m_maps) {
      if (so_far.order() == static_cast<std::int64_t>(m_maps.size())) break;
      if (so_far.contains(map.image)) continue;
      chosen.push_back(map.image);
      so_far.add(map.image);
    }
    return {degree, std::move(chosen)};
  }

 private:
  bool add_copy(const Word& word, const ObjectClass& object) {
    const ElementList& elements = object.group.elements();
    const auto copies = object.words.size();
    if (static_cast<std::int64_t>(m_maps.size() * copies * elements.size()) > k_work_limit) return false;
    std::vector<PartialMap> extended;
    for (const PartialMap& map : m_maps)
      for (std::size_t copy = 0; copy < copies; ++copy) {
        if ((map.used >> copy & 1) != 0) continue;
        for (std::size_t e = 0; e < elements.size(); ++e)
          extend(map, word, object.words[copy], elements[e], copy, extended);
      }
    m_maps = std::move(extended);
    merge();
    return static_cast<std::int64_t>(m_maps.size()) <= k_enumeration_limit * 4;
  }

  void extend(const PartialMap& map, const Word& from, const Word& to, Image h, std::size_t copy,
              std::vector<PartialMap>& out) const {
    PartialMap next = map;
    for (std::size_t a = 0; a < from.size(); ++a) {
      const auto label = static_cast<std::size_t>(from[a]), image = static_cast<std::size_t>(to[h[a]]);
      if (next.image[label] == image) continue;
      if (next.image[label] != k_unset || next.preimage[image] != k_unset) return;
      if (m_sizes[label] != m_sizes[image] || (m_kept != nullptr && (*m_kept)[label] != (*m_kept)[image])) return;
      next.image[label] = static_cast<std::uint8_t>(image);
      next.preimage[image] = static_cast<std::uint8_t>(label);
    }
    next.used |= std::uint64_t{1} << copy;
    out.push_back(std::move(next));
  }

  void merge() {
    std::ranges::sort(m_maps);
    const auto rest = std::ranges::unique(m_maps);
    m_maps.erase(rest.begin(), rest.end());
  }

  Sizes m_sizes;
  const std::vector<bool>* m_kept;
  std::vector<PartialMap> m_maps;
};

// Swaps of summed axes of equal size, in addition to the group.
Group with_summed_swaps(const Group& group, const Word& word, Sizes sizes, const std::vector<bool>& kept) {
  std::vector<Permutation> generators(group.generators().begin(), group.generators().end());
  std::map<std::int64_t, std::size_t> last_of_size;
  for (std::size_t a = 0; a < word.size(); ++a) {
    const auto label = static_cast<std::size_t>(word[a]);
    if (kept[label]) continue;
    const auto [last, first_of_size] = last_of_size.try_emplace(sizes[label], a);
    if (first_of_size) continue;
    Permutation swap = identity_permutation(group.degree());
    std::swap(swap[last->second], swap[a]);
    generators.push_back(std::move(swap));
    last->second = a;
  }
  return {group.degree(), std::move(generators)};
}

std::optional<Group> search(std::span<const LabelledOperand> operands, Sizes sizes, const std::vector<bool>* kept) {
  std::vector<int> order;
  std::map<int, ObjectClass> objects;
  for (const LabelledOperand& operand : operands) {
    auto [at, fresh] = objects.try_emplace(operand.object);
    if (fresh) {
      at->second.group = operand.group;
      order.push_back(operand.object);
    }
    at->second.words.push_back(operand.word);
  }
  Search maps(sizes, kept);
  for (const int number : order) {
    ObjectClass& object = objects.at(number);
    const bool same_words = std::ranges::all_of(object.words, [&](const Word& w) { return w == object.words.front(); });
    if (same_words && object.words.size() > 1) {
      // Exchanging copies does nothing, and one element for all copies induces whatever any choice of them can.
      if (kept != nullptr) object.group = with_summed_swaps(object.group, object.words.front(), sizes, *kept);
      object.words.resize(1);
    }
    if (object.words.size() > 64 || !object.group.is_listable() || !maps.add(object)) return std::nullopt;
  }
  return maps.group();
}

// One operand with every label once: its group is the label group.
bool is_plain(std::span<const LabelledOperand> operands, Sizes sizes) {
  if (operands.size() != 1 || operands.front().word.size() != sizes.size()) return false;
  const Word& word = operands.front().word;
  return std::ranges::all_of(operands.front().group.orbits(), [&](const std::vector<int>& orbit) {
    return std::ranges::all_of(orbit, [&](int point) {
      return sizes[static_cast<std::size_t>(word[static_cast<std::size_t>(point)])] ==
             sizes[static_cast<std::size_t>(word[static_cast<std::size_t>(orbit.front())])];
    });
  });
}

}  // namespace

std::optional<Group> label_group(std::span<const LabelledOperand> operands, Sizes sizes) {
  if (is_plain(operands, sizes))
    return operands.front().group.embedded(operands.front().word, static_cast<int>(sizes.size()));
  return search(operands, sizes, nullptr);
}

std::optional<Group> subset_group(std::span<const LabelledOperand> operands, Sizes sizes,
                                  const std::vector<bool>& kept) {
  return search(operands, sizes, &kept);
}

}  // namespace flopscope::symmetry
