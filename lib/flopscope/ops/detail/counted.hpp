// SPDX-License-Identifier: MIT
// A counted elementwise function: NumPy's arguments (out, where, casting, dtype), the price of the broadcast, the tag
// of the result, then the loop.
#pragma once

#include <whest/flopscope/core/operation.hpp>
#include <whest/flopscope/ops/detail/tags.hpp>
#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope::ufunc {

// How an operation differs from the usual: a price of one per orbit of the result, and a result that keeps the tag.
enum Trait : std::uint8_t {
  k_usual = 0,
  k_dense = 1,      // isnan, isinf, isfinite: the tag is dropped, the price counts every element, none is free
  k_logical = 2,    // and, or, xor: see `pointwise.mixed_logical_is_bool`
  k_real_only = 4,  // functions of two real numbers: see `pointwise.dtype_of_loop`
};

struct Counted {
  std::string_view name;
  const Ufunc* function;
  int traits = k_usual;
  std::string_view canonical = {};
};

// Signatures, which fix where the arguments are.
inline constexpr std::string_view k_unary_signature =
    "x, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True";
inline constexpr std::string_view k_binary_signature =
    "x1, x2, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True";

Result run_counted(Call& call, const Counted& what);

// The caller's buffer, of which nothing but its symmetry was looked at: TypeError, ValueError as below.
const Array& buffer_of(const Value& out, std::string_view name, const TagRef& tag);

// Where results of a caller's `out` go. Throws TypeError where `out` is no array or may not take the dtype, ValueError
// where its shape is not the result's, or it is declared symmetric and the result (with `tag`) is not.
const Array& checked_out(const Value& out, std::string_view name, std::span<const std::int64_t> shape, DType dtype,
                         const TagRef& tag, Casting casting = Casting::same_kind);

// The shape of the result where a larger buffer repeats it; the result's own where it does not fit there.
Dims stretched_to(const Array& out, const Dims& shape);

// The casting rule for a buffer: an array declared symmetric is not handed to NumPy, what was computed is copied there.
Casting casting_into(const Array& out, Casting casting);

// The elements that a `where` argument lets be computed; null: all.
ArrayRef mask_of(const Value& where);

// Writes `result` into `out` under the optional mask, reports the write, and returns `out` itself. A tag of `out` that
// is the result's `tag` stays.
ArrayRef write_out(const Call& call, const Array& out, const Array& result, const TagRef& tag,
                   const Array* where = nullptr);

// The dtype that prices a call whose buffer takes part in the promotion: `dtype` where there is none, or no rates.
DType promoted_with_out(const Call& call, DType dtype, const Array* out);

}  // namespace flopscope::ufunc
