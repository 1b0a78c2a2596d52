// SPDX-License-Identifier: MIT
// The named products: the einsum price of their subscripts, under their own name.
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/contract.hpp>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/contraction_plan.hpp>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/symmetric_values.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::contract {

void require_equal_extents(std::string_view op, const Array& a, int axis_a, const Array& b, int axis_b) {
  const std::int64_t left = a.shape[axis_a], right = b.shape[axis_b];
  if (left == right) return;
  throw_value_error(fmt::format(
      "{}: contracted axis {} of the first operand has extent {}, but axis {} of the second operand has extent {}; "
      "contracted extents must be equal (shapes {} and {})",
      op, axis_a, left, axis_b, right, shape_text(a.dims()), shape_text(b.dims())));
}

ArrayRef reshaped(const ArrayRef& a, std::span<const std::int64_t> shape) {
  const ArrayRef whole = contiguous_copy_if_needed(*a);
  Dims strides(static_cast<int>(shape.size()), 0);
  std::int64_t step = whole->item_bytes();
  for (int i = strides.size() - 1; i >= 0; --i) {
    strides[i] = step;
    step *= shape[static_cast<std::size_t>(i)];
  }
  return Array::view(whole->storage(), whole->items<std::byte>(), whole->type(), shape, strides);
}

ArrayRef conjugated(const ArrayRef& a) {
  if (!is_complex(a->type())) return a;
  ArrayRef result = copy_of(*a);
  const auto conjugate = [&]<class T>(T* items) {
    for (std::int64_t i = 0; i < result->size; ++i) items[i] = std::conj(items[i]);
  };
  if (a->type() == DType::complex64)
    conjugate(result->mutable_items<Complex64>());
  else
    conjugate(result->mutable_items<Complex128>());
  return result;
}

Result run_as(Call& call, std::string_view name, std::span<const Value> args) {
  const Operation& other = *Catalogue::instance().find(name);
  Call inner(other, args, call.model, call.context);
  inner.entered_ticks = call.entered_ticks;
  struct Return {
    Call& from;
    Call& to;
    ~Return() {
      to.charged_ticks = from.charged_ticks;
      to.first_record = from.first_record;
      to.record_count = from.record_count;
    }
  } back{inner, call};
  return other.run(inner);
}

namespace {

// Letters for axes: batch axes from the front of the alphabet, others named by the caller.
constexpr std::string_view k_batch_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu";

std::string batch_word(int axes) {
  if (axes > static_cast<int>(k_batch_letters.size())) throw_value_error("too many axes to contract");
  return std::string(k_batch_letters.substr(k_batch_letters.size() - static_cast<std::size_t>(axes)));
}

struct Pair {
  ArrayRef a, b;
  std::vector<int> objects;
  DType dtype;
};

Pair operands_of(Call& call) {
  const Value values[] = {call.arg(0), call.arg(1)};
  Pair pair{to_array(values[0]), to_array(values[1]), identities(values), DType::float64};
  pair.dtype = promote(pair.a->type(), pair.b->type());
  return pair;
}

using symmetry::k_label_letters;

std::string_view letters(int from, int count) {
  return k_label_letters.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(count));
}

// A product with an ellipsis: batch axes have the last of as many letters as the higher rank.
std::string with_batch(int na, int nb, std::string_view first, std::string_view second, std::string_view result) {
  const int rank = std::max(na, nb);
  const int more_a = na - static_cast<int>(first.size()), more_b = nb - static_cast<int>(second.size());
  const int most = std::max(more_a, more_b);
  return fmt::format("{}{},{}{}->{}{}", letters(rank - more_a, more_a), first, letters(rank - more_b, more_b), second,
                     letters(rank - most, most), result);
}

// A product whose axes are numbered through, the second operand's contracted one called as the first's last.
std::string numbered_through(int na, int nb, int contracted) {
  std::string right(letters(na, nb)), result;
  if (na > 0 && nb > 0) right[static_cast<std::size_t>(contracted)] = k_label_letters[static_cast<std::size_t>(na - 1)];
  result = letters(0, nb > 0 ? std::max(na - 1, 0) : na);
  for (int i = 0; i < nb; ++i)
    if (na == 0 || i != contracted) result += right[static_cast<std::size_t>(i)];
  return fmt::format("{},{}->{}", letters(0, na), right, result);
}

// What the op log shows of a product.
std::string logged_subscripts(const Call& call, int na, int nb) {
  std::string_view name = call.op.name;
  if (name.starts_with("linalg.")) name.remove_prefix(7);
  if (na + nb > static_cast<int>(k_label_letters.size())) return "";
  const bool vectors = na == 1 && nb == 1, matrices = na == 2 && nb == 2;
  if (matrices && name == "matmul") return "ij,jk->ik";  // the most common, as others would spell it
  if (name == "outer") return "i,j->ij";
  if (name == "vdot" || (vectors && (name == "dot" || name == "inner" || name == "matmul"))) return "i,i->";
  if (name == "inner") return matrices ? "ij,kj->ik" : numbered_through(na, nb, nb - 1);
  if (name == "dot") return matrices ? "ij,jk->ik" : numbered_through(na, nb, std::max(nb - 2, 0));
  if (name == "matvec") return with_batch(na, nb, "mn", "n", "m");
  if (name == "vecmat") return with_batch(na, nb, "n", "nm", "m");
  if (name == "vecdot" && !call.arg(3).is_absent() && !call.model.rule("vecdot.priced_along_last_axis")) {
    const int kept = std::max(na, nb) - 1;  // along a named axis
    const auto along = [&](int n) {
      std::string word(letters(kept - (n - 1), n - 1));
      word.insert(word.begin() + normalize_axis(to_int(call.arg(3), "axis"), n),
                  k_label_letters[static_cast<std::size_t>(kept)]);
      return word;
    };
    return fmt::format("{},{}->{}", along(na), along(nb), letters(0, kept));
  }
  if (name == "vecdot") return with_batch(na, nb, "n", "n", "");
  if (na == 1) return with_batch(na, nb, "k", "kn", "n");
  return nb == 1 ? with_batch(na, nb, "mk", "k", "m") : with_batch(na, nb, "ij", "jk", "ik");
}

// Both as vectors. Flattening a tagged array is an operation of its own in the log of some models.
Pair flat_operands_of(Call& call) {
  Pair pair = operands_of(call);
  for (ArrayRef* operand : {&pair.a, &pair.b}) {
    const ArrayRef& a = *operand;
    if (a->ndim == 1) continue;
    if (a->tag() && call.model.rule("products.tagged_ravel_is_logged")) {
      call.owes_more();
      const LogShapes own = call.log_shapes;
      call.state_shape(a->dims());
      call.context.charge(call, "ravel", 0, std::nullopt, {}, true);
      call.log_shapes = own;
      call.owes_more(false);
    }
    *operand = reshaped(a, {{a->size}});
  }
  return pair;
}

// Where writes void tags, a declared tag of the buffer must be the result's (C.8).
void require_out_tag(const Call& call, const Value& out, const TagRef& result_tag) {
  if (!out.is_absent() && call.model.writes_void_tags()) ufunc::buffer_of(out, call.op.name, result_tag);
}

// A buffer may have more axes in front, over which the result is repeated; its dtype is checked by kind, or as the
// caller says.
void require_out_fits(const Value& out, const Dims& shape, DType dtype, ufunc::Casting casting) {
  if (!out.is_array()) throw_type_error("out must be an array");
  const Array& target = out.as_array();
  const auto more = static_cast<std::size_t>(std::max(target.ndim - shape.size(), 0));
  detail::require_out(out,
                      more > 0 && std::ranges::equal(target.dims().subspan(more), shape) ? Dims(target.dims()) : shape);
  if (!ufunc::can_cast(dtype, target.type(), casting))
    throw_type_error(fmt::format("Cannot cast output from {} to {}", name_of(dtype), name_of(target.type())));
}

// The buffer takes part in the promotion that prices a product.
DType billed(const Call& call, DType dtype, const Value& out) {
  return ufunc::promoted_with_out(call, dtype, out.is_absent() ? nullptr : &out.as_array());
}

constexpr std::string_view k_outer = "i,j->ij";

// Nothing is added in an outer product: a product that is -0 stays so.
ArrayRef multiplied_out(const Array& a, const Array& b) {
  const ArrayRef column = reshaped(ref_of(a), {{a.size, 1}}), row = reshaped(ref_of(b), {{1, b.size}});
  return ufunc::apply(ufunc::k_multiply, column, row);
}

// Charges the price of the subscripts, contracts, tags. `first` is what is multiplied in place of pair.a.
// `priced`: the subscripts of the price, where they are others. `rule`: the caller's casting.
Result contracted(Call& call, const Pair& pair, std::string_view subscripts, const Value& out = {},
                  const ArrayRef& first = {}, std::string_view priced = {}, const Value& rule = {}) {
  const ArrayRef operands[] = {pair.a, pair.b};
  const auto plan = plan_for(call.model, subscripts, operands, pair.objects);
  require_out_tag(call, out, plan->tag);
  const ufunc::Casting casting = ufunc::to_casting(rule);
  for (const ArrayRef& operand : operands)
    if (!ufunc::can_cast(operand->type(), pair.dtype, casting))
      throw_type_error(fmt::format("Cannot cast input from {} to {}", name_of(operand->type()), name_of(pair.dtype)));
  if (!out.is_absent()) require_out_fits(out, Dims(plan->expression.output_shape()), pair.dtype, casting);
  const auto price = priced.empty() ? plan : plan_for(call.model, priced, operands, pair.objects);
  call.charge_cost(price->cost, billed(call, pair.dtype, out), price->complex_factor,
                   logged_subscripts(call, pair.a->ndim, pair.b->ndim));
  const ArrayRef executed[] = {first ? first : pair.a, pair.b};
  ArrayRef result = subscripts == k_outer ? multiplied_out(*pair.a, *pair.b)
                                          : contract(plan->expression, executed, plan->path, pair.dtype);
  // The tag says what the operands declare; a write or a conjugation may have made it untrue. An outer product of one
  // vector has it by its making.
  const bool has_tag = plan->tag && (subscripts == k_outer || takes_tag(call.model, *result, *plan->tag));
  if (out.is_absent()) {
    if (has_tag) result->set_tag(plan->tag);
    return result;
  }
  // outer alone writes as pointwise functions do.
  if (call.op.name == "outer") return ufunc::write_out(call, out.as_array(), *result, has_tag ? plan->tag : nullptr);
  ArrayRef written = detail::into_out(call, out, std::move(result));
  if (!has_tag || call.model.rule("products.return_their_buffer")) return written;
  ArrayRef tagged = detail::alias_of(*written);
  tagged->set_tag(plan->tag);
  return tagged;
}

// A plain matrix and another, or a vector, of one floating dtype, different objects, no tags: no plan is needed.
bool is_plain_product(const Pair& pair) {
  const Array &a = *pair.a, &b = *pair.b;
  return a.ndim == 2 && (b.ndim == 2 || b.ndim == 1) && a.dtype == b.dtype && &a != &b && a.type() >= DType::float32 &&
         !a.tag() && !b.tag();
}

Result plain_product(Call& call, const Pair& pair, const Value& out) {
  const double m = static_cast<double>(pair.a->shape[0]), k = static_cast<double>(pair.a->shape[1]),
               n = pair.b->ndim == 2 ? static_cast<double>(pair.b->shape[1]) : 1;
  Dims shape{pair.a->shape[0]};
  if (pair.b->ndim == 2) shape.push_back(pair.b->shape[1]);
  require_out_tag(call, out, nullptr);
  if (!out.is_absent()) require_out_fits(out, shape, pair.dtype, ufunc::Casting::same_kind);
  const double products = m * k * n, sums = products > 0 ? products - m * n : 0;
  const double total = einsum_rules(call.model).multiply_add_is_one ? products : products + sums;
  const double factor = total > 0 ? (6 * products + 2 * (total - products)) / total : 1;
  call.charge_cost(total, billed(call, pair.dtype, out), factor, logged_subscripts(call, pair.a->ndim, pair.b->ndim));
  return detail::into_out(call, out, matrix_product(*pair.a, *pair.b));
}

}  // namespace

Result run_matmul(Call& call) {
  if (!call.arg(2).is_absent() && !call.model.rule("matmul.takes_out"))
    throw_type_error("matmul() got an unexpected keyword argument 'out'");
  const Pair pair = operands_of(call);
  const int na = pair.a->ndim, nb = pair.b->ndim;
  if (na == 0 || nb == 0) throw_value_error("matmul: Input operand does not have enough dimensions (0-d operand)");
  require_equal_extents("matmul", *pair.a, na - 1, *pair.b, std::max(nb - 2, 0));
  if (is_plain_product(pair)) return plain_product(call, pair, call.arg(2));
  const std::string batch_a = batch_word(std::max(na - 2, 0)), batch_b = batch_word(std::max(nb - 2, 0));
  const std::string batch = batch_a.size() > batch_b.size() ? batch_a : batch_b;
  const std::string rows = na > 1 ? "x" : "", columns = nb > 1 ? "z" : "";
  return contracted(call, pair, batch_a + rows + "y," + batch_b + "y" + columns + "->" + batch + rows + columns,
                    call.arg(2));
}

Result run_dot(Call& call) {
  const Pair pair = operands_of(call);
  const int na = pair.a->ndim, nb = pair.b->ndim;
  if (na == 0 || nb == 0) {
    const std::string word = batch_word(na + nb);
    return contracted(call, pair, (na > 0 ? word : "") + "," + (nb > 0 ? word : "") + "->" + word);
  }
  require_equal_extents("dot", *pair.a, na - 1, *pair.b, std::max(nb - 2, 0));
  if (is_plain_product(pair)) return plain_product(call, pair, {});
  const std::string left = batch_word(na - 1);
  const std::string all = batch_word(na - 1 + std::max(nb - 2, 0));
  const std::string right = all.substr(0, all.size() - left.size());
  const std::string columns = nb > 1 ? "z" : "";
  return contracted(call, pair, left + "y," + right + "y" + columns + "->" + left + right + columns);
}

Result run_inner(Call& call) {
  const Pair pair = operands_of(call);
  const int na = pair.a->ndim, nb = pair.b->ndim;
  if (na == 0 || nb == 0) return run_dot(call);
  require_equal_extents("inner", *pair.a, na - 1, *pair.b, nb - 1);
  const std::string all = batch_word(na + nb - 2);
  const std::string left = all.substr(0, static_cast<std::size_t>(na - 1)),
                    right = all.substr(static_cast<std::size_t>(na - 1));
  return contracted(call, pair, left + "y," + right + "y->" + left + right);
}

Result run_outer(Call& call) {
  const Pair pair = flat_operands_of(call);
  return contracted(call, pair, k_outer, call.arg(2));
}

Result run_vdot(Call& call) {
  const Pair pair = flat_operands_of(call);
  require_equal_extents("vdot", *pair.a, 0, *pair.b, 0);
  return contracted(call, pair, "i,i->", {}, conjugated(pair.a));
}

namespace {

// A buffer for a result that keeps its contracted axis, as one without it.
ArrayRef without_axis(const Array& out, int axis, int ndim) {
  if (out.ndim != ndim || out.shape[axis] != 1)
    throw_value_error("the output buffer's contracted axis must have the size 1");
  return detail::at_position(out, axis, 0);
}

}  // namespace

Result run_vecdot(Call& call) {
  const Pair pair = operands_of(call);
  const int na = pair.a->ndim, nb = pair.b->ndim;
  const std::int64_t axis = call.arg(3).is_absent() ? -1 : to_int(call.arg(3), "axis");
  if (na == 0 || nb == 0) throw_value_error("vecdot: Input operand does not have enough dimensions (0-d operand)");
  const int axis_a = normalize_axis(axis, na), axis_b = normalize_axis(axis, nb);
  require_equal_extents("vecdot", *pair.a, axis_a, *pair.b, axis_b);
  const auto subscripts_along = [&](int at_a, int at_b) {
    std::string left = batch_word(na - 1), right = batch_word(nb - 1);
    const std::string result = left.size() > right.size() ? left : right;
    left.insert(static_cast<std::size_t>(at_a), "y");
    right.insert(static_cast<std::size_t>(at_b), "y");
    return left + "," + right + "->" + result;
  };
  const bool by_last = (axis_a != na - 1 || axis_b != nb - 1) && call.model.rule("vecdot.priced_along_last_axis");
  const Value& out = call.arg(2);
  const bool keeps = to_bool(call.arg(5), false);
  const int kept_axis = normalize_axis(axis, std::max(na, nb));
  const ArrayRef squeezed =
      keeps && out.is_array() ? without_axis(out.as_array(), kept_axis, std::max(na, nb)) : nullptr;
  const ArrayRef result =
      contracted(call, pair, subscripts_along(axis_a, axis_b), squeezed ? Value(squeezed) : out, conjugated(pair.a),
                 by_last ? subscripts_along(na - 1, nb - 1) : std::string(), call.arg(4))
          .take_array();
  if (squeezed) return ref_of(out.as_array());
  return keeps ? detail::with_new_axes(*result, Dims{kept_axis}) : result;
}

Result run_matvec(Call& call) {
  const Pair pair = operands_of(call);
  const int na = pair.a->ndim, nb = pair.b->ndim;
  if (na < 2 || nb < 1) throw_value_error("matvec: Input operand does not have enough dimensions");
  require_equal_extents("matvec", *pair.a, na - 1, *pair.b, nb - 1);
  const std::string left = batch_word(na - 2), right = batch_word(nb - 1);
  const std::string& batch = left.size() > right.size() ? left : right;
  return contracted(call, pair, left + "xy," + right + "y->" + batch + "x", call.arg(2), {}, {}, call.arg(3));
}

Result run_vecmat(Call& call) {
  const Pair pair = operands_of(call);
  const int na = pair.a->ndim, nb = pair.b->ndim;
  if (na < 1 || nb < 2) throw_value_error("vecmat: Input operand does not have enough dimensions");
  require_equal_extents("vecmat", *pair.a, na - 1, *pair.b, nb - 2);
  const std::string left = batch_word(na - 1), right = batch_word(nb - 2);
  const std::string& batch = left.size() > right.size() ? left : right;
  return contracted(call, pair, left + "y," + right + "yz->" + batch + "z", call.arg(2), conjugated(pair.a), {},
                    call.arg(3));
}

}  // namespace flopscope::contract
