// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/cost_model.hpp>

namespace whest::fuzz {
namespace {

std::string known_models() {
  std::string text;
  for (const std::string& name : flopscope::cost_model_names()) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The whole of `text` as a number that is not negative.
template <class T>
bool read(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.starts_with('-');
}

}  // namespace

std::string help_text() {
  return "usage: flopscope_fuzz [--calls N] [--seed S] [--cost-model M] [--only OPERATION] [--trace] [--refused]\n"
         "\n"
         "Random calls of flopscope's operations, one in twenty compared with a slow reference. No call may crash,\n"
         "charge a negative amount, change its arguments when it is refused before its charge, or differ from the\n"
         "reference in a value or a price.\n"
         "\n"
         "  --calls N        how many calls (20000)\n"
         "  --seed S         the same seed gives the same calls (1)\n"
         "  --cost-model M   " +
         known_models() +
         " (flopscope-0.12)\n"
         "  --only NAME      calls of one operation, and no comparisons\n"
         "  --trace          prints each operation before it is called\n"
         "  --refused        prints the operations of which every call was refused\n"
         "\n"
         "Ends with a line of counts. Exit 0: nothing found; 1: findings, each printed with its seed and call;\n"
         "2: a command line that cannot be read.\n";
}

std::expected<Options, std::string> parse_options(int argc, const char* const* argv) {
  Options o;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--help" || word == "-h") {
      o.help = true;
    } else if (word == "--trace") {
      o.trace = true;
    } else if (word == "--refused") {
      o.list_refused = true;
    } else if (word == "--calls" || word == "--seed" || word == "--cost-model" || word == "--only") {
      if (i + 1 == argc) return std::unexpected(word + " needs a value");
      const std::string value = argv[++i];
      if (word == "--calls" && (!read(value, o.calls) || o.calls == 0))
        return std::unexpected("--calls is a positive number, not '" + value + "'");
      if (word == "--seed" && !read(value, o.seed))
        return std::unexpected("--seed is a number from 0 on, not '" + value + "'");
      if (word == "--cost-model") o.cost_model = value;
      if (word == "--only") o.only = value;
    } else {
      return std::unexpected("unknown argument '" + word + "'");
    }
  }
  const std::vector<std::string> models = flopscope::cost_model_names();
  if (std::ranges::find(models, o.cost_model) == models.end())
    return std::unexpected("unknown cost model '" + o.cost_model + "'; known: " + known_models());
  if (!o.only.empty() && flopscope::Catalogue::instance().find(o.only) == nullptr)
    return std::unexpected("no operation is named '" + o.only + "'");
  return o;
}

}  // namespace whest::fuzz
