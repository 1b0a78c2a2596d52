// SPDX-License-Identifier: MIT
// The names of golden files as operations.
#include <map>
#include <optional>
#include <utility>
#include <whest/flopscope/core/catalogue.hpp>

#include "format.hpp"

namespace flopscope::replay {
namespace {

// Python's operator methods as operations; the reflected ones take their operands in the other order.
std::optional<OperationName> operator_method(const std::string& name) {
  static const std::map<std::string, std::string> k_names = {{"add", "add"},
                                                             {"sub", "subtract"},
                                                             {"mul", "multiply"},
                                                             {"truediv", "true_divide"},
                                                             {"floordiv", "floor_divide"},
                                                             {"mod", "mod"},
                                                             {"matmul", "matmul"},
                                                             {"pow", "power"},
                                                             {"lt", "less"},
                                                             {"le", "less_equal"},
                                                             {"gt", "greater"},
                                                             {"ge", "greater_equal"},
                                                             {"eq", "equal"},
                                                             {"ne", "not_equal"},
                                                             {"neg", "negative"},
                                                             {"abs", "abs"},
                                                             {"invert", "invert"},
                                                             {"and", "bitwise_and"},
                                                             {"or", "bitwise_or"},
                                                             {"xor", "bitwise_xor"},
                                                             {"lshift", "left_shift"},
                                                             {"rshift", "right_shift"},
                                                             {"pos", "positive"},
                                                             {"divmod", "divmod"}};
  if (!name.starts_with("__") || !name.ends_with("__")) return std::nullopt;
  const std::string bare = name.substr(2, name.size() - 4);
  if (const auto at = k_names.find(bare); at != k_names.end()) return OperationName{at->second, false};
  if (bare.starts_with('r'))
    if (const auto at = k_names.find(bare.substr(1)); at != k_names.end()) return OperationName{at->second, true};
  return std::nullopt;
}

// The operation that a golden name means; an exact entry of the catalogue wins.
OperationName resolve(const std::string& op) {
  if (Catalogue::instance().find(op) != nullptr || !op.starts_with("method.")) return {op, false};
  const std::string name = op.substr(7);
  if (const auto m = operator_method(name)) return *m;
  if (name == "conj") return {"conjugate", false};
  return {name, false};
}

// Python turns a comparison around that begins with what is no array, or where only the second array has a tag: its
// class is derived from the first one's.
void turn_comparison(std::string& op, std::vector<Value>& args) {
  static const std::map<std::string, std::string> k_turned = {{"less", "greater"}, {"less_equal", "greater_equal"},
                                                              {"greater", "less"}, {"greater_equal", "less_equal"},
                                                              {"equal", "equal"},  {"not_equal", "not_equal"}};
  if (!k_turned.contains(op) || args.size() != 2) return;
  const bool second_is_tagged = args[1].is_array() && args[1].as_array().tag() != nullptr;
  if (args[0].is_array() && (args[0].as_array().tag() != nullptr || !second_is_tagged)) return;
  op = k_turned.at(op);
  std::swap(args[0], args[1]);
}

}  // namespace

OperationName operation_named(const std::string& golden) {
  if (golden.starts_with("fnp.")) return resolve(golden.substr(4));
  if (golden.starts_with("flops.")) return resolve(golden.substr(6));
  if (golden.starts_with("attr.")) return resolve("method." + golden.substr(5));
  if (!golden.starts_with("operator.")) return resolve(golden);
  std::string name = golden.substr(9);
  if (name.ends_with('_')) name.pop_back();  // and_, or_
  return resolve("method.__" + name + "__");
}

std::string operation_called(const std::string& golden, std::vector<Value>& args) {
  OperationName name = operation_named(golden);
  if (name.reflected) std::swap(args.at(0), args.at(1));
  if (golden.starts_with("operator.")) turn_comparison(name.op, args);
  return name.op;
}

}  // namespace flopscope::replay
