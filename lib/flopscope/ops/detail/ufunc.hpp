// SPDX-License-Identifier: MIT
// Elementwise functions as NumPy has them: a list of typed loops, the rule that picks one (NumPy 2: promotion with weak
// Python scalars), and the walk over broadcast, strided operands. Nothing here prices or charges: the families do.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <whest/flopscope/core/value.hpp>

namespace flopscope::ufunc {

inline constexpr int k_max_inputs = 2;
inline constexpr int k_max_operands = 4;  // inputs, then outputs

// n elements: data[k] is the first element of operand k, steps[k] its stride in bytes. An output may be an input.
using LoopFn = void (*)(std::byte* const* data, const std::int64_t* steps, std::int64_t n);

struct Loop {
  std::array<DType, k_max_operands> types;  // inputs, then outputs
  LoopFn fn;
};

// How operands choose a loop.
enum class Resolve : std::uint8_t {
  search,  // the first loop to which every operand may be cast safely
  common,  // the same, after all operands were promoted to one dtype (arithmetic)
  divide,  // as common, but integers and bool go to float64
};

struct Ufunc {
  std::string_view name;  // as in NumPy's error texts
  int inputs = 1;
  int outputs = 1;
  Resolve resolve = Resolve::search;
  bool refuses_bool = false;      // subtract, negative...: no loop for two bools
  bool weak_any_size = false;     // comparisons: a Python int of any size is compared by value
  bool fixed_second_int = false;  // ldexp: a Python int stays an int64
  std::span<const Loop> loops;
  std::array<std::int8_t, k_dtype_count> direct{};  // loop for inputs that all have this dtype already; -1: none

  int operands() const { return inputs + outputs; }
};

// Fills `direct`.
constexpr Ufunc with_direct(Ufunc u) {
  for (int d = 0; d < k_dtype_count; ++d) {
    u.direct[static_cast<std::size_t>(d)] = -1;
    for (std::size_t i = 0; i < u.loops.size(); ++i) {
      bool same = true;
      for (int k = 0; k < u.inputs; ++k)
        same = same && u.loops[i].types[static_cast<std::size_t>(k)] == static_cast<DType>(d);
      if (same) {
        u.direct[static_cast<std::size_t>(d)] = static_cast<std::int8_t>(i);
        break;
      }
    }
  }
  return u;
}

// An operand as the walk needs it: an array, or a Python scalar that has no array.
class Input {
 public:
  Input() = default;
  explicit Input(const Value& v);                  // arrays are borrowed; sequences become fresh arrays
  explicit Input(const Array& a) : m_array(&a) {}  // borrowed
  explicit Input(ArrayRef a) : m_array(a.get()), m_owned(std::move(a)) {}

  bool is_weak() const { return m_array == nullptr; }
  const Array* array() const { return m_array; }
  WeakKind weak() const { return m_weak; }
  const Value& scalar() const { return m_scalar; }
  DType type() const { return m_array ? m_array->type() : default_dtype(m_weak); }
  std::span<const std::int64_t> dims() const { return m_array ? m_array->dims() : std::span<const std::int64_t>{}; }
  // The dtype that takes part in promotion when there is no strong operand, or the value does not fit one.
  DType strong_type() const;
  Operand operand() const;  // as core's Operand, for result_type
  // The element in `to` (throws OverflowError where a Python int does not fit); 16 bytes are written at most.
  void store_scalar(DType to, void* at) const;

 private:
  const Array* m_array = nullptr;
  ArrayRef m_owned;
  WeakKind m_weak = WeakKind::real;
  Value m_scalar;
};

// Casting rules that a caller may ask for.
enum class Casting : std::uint8_t { no, equiv, safe, same_kind, unsafe };
Casting to_casting(const Value& v);  // absent: same_kind
bool can_cast(DType from, DType to, Casting casting);

// The loop for these inputs; `dtype` asks for loops with that first output. Throws TypeError.
const Loop& resolve(const Ufunc& u, std::span<const Input> inputs, std::optional<DType> dtype = {},
                    Casting casting = Casting::same_kind);

// Throws OverflowError where a Python int does not fit the loop's dtype.
void check_scalars(const Loop& loop, std::span<const Input> inputs);

// numpy.result_type of the inputs.
DType result_type(std::span<const Input> inputs);

// Shape of the broadcast; throws ValueError.
Dims broadcast_shape(std::span<const Input> inputs);

// Runs `loop` over the broadcast of the inputs into `outs`: arrays of the broadcast shape and the loop's output dtypes.
void execute(const Loop& loop, std::span<const Input> inputs, std::span<const ArrayRef> outs);

// Uncounted application, for operations that are made of others: fresh result, NumPy's rules.
ArrayRef apply(const Ufunc& u, const Input& a);
ArrayRef apply(const Ufunc& u, const Input& a, const Input& b);
inline ArrayRef apply(const Ufunc& u, const ArrayRef& a) { return apply(u, Input(*a)); }
inline ArrayRef apply(const Ufunc& u, const ArrayRef& a, const ArrayRef& b) { return apply(u, Input(*a), Input(*b)); }
inline ArrayRef apply(const Ufunc& u, const ArrayRef& a, double b) {
  return apply(u, Input(*a), Input(Value::real(b)));
}

}  // namespace flopscope::ufunc
