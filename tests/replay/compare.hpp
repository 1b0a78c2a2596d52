// SPDX-License-Identifier: MIT
// Compares what an operation returned with a golden result, within a tolerance derived from the kind of operation.
#pragma once

#include <functional>
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
// for transforms and polynomials; a normal quantile's is as wide as the tail is thin. `args`: the data (arguments.hpp).
// What linear algebra and sums of products give is compared further below.
Tolerance tolerance_for(const std::string& group, const std::string& op, std::span<const Value> args,
                        const Json& expected);

// Empty when equal, else the first difference. `undefined`: compare shape and dtype only.
std::string compare_result(const Result& got, const Json& expected, const Tolerance& tolerance, bool undefined);

// How far an element may be from the expected one, by its place.
using Bound = std::function<double(std::int64_t)>;
// The elements alone, of a listed array or a scalar: each within bound(i) and the last digits of the expected number.
std::string compare_elements(const Array& got, const Json& expected, const Bound& bound);
// Shape, dtype, tag and elements of a result that is one array or number; one that is none is compared exactly.
std::string compare_bounded(const Result& got, const Json& expected, const Bound& bound);
// Epsilon of its dtype.
double result_epsilon(const Result& got);

// The same for an array that was written into. Its tag is looked at where `with_tag`: the versions differ on what a
// write leaves of it, and the line holds one answer for all (golden/symmetry has them one by one).
std::string compare_written(const Array& got, const Json& expected, const Tolerance& tolerance, bool with_tag);

// Orders that an unstable sort or a partition leaves open: what the positions select is compared, and that they are a
// permutation. nullopt: not such an operation.
std::optional<std::string> compare_order(const std::string& op, std::span<const Value> args,
                                         std::span<const NamedValue> named, const Result& got, const Json& expected);

// In the following `args` stand in the order of the operation's signature, lists of numbers as arrays (arguments.hpp);
// nullopt: not such an operation, or arguments that are not finite.

// Factors and the values that come with them (cholesky, eigh, eig, qr, svd): what they reconstruct, their
// orthogonality, and the values.
std::optional<std::string> compare_factors(const std::string& op, std::span<const Value> args, const Result& got,
                                           const Json& expected);

// Inverses, solutions, least squares: by the equations that they solve.
std::optional<std::string> compare_solution(const std::string& op, std::span<const Value> args, const Result& got,
                                            const Json& expected);
// Whether a matrix to invert is so near a singular one that rounding decides: order of sums, number of threads,
// machine.
bool is_singular_but_for_rounding(const std::string& op, std::span<const Value> args, const Json& expected);

// Sums of products (matmul, einsum, trace...), norms and condition numbers, determinants and powers: each within a
// bound of its own.
std::optional<std::string> compare_sums(const std::string& op, std::span<const Value> args, const Result& got,
                                        const Json& expected);
std::optional<std::string> compare_norms(const std::string& op, std::span<const Value> args, const Result& got,
                                         const Json& expected);
std::optional<std::string> compare_determinants(const std::string& op, std::span<const Value> args, const Result& got,
                                                const Json& expected);

}  // namespace flopscope::replay
