// SPDX-License-Identifier: MIT
// Compares what an operation returned with a golden result, within a tolerance derived from the kind of operation.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/value.hpp>

namespace flopscope::replay {

using Json = nlohmann::ordered_json;

// |got - expected| <= ulps * eps * |expected| + scale * eps, eps of the result's real type. Zero in both: bit-equal,
// the sign of a zero included (NaN equals NaN). NaN against a number never passes.
struct Tolerance {
  double ulps = 0;
  double scale = 0;
};

// Of the dtype's numbers, or of the double that holds them.
double epsilon_of(DType d);

// Tolerance for an operation: none for movement, integers, random streams, and for whatever is additions,
// multiplications, divisions, roots and comparisons of reals in NumPy's own order (sums, variances, quantiles); a few
// ulp for functions of the mathematical library and products of complex numbers; n * eps times the size of the operands
// for contractions, transforms and factorisations.
Tolerance tolerance_for(const std::string& group, const std::string& op, std::span<const Value> args);

// Empty when equal, else the first difference. `undefined`: compare shape and dtype only.
std::string compare_result(const Result& got, const Json& expected, const Tolerance& tolerance, bool undefined);

// The same for an array that was written into. Its tag is looked at where `with_tag`: the versions differ on what a
// write leaves of it, and the line holds one answer for all (golden/symmetry has them one by one).
std::string compare_written(const Array& got, const Json& expected, const Tolerance& tolerance, bool with_tag);

// Orders that an unstable sort or a partition leaves open: what the positions select is compared, and that they are a
// permutation. nullopt: not such an operation.
std::optional<std::string> compare_order(const std::string& op, std::span<const Value> args,
                                         std::span<const NamedValue> named, const Result& got, const Json& expected);

// Factors that are unique up to sign or phase (eigh, eig, qr, svd): what they reconstruct, their orthogonality, and the
// values that are unique. nullopt: not such an operation.
std::optional<std::string> compare_factors(const std::string& op, const Array& input, const Result& got,
                                           const Json& expected);

// The tolerance of an operation that inverts a matrix, as wide as the matrix is ill conditioned, and of a normal
// quantile, as wide as the tail is thin.
Tolerance conditioned(const Tolerance& t, const std::string& op, std::span<const Value> args, const Json& expected);
// Whether a matrix to invert is so near a singular one that rounding decides: order of sums, number of threads,
// machine.
bool is_singular_but_for_rounding(const std::string& op, std::span<const Value> args, const Json& expected);
// A condition number is compared by its reciprocal; nullopt for anything else.
std::optional<std::string> compare_condition_number(const std::string& op, const Array& input, const Result& got,
                                                    const Json& expected);

}  // namespace flopscope::replay
