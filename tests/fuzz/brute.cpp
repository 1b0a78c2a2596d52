// SPDX-License-Identifier: MIT
#include "brute.hpp"

#include <algorithm>
#include <numeric>

namespace whest::fuzz::brute {

std::vector<Index> indices_of(const Index& shape) {
  std::vector<Index> all{{}};
  for (const std::int64_t extent : shape) {
    std::vector<Index> next;
    for (const Index& head : all)
      for (std::int64_t i = 0; i < extent; ++i) {
        next.push_back(head);
        next.back().push_back(i);
      }
    all = std::move(next);
  }
  return all;
}

Group generated(int degree, const std::vector<Permutation>& generators) {
  Permutation identity(static_cast<std::size_t>(degree));
  std::iota(identity.begin(), identity.end(), 0);
  std::set<Permutation> known{identity};
  std::vector<Permutation> open{identity};
  while (!open.empty()) {
    const Permutation p = open.back();
    open.pop_back();
    for (const Permutation& g : generators) {
      Permutation product(p.size());
      for (std::size_t i = 0; i < p.size(); ++i) product[i] = g[static_cast<std::size_t>(p[i])];
      if (known.insert(product).second) open.push_back(product);
    }
  }
  return {known.begin(), known.end()};
}

Index moved(const Index& index, const Permutation& image) {
  Index result(index.size());
  for (std::size_t d = 0; d < index.size(); ++d) result[static_cast<std::size_t>(image[d])] = index[d];
  return result;
}

std::map<Index, int> orbit_numbers(const Index& shape, const Group& group) {
  std::map<Index, int> number;
  int next = 0;
  for (const Index& start : indices_of(shape)) {
    if (number.contains(start)) continue;
    for (const Permutation& p : group) number[moved(start, p)] = next;
    ++next;
  }
  return number;
}

std::int64_t orbits(const Index& shape, const Group& group) {
  int most = -1;
  for (const auto& [index, number] : orbit_numbers(shape, group)) most = std::max(most, number);
  return most + 1;
}

namespace {

// Permutations of labels, and what they do to an index of the labels.
struct Labels {
  std::string all;
  Index extents;
  std::vector<bool> in_output;
};

bool keeps_output(const Permutation& p, const Labels& labels) {
  for (std::size_t i = 0; i < p.size(); ++i)
    if (labels.in_output[i] != labels.in_output[static_cast<std::size_t>(p[i])]) return false;
  return true;
}

// The output's part of an index or of a permutation that keeps the output.
Index of_output(const Index& index, const Labels& labels) {
  Index part;
  for (std::size_t i = 0; i < index.size(); ++i)
    if (labels.in_output[i]) part.push_back(index[i]);
  return part;
}
Permutation of_output(const Permutation& p, const Labels& labels) {
  std::vector<int> place(p.size(), -1);
  int next = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (labels.in_output[i]) place[i] = next++;
  Permutation part;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (labels.in_output[i]) part.push_back(place[static_cast<std::size_t>(p[i])]);
  return part;
}

struct Counts {
  std::int64_t joint = 0, pairs = 0, out = 0;
};

Counts count(const Labels& labels, const Group& group) {
  Group output_group;
  for (const Permutation& p : group)
    if (keeps_output(p, labels)) output_group.push_back(of_output(p, labels));
  const auto joint = orbit_numbers(labels.extents, group);
  const auto out = orbit_numbers(of_output(labels.extents, labels), output_group);
  std::set<int> joints, outs;
  std::set<std::pair<int, int>> pairs;
  for (const auto& [index, number] : out) outs.insert(number);
  for (const auto& [index, number] : joint) {
    joints.insert(number);
    pairs.insert({number, out.at(of_output(index, labels))});
  }
  return {std::ssize(joints), std::ssize(pairs), std::ssize(outs)};
}

// Permutations of all axes of all operands: each operand's own, and the exchange of two that are one object.
std::vector<Permutation> row_permutations(const std::vector<Operand>& operands, bool same_object) {
  std::vector<Permutation> rows{{}};
  for (const Operand& operand : operands) {
    std::vector<Permutation> next;
    for (const Permutation& head : rows)
      for (const Permutation& p : operand.group) {
        next.push_back(head);
        for (const int image : p) next.back().push_back(image + static_cast<int>(head.size()));
      }
    rows = std::move(next);
  }
  if (!same_object || operands.size() != 2) return rows;
  const auto n = static_cast<int>(operands[0].labels.size());
  for (std::size_t i = rows.size(); i-- > 0;) {
    Permutation exchanged = rows[i];
    for (int& image : exchanged) image += image < n ? n : -n;
    rows.push_back(exchanged);
  }
  return rows;
}

// What the row permutations that carry labels to labels do to the labels.
Group label_permutations(const std::vector<Operand>& operands, bool same_object, const Labels& labels) {
  std::string rows;
  for (const Operand& operand : operands) rows += operand.labels;
  std::set<Permutation> found;
  for (const Permutation& p : row_permutations(operands, same_object)) {
    Permutation image(labels.all.size(), -1);
    bool carries = true;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      int& to = image[labels.all.find(rows[row])];
      const auto label = static_cast<int>(labels.all.find(rows[static_cast<std::size_t>(p[row])]));
      carries = carries && (to == -1 || to == label);
      to = label;
    }
    if (carries && std::set<int>(image.begin(), image.end()).size() == image.size()) found.insert(image);
  }
  return {found.begin(), found.end()};
}

Labels labels_of(const std::vector<Operand>& operands, const std::string& output,
                 const std::map<char, std::int64_t>& extents) {
  Labels labels;
  for (const Operand& operand : operands)
    for (const char c : operand.labels)
      if (labels.all.find(c) == std::string::npos) labels.all += c;
  for (const char c : labels.all) {
    labels.extents.push_back(extents.at(c));
    labels.in_output.push_back(output.find(c) != std::string::npos);
  }
  return labels;
}

bool is_isolated(char c, std::size_t of, const std::vector<Operand>& operands, const std::string& output) {
  if (output.find(c) != std::string::npos) return false;
  for (std::size_t i = 0; i < operands.size(); ++i)
    if (i != of && operands[i].labels.find(c) != std::string::npos) return false;
  return true;
}

ContractionCounts priced(const Counts& n, std::int64_t operands, const Counting& counting) {
  ContractionCounts result;
  result.products = (operands - 1) * n.joint;
  result.total = result.products + n.pairs - n.out;
  if (counting.multiply_add_is_one) result.total = operands > 1 ? result.products : n.pairs == n.out ? 0 : n.pairs;
  result.nothing = n.pairs == 0;
  return result;
}

// Sums the axes that nothing else has; what they cost.
std::int64_t sum_isolated(std::vector<Operand>& operands, const std::string& output,
                          const std::map<char, std::int64_t>& extents, const Counting& counting) {
  std::int64_t cost = 0;
  const std::vector<Operand> before = operands;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Operand& whole = before[i];
    Labels axes;  // each axis for itself
    std::string left;
    for (const char c : whole.labels) {
      axes.all += static_cast<char>(axes.all.size());
      axes.extents.push_back(extents.at(c));
      axes.in_output.push_back(!is_isolated(c, i, before, output));
      if (axes.in_output.back()) left += c;
    }
    if (left == whole.labels) continue;
    cost += priced(count(axes, whole.group), 1, counting).total;
    std::set<Permutation> kept;
    for (const Permutation& p : whole.group)
      if (keeps_output(p, axes)) kept.insert(of_output(p, axes));
    operands[i] = {left, {kept.begin(), kept.end()}};
  }
  return cost;
}

}  // namespace

bool has_isolated(const std::vector<Operand>& operands, const std::string& output) {
  if (operands.size() < 2) return false;
  for (std::size_t i = 0; i < operands.size(); ++i)
    for (const char c : operands[i].labels)
      if (is_isolated(c, i, operands, output)) return true;
  return false;
}

ContractionCounts contraction(std::vector<Operand> operands, bool same_object, const std::string& output,
                              const std::map<char, std::int64_t>& extents, const Counting& counting) {
  std::int64_t before = 0;
  if (operands.size() == 2) before = sum_isolated(operands, output, extents, counting);
  const Labels labels = labels_of(operands, output, extents);
  ContractionCounts result =
      priced(count(labels, label_permutations(operands, same_object, labels)), std::ssize(operands), counting);
  result.total += before;
  return result;
}

ReductionCounts reduction(const Index& shape, const Group& group, const std::vector<bool>& reduced) {
  Labels axes;
  for (std::size_t i = 0; i < shape.size(); ++i) axes.in_output.push_back(!reduced[i]);
  axes.extents = shape;
  const Counts n = count(axes, group);
  return {n.joint, n.out, n.pairs};
}

}  // namespace whest::fuzz::brute
