// SPDX-License-Identifier: MIT
#include "sdk.hpp"

#include <map>
#include <set>
#include <string>
#include <whest/flopscope/core/array.hpp>
#include <whest/flopscope/core/errors.hpp>

#include "sdk_functions.hpp"

namespace flopscope::replay {
namespace {

using Invoke = decltype(SdkFunction::invoke);

const std::map<std::string_view, Invoke>& functions() {
  static const auto k_all = [] {
    std::map<std::string_view, Invoke> all;
    for (const auto family : {sdk_elementwise(), sdk_reductions(), sdk_shapes(), sdk_selection(), sdk_methods()})
      for (const SdkFunction& f : family) all.emplace(f.op, f.invoke);
    return all;
  }();
  return k_all;
}

// What kw::return_counts and its like are in a participant's code.
bool makes_several(const NamedValue& named) {
  static const std::set<std::string_view> k_names = {
      "return_index", "return_inverse", "return_counts", "return_indices", "retstep",
      "returned",     "full",           "cov",           "sparse"};
  const bool asks = named.value.is(ValueKind::boolean) ? named.value.i != 0 : named.value.is(ValueKind::string);
  return asks && k_names.contains(named.name);
}

ErrorKind kind_named(std::string_view name) {
  for (int k = 0; k <= static_cast<int>(ErrorKind::unsupported_dtype); ++k)
    if (class_name(static_cast<ErrorKind>(k)) == name) return static_cast<ErrorKind>(k);
  return ErrorKind::runtime_error;
}

Result from_sdk(const SdkResult& r) {
  std::vector<Result> items;
  for (const SdkResult& item : r.items) items.push_back(from_sdk(item));
  switch (r.kind) {
    case SdkResult::Kind::none:
      break;
    case SdkResult::Kind::array:
      return ArrayRef::adopt(const_cast<Array*>(&as_internal(r.array)));
    case SdkResult::Kind::boolean:
      return Result::boolean(r.integer != 0);
    case SdkResult::Kind::integer:
      return Result::integer(r.integer);
    case SdkResult::Kind::real:
      return Result::real(r.real);
    case SdkResult::Kind::text:
      return Result::text(r.text);
    case SdkResult::Kind::dtype:
      return Result::Variant(static_cast<DType>(r.integer));
    case SdkResult::Kind::tuple:
      return Result::tuple(std::move(items));
    case SdkResult::Kind::list:
      return Result::list(std::move(items));
  }
  return Result::none();
}

}  // namespace

bool sdk_has(std::string_view op) { return functions().contains(op); }

Result invoke_through_sdk(std::string_view op, std::span<const Value> positional, std::span<const NamedValue> named) {
  SdkArguments given;
  std::vector<std::string> names;  // terminated
  for (const NamedValue& n : named) names.emplace_back(n.name);
  for (const Value& v : positional) given.list.push_back({v, nullptr});
  for (std::size_t i = 0; i < named.size(); ++i) {
    const Value& value = named[i].value;
    // Python's out=(buffer,)
    const bool wrapped = named[i].name == "out" && value.is_sequence() && value.as_items().size() == 1;
    given.list.push_back({wrapped ? value.as_items()[0] : value, names[i].c_str()});
    given.several = given.several || makes_several(named[i]);
  }
  try {
    return from_sdk(functions().at(op)(given));
  } catch (const SdkFailure& failure) {
    throw Error(kind_named(failure.class_name), failure.message);
  }
}

}  // namespace flopscope::replay
