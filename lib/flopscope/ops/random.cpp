// SPDX-License-Identifier: MIT
// The random family of operations: each sampler as a function of the module, a method of RandomState and a method of
// Generator. The table of distributions is made from the catalogue of lib/random.
#include <deque>
#include <string>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/random_operations.hpp>
#include <whest/random/catalogue.hpp>

namespace flopscope {
namespace {

using namespace sampling;

constexpr int k_function = 0;
constexpr int k_method = 1;

// Names and signatures live as long as the program.
std::string_view kept(std::string text) {
  static std::deque<std::string> s_texts;
  return s_texts.emplace_back(std::move(text));
}

struct Entry {
  std::string_view name;
  std::string_view signature;  // without self
  Kernel run;
  std::string_view formula = "random.elements";
  int selector = 0;
};

void add(std::vector<Operation>& out, std::string_view prefix, const Entry& entry) {
  const bool method = prefix != "random.";
  Operation op;
  op.name = kept(std::string(prefix) + std::string(entry.name));
  op.signature = method ? kept("self, " + std::string(entry.signature)) : entry.signature;
  op.run = entry.run;
  op.formula = entry.formula;
  op.variant = 2 * entry.selector + (method ? k_method : k_function);
  op.log_shapes = LogShapes::none;
  out.push_back(op);
}

constexpr std::string_view k_module = "random.";
constexpr std::string_view k_legacy = "random.RandomState.";
constexpr std::string_view k_generator = "random.Generator.";

// Of the module and of RandomState.
constexpr Entry k_legacy_entries[] = {
    {"rand", "*size", run_dims, "random.elements", 0},
    {"randn", "*size", run_dims, "random.elements", 1},
    {"random", "size=None", run_uniform_sample},
    {"random_sample", "size=None", run_uniform_sample},
    {"randint", "low, high=None, size=None, dtype=int", run_randint},
    {"bytes", "length", run_bytes},
    {"choice", "a, size=None, replace=True, p=None", run_choice, "random.choice"},
    {"permutation", "x", run_permutation, "random.axis"},
    {"shuffle", "x", run_shuffle, "random.axis"},
    {"dirichlet", "alpha, size=None", run_dirichlet},
    {"multinomial", "n, pvals, size=None", run_multinomial},
    {"multivariate_normal", "mean, cov, size=None, check_valid='warn', tol=1e-8", run_multivariate_normal},
    {"seed", "seed=None", run_seed, "zero"},
    {"get_state", "", run_get_state, "zero"},
    {"set_state", "state", run_set_state, "zero"},
};

constexpr Entry k_generator_entries[] = {
    {"random", "size=None, dtype=float64, out=None", run_typed, "random.elements", static_cast<int>(Typed::random)},
    {"standard_normal", "size=None, dtype=float64, out=None", run_typed, "random.elements",
     static_cast<int>(Typed::standard_normal)},
    {"standard_exponential", "size=None, dtype=float64, method='zig', out=None", run_typed, "random.elements",
     static_cast<int>(Typed::standard_exponential)},
    {"standard_gamma", "shape, size=None, dtype=float64, out=None", run_typed, "random.elements",
     static_cast<int>(Typed::standard_gamma)},
    {"integers", "low, high=None, size=None, dtype=int64, endpoint=False", run_integers},
    {"bytes", "length", run_bytes},
    {"choice", "a, size=None, replace=True, p=None, axis=0, shuffle=True", run_choice, "random.choice"},
    {"permutation", "x, axis=0", run_permutation, "random.axis"},
    {"shuffle", "x, axis=0", run_shuffle, "random.axis"},
    {"permuted", "x, *, axis=None, out=None", run_permuted, "random.axis"},
    {"dirichlet", "alpha, size=None", run_dirichlet},
    {"multinomial", "n, pvals, size=None", run_multinomial},
    {"multivariate_hypergeometric", "colors, nsample, size=None, method='marginals'", run_multivariate_hypergeometric},
    {"multivariate_normal", "mean, cov, size=None, check_valid='warn', tol=1e-8, *, method='svd'",
     run_multivariate_normal},
    {"spawn", "n_children", run_spawn, "zero"},
};

// "loc=, scale=, size=None": a parameter with a default may be left out.
std::string_view signature_of(const whest::random::Distribution& distribution) {
  std::string text;
  for (const auto& parameter : distribution.parameters)
    text += std::string(parameter.name) + (parameter.otherwise ? "=default, " : ", ");
  return kept(text + "size=None");
}

bool is_typed(std::string_view name) {
  return name == "standard_normal" || name == "standard_exponential" || name == "standard_gamma";
}

std::vector<Operation> make_operations() {
  std::vector<Operation> out;
  int selector = 0;
  for (const auto& distribution : whest::random::distributions()) {
    const Entry entry{distribution.name, signature_of(distribution), run_distribution, "random.elements", selector++};
    add(out, k_module, entry);
    add(out, k_legacy, entry);
    if (!is_typed(distribution.name)) add(out, k_generator, entry);
  }
  for (const Entry& entry : k_legacy_entries) {
    add(out, k_module, entry);
    add(out, k_legacy, entry);
  }
  for (const Entry& entry : k_generator_entries) add(out, k_generator, entry);
  add(out, k_module, {"ranf", "size=None", run_uniform_sample});
  add(out, k_module, {"sample", "size=None", run_uniform_sample});
  add(out, k_legacy, {"random_integers", "low, high=None, size=None", run_random_integers});
  add(out, k_legacy, {"tomaxint", "size=None", run_tomaxint});
  add(out, k_module, {"default_rng", "seed=None", run_default_rng, "zero"});
  add(out, k_module, {"RandomState", "seed=None", run_random_state, "zero"});
  return out;
}

}  // namespace

std::span<const Operation> random_operations() {
  static const std::vector<Operation> k_operations = make_operations();
  return k_operations;
}

}  // namespace flopscope
