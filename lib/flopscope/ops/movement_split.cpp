// SPDX-License-Identifier: MIT
// The movement family: one array taken apart into views (split and its like, unstack).
#include <fmt/format.h>

#include <cmath>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

// Cut positions along an axis of `n`: given ones (Python slice rules), or equal parts; the first n % parts parts are
// one longer where that is allowed.
std::vector<std::int64_t> cuts_of(const Value& sections, std::int64_t n, bool may_be_unequal) {
  std::vector<std::int64_t> cuts{0};
  const bool positions = sections.is_sequence() || (sections.is_array() && sections.as_array().ndim > 0);
  if (positions) {
    for (const std::int64_t i : detail::to_ints(sections, "indices_or_sections")) cuts.push_back(i);
    cuts.push_back(n);
    return cuts;
  }
  const std::int64_t parts = to_whole(sections, "indices_or_sections");
  if (parts <= 0) throw_value_error("number sections must be larger than 0.");
  const bool fraction = sections.is(ValueKind::real) && sections.f != std::trunc(sections.f);
  if (!may_be_unequal && (n % parts != 0 || fraction))
    throw_value_error("array split does not result in an equal division");
  for (std::int64_t i = 0; i < parts; ++i) cuts.push_back(cuts.back() + n / parts + (i < n % parts ? 1 : 0));
  return cuts;
}

std::int64_t clamped(std::int64_t i, std::int64_t n) { return std::clamp<std::int64_t>(i < 0 ? i + n : i, 0, n); }

Result split_along(const Array& a, int axis, const std::vector<std::int64_t>& cuts, bool keeps_tag) {
  const TagRef tag = keeps_tag ? symmetry::split(a.tag(), axis) : TagRef{};
  std::vector<Result> parts;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const std::int64_t from = clamped(cuts[i], a.shape[axis]), to = clamped(cuts[i + 1], a.shape[axis]);
    parts.emplace_back(detail::with_tag(detail::sliced(a, axis, from, std::max<std::int64_t>(to - from, 0)), tag));
  }
  return Result::list(std::move(parts));
}

PriceInput read(const Array& a) { return {.in = static_cast<double>(a.size)}; }

enum Kind { equal, any };

Result run_split(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const bool logged = detail::logged_as_free(call, {.in = 1}, a->type());
  const int axis = to_axis(call.arg(2), a->ndim, 0);
  const auto cuts = cuts_of(call.arg(1), a->shape[axis], call.op.variant == any);
  if (!logged) call.charge(read(*a), a->type());
  return split_along(*a, axis, cuts, call.op.variant == equal);
}

// vsplit (variant 0), hsplit (1), dsplit (2).
Result run_side_split(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const int side = call.op.variant;
  const auto billed = side == 1 ? std::nullopt : std::optional(a->type());  // as the packages log it
  const bool logged = detail::logged_as_free(call, {.in = 1}, billed);
  const int least = side == 1 ? 1 : side == 0 ? 2 : 3;
  if (a->ndim < least)
    throw_value_error(fmt::format("{} only works on arrays of {} or more dimensions", call.op.name, least));
  const int axis = side == 1 && a->ndim == 1 ? 0 : side;
  const auto cuts = cuts_of(call.arg(1), a->shape[axis], false);
  if (!logged) call.charge(read(*a), a->type());
  return split_along(*a, axis, cuts, true);
}

Result run_unstack(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const bool logged = detail::logged_as_free(call, {.in = 1});
  if (a->ndim == 0) throw_value_error("Input array must be at least 1-d.");
  const int axis = to_axis(call.arg(1), a->ndim, 0);
  if (!logged) call.charge(read(*a), a->type());
  std::vector<Result> parts;
  for (std::int64_t i = 0; i < a->shape[axis]; ++i) parts.emplace_back(detail::at_position(*a, axis, i));
  return Result::tuple(std::move(parts));
}

constexpr Operation splitting(std::string_view name, std::string_view signature, Kernel run, int variant) {
  return {.name = name, .signature = signature, .run = run, .formula = "read", .variant = variant};
}

constexpr Operation k_operations[] = {
    splitting("split", "ary, indices_or_sections, axis=0", run_split, equal),
    splitting("array_split", "ary, indices_or_sections, axis=0", run_split, any),
    splitting("vsplit", "ary, indices_or_sections", run_side_split, 0),
    splitting("hsplit", "ary, indices_or_sections", run_side_split, 1),
    splitting("dsplit", "ary, indices_or_sections", run_side_split, 2),
    splitting("unstack", "x, *, axis=0", run_unstack, 0),
};

}  // namespace

detail::Table detail::movement_split_operations() { return k_operations; }

}  // namespace flopscope
