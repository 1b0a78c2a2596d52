// SPDX-License-Identifier: MIT
// The reader of einsum subscripts.
#include <algorithm>
#include <map>
#include <set>
#include <whest/flopscope/symmetry/einsum_expression.hpp>
#include <whest/flopscope/symmetry/refusal.hpp>

namespace flopscope::symmetry {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

std::string without_dots(const std::string& term, const std::string& replacement) {
  const std::size_t at = term.find("...");
  return at == std::string::npos ? term : term.substr(0, at) + replacement + term.substr(at + 3);
}

// Letters that occur once, ascending.
std::string implicit_output(const std::vector<std::string>& terms) {
  std::map<char, int> count;
  for (const std::string& term : terms)
    for (const char c : term) ++count[c];
  std::string output;
  for (const auto& [letter, n] : count)
    if (n == 1) output += letter;
  return output;
}

struct Terms {
  std::vector<std::string> inputs;
  std::string output;
  bool has_output = false;
};

Terms split_terms(std::string_view subscripts) {
  std::string text;
  for (const char c : subscripts)
    if (c != ' ') text += c;
  for (const char c : text)
    if (!is_letter(c) && std::string_view(".,->").find(c) == std::string_view::npos)
      refuse_value("Character '" + std::string(1, c) + "' is not a valid symbol.");
  Terms terms;
  const std::size_t arrow = text.find("->");
  const auto dashes = std::ranges::count(text, '-'), heads = std::ranges::count(text, '>');
  if (dashes > 0 || heads > 0) {
    if (dashes != 1 || heads != 1 || arrow == std::string::npos) refuse_value("Subscripts can only contain one '->'.");
    terms.has_output = true;
    terms.output = text.substr(arrow + 2);
    text.resize(arrow);
  }
  terms.inputs = split(text, ',');
  return terms;
}

// The letters for ellipsis axes: as many unused ones as the highest rank, of which a term takes the last.
std::string ellipsis_letters(const Terms& terms, std::size_t max_rank) {
  std::set<char> used(terms.output.begin(), terms.output.end());
  for (const std::string& term : terms.inputs) used.insert(term.begin(), term.end());
  std::string letters;
  for (const char c : k_label_letters)
    if (letters.size() < max_rank && !used.contains(c)) letters += c;
  return letters;
}

void spell_out_ellipses(Terms& terms, std::span<const std::vector<std::int64_t>> shapes) {
  std::size_t max_rank = 0, longest = 0;
  for (const auto& shape : shapes) max_rank = std::max(max_rank, shape.size());
  const std::string letters = ellipsis_letters(terms, max_rank);
  for (std::size_t i = 0; i < terms.inputs.size(); ++i) {
    std::string& term = terms.inputs[i];
    if (term.find('.') == std::string::npos) continue;
    if (std::ranges::count(term, '.') != 3 || term.find("...") == std::string::npos) refuse_value("Invalid Ellipses.");
    const std::size_t named = term.size() - 3;
    if (i >= shapes.size() || (!shapes[i].empty() && shapes[i].size() < named))
      refuse_value("Ellipses lengths do not match.");
    const std::size_t count = shapes[i].empty() ? 0 : shapes[i].size() - named;
    if (count > letters.size()) refuse_value("Too many axes for the letters of an einsum.");
    longest = std::max(longest, count);
    term = without_dots(term, letters.substr(letters.size() - count));
  }
  const std::string lead = letters.substr(letters.size() - longest);
  if (terms.has_output) {
    terms.output = without_dots(terms.output, lead);
    return;
  }
  terms.output = lead;
  for (const char c : implicit_output(terms.inputs))
    if (lead.find(c) == std::string::npos) terms.output += c;
  terms.has_output = true;
}

void check_output(const Terms& terms) {
  for (const char c : terms.output) {
    if (!is_letter(c)) refuse_value("Invalid Ellipses.");
    if (std::ranges::count(terms.output, c) != 1)
      refuse_value("Output character '" + std::string(1, c) + "' appeared more than once in the output.");
    if (std::ranges::none_of(terms.inputs, [&](const std::string& t) { return t.find(c) != std::string::npos; }))
      refuse_value("Output character '" + std::string(1, c) + "' did not appear in the input");
  }
}

}  // namespace

Expression parse_einsum(std::string_view subscripts, std::span<const std::vector<std::int64_t>> shapes) {
  Terms terms = split_terms(subscripts);
  const auto dotted = [](const std::string& term) { return term.find('.') != std::string::npos; };
  if (std::ranges::any_of(terms.inputs, dotted) || dotted(terms.output)) spell_out_ellipses(terms, shapes);
  if (!terms.has_output) terms.output = implicit_output(terms.inputs);
  check_output(terms);
  if (terms.inputs.size() != shapes.size())
    refuse_value("Number of einsum subscripts, " + std::to_string(terms.inputs.size()) +
                 ", must be equal to the number of operands, " + std::to_string(shapes.size()) + ".");
  std::map<char, std::int64_t> sizes;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::string& term = terms.inputs[i];
    if (term.size() != shapes[i].size())
      refuse_value("Einstein sum subscript '" + term + "' does not contain the correct number of indices for operand " +
                   std::to_string(i) + ".");
    for (std::size_t axis = 0; axis < term.size(); ++axis) {
      const std::int64_t size = shapes[i][axis];
      auto [at, fresh] = sizes.try_emplace(term[axis], size);
      if (fresh || at->second == size || size == 1) continue;
      if (at->second != 1)
        refuse_value("Size of label '" + std::string(1, term[axis]) + "' for operand " + std::to_string(i) + " (" +
                     std::to_string(at->second) + ") does not match previous terms (" + std::to_string(size) + ").");
      at->second = size;
    }
  }
  Expression expression;
  for (const auto& [letter, size] : sizes) {
    expression.labels += letter;
    expression.sizes.push_back(size);
  }
  const auto word_of = [&](const std::string& term) {
    Word word;
    for (const char c : term) word.push_back(static_cast<int>(expression.labels.find(c)));
    return word;
  };
  for (const std::string& term : terms.inputs) expression.inputs.push_back(word_of(term));
  expression.output = word_of(terms.output);
  expression.shapes.assign(shapes.begin(), shapes.end());
  return expression;
}

std::string Expression::letters(const Word& word) const {
  std::string text;
  for (const int label : word) text += labels[static_cast<std::size_t>(label)];
  return text;
}

std::string Expression::text() const {
  std::string result;
  for (const Word& word : inputs) result += (&word == inputs.data() ? "" : ",") + letters(word);
  return result + "->" + letters(output);
}

std::vector<bool> Expression::output_mask() const {
  std::vector<bool> mask(labels.size(), false);
  for (const int label : output) mask[static_cast<std::size_t>(label)] = true;
  return mask;
}

std::vector<std::int64_t> Expression::greatest_sizes() const {
  if (shapes.empty()) return sizes;
  std::vector<std::int64_t> greatest(sizes.size(), 0);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t axis = 0; axis < inputs[i].size(); ++axis) {
      std::int64_t& most = greatest[static_cast<std::size_t>(inputs[i][axis])];
      most = std::max(most, shapes[i][axis]);
    }
  return greatest;
}

std::vector<std::int64_t> Expression::output_shape() const {
  std::vector<std::int64_t> shape;
  for (const int label : output) shape.push_back(sizes[static_cast<std::size_t>(label)]);
  return shape;
}

}  // namespace flopscope::symmetry
