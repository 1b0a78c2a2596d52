// SPDX-License-Identifier: MIT
// The generators themselves: default_rng, RandomState, the module's own one and its seed.
#include <memory>
#include <whest/flopscope/ops/detail/random_operations.hpp>

namespace flopscope::sampling {
namespace {

using whest::random::Entropy;
using whest::random::SeedSequence;

// An int or a sequence of ints, none negative.
Entropy to_entropy(const Value& v) {
  if (v.is_absent()) return Entropy::from_system();
  if (v.is(ValueKind::integer) && (v.flags & 1) != 0) return Entropy(static_cast<std::uint64_t>(v.i));
  const auto one = [](std::int64_t x) {
    if (x < 0) throw_value_error("expected non-negative integer");
    return Entropy(static_cast<std::uint64_t>(x));
  };
  if (!v.is_sequence() && !(v.is_array() && v.as_array().ndim > 0)) return one(to_int(v, "seed"));
  const ArrayRef items = contiguous_as(*to_array(v), DType::int64);
  std::vector<Entropy> members;
  for (std::int64_t i = 0; i < items->size; ++i) members.push_back(one(items->items<std::int64_t>()[i]));
  return Entropy::from_list(members);
}

std::uint32_t to_word(std::int64_t x) {
  if (x < 0 || x > 0xffffffffLL) throw_value_error("Seed must be between 0 and 2**32 - 1");
  return static_cast<std::uint32_t>(x);
}

// RandomState's seeds: 32 bits, or an array of such words.
whest::random::Stream legacy_stream(const Value& v) {
  if (v.is_absent()) return whest::random::random_state(Entropy::from_system().words()[0]);
  if (!v.is_sequence() && !(v.is_array() && v.as_array().ndim > 0)) {
    return whest::random::random_state(to_word(to_int(v, "seed")));
  }
  const ArrayRef items = contiguous_as(*to_array(v), DType::int64);
  if (items->size == 0) throw_value_error("Seed must be non-empty");
  std::vector<std::uint32_t> key;
  for (std::int64_t i = 0; i < items->size; ++i) key.push_back(to_word(items->items<std::int64_t>()[i]));
  return {std::make_unique<whest::random::Mt19937>(std::span<const std::uint32_t>(key)),
          whest::random::Algorithms::random_state, false, 0};
}

Result object_result(std::shared_ptr<RandomObject> object) { return Result::Variant(ObjectRef(std::move(object))); }

}  // namespace

RandomObject& module_random() {
  static RandomObject s_object(whest::random::random_state(Entropy::from_system().words()[0]));
  return s_object;
}

RandomObject& random_object_of(const Call& call) {
  if ((call.op.variant & 1) == 0) return module_random();
  const Value& self = call.arg(0);
  auto* object = self.is(ValueKind::object) ? dynamic_cast<RandomObject*>(self.as_object().get()) : nullptr;
  if (object == nullptr) throw_type_error(std::string(call.op.name) + "() needs a random generator");
  return *object;
}

Result run_default_rng(Call& call) {
  const Value& seed = call.arg(0);
  // A generator is passed through.
  if (seed.is(ValueKind::object)) {
    call.charge_nothing();
    return Result::Variant(seed.as_object());
  }
  const Entropy entropy = to_entropy(seed);
  call.charge_nothing();
  return object_result(std::make_shared<RandomObject>(whest::random::default_rng(SeedSequence(entropy))));
}

Result run_random_state(Call& call) {
  auto stream = legacy_stream(call.arg(0));
  call.charge_nothing();
  return object_result(std::make_shared<RandomObject>(std::move(stream)));
}

// A state is a generator that nobody draws from.
Result run_get_state(Call& call) {
  RandomObject& object = random_object_of(call);
  call.charge_nothing();
  const std::scoped_lock lock(object.mutex);
  return object_result(std::make_shared<RandomObject>(object.stream.clone()));
}

Result run_set_state(Call& call) {
  const Value& given = call.arg(first_argument(call));
  const auto* state = given.is(ValueKind::object) ? dynamic_cast<RandomObject*>(given.as_object().get()) : nullptr;
  if (state == nullptr || state->stream.algorithms != whest::random::Algorithms::random_state)
    throw_type_error("set_state() takes what get_state() returned");
  RandomObject& object = random_object_of(call);
  call.charge_nothing();
  auto stream = state->stream.clone();
  const std::scoped_lock lock(object.mutex);
  object.stream = std::move(stream);
  return Result::none();
}

Result run_seed(Call& call) {
  const Value& seed = call.arg(first_argument(call));
  RandomObject& object = random_object_of(call);
  auto stream = legacy_stream(seed);
  call.charge_nothing();
  const std::scoped_lock lock(object.mutex);
  object.stream = std::move(stream);
  return Result::none();
}

// The packages meter no generator that was spawned, and refuse to.
Result run_spawn(Call&) {
  throw Error(ErrorKind::unsupported_function,
              "flopscope does not meter spawned generators; make them with default_rng([seed, index]).");
}

}  // namespace flopscope::sampling
