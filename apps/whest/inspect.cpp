// SPDX-License-Identifier: MIT
// whest inspect: the networks that a seed makes.
#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/parse.hpp>
#include <whest/base/version.hpp>
#include <whest/contest/round.hpp>
#include <whest/network/generate.hpp>
#include <whest/network/inspect.hpp>
#include <whest/report/document.hpp>

#include "command.hpp"
#include "round_options.hpp"

namespace whest::app {

namespace {

using base::Json;

Json layer_json(const std::vector<float>& weights) {
  const network::LayerStatistics statistics = network::layer_statistics(weights);
  return Json{{"sha256", network::layer_sha256(weights)},
              {"mean", statistics.mean},
              {"std", statistics.std},
              {"min", statistics.min},
              {"max", statistics.max}};
}

report::Section network_section(std::size_t index, const network::Mlp& mlp) {
  report::Section section{.title = fmt::format("{} (#{}), mlp.seed {}", mlp.name, index, mlp.seed),
                          .tone = report::Tone::context};
  report::Table table{.header = {"layer", "sha256", "mean", "std", "min", "max"}, .left_columns = 2};
  for (std::size_t layer = 0; layer < mlp.weights.size(); ++layer) {
    const network::LayerStatistics s = network::layer_statistics(mlp.weights[layer]);
    table.rows.push_back({fmt::format("{}", layer), network::layer_sha256(mlp.weights[layer]),
                          fmt::format("{:+.3e}", s.mean), fmt::format("{:.6f}", s.std), fmt::format("{:.4f}", s.min),
                          fmt::format("{:.4f}", s.max)});
  }
  section.tables.push_back(std::move(table));
  return section;
}

class Inspect final : public Command {
 public:
  const char* name() const override { return "inspect"; }
  const char* help() const override { return "Show the networks that a seed makes"; }

  void declare(CLI::App& app) override {
    app.add_option("--seed", m_seed, "seed of the suite (required)")->type_name("N");
    m_round.declare(app, {"n-mlps", "width", "depth"});
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    const auto round = m_round.resolve();
    if (!round) return std::unexpected(round.error());
    if (m_seed.empty()) return base::usage_error("--seed is required.");
    const auto seed = base::parse_seed("--seed", m_seed);
    if (!seed) return std::unexpected(seed.error());
    if (auto ok = network::check_shape(round->width, round->depth); !ok) return std::unexpected(ok.error());
    const auto seeds = network::suite_seeds(random::Entropy(*seed), static_cast<std::size_t>(round->n_mlps));
    Json networks = Json::array();
    report::Document document{.title = fmt::format("networks of seed {}", *seed)};
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      const auto made = network::make_network(seeds[i], round->width, round->depth);
      if (!made) return std::unexpected(made.error());
      const network::Mlp& mlp = *made;
      if (*format != Format::json) {
        document.sections.push_back(network_section(i, mlp));
        continue;
      }
      Json layers = Json::array();
      for (const auto& weights : mlp.weights) layers.push_back(layer_json(weights));
      networks.push_back(
          Json{{"mlp_index", i}, {"mlp_name", mlp.name}, {"mlp_seed", mlp.seed}, {"layers", std::move(layers)}});
    }
    if (*format == Format::json) {
      env.out << base::json_text(Json{{"seed", *seed},
                                      {"n_mlps", round->n_mlps},
                                      {"width", round->width},
                                      {"depth", round->depth},
                                      {"networks", std::move(networks)},
                                      {"whest_version", base::version()}});
    } else {
      show_document(document, *format, env.out);
    }
    return Exit::ok;
  }

 private:
  std::string m_seed;
  RoundOptions m_round;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<Inspect>(); }

}  // namespace whest::app
