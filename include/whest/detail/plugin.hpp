// SPDX-License-Identifier: MIT
// The adapter between an estimator class and the plugin's C table: every exception stops here. Included by
// <whest/estimator.hpp> only. Hidden symbols throughout: two plugins in one process share nothing.
#pragma once

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <type_traits>
#include <typeinfo>

#define WHEST_DETAIL_CONCAT2(a, b) a##b
#define WHEST_DETAIL_CONCAT(a, b) WHEST_DETAIL_CONCAT2(a, b)

namespace whest {
#pragma GCC visibility push(hidden)
namespace detail {

template <std::size_t N>
inline void copy_text(char (&to)[N], const char* from) noexcept {
  if (from == nullptr) from = "";  // an exception's what() may return anything
  const std::size_t n = std::min(std::strlen(from), N - 1);
  std::memcpy(to, from, n);
  to[n] = '\0';
}

inline std::int32_t fill(whest_error* error, std::int32_t kind, const char* type_name, const char* message) noexcept {
  error->kind = kind;
  copy_text(error->type_name, type_name);
  copy_text(error->message, message);
  error->details[0] = '\0';
  return kind;
}

// The exception being handled, as a record.
inline std::int32_t record_current_exception(whest_error* error) noexcept {
  // The run-time type's name as it stands in the source.
  struct Demangled {
    char* text = nullptr;
    explicit Demangled(const std::type_info* type) {
      int status = 0;
      if (type != nullptr) text = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
    }
    ~Demangled() { std::free(text); }
    const char* name() const { return text != nullptr ? text : "unknown type"; }
  };
  try {
    throw;
  } catch (const flopscope::BudgetExhaustedError& e) {
    return fill(error, WHEST_ERROR_BUDGET, "BudgetExhaustedError", e.what());
  } catch (const flopscope::TimeExhaustedError& e) {
    return fill(error, WHEST_ERROR_TIME, "TimeExhaustedError", e.what());
  } catch (const flopscope::Error& e) {
    return fill(error, WHEST_ERROR, e.class_name.c_str(), e.what());
  } catch (const std::bad_alloc& e) {
    return fill(error, WHEST_ERROR_MEMORY, Demangled(&typeid(e)).name(), e.what());
  } catch (const DetailedError& e) {
    const std::int32_t kind = fill(error, WHEST_ERROR, Demangled(&typeid(e)).name(), e.what());
    if (e.details_json().size() < sizeof error->details) copy_text(error->details, e.details_json().c_str());
    return kind;
  } catch (const std::exception& e) {
    return fill(error, WHEST_ERROR, Demangled(&typeid(e)).name(), e.what());
  } catch (...) {
    return fill(error, WHEST_ERROR_UNKNOWN, Demangled(abi::__cxa_current_exception_type()).name(), "");
  }
}

template <class F>
std::int32_t guarded(whest_error* error, F&& body) noexcept {
  error->kind = WHEST_OK;
  try {
    return body();
  } catch (...) {
    return record_current_exception(error);
  }
}

inline std::string text_or_empty(const char* text) { return text != nullptr ? text : ""; }

template <class Class>
whest_class class_record(const char* name) noexcept {
  whest_class record{};
  record.name = name;
  record.create = [](void** instance, whest_error* error) {
    return guarded(error, [&] {
      *instance = static_cast<Estimator*>(new Class());
      return WHEST_OK;
    });
  };
  record.destroy = [](void* instance) { delete static_cast<Estimator*>(instance); };
  record.setup = [](void* instance, const whest_setup_context* c, whest_error* error) {
    return guarded(error, [&] {
      static_cast<Estimator*>(instance)->setup(
          SetupContext{c->width, c->depth, c->flop_budget, text_or_empty(c->api_version), text_or_empty(c->scratch_dir),
                       text_or_empty(c->submission_dir), c->seed});
      return WHEST_OK;
    });
  };
  record.predict = [](void* instance, const whest_mlp* mlp, std::int64_t flop_budget,
                      const flopscope_array** predictions, whest_error* error) {
    return guarded(error, [&]() -> std::int32_t {
      std::vector<flopscope::numpy::ndarray> weights;
      weights.reserve(static_cast<std::size_t>(mlp->depth));
      for (std::int64_t l = 0; l < mlp->depth; ++l) {
        flopscope_array_retain(mlp->weights[l]);
        weights.push_back(flopscope::numpy::ndarray::adopt(mlp->weights[l]));
      }
      const Mlp network(mlp->width, mlp->depth, std::move(weights), text_or_empty(mlp->name), mlp->seed);
      const flopscope::numpy::ndarray result = static_cast<Estimator*>(instance)->predict(network, flop_budget);
      *predictions = result.handle();
      if (*predictions == nullptr) return fill(error, WHEST_ERROR_NO_RESULT, "", "predict returned no array");
      flopscope_array_retain(*predictions);
      return WHEST_OK;
    });
  };
  record.teardown = [](void* instance, whest_error* error) {
    return guarded(error, [&] {
      static_cast<Estimator*>(instance)->teardown();
      return WHEST_OK;
    });
  };
  return record;
}

// The classes of this plugin, in the order of their WHEST_ESTIMATOR lines.
inline std::vector<whest_class>& classes() {
  static std::vector<whest_class> s_classes;
  return s_classes;
}

struct Registration {
  explicit Registration(const whest_class& record) { classes().push_back(record); }
};

// The table; static data of a hidden function, so that it is this plugin's own.
inline const whest_plugin* plugin_table() {
  static whest_plugin s_plugin;
  s_plugin = whest_plugin{WHEST_ABI_VERSION, FLOPSCOPE_ABI_VERSION, static_cast<std::uint32_t>(classes().size()), 0,
                          classes().data()};
  return &s_plugin;
}

}  // namespace detail
#pragma GCC visibility pop
}  // namespace whest

extern "C" __attribute__((used, visibility("default"))) inline const whest_plugin* whest_plugin_entry(void) {
  return whest::detail::plugin_table();
}
