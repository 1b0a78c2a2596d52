// SPDX-License-Identifier: MIT
// Cost queries: what an operation would cost, from sizes alone. Nothing runs and nothing is charged. A query knows no
// dtype, so it has no dtype rate and no complex factor.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>

namespace flopscope::queries {

enum class Weights : std::uint8_t { of_model, none };

// The answer to `function`: "accounting.svd_cost" (also just "svd_cost"), "numpy.linalg.svd_cost",
// "numpy.fft.fft_cost", "numpy.random.sort_cost". The functions under accounting answer with the operation's weight
// (and without it where `weights` says none); those beside the operations never have it. The result is a whole number
// that may pass 2^63. Throws flopscope::Error: AttributeError for a function that the model does not have; TypeError
// for arguments that are missing, unknown or of the wrong kind; ValueError, SymmetryError, IndexError for what shapes
// and groups forbid.
double cost(std::string_view function, std::span<const Value> positional, std::span<const NamedValue> named,
            const CostModel& model, Weights weights = Weights::of_model);

// All digits of an answer.
std::string digits(double whole_number);

// The signature of `function` under `model`, such as "m, n, k=None", for what checks arguments before it asks; nothing
// for a function that the model does not have.
std::optional<std::string_view> signature(std::string_view function, const CostModel& model);

// The names of the functions under accounting, in alphabetical order.
std::vector<std::string_view> names();

// What a sum costs under symmetry, and how it is counted. Counts may pass 2^63 and are doubles.
struct AccumulationRecord {
  double total = 0;
  double mu = 0;              // multiplications
  double alpha = 0;           // accumulation events
  double m_total = 0;         // joint orbits
  double dense_baseline = 0;  // product of the sizes
  int num_terms = 0;          // operands
  struct Component {
    std::vector<std::string> labels;
    std::vector<std::string> kept, summed;
    std::vector<std::int64_t> sizes;
    double m = 0, alpha = 0, dense_count = 0, num_output_orbits = 0;
    std::int64_t group_order = 1;
  };
  std::vector<Component> components;
  std::vector<std::vector<int>> path;  // three operands or more
  struct Step {
    double total = 0, mu = 0, alpha = 0;
  };
  std::vector<Step> steps;     // on the path
  bool fallback_used = false;  // a limit was passed: the price is dense
  // total / (num_terms * dense_baseline)
  double savings_ratio() const;
};

// "einsum_accumulation_cost", "reduction_accumulation_cost", "tier2_reduction_cost": functions of arrays. Same errors.
AccumulationRecord accumulation(std::string_view function, std::span<const Value> positional,
                                std::span<const NamedValue> named, const CostModel& model);

}  // namespace flopscope::queries
