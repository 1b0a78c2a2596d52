// SPDX-License-Identifier: MIT
#include <charconv>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/queries/text.hpp>

namespace flopscope::queries {
namespace {

// Values of words; owns the lists that values borrow. The words themselves must live as long.
class Words {
 public:
  Value value(std::string_view word) {
    if (word == "none" || word == "None") return Value::none();
    if (word == "true" || word == "True") return Value::boolean(true);
    if (word == "false" || word == "False") return Value::boolean(false);
    if (word == "inf" || word == "-inf")
      return Value::real(word == "inf" ? std::numeric_limits<double>::infinity()
                                       : -std::numeric_limits<double>::infinity());
    if (const auto n = number<std::int64_t>(word)) return Value::integer(*n);
    if (const auto x = number<double>(word)) return Value::real(*x);
    if (const auto s = shape(word)) return *s;
    return Value::string(word);
  }
  Value list(std::span<const std::string> words) {
    std::vector<Value> items;
    for (const std::string& w : words) items.push_back(value(w));
    return Value::list(m_lists.emplace_back(std::move(items)));
  }

 private:
  // The whole word, or nothing.
  template <class T>
  static std::optional<T> number(std::string_view word) {
    T x{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), x);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return x;
  }
  std::optional<Value> shape(std::string_view word) {
    if (word.find('x') == std::string_view::npos) return std::nullopt;
    std::vector<Value> sizes;
    while (!word.empty()) {
      const std::size_t at = std::min(word.find('x'), word.size());
      const auto n = number<std::int64_t>(word.substr(0, at));
      if (!n) return std::nullopt;
      sizes.push_back(Value::integer(*n));
      word.remove_prefix(std::min(at + 1, word.size()));
    }
    return Value::tuple(m_lists.emplace_back(std::move(sizes)));
  }

  std::deque<std::vector<Value>> m_lists;
};

bool is_named(const std::string& word) {
  const std::size_t equals = word.find('=');
  return equals != std::string::npos && equals > 0 && word.find("->") == std::string::npos;
}

}  // namespace

double cost_of_words(std::span<const std::string> words, const CostModel& model, Weights weights) {
  if (words.empty()) throw_value_error("a cost query needs a name");
  std::string function = words[0];
  if (!function.ends_with("_cost")) function += "_cost";
  std::vector<std::string> plain, names, values;
  for (const std::string& word : words.subspan(1))
    if (is_named(word)) {
      names.push_back(word.substr(0, word.find('=')));
      values.push_back(word.substr(word.find('=') + 1));
    } else {
      plain.push_back(word);
    }
  Words read;
  std::vector<Value> positional;
  std::vector<NamedValue> named;
  for (std::size_t i = 0; i < names.size(); ++i) named.push_back({names[i], read.value(values[i])});
  const bool pointwise = function.ends_with("pointwise_cost"), reduction = function.ends_with("reduction_cost");
  if (function.ends_with("einsum_cost") && !plain.empty()) {
    positional = {Value::string(plain[0]), read.list(std::span(plain).subspan(1))};
  } else if (function.ends_with("multi_dot_cost")) {
    positional = {read.list(plain)};
  } else if ((pointwise || reduction) && plain.size() == 2) {
    positional = {Value::string(plain[0])};
    named.push_back({pointwise ? "shape" : "input_shape", read.value(plain[1])});
  } else {
    for (const std::string& word : plain) positional.push_back(read.value(word));
  }
  return cost(function, positional, named, model, weights);
}

}  // namespace flopscope::queries
