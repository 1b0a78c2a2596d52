// SPDX-License-Identifier: MIT
// Replays a line of golden/symmetry/groups.jsonl: facts of a group, orbit counts of an array with it, and what the
// factories make or refuse. Groups do not depend on the cost model, so every model's answers are compared.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

#include "decode.hpp"
#include "format.hpp"

namespace flopscope::replay {
namespace {

using symmetry::Tag;
using Ints = std::vector<int>;

bool is_refusal(const Json& answer) { return answer.is_object() && answer.contains("error"); }

// A group as recorded: {degree, axes, order, generators}.
std::string compare_group(const Tag& tag, const Json& want) {
  if (tag.degree() != want.at("degree").get<int>()) return fmt::format("degree {}", tag.degree());
  if (tag.axes() != want.at("axes").get<Ints>()) return fmt::format("axes {}", fmt::join(tag.axes(), ","));
  if (tag.group().order() != want.at("order").get<std::int64_t>()) return fmt::format("order {}", tag.group().order());
  for (const auto& generator : want.at("generators").get<std::vector<Ints>>())
    if (!tag.group().contains(symmetry::Permutation(generator.begin(), generator.end())))
      return fmt::format("an element is missing: [{}]", fmt::join(generator, ","));
  return "";
}

std::string compare_facts(const Tag& tag, const Json& want) {
  if (std::string s = compare_group(tag, want.at("group")); !s.empty()) return s;
  if (tag.group().is_full_symmetric() != want.at("is_symmetric").get<bool>()) return "is_symmetric";
  if (tag.group().is_abelian() != want.at("is_abelian").get<bool>()) return "is_abelian";
  if (tag.group().is_transitive() != want.at("is_transitive").get<bool>()) return "is_transitive";
  std::vector<Ints> orbits;
  for (const auto& orbit : tag.group().orbits()) {
    Ints& axes = orbits.emplace_back();
    for (const int point : orbit) axes.push_back(tag.axes()[static_cast<std::size_t>(point)]);
  }
  return orbits == want.at("orbits").get<std::vector<Ints>>() ? "" : "orbits";
}

TagRef call_factory(const Json& api) {
  const std::string name = api.at("name").get<std::string>();
  const Json& args = api.at("args");
  const Json& kwargs = api.at("kwargs");
  if (name == "from_payload") return decode_tag(args.at(0));
  if (name == "from_generators")
    return Tag::from_generators(args.at(0).get<std::vector<Ints>>(), kwargs.at("axes").get<Ints>());
  if (name == "young") return Tag::young(kwargs.at("blocks").get<std::vector<Ints>>());
  if (name == "direct_product") {
    std::vector<TagRef> children;
    for (const Json& child : args) children.push_back(decode_tag(child.at("group")));
    return Tag::direct_product(children);
  }
  const Ints axes = kwargs.at("axes").get<Ints>();
  if (name == "symmetric") return Tag::symmetric(axes);
  if (name == "cyclic") return Tag::cyclic(axes);
  if (name == "dihedral") return Tag::dihedral(axes);
  throw std::runtime_error("unknown factory '" + name + "'");
}

// What differs: `compare` says it of an answer; a refusal is compared by its class.
std::string answer(const Json& want, const std::function<std::string()>& compare) {
  try {
    std::string difference = compare();
    if (is_refusal(want)) return "not refused, where " + want.at("error").get<std::string>() + " is expected";
    return difference;
  } catch (const Error& e) {
    // The packages' private exception for too large a group is a RuntimeError.
    const std::string got =
        e.kind() == ErrorKind::runtime_error ? "_DiminoBudgetExceeded" : std::string(class_name(e.kind()));
    if (is_refusal(want) && got == want.at("error").get<std::string>()) return "";
    return fmt::format("{} ({}) instead of {}", got, e.what(),
                       is_refusal(want) ? want.at("error").get<std::string>() : "an answer");
  }
}

std::string compare_count(double got, const Json& want) {
  if (is_refusal(want)) return "";  // not refused: said by answer()
  return got == want.get<double>() ? "" : fmt::format("{} instead of {}", got, want.dump());
}

void compare_model(const Json& line, const std::string& model, const std::function<void(const std::string&)>& note) {
  const Json& value = line.at("value").at(model);
  if (line.contains("api"))
    return note(answer(value, [&] {
      const TagRef tag = call_factory(line.at("api"));
      return is_refusal(value) ? "" : compare_group(*tag, value);
    }));
  const auto make = [&] { return decode_tag(line.at("group")); };
  note(answer(value, [&] {
    const TagRef tag = make();
    return is_refusal(value) ? "" : compare_facts(*tag, value);
  }));
  if (is_refusal(value)) return;
  const auto dims = line.at("dims").get<std::vector<std::int64_t>>();
  // Above a limit 0.5 and 0.9 die of a private exception; 0.12 counts every element, and so does ours in every model.
  const Json& own = line.at("unique").at(model);
  const bool gave_up = is_refusal(own) && own.at("error") == "_DiminoBudgetExceeded";
  const Json& unique = gave_up ? line.at("unique").at("flopscope-0.12") : own;
  note(answer(unique, [&] {
    const TagRef tag = make();
    symmetry::require_fits(*tag, dims);
    return compare_count(symmetry::unique_elements(tag, dims), unique);
  }));
  const Json& burnside = line.at("burnside").at(model);
  note(answer(burnside, [&] { return compare_count(symmetry::burnside_unique_count(*make(), dims), burnside); }));
}

}  // namespace

LineResult replay_group(const Json& line, const Settings& settings) {
  LineResult out;
  out.id = line.at("id").get<std::string>();
  out.op = line.contains("api") ? line.at("api").at("name").get<std::string>() : "group";
  out.group = "groups";
  if (is_left_out(out, settings)) return out;
  replay_under_models(out, settings, line.at("value"), [&](const std::string& model) {
    compare_model(line, model, [&](const std::string& difference) {
      if (!difference.empty()) out.mismatches.push_back(fmt::format("{}: {}", model, difference));
    });
  });
  return out;
}

}  // namespace flopscope::replay
