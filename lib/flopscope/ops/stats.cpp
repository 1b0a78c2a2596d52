// SPDX-License-Identifier: MIT
// The stats family of operations: pdf, cdf and ppf of eight distributions, always in float64.
//
// The packages compute some of them with the participant's own arrays as parameters, so that their arithmetic on an
// array-valued loc, scale or shape is charged once more, operation by operation. Where that computation goes through it
// is part of the price in every model; `k_arithmetic` says which operations it takes.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/complex_curves.hpp>
#include <whest/flopscope/ops/detail/curves.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

using namespace stats;

enum ParameterBit : unsigned { k_loc = 1, k_scale = 2, k_a = 4, k_b = 8, k_argument = 16 };

struct Function {
  std::string_view name;
  Curve curve;
  double operations;  // per element, audited
};

constexpr std::string_view k_x = "x, loc=0.0, scale=1.0";
constexpr std::string_view k_q = "q, loc=0.0, scale=1.0";
constexpr std::string_view k_x_s = "x, s, loc=0.0, scale=1.0";
constexpr std::string_view k_q_s = "q, s, loc=0.0, scale=1.0";
constexpr std::string_view k_x_ab = "x, a, b, loc=0.0, scale=1.0";
constexpr std::string_view k_q_ab = "q, a, b, loc=0.0, scale=1.0";

constexpr Function k_functions[] = {
    {"stats.norm.pdf", norm_pdf, 27},           {"stats.norm.cdf", norm_cdf, 48},
    {"stats.norm.ppf", norm_ppf, 83},           {"stats.uniform.pdf", uniform_pdf, 1},
    {"stats.uniform.cdf", uniform_cdf, 4},      {"stats.uniform.ppf", uniform_ppf, 1},
    {"stats.expon.pdf", expon_pdf, 22},         {"stats.expon.cdf", expon_cdf, 22},
    {"stats.expon.ppf", expon_ppf, 27},         {"stats.cauchy.pdf", cauchy_pdf, 6},
    {"stats.cauchy.cdf", cauchy_cdf, 20},       {"stats.cauchy.ppf", cauchy_ppf, 28},
    {"stats.logistic.pdf", logistic_pdf, 23},   {"stats.logistic.cdf", logistic_cdf, 21},
    {"stats.logistic.ppf", logistic_ppf, 28},   {"stats.laplace.pdf", laplace_pdf, 22},
    {"stats.laplace.cdf", laplace_cdf, 40},     {"stats.laplace.ppf", laplace_ppf, 51},
    {"stats.lognorm.pdf", lognorm_pdf, 62},     {"stats.lognorm.cdf", lognorm_cdf, 70},
    {"stats.lognorm.ppf", lognorm_ppf, 106},    {"stats.truncnorm.pdf", truncnorm_pdf, 28},
    {"stats.truncnorm.cdf", truncnorm_cdf, 51}, {"stats.truncnorm.ppf", truncnorm_ppf, 81},
};

// One metered step on array-valued parameters: done when any of `when` is an array. Each of its two operands is made of
// the argument and the parameters named, broadcast; of none: a plain number.
struct Step {
  std::string_view function;
  unsigned allowed;  // the parameters that may be arrays; with any other the packages fail
  std::string_view operation;
  unsigned when;
  unsigned left, right;
  bool in_own_dtype = false;
};
constexpr unsigned k_location_scale = k_loc | k_scale;
constexpr unsigned k_all = k_location_scale | k_a | k_b;
constexpr unsigned k_standardized = k_argument | k_location_scale, k_drawn = k_argument | k_a | k_b;
constexpr Step k_arithmetic[] = {
    {"stats.norm.cdf", k_location_scale, "subtract", k_loc, k_argument, k_loc},
    {"stats.norm.cdf", k_location_scale, "multiply", k_scale, k_scale, 0},
    {"stats.norm.cdf", k_location_scale, "true_divide", k_location_scale, k_argument | k_loc, k_scale},
    {"stats.norm.ppf", k_location_scale, "multiply", k_scale, k_scale, k_argument},
    {"stats.norm.ppf", k_location_scale, "add", k_location_scale, k_loc, k_argument | k_scale},
    {"stats.lognorm.cdf", k_a, "multiply", k_a, k_a, 0},
    {"stats.lognorm.cdf", k_a, "true_divide", k_a, k_standardized, k_a},
    {"stats.lognorm.ppf", k_location_scale, "multiply", k_scale, k_scale, k_drawn},
    {"stats.lognorm.ppf", k_location_scale, "add", k_location_scale, k_loc, k_drawn | k_scale},
    {"stats.truncnorm.ppf", k_all, "true_divide", k_a, k_a, 0},
    {"stats.truncnorm.ppf", k_all, "true_divide", k_b, k_b, 0},
    {"stats.truncnorm.ppf", k_all, "multiply", k_scale, k_scale, k_drawn},
    {"stats.truncnorm.ppf", k_all, "add", k_location_scale, k_loc, k_drawn | k_scale},
    {"stats.cauchy.pdf", k_location_scale, "subtract", k_loc, k_argument, k_loc},
    {"stats.cauchy.pdf", k_location_scale, "true_divide", k_location_scale, k_argument | k_loc, k_scale},
    {"stats.cauchy.pdf", k_location_scale, "multiply", k_scale, 0, k_scale, true},
    {"stats.cauchy.pdf", k_location_scale, "multiply", k_location_scale, k_standardized, k_standardized},
    {"stats.cauchy.pdf", k_location_scale, "add", k_location_scale, 0, k_standardized},
    {"stats.cauchy.pdf", k_location_scale, "multiply", k_location_scale, k_scale, k_standardized},
    {"stats.cauchy.pdf", k_location_scale, "true_divide", k_location_scale, 0, k_standardized},
};

// x and the parameters in the order loc, scale, a, b.
struct Operands {
  ArrayRef x;
  std::array<ArrayRef, 4> parameters;  // null: not given
  unsigned arrays = 0;                 // bits of those that are the participant's arrays
  Dims shape;
};

void read_parameter(Operands& o, std::size_t slot, const Value& v) {
  if (v.is_missing()) return;
  o.parameters[slot] = to_array(v);
  if (v.is_array()) o.arrays |= 1U << slot;
  o.shape = broadcast(o.shape, o.parameters[slot]->dims());
}

Operands read_operands(const Call& call) {
  Operands o;
  o.x = to_array(call.arg(0));
  o.shape = Dims(o.x->dims());
  const int shapes = static_cast<int>(call.op.arity) - 3;
  for (int i = 0; i < shapes; ++i) read_parameter(o, static_cast<std::size_t>(2 + i), call.arg(1 + i));
  read_parameter(o, 0, call.arg(1 + shapes));
  read_parameter(o, 1, call.arg(2 + shapes));
  return o;
}

// The argument itself is taken without its tag; the parameters' tags meet as in any elementwise operation.
struct Extents {
  Dims shape;
  TagRef tag;
  double elements = 0, unique = 0;
};

Extents extents_of(const Operands& o, unsigned operands) {
  static const TagRef k_none;
  Extents e;
  std::vector<symmetry::TaggedShape> parts;
  if ((operands & k_argument) != 0) {
    e.shape = Dims(o.x->dims());
    parts.push_back({k_none, o.x->dims()});
  }
  for (std::size_t slot = 0; slot < o.parameters.size(); ++slot) {
    const ArrayRef& p = o.parameters[slot];
    if (!p || (operands & 1U << slot) == 0) continue;
    e.shape = broadcast(e.shape, p->dims());
    parts.push_back({p->tag(), p->dims()});
  }
  e.elements = e.unique = static_cast<double>(element_count(e.shape));
  if (std::any_of(parts.begin(), parts.end(), [](const auto& p) { return p.tag != nullptr; }))
    e.tag = symmetry::aligned_intersection(parts, e.shape);
  if (e.tag) e.unique = symmetry::unique_elements(e.tag, e.shape);
  return e;
}

// Of one number the packages compute the normal quantile as a plain number, which takes the dtype of the parameters
// that scale and move it.
bool is_weak_quantile(const Call& call, const Operands& o) {
  if (o.x->ndim > 0) return false;
  return call.op.name == "stats.norm.ppf" || (call.op.name == "stats.truncnorm.ppf" && (o.arrays & (k_a | k_b)) == 0);
}

DType dtype_of_step(const Call& call, const Operands& o, const Step& step) {
  std::optional<DType> dtype;
  if (!is_weak_quantile(call, o)) dtype = DType::float64;
  for (std::size_t slot = 0; slot < o.parameters.size(); ++slot) {
    if ((o.arrays & step.when & 1U << slot) == 0) continue;
    const DType own = o.parameters[slot]->type();
    const DType floating = is_floating(own) ? own : DType::float64;
    if (step.in_own_dtype) return floating;
    dtype = dtype ? promote(*dtype, floating) : floating;
  }
  return dtype.value_or(DType::float64);
}

// What the arithmetic leaves on the result: its tag, and the dtype that it was done in at last.
struct Arithmetic {
  TagRef tag;
  DType dtype = DType::float64;
};

Arithmetic charge_parameter_arithmetic(Call& call, const Operands& o) {
  Arithmetic done;
  for (const Step& step : k_arithmetic) {
    if (step.function != call.op.name || (o.arrays & ~step.allowed) != 0 || (o.arrays & step.when) == 0) continue;
    const Extents extents = extents_of(o, step.left | step.right);
    const Dims left = extents_of(o, step.left).shape, right = extents_of(o, step.right).shape;
    const std::span<const std::int64_t> shown[] = {left, right};
    call.state_shapes(shown);
    PriceInput price;
    price.in = price.out = extents.elements;
    price.unique_in = price.unique_out = extents.unique;
    done = {extents.tag, dtype_of_step(call, o, step)};
    call.charge_as(step.operation, price, done.dtype);
  }
  return done;
}

// Where an array-valued parameter is complex and the packages get through, their arithmetic is complex.
Result complex_result(const Call& call, const Operands& o, ComplexCurve curve, const Arithmetic& done) {
  const ArrayRef x = contiguous_as(*broadcast_view(*o.x, o.shape), DType::float64);
  std::array<ArrayRef, 4> given;
  for (std::size_t k = 0; k < given.size(); ++k)
    if (o.parameters[k]) given[k] = contiguous_as(*broadcast_view(*o.parameters[k], o.shape), DType::complex128);
  ComplexParameters p;
  p.scale_is_complex = o.parameters[1] && is_complex(o.parameters[1]->type());
  if ((o.arrays & k_scale) != 0 && is_floating(o.parameters[1]->type())) p.scale_dtype = o.parameters[1]->type();
  const std::array<Complex128*, 4> targets{&p.loc, &p.scale, &p.a, &p.b};
  const ArrayRef out = Array::make(DType::complex128, o.shape);
  for (std::int64_t i = 0; i < out->size; ++i) {
    for (std::size_t k = 0; k < targets.size(); ++k)
      if (given[k]) *targets[k] = given[k]->items<Complex128>()[i];
    out->mutable_items<Complex128>()[i] = curve(x->items<double>()[i], p);
  }
  const bool is_probability = call.op.name.ends_with(".cdf");
  ArrayRef result = cast(*out, is_probability ? DType::float64 : done.dtype);
  if (done.tag) result->set_tag(done.tag);
  return result;
}

ComplexCurve complex_curve_of(const Call& call, const Operands& o) {
  for (std::size_t slot = 0; slot < o.parameters.size(); ++slot) {
    if ((o.arrays & 1U << slot) == 0 || !is_complex(o.parameters[slot]->type())) continue;
    for (const Step& step : k_arithmetic)
      if (step.function == call.op.name && (o.arrays & ~step.allowed) == 0 && (step.when & 1U << slot) != 0)
        return complex_curve(call.op.name);
  }
  return nullptr;
}

Result run_curve(Call& call) {
  const Function& function = k_functions[static_cast<std::size_t>(call.op.variant)];
  const Operands o = read_operands(call);
  for (const Value& v : call.args)
    if (v.is(ValueKind::complex))  // of an array the real parts are taken
      throw_type_error("float() argument must be a string or a real number, not 'complex'");
  PriceInput price;
  price.in = price.unique_in = static_cast<double>(o.x->size);
  price.out = price.unique_out = static_cast<double>(element_count(o.shape));
  price.extra = function.operations;
  if (!call.model.rule("stats.log_their_argument")) call.state_shape(o.shape);
  call.owes_more();
  call.charge(price, DType::float64);
  const Arithmetic done = charge_parameter_arithmetic(call, o);
  call.owes_no_more();
  if (const ComplexCurve curve = complex_curve_of(call, o)) return complex_result(call, o, curve, done);

  const ArrayRef x = contiguous_as(*broadcast_view(*o.x, o.shape), DType::float64);
  CurveParameters p;
  if ((o.arrays & k_scale) != 0) p.scale_dtype = o.parameters[1]->type();
  const std::array<double*, 4> targets{&p.loc, &p.scale, &p.a, &p.b};
  std::array<ArrayRef, 4> varying;
  for (std::size_t k = 0; k < targets.size(); ++k) {
    if (!o.parameters[k]) continue;
    if (o.parameters[k]->size == 1)
      *targets[k] = item_double(*o.parameters[k]);
    else
      varying[k] = contiguous_as(*broadcast_view(*o.parameters[k], o.shape), DType::float64);
  }
  ArrayRef out = Array::make(DType::float64, o.shape);
  for (std::int64_t i = 0; i < out->size; ++i) {
    for (std::size_t k = 0; k < targets.size(); ++k)
      if (varying[k]) *targets[k] = varying[k]->items<double>()[i];
    out->mutable_items<double>()[i] = function.curve(x->items<double>()[i], p);
  }
  if (is_weak_quantile(call, o) && is_real_floating(done.dtype)) out = cast(*out, done.dtype);
  if (done.tag) out->set_tag(done.tag);
  return out;
}

std::string_view signature_of(std::string_view name) {
  const bool quantile = name.ends_with("ppf");
  if (name.starts_with("stats.lognorm")) return quantile ? k_q_s : k_x_s;
  if (name.starts_with("stats.truncnorm")) return quantile ? k_q_ab : k_x_ab;
  return quantile ? k_q : k_x;
}

std::vector<Operation> make_operations() {
  std::vector<Operation> out;
  int variant = 0;
  for (const Function& function : k_functions)
    out.push_back({.name = function.name,
                   .signature = signature_of(function.name),
                   .run = run_curve,
                   .formula = "stats.argument",
                   .variant = variant++});
  return out;
}

}  // namespace

std::span<const Operation> stats_operations() {
  static const std::vector<Operation> k_operations = make_operations();
  return k_operations;
}

}  // namespace flopscope
