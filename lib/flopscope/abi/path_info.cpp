// SPDX-License-Identifier: MIT
// The C function that reads what einsum_path returned.
#include <algorithm>
#include <whest/flopscope/abi/error_boundary.hpp>
#include <whest/flopscope/ops/detail/einsum_path_info.hpp>

using namespace flopscope;

flopscope_status flopscope_path_info_read(const flopscope_object* object, flopscope_path_info* info,
                                          flopscope_path_step* steps, size_t capacity) {
  return abi::guarded([&] {
    const ObjectRef& held = *reinterpret_cast<const ObjectRef*>(object);
    const auto* path = dynamic_cast<const contract::PathInfoObject*>(held.get());
    if (path == nullptr) throw_type_error("the object is not what einsum_path returns");
    const symmetry::PathInfo& p = path->info();
    *info = {.naive_cost = static_cast<double>(p.naive_cost),
             .optimized_cost = static_cast<double>(p.optimized_cost),
             .largest_intermediate = static_cast<double>(p.largest_intermediate),
             .speedup = p.speedup,
             .optimizer = p.optimizer.c_str(),
             .step_count = p.steps.size()};
    for (size_t i = 0; i < std::min(capacity, p.steps.size()); ++i) {
      const symmetry::PathStep& s = p.steps[i];
      // Names of bounds are literals, and so terminated.
      steps[i] = {.subscripts = s.subscripts.c_str(),
                  .source = name_of(s.source.value_or(symmetry::StepSource::dense)).data(),
                  .cost = static_cast<double>(s.cost),
                  .dense_cost = static_cast<double>(s.dense_cost)};
    }
  });
}
