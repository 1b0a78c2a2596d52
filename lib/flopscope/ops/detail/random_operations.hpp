// SPDX-License-Identifier: MIT
// What the random operations share: the generator objects that participants hold, the process-wide RandomState behind
// the functions of the module, and the kernels. A kernel's variant is 2 * selector + 1 for a method (its first argument
// is the generator), 2 * selector for a function of the module.
//
// All samplers check what the arguments decide, then charge, then draw: a refused sampler leaves its stream where it
// was.
#pragma once

#include <mutex>
#include <optional>
#include <whest/flopscope/core/operation.hpp>
#include <whest/random/stream.hpp>

namespace flopscope::sampling {

class RandomObject final : public Object {
 public:
  explicit RandomObject(whest::random::Stream s) : stream(std::move(s)) {}
  std::mutex mutex;  // held while drawing
  whest::random::Stream stream;
};

// The generator of a call, locked.
struct Source {
  RandomObject& object;
  std::scoped_lock<std::mutex> lock;
  whest::random::Stream& stream() { return object.stream; }
};
RandomObject& module_random();
RandomObject& random_object_of(const Call& call);
inline Source source_of(const Call& call) {
  RandomObject& object = random_object_of(call);
  return {object, std::scoped_lock(object.mutex)};
}
// Where the sampler's own arguments begin, and what the table selected. TypeError, before any charge, where a method's
// first argument is no generator.
inline int first_argument(const Call& call) {
  random_object_of(call);
  return call.op.variant & 1;
}
inline int selector(const Call& call) { return call.op.variant >> 1; }

// Charges; the record of a function of the module shows how many numbers it draws (or whatever `shown` says), that of a
// method shows nothing.
inline void charge_drawn(Call& call, const PriceInput& price, std::optional<DType> dtype,
                         std::initializer_list<std::int64_t> shown) {
  if ((call.op.variant & 1) == 0) {
    call.state_shape(std::span(shown.begin(), shown.size()));
  }
  call.charge(price, dtype);
}

// A `size` argument: nullopt when absent (the result is a scalar, or has the parameters' shape).
std::optional<Dims> to_size(const Value& v);

// A dtype argument; UnsupportedDtypeError where the model refuses a type object given by position.
DType to_sample_dtype(const Call& call, const Value& v, DType if_absent);

// random_generators.cpp
Result run_default_rng(Call& call);
Result run_random_state(Call& call);
Result run_seed(Call& call);
Result run_get_state(Call& call);
Result run_set_state(Call& call);
Result run_spawn(Call& call);

// random_samplers.cpp
Result run_distribution(Call& call);  // selector: index in whest::random::distributions()
Result run_typed(Call& call);         // selector: Typed
Result run_dims(Call& call);          // rand, randn: selector 0, 1
Result run_uniform_sample(Call& call);
Result run_integers(Call& call);
Result run_randint(Call& call);
Result run_random_integers(Call& call);
Result run_tomaxint(Call& call);
Result run_bytes(Call& call);
enum class Typed { random, standard_normal, standard_exponential, standard_gamma };

// random_permute.cpp
Result run_choice(Call& call);
Result run_permutation(Call& call);
Result run_shuffle(Call& call);
Result run_permuted(Call& call);

// random_vectors.cpp
Result run_dirichlet(Call& call);
Result run_multinomial(Call& call);
Result run_multivariate_hypergeometric(Call& call);
Result run_multivariate_normal(Call& call);

// float64 numbers of the module's stream, of a distribution by name with all parameters at their defaults, charged to
// nobody (random.symmetric); AttributeError when there is none of that name.
void require_distribution_name(std::string_view name);
ArrayRef module_numbers(std::string_view distribution, std::span<const std::int64_t> shape);

}  // namespace flopscope::sampling
