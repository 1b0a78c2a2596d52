// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/ops/detail/billing.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>
#include <whest/flopscope/ops/detail/symmetric_values.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {
namespace {

// Where the optional arguments stand, after the inputs.
enum Slot { k_out, k_where, k_casting, k_order, k_dtype, k_subok };

const Value& option(const Call& call, const Ufunc& u, Slot slot) {
  static const Value k_missing;
  const auto at = static_cast<std::size_t>(u.inputs + slot);
  return at < call.args.size() ? call.args[at] : k_missing;
}

bool is_everywhere(const Value& where) { return where.is_absent() || (where.is(ValueKind::boolean) && where.i != 0); }

// A result that a mask leaves undone in part may have lost the symmetry of its operands.
void refuse_lost_symmetry(const Array& written, const TagRef& tag) {
  if (!tag) return;
  const ArrayRef finite = apply(k_isfinite, Input(written));
  const bool yes = true;
  if (!*fold(k_logical_and, *finite, all_axes(finite->dims()), &yes)->items<bool>()) return;
  contract::require_symmetric(written, *tag, contract::k_default_atol, contract::k_default_rtol);
}

const Value& out_value(const Value& out, int k) {
  if (!out.is_sequence()) return out;
  static const Value k_missing;
  return static_cast<std::size_t>(k) < out.as_items().size() ? out.as_items()[static_cast<std::size_t>(k)] : k_missing;
}

// Whether `from` repeats into `to` without stretching it.
bool broadcasts_into(const Dims& from, std::span<const std::int64_t> to) {
  const auto lead = static_cast<int>(to.size()) - from.size();
  if (lead < 0) return false;
  for (int d = 0; d < from.size(); ++d)
    if (from[d] != 1 && from[d] != to[static_cast<std::size_t>(lead + d)]) return false;
  return true;
}

// A function whose every loop yields `dtype` (comparisons: bool) is not constrained by asking for it.
std::optional<DType> constraint(const Ufunc& u, std::optional<DType> dtype) {
  const auto first_out = static_cast<std::size_t>(u.inputs);
  const bool always = std::all_of(u.loops.begin(), u.loops.end(),
                                  [&](const Loop& loop) { return dtype && loop.types[first_out] == *dtype; });
  return always ? std::nullopt : dtype;
}

bool any_overlap(const Array& out, std::span<const Input> inputs) {
  return std::any_of(inputs.begin(), inputs.end(),
                     [&](const Input& in) { return !in.is_weak() && in.array()->storage() == out.storage(); });
}

}  // namespace

DType promoted_with_out(const Call& call, DType dtype, const Array* out) {
  return out == nullptr || !call.model.has_complex_factors() ? dtype : promote(dtype, out->type());
}

Dims stretched_to(const Array& out, const Dims& shape) {
  return broadcasts_into(shape, out.dims()) ? Dims(out.dims()) : shape;
}

Casting casting_into(const Array& out, Casting casting) { return out.tag() ? Casting::unsafe : casting; }

const Array& buffer_of(const Value& out, std::string_view name, const TagRef& tag) {
  if (!out.is_array()) throw_type_error("return arrays must be of ArrayType");
  out.as_array().require_writable();
  if (declares_more(out.as_array(), tag))
    throw_value_error(fmt::format("{}: the out array is declared symmetric and the result is not", name));
  return out.as_array();
}

const Array& checked_out(const Value& out, std::string_view name, std::span<const std::int64_t> shape, DType dtype,
                         const TagRef& tag, Casting casting) {
  const Array& a = buffer_of(out, name, tag);
  if (!can_cast(dtype, a.type(), casting))
    throw_type_error(
        fmt::format("Cannot cast ufunc '{}' output from dtype('{}') to dtype('{}') with casting rule "
                    "'same_kind'",
                    name, name_of(dtype), name_of(a.type())));
  if (!std::equal(a.dims().begin(), a.dims().end(), shape.begin(), shape.end()))
    throw_value_error(fmt::format("non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
                                  shape_text(a.dims()), shape_text(shape)));
  return a;
}

ArrayRef write_out(const Call& call, const Array& out, const Array& result, const TagRef& tag, const Array* where) {
  TagRef kept = keeps_tag(out, tag) ? out.tag() : nullptr;
  // Where writes void tags, one comes back only with numbers that bear it out (a NaN does not).
  if (kept && call.model.writes_void_tags() &&
      !contract::deviation(result, *kept, contract::k_default_atol, contract::k_default_rtol).passes)
    kept = nullptr;
  if (where == nullptr) {
    if (out.data != result.data) copy_into(out, result);
  } else {
    const ArrayRef mask = contiguous_as(*broadcast_view(*where, out.dims()), DType::bool_);
    const ArrayRef old = copy_of(out);
    const ArrayRef fresh = contiguous_as(result, out.type());
    const bool* keep = mask->items<bool>();
    const auto bytes = static_cast<std::size_t>(out.item_bytes());
    for (std::int64_t i = 0; i < out.size; ++i)
      if (keep[i])
        std::copy_n(fresh->items<std::byte>() + static_cast<std::size_t>(i) * bytes, bytes,
                    old->mutable_items<std::byte>() + static_cast<std::size_t>(i) * bytes);
    refuse_lost_symmetry(*old, tag);
    copy_into(out, *old);
  }
  call.wrote_into(out);
  ArrayRef written = ref_of(out);
  if (kept) written->set_tag(kept);
  return written;
}

namespace {

bool same_dims(const Array& a, const Array& b) {
  if (a.ndim != b.ndim) return false;
  for (int d = 0; d < a.ndim; ++d)
    if (a.shape[d] != b.shape[d]) return false;
  return true;
}

// The usual call: one result, nothing optional given, contiguous untagged arrays of one shape and dtype, of which one
// may be a Python number beside float32 or float64. Then the loop of that dtype runs over the memory as it lies.
struct PlainCall {
  const Array* array = nullptr;  // null: not such a call
  const Loop* loop = nullptr;
  int scalar = -1;  // which input is a number

  PlainCall(const Call& call, const Counted& what) {
    const Ufunc& u = *what.function;
    const auto inputs = static_cast<std::size_t>(u.inputs);
    if (u.outputs != 1 || call.args.size() < inputs) return;
    for (const Value& option : call.args.subspan(inputs))
      if (!option.is_missing()) return;
    const Array* a = nullptr;
    for (std::size_t k = 0; k < inputs; ++k) {
      const Value& v = call.args[k];
      if (v.is_array()) [[likely]] {
        const Array& x = v.as_array();
        if (!x.is_contiguous() || x.tag()) return;
        if (a != nullptr && (x.dtype != a->dtype || !same_dims(x, *a))) return;
        a = &x;
      } else if ((v.is(ValueKind::real) || v.is(ValueKind::integer)) && !u.fixed_second_int &&
                 !(what.traits & k_logical)) {
        scalar = static_cast<int>(k);
      } else {
        return;
      }
    }
    if (a == nullptr) return;
    const DType type = a->type();
    if ((scalar >= 0 && type != DType::float32 && type != DType::float64) ||
        ((what.traits & k_real_only) && !is_floating(type)))
      return;
    const int at = u.direct[static_cast<std::size_t>(type)];
    if (at < 0) return;
    loop = &u.loops[static_cast<std::size_t>(at)];
    array = a;
  }
};

// The facts of a plain call: zeros but for the element counts. Kept, since clearing it costs as much as a small loop.
[[gnu::tls_model("initial-exec")]] static thread_local constinit PriceInput t_plain_price;

ArrayRef run_plain(Call& call, const PlainCall& plain, std::size_t inputs) {
  const Array& a = *plain.array;
  const DType type = a.type(), result = plain.loop->types[inputs];
  PriceInput& price = t_plain_price;
  price.in = price.out = price.unique_in = price.unique_out = static_cast<double>(a.size);
  const bool by_result = call.model.has_complex_factors() && !call.model.prices_dtype_of_loop();
  call.charge(price, by_result ? with_result(type, result) : type);

  ArrayRef out = Array::make_like(a, result);
  if (a.size == 0) [[unlikely]]
    return out;
  alignas(16) std::byte scalar[16];
  std::byte* data[k_max_operands];
  std::int64_t steps[k_max_operands];
  for (std::size_t k = 0; k < inputs; ++k) {
    const bool is_scalar = static_cast<int>(k) == plain.scalar;
    if (is_scalar) [[unlikely]]
      Input(call.args[k]).store_scalar(type, scalar);
    data[k] = is_scalar ? scalar : call.args[k].as_array().mutable_items<std::byte>();
    steps[k] = is_scalar ? 0 : a.item_bytes();
  }
  data[inputs] = out->mutable_items<std::byte>();
  steps[inputs] = out->item_bytes();
  plain.loop->fn(data, steps, a.size);
  return out;
}

}  // namespace

ArrayRef mask_of(const Value& where) {
  if (is_everywhere(where)) return nullptr;
  ArrayRef mask = to_array(where);
  if (mask->type() != DType::bool_)
    throw_type_error(
        fmt::format("Cannot cast array data from dtype('{}') to dtype('bool') according to the rule 'safe'",
                    name_of(mask->type())));
  return mask;
}

namespace {

// The caller's buffers, in the order of the results; their symmetry is looked at before anything else.
struct Buffers {
  const Value* values[2] = {nullptr, nullptr};
  std::array<const Array*, 2> arrays{};

  Buffers(const Value& out, const Counted& what, const TagRef& tag) {
    require_form(out, static_cast<std::size_t>(what.function->outputs));
    for (int k = 0; k < what.function->outputs && !out.is_absent(); ++k) {
      const Value& o = out_value(out, k);
      if (o.is_absent()) continue;
      const auto at = static_cast<std::size_t>(k);
      values[at] = &o;
      const bool only = what.function->outputs == 1;  // of two, the symmetry is looked at when they are written
      arrays[at] = &buffer_of(o, what.function->name, only ? required(what, o, tag) : tag_of(o));
    }
  }
  // One buffer may stand alone; several, or a tuple, are one for each result.
  static void require_form(const Value& out, std::size_t outputs) {
    if (out.is_absent() || (outputs == 1 && !out.is_sequence())) return;
    if (!out.is_sequence()) throw_type_error("'out' must be a tuple of arrays");
    if (out.as_items().size() != outputs)
      throw_value_error("The 'out' tuple must have exactly one entry per ufunc output");
  }
  // Functions that drop the tag void that of the buffer too, and do not mind it.
  static TagRef required(const Counted& what, const Value& o, const TagRef& tag) {
    return (what.traits & k_dense) ? tag_of(o) : tag;
  }
  static TagRef tag_of(const Value& o) { return o.is_array() ? o.as_array().tag() : nullptr; }
};

}  // namespace

namespace {

// In a function of its own, whose many variables would crowd those of the plain call out of the registers.
[[gnu::noinline]] Result run_with_options(Call& call, const Counted& what) {
  const Ufunc& u = *what.function;
  const Input inputs_storage[k_max_inputs] = {Input(call.arg(0)), u.inputs > 1 ? Input(call.arg(1)) : Input()};
  const std::span<const Input> inputs(inputs_storage, static_cast<std::size_t>(u.inputs));
  const auto outputs = static_cast<std::size_t>(u.outputs);
  const Casting casting = to_casting(option(call, u, k_casting));
  const Dims priced_shape = broadcast_shape(inputs);
  const ArrayRef mask = mask_of(option(call, u, k_where));
  const auto elements = static_cast<double>(element_count(priced_shape));
  Tagged tagged = (what.traits & k_dense) ? Tagged{nullptr, elements} : pointwise_tag(inputs, priced_shape, elements);
  const Buffers buffers(option(call, u, k_out), what, tagged.tag);
  refuse_asked_complex(call, option(call, u, k_dtype));
  const std::optional<DType> asked = constraint(u, to_dtype(option(call, u, k_dtype)));
  const Loop& loop = resolve(u, inputs, asked, casting);
  check_scalars(loop, inputs);
  const bool loop_asked = !option(call, u, k_dtype).is_absent();
  const Billed billed =
      billed_dtype(call, {what, loop, inputs, asked, std::span(buffers.arrays).first(outputs), loop_asked});

  // A mask or a larger buffer may stretch the result; the price does not follow.
  Dims shape = mask ? broadcast(priced_shape, mask->dims()) : priced_shape;
  for (const Array* target : buffers.arrays)
    if (target != nullptr) shape = stretched_to(*target, shape);
  for (std::size_t k = 0; k < outputs; ++k) {
    const Array* target = buffers.arrays[k];
    if (target == nullptr) continue;
    const TagRef required = Buffers::required(what, *buffers.values[k], tagged.tag);
    checked_out(*buffers.values[k], u.name, shape, loop.types[inputs.size() + k], required,
                outputs == 1 ? casting_into(*target, casting) : casting);
    if (target->tag() && !keeps_tag(*target, tagged.tag)) tagged = {nullptr, elements};
  }

  PriceInput price;
  price.in = price.out = elements;
  price.unique_in = price.unique_out = tagged.unique;
  price.complex_factor = billed.complex_factor;
  call.charge(price, billed.dtype);

  std::array<ArrayRef, 2> results;
  for (std::size_t k = 0; k < outputs; ++k) {
    const DType type = loop.types[inputs.size() + k];
    const Array* target = buffers.arrays[k];
    const bool direct = target != nullptr && !mask && target->type() == type && !any_overlap(*target, inputs);
    results[k] = direct ? ref_of(*target) : Array::make(type, shape);
  }
  execute(loop, inputs, std::span(results).first(outputs));
  for (std::size_t k = 0; k < outputs; ++k) {
    ArrayRef& r = results[k];
    if (buffers.arrays[k] != nullptr) {
      r = write_out(call, *buffers.arrays[k], *r, tagged.tag, mask.get());
    } else if (tagged.tag) {
      r->set_tag(tagged.tag);
    }
  }
  if (u.outputs == 1) return std::move(results[0]);
  return Result::tuple({Result(std::move(results[0])), Result(std::move(results[1]))});
}

}  // namespace

Result run_counted(Call& call, const Counted& what) {
  if (const PlainCall plain(call, what); plain.array != nullptr) [[likely]]
    return run_plain(call, plain, static_cast<std::size_t>(what.function->inputs));
  return run_with_options(call, what);
}

}  // namespace flopscope::ufunc
