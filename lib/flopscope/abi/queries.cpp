// SPDX-License-Identifier: MIT
// The C function that asks what an operation would cost.
#include <vector>
#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/queries/query.hpp>

using namespace flopscope;

flopscope_status flopscope_query(const char* name, const flopscope_value* args, const char* const* keywords,
                                 size_t count, double* cost) {
  return abi::guarded([&] {
    const auto* values = static_cast<const Value*>(args);
    std::vector<Value> positional;
    std::vector<NamedValue> named;
    for (size_t i = 0; i < count; ++i) {
      if (values[i].is_missing()) continue;
      if (keywords[i] == nullptr)
        positional.push_back(values[i]);
      else
        named.push_back({keywords[i], values[i]});
    }
    *cost = queries::cost(name, positional, named, active_cost_model());
  });
}
