// SPDX-License-Identifier: MIT
// A tag: the permutation group on axes under which an array is invariant. This header is what the operation families
// use: tags are made, carried through an operation, and turned into counts that are priced. All functions are pure; a
// null TagRef is an array without symmetry, and results without symmetry are null. Axes are non-negative and normalised
// by the caller unless said otherwise. References C.1 to C.9 are to the rules listed in docs/flopscope.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <whest/flopscope/symmetry/group.hpp>

namespace flopscope::symmetry {

class Tag;
struct EinsumRules;  // accumulation.hpp: where versions differ; a cost model's
using TagRef = std::shared_ptr<const Tag>;
using Dims = std::span<const std::int64_t>;

class Tag {
 public:
  // How it was made. Factory-made products are reduced child by child (C.5), so the tree is part of the tag.
  enum class Kind : std::uint8_t { symmetric, cyclic, dihedral, product, generated };

  // Factories, as participants call them. They throw Error (ValueError): axes empty or repeated, no block, blocks or
  // products that share axes, generators that are no bijections or of another degree than the axes.
  static TagRef symmetric(std::vector<int> axes);
  static TagRef cyclic(const std::vector<int>& axes);
  static TagRef dihedral(std::vector<int> axes);
  static TagRef young(const std::vector<std::vector<int>>& blocks);
  static TagRef direct_product(const std::vector<TagRef>& children);
  // generators[g][p] is the image of position p, positions counted in `axes` as given.
  static TagRef from_generators(const std::vector<std::vector<int>>& generators, const std::vector<int>& axes);

  // A tag from a group whose point i is axes[i]; axes in any order. Null if the group is trivial.
  static TagRef from_group(const Group& group, std::span<const int> axes);

  Kind kind() const { return m_kind; }
  const std::vector<TagRef>& children() const { return m_children; }  // of a product
  const std::vector<int>& axes() const { return m_axes; }             // ascending; point i of the group is axes()[i]
  const Group& group() const { return m_group; }
  int degree() const { return static_cast<int>(m_axes.size()); }
  // C.7: generators the group holds (S_m: m-1; cyclic 1; dihedral 2; product: the sum of its children's; those given,
  // but for the identity).
  int generator_count() const { return m_generator_count; }
  // The group on all axes of an array of `ndim` axes; the axes outside the tag are fixed.
  Group full_group(int ndim) const;
  // Made automatically (zeros, ones, eye...), not declared.
  bool inferred() const { return m_inferred; }
  // Equal tags have equal keys: axes, tree and generators. For caches.
  const std::string& key() const { return m_key; }

  Tag(Kind kind, std::vector<int> axes, Group group, std::vector<TagRef> children, int generator_count,
      bool inferred = false);

 private:
  Kind m_kind;
  std::vector<int> m_axes;
  Group m_group;
  std::vector<TagRef> m_children;
  int m_generator_count;
  bool m_inferred;
  std::string m_key;
};

// Same group on the axes, whatever the trees; axes that nothing moves do not matter.
bool same_symmetry(const TagRef& a, const TagRef& b);

// ---- May this tag be on an array of this shape? Throws Error: ValueError for axes out of range, SymmetryError for
// sizes that differ within an orbit. The values are the caller's to check (C.7).
void require_fits(const Tag& tag, Dims shape);
bool fits(const Tag& tag, Dims shape);

// ---- Counts (B.3, C.5) ----

// Distinct elements of an array of this shape: orbits of the index set, at least 1; all elements when untagged, or when
// the group has more than 50,000 elements and is not counted.
double unique_elements(const TagRef& tag, Dims shape);
// Orbits over the group's own axes only, not clamped. Throws Error (RuntimeError) above 50,000 elements, ValueError
// where the sizes differ within an orbit.
double burnside_unique_count(const Tag& tag, Dims shape);

// Facts a reduction is priced by.
struct ReductionCounts {
  double unique_in = 0;   // orbits of the input's elements
  double alpha = 0;       // accumulation events: pairs of an input orbit and a result orbit that it reaches
  double orbits_out = 0;  // orbits of the result's elements
};
// `axes` are reduced. Untagged: elements in, elements in, elements out.
ReductionCounts reduction_counts(const TagRef& tag, Dims shape, std::span<const int> axes, const EinsumRules& rules);

// ---- Tags through operations ----

struct TaggedShape {
  const TagRef& tag;
  Dims shape;
};
// C.1: the tag of a pointwise result. A 0-d operand leaves the others' tag; any other untagged operand takes it away;
// tags are aligned to the output under broadcasting and intersected, trivial ones left out.
TagRef aligned_intersection(std::span<const TaggedShape> operands, Dims out_shape);

// C.5: the tag of a reduction over `axes`; all axes reduced: none. keepdims keeps the positions of the axes.
TagRef reduce(const TagRef& tag, int ndim, std::span<const int> axes, bool keepdims);
// For scans and other operations along one axis whose result keeps the shape: as a reduction, positions kept.
TagRef along_axis(const TagRef& tag, int ndim, int axis);

// The permutations common to both, on arrays of the same shape; the first tag itself where they are equal. Null where
// only the identity is left.
TagRef intersect(const TagRef& a, const TagRef& b, int ndim);
// Axis a of the tag becomes new_axis[a] (distinct for the tag's axes).
TagRef relabelled(const TagRef& tag, std::span<const int> new_axis);
// The permutations that fix each of `axes`, on the other axes; axis numbers unchanged.
TagRef fix_axes(const TagRef& tag, std::span<const int> axes);
bool moves_axis(const TagRef& tag, int axis);

// Axis i of the result is axis perm[i] of the operand (transpose, swapaxes, moveaxis, matrix_transpose).
TagRef transpose(const TagRef& tag, std::span<const int> perm);

// C.3: indexing. One item per index entry, the ellipsis already spelled out as full slices (trailing axes without an
// item count as full).
enum class IndexItem : std::uint8_t { integer, full_slice, partial_slice, new_axis, gather };
TagRef index(const TagRef& tag, int ndim, std::span<const IndexItem> items);

// Keeps the tag while the named axes, of one size, stay whole, in their order, and with as many elements between them.
TagRef reshape(const TagRef& tag, Dims from, Dims to);
// `axes` (of size 1) are removed.
TagRef squeeze(const TagRef& tag, int ndim, std::span<const int> axes);
// `new_axes` are positions in the result; two or more form a symmetric block beside the tag. Untagged stays untagged.
TagRef expand_dims(const TagRef& tag, int ndim, std::span<const int> new_axes);
TagRef broadcast_to(const TagRef& tag, Dims from, Dims to);
// The permutations that keep the set of flipped axes.
TagRef flip(const TagRef& tag, int ndim, std::span<const int> axes);
// Roll, repeat (`axes` are those whose elements move): kept if the tag names none of them, else gone.
TagRef change_axes(const TagRef& tag, std::span<const int> axes);
// split, hsplit, vsplit, dsplit: what fixes the axis (array_split drops the tag).
TagRef split(const TagRef& tag, int axis);
// Kept if the counts are equal wherever the group exchanges axes, else gone. Counts as given (NumPy's rule for fewer
// or more of them than axes).
TagRef tile(const TagRef& tag, int ndim, std::span<const std::int64_t> counts);
// Intersection of the parts' tags, with a new axis (stack) or the pointwise stabiliser of the joined one.
TagRef stack(std::span<const TagRef> parts, int part_ndim, int axis);
TagRef concatenate(std::span<const TagRef> parts, int ndim, int axis);

// C.4: zeros, ones, full: one symmetric block for every size that occurs on two or more axes.
TagRef automatic(Dims shape);
// The two axes exchanged (eye, identity, diag of a vector).
TagRef symmetric_pair(int first, int second);
// *_like: automatic for an untagged array, else the array's tag if it fits the shape.
TagRef like(const TagRef& tag, Dims shape);

}  // namespace flopscope::symmetry
