// SPDX-License-Identifier: MIT
// What a participant includes: derive from whest::Estimator, implement predict, name the class in WHEST_ESTIMATOR.
#pragma once

#include <whest/abi.h>

#include <cstdint>
#include <flopscope/budget.hpp>
#include <flopscope/errors.hpp>
#include <flopscope/linalg.hpp>
#include <flopscope/numpy.hpp>
#include <flopscope/random.hpp>
#include <flopscope/stats.hpp>
#include <flopscope/symmetry.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace whest {

// A network: weights()[l] is the (width, width) float32 matrix of layer l, (input, output). The arrays are the same
// objects at every call, so that flopscope sees when an operation gets one of them twice.
class Mlp {
 public:
  Mlp(std::int64_t width, std::int64_t depth, std::vector<flopscope::numpy::ndarray> weights, std::string name,
      std::uint64_t seed)
      : m_width(width), m_depth(depth), m_weights(std::move(weights)), m_name(std::move(name)), m_seed(seed) {}

  std::int64_t width() const { return m_width; }
  std::int64_t depth() const { return m_depth; }
  const std::vector<flopscope::numpy::ndarray>& weights() const { return m_weights; }
  const std::string& name() const { return m_name; }
  std::uint64_t seed() const { return m_seed; }  // what to seed own randomness with, so that a regrade repeats it

 private:
  std::int64_t m_width;
  std::int64_t m_depth;
  std::vector<flopscope::numpy::ndarray> m_weights;
  std::string m_name;
  std::uint64_t m_seed;
};

struct SetupContext {
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::int64_t flop_budget = 0;  // FLOPs each predict() may use
  std::string api_version;
  std::string scratch_dir;     // a folder that may be written to, kept from network to network; empty: none
  std::string submission_dir;  // the folder of the estimator file
  std::uint64_t seed = 0;
};

// An error with more to say than a sentence: thrown by setup() or predict(), it puts `details_json`, a JSON object in
// less than 1024 bytes, beside the message in the report. "hint" in it is shown to people too.
class DetailedError : public std::runtime_error {
 public:
  DetailedError(const std::string& message, std::string details_json)
      : std::runtime_error(message), m_details_json(std::move(details_json)) {}
  const std::string& details_json() const { return m_details_json; }

 private:
  std::string m_details_json;
};

class Estimator {
 public:
  virtual ~Estimator() = default;

  // Once, before the first network; outside the FLOP budget, within a time limit of its own.
  virtual void setup(const SetupContext&) {}

  // The mean activation behind every ReLU, (depth, width). Every counted operation is charged to flop_budget.
  virtual flopscope::numpy::ndarray predict(const Mlp& mlp, std::int64_t flop_budget) = 0;

  // Once, after the last network.
  virtual void teardown() {}
};

}  // namespace whest

#include <whest/detail/plugin.hpp>

// Offers a class to whest; once per class, at namespace scope. With more than one, `--class` selects.
#define WHEST_ESTIMATOR(Class)                                                                              \
  static_assert(std::is_base_of_v<::whest::Estimator, Class>, #Class " must derive from whest::Estimator"); \
  static const ::whest::detail::Registration WHEST_DETAIL_CONCAT(                                           \
      k_whest_registration_, __COUNTER__)(::whest::detail::class_record<Class>(#Class));
