// SPDX-License-Identifier: MIT
// whest flops: what an operation would cost, without running it; and the list of operations with their prices.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/numbers.hpp>
#include <whest/base/version.hpp>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/queries/listing.hpp>
#include <whest/flopscope/queries/text.hpp>

#include "command.hpp"
#include "cost_models.hpp"
#include "query_words.hpp"
#include "round_options.hpp"

namespace whest::app {

namespace {

namespace queries = flopscope::queries;
using base::Json;

// Up to 2^63 a JSON integer, above it the digits.
Json flops_json(double flops) {
  if (flops < 0x1p63) return static_cast<std::int64_t>(flops);
  return queries::digits(flops);
}

std::string people(double flops) {
  return flops < 0x1p63 ? base::grouped(static_cast<std::int64_t>(flops)) : queries::digits(flops);
}

class Flops final : public Command {
 public:
  const char* name() const override { return "flops"; }
  const char* help() const override { return "Show what an operation costs"; }

  void declare(CLI::App& app) override {
    app.add_option("query", m_words,
                   "einsum SUBSCRIPTS SHAPE..., svd M N, pointwise OP SHAPE, reduction OP SHAPE, or any other query of "
                   "--list; a shape is 256x256")
        ->type_name("QUERY");
    for (const QueryOption& option : query_options()) {
      app.add_option(std::string("--") + option.name, m_named[option.name], option.help)->type_name("VALUE");
    }
    app.add_flag("--unweighted", m_unweighted, "leave the operation's weight out");
    app.add_flag("--list", m_list, "list operations with their prices, and the queries");
    m_round.declare(app, {"cost-model"});
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    const auto round = m_round.resolve();
    if (!round) return std::unexpected(round.error());
    if (auto known = check_cost_model(round->cost_model); !known) return std::unexpected(known.error());
    const flopscope::CostModel& model = flopscope::cost_model(round->cost_model);
    if (m_list) {
      if (auto alone = check_list_alone(); !alone) return std::unexpected(alone.error());
      return list(model, *format, env);
    }
    if (m_words.empty())
      return base::usage_error("give a query, such as 'einsum ij,jk->ik 256x256 256x256', or --list.");
    return answer(model, *format, env);
  }

 private:
  // The list is of everything: a query or its options beside it would be passed over.
  base::Expected<void> check_list_alone() const {
    if (!m_words.empty())
      return base::usage_error(fmt::format("--list takes no query, got '{}'.", fmt::join(m_words, " ")));
    for (const auto& [name, value] : m_named) {
      if (!value.empty()) return base::usage_error(fmt::format("--list and --{} contradict each other.", name));
    }
    if (m_unweighted) return base::usage_error("--list and --unweighted contradict each other.");
    return {};
  }

  base::Expected<Exit> answer(const flopscope::CostModel& model, Format format, const Environment& env) {
    const auto query = query_words(m_words, m_named, model);
    if (!query) return std::unexpected(query.error());
    try {
      const queries::Weights weights = m_unweighted ? queries::Weights::none : queries::Weights::of_model;
      const double flops = queries::cost_of_words(*query, model, weights);
      if (!std::isfinite(flops))
        return base::usage_error(fmt::format("{} costs more than a number can hold.", m_words.front()));
      show(flops, model, format, env);
    } catch (const flopscope::Error& error) {
      return base::usage_error(fmt::format("{}: {}", m_words.front(), error.what()));
    }
    return Exit::ok;
  }

  void show(double flops, const flopscope::CostModel& model, Format format, const Environment& env) const {
    if (format == Format::json) {
      env.out << base::json_text(Json{{"ok", true},
                                      {"command", "flops"},
                                      {"query", m_words},
                                      {"cost_model", model.name()},
                                      {"weighted", !m_unweighted},
                                      {"flops", flops_json(flops)},
                                      {"whest_version", base::version()}});
    } else if (format == Format::plain) {
      env.out << queries::digits(flops) << "\n";
    } else {
      report::Section section{.title = "FLOPs", .tone = report::Tone::good};
      section.figures = {{fmt::format("{}", fmt::join(m_words, " ")), "", people(flops), false},
                         {"Cost Model", "", model.name(), false}};
      show_document({.title = "", .sections = {section}}, format, env.out);
    }
  }

  static Exit list(const flopscope::CostModel& model, Format format, const Environment& env) {
    const auto operations = queries::list_operations(model);
    if (format == Format::json) {
      Json list = Json::array();
      for (const queries::ListedOperation& operation : operations) {
        Json entry{{"name", operation.name}, {"standing", queries::name_of(operation.standing)}};
        if (operation.standing == queries::Standing::counted) {
          entry["formula"] = operation.formula;
          entry["weight"] = operation.weight;
          entry["complex_factor"] =
              std::isnan(operation.complex_factor) ? Json("refused") : Json(operation.complex_factor);
        }
        if (!operation.reason.empty()) entry["reason"] = operation.reason;
        list.push_back(std::move(entry));
      }
      env.out << base::json_text(Json{{"ok", true},
                                      {"command", "flops"},
                                      {"cost_model", model.name()},
                                      {"operations", std::move(list)},
                                      {"queries", queries::names()},
                                      {"whest_version", base::version()}});
      return Exit::ok;
    }
    report::Section section{.title = fmt::format("Operations under {}", model.name()), .tone = report::Tone::context};
    report::Table table{
        .header = {"operation", "standing", "formula or reason", "weight"}, .rows = {}, .left_columns = 3};
    for (const queries::ListedOperation& operation : operations) {
      const bool counted = operation.standing == queries::Standing::counted;
      table.rows.push_back({std::string(operation.name), std::string(queries::name_of(operation.standing)),
                            counted ? operation.formula : std::string(operation.reason),
                            counted ? fmt::format("{}", operation.weight) : std::string()});
    }
    section.tables.push_back(std::move(table));
    section.notes.push_back(fmt::format("Queries: {}.", fmt::join(queries::names(), ", ")));
    show_document({.title = "", .sections = {section}}, format, env.out);
    return Exit::ok;
  }

  std::vector<std::string> m_words;
  std::map<std::string, std::string> m_named;
  bool m_unweighted = false;
  bool m_list = false;
  RoundOptions m_round;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_flops() { return std::make_unique<Flops>(); }

}  // namespace whest::app
