// SPDX-License-Identifier: MIT
// whest bench: how fast this machine makes ground truth, against its own peak and the peers' path; and the signature.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/version.hpp>
#include <whest/contest/round.hpp>
#include <whest/estimator/spawn.hpp>
#include <whest/ground_truth/bench.hpp>

#include "bench_signature.hpp"
#include "command.hpp"

namespace whest::app {

namespace {

namespace truth = ground_truth;
using base::Json;

// The parts of a list "a,b,c".
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

base::Expected<truth::BenchShape> parse_shape(const std::string& text) {
  const std::size_t cross = text.find('x');
  if (cross != std::string::npos) {
    const auto width = base::parse_integer("--shapes: the width", text.substr(0, cross), 1, contest::k_max_width);
    if (!width) return std::unexpected(width.error());
    const auto depth = base::parse_integer("--shapes: the depth", text.substr(cross + 1), 1, contest::k_max_depth);
    if (!depth) return std::unexpected(depth.error());
    return truth::BenchShape{text, *width, *depth};
  }
  const auto round = contest::load_round(text);
  if (!round) return base::usage_error("--shapes: " + round.error().message);
  return truth::BenchShape{round->name, round->width, round->depth};
}

std::string percent(double share) { return fmt::format("{:.1f}%", 100 * share); }

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const truth::ShapeRates& rates) {
  Json samplers = Json::array();
  for (const truth::SamplerRates& one : rates.samplers) {
    samplers.push_back(Json{{"sampler", truth::sampler_name(one.sampler)},
                            {"samples_per_s", one.samples_per_s},
                            {"variance_gain", one.variance_gain},
                            {"ratio_to_peer_at_equal_error", or_null(one.ratio_to_peer_at_equal_error)}});
  }
  return Json{{"name", rates.shape.name},
              {"width", rates.shape.width},
              {"depth", rates.shape.depth},
              {"samples_per_s", rates.samples_per_s},
              {"samples_per_cpu_s", rates.samples_per_cpu_s},
              {"cpu_share", rates.cpu_share},
              {"flops_per_s", rates.flops_per_s},
              {"share_of_peak", rates.share_of_peak},
              {"kernel_share_of_peak", rates.kernel_share_of_peak},
              {"kernel_time_share", rates.kernel_time_share},
              {"peer_samples_per_s", or_null(rates.peer_samples_per_s)},
              {"peer_share_of_peak", or_null(rates.peer_share_of_peak)},
              {"ratio_to_peer", or_null(rates.ratio_to_peer)},
              {"samplers", std::move(samplers)}};
}

Json json_of(const truth::BenchResult& result) {
  Json shapes = Json::array();
  for (const truth::ShapeRates& rates : result.shapes) shapes.push_back(json_of(rates));
  return Json{{"isa", truth::isa_name(result.isa)},
              {"precision", truth::precision_name(result.precision)},
              {"threads", result.threads},
              {"fma_peak_flops_per_s", result.fma_peak},
              {"fma_peak_one_thread_flops_per_s", result.fma_peak_one_thread},
              {"peak_scaling", result.peak_scaling},
              {"rate_scaling", result.rate_scaling},
              {"normals_per_s", result.normals_per_s},
              {"shapes", std::move(shapes)}};
}

report::Section machine_section(const truth::BenchResult& result) {
  report::Section section{.title = "Machine", .tone = report::Tone::machine};
  section.figures = {
      {"Instruction Set", "", std::string(truth::isa_name(result.isa)), false},
      {"Precision", "", std::string(truth::precision_name(result.precision)), false},
      {"Threads", "", fmt::format("{}", result.threads), false},
      {"FMA Peak", "", fmt::format("{:.1f} GFLOP/s", result.fma_peak / 1e9), true},
      {"FMA Peak, One Thread", "", fmt::format("{:.1f} GFLOP/s", result.fma_peak_one_thread / 1e9), false},
      {"Scaling", "",
       fmt::format("samples x {:.2f}, peak x {:.2f}, from one thread to {}", result.rate_scaling, result.peak_scaling,
                   result.threads),
       false},
      {"Normals", "", fmt::format("{:.0f} million/s on one thread", result.normals_per_s / 1e6), false}};
  return section;
}

report::Section rates_section(const truth::BenchResult& result) {
  report::Section section{.title = "Ground Truth", .tone = report::Tone::good};
  report::Table table{.header = {"round", "shape", "samples/s", "per CPU s", "of peak", "first layer", "in kernels",
                                 "peer", "peer of peak", "ratio"}};
  table.left_columns = 2;
  for (const truth::ShapeRates& rates : result.shapes) {
    const bool peer = rates.peer_samples_per_s.has_value();
    table.rows.push_back(
        {rates.shape.name, fmt::format("{}x{}", rates.shape.width, rates.shape.depth),
         fmt::format("{:.0f}", rates.samples_per_s), fmt::format("{:.0f}", rates.samples_per_cpu_s),
         percent(rates.share_of_peak), percent(rates.kernel_share_of_peak), percent(rates.kernel_time_share),
         peer ? fmt::format("{:.0f}", *rates.peer_samples_per_s) : "-", peer ? percent(*rates.peer_share_of_peak) : "-",
         peer ? fmt::format("{:.2f}", *rates.ratio_to_peer) : "-"});
  }
  section.tables.push_back(std::move(table));
  for (const truth::ShapeRates& rates : result.shapes) {
    if (rates.cpu_share >= 0.9) continue;
    section.notes.push_back(fmt::format("{}: the machine was busy, the threads had a processor for {} of the time.",
                                        rates.shape.name, percent(rates.cpu_share)));
  }
  section.notes.push_back(
      "Shares count 2 width^2 FLOPs a layer and sample; terms that are zero are left out, so they may pass 100%. "
      "The first layer's kernel takes every term.");
  return section;
}

report::Section samplers_section(const truth::BenchResult& result) {
  report::Section section{.title = "Samplers at Equal Error", .tone = report::Tone::good};
  report::Table table{.header = {"round", "sampler", "samples/s", "variance gain", "ratio to peer"}};
  table.left_columns = 2;
  for (const truth::ShapeRates& rates : result.shapes) {
    for (const truth::SamplerRates& one : rates.samplers) {
      const auto ratio = one.ratio_to_peer_at_equal_error;
      table.rows.push_back({rates.shape.name, std::string(truth::sampler_name(one.sampler)),
                            fmt::format("{:.0f}", one.samples_per_s), fmt::format("{:.2f}", one.variance_gain),
                            ratio ? fmt::format("{:.2f}", *ratio) : "-"});
    }
  }
  section.tables.push_back(std::move(table));
  return section;
}

class Bench final : public Command {
 public:
  const char* name() const override { return "bench"; }
  const char* help() const override { return "Measure how fast this machine makes ground truth; print the signature"; }

  void declare(CLI::App& app) override {
    app.add_option("--shapes", m_shapes, "rounds or WIDTHxDEPTH, separated by commas (default: " + m_shapes + ")")
        ->type_name("LIST");
    app.add_option("--seconds", m_seconds, "time for each figure (default: " + m_seconds + ")")->type_name("SECONDS");
    app.add_option("--max-threads", m_threads, "threads (default: all)")->type_name("N");
    app.add_option("--precision", m_precision, "float32 or bf16x3 (default: float32)")->type_name("NAME");
    app.add_option("--samplers", m_samplers, "samplers to compare by their errors, separated by commas, or all")
        ->type_name("LIST");
    app.add_option("--peer-python", m_peer, "a Python with NumPy, to time the peers' path beside ours")
        ->type_name("PATH");
    app.add_flag("--signature-only", m_signature_only, "print the signature of bit-stable content, measure nothing");
    m_output.declare(app);
  }

  base::Expected<Exit> execute(const Environment& env) override {
    const auto format = m_output.resolve();
    if (!format) return std::unexpected(format.error());
    const auto options = resolve();
    if (!options) return std::unexpected(options.error());
    const auto signature = bench_signature(options->threads);
    if (!signature) return std::unexpected(signature.error());
    if (m_signature_only) {
      show_signature(*signature, *format, env);
      return Exit::ok;
    }
    const auto result = truth::run_bench(*options, [&](const std::string& what) {
      if (*format != Format::json) env.err << "measuring: " << what << "\n" << std::flush;
    });
    if (!result) return std::unexpected(result.error());
    show(*result, *signature, *format, env);
    return Exit::ok;
  }

 private:
  base::Expected<truth::BenchOptions> resolve() const {
    truth::BenchOptions options;
    const auto precision = truth::parse_precision(m_precision);
    if (!precision) return base::usage_error("--precision: " + precision.error().message);
    options.precision = *precision;
    const auto isa = truth::resolve_isa(*precision);
    if (!isa) return std::unexpected(isa.error());
    options.isa = *isa;
    const auto seconds = base::parse_real("--seconds", m_seconds, base::Bound::positive);
    if (!seconds) return std::unexpected(seconds.error());
    options.seconds_per_item = *seconds;
    if (!m_threads.empty()) {
      const auto threads = base::parse_integer("--max-threads", m_threads, 1, contest::k_max_threads);
      if (!threads) return std::unexpected(threads.error());
      options.threads = static_cast<int>(*threads);
    }
    if (!m_peer.empty()) {
      const auto numpy = estimator::run_command({m_peer, "-c", "import numpy"});
      if (!numpy || numpy->exit_status != 0)
        return base::usage_error(fmt::format("--peer-python: '{}' is no Python that has NumPy.", m_peer));
    }
    options.peer_python = m_peer;
    options.shapes.clear();
    for (const std::string& text : split(m_shapes)) {
      auto shape = parse_shape(text);
      if (!shape) return std::unexpected(shape.error());
      options.shapes.push_back(std::move(*shape));
    }
    if (m_samplers == "all") {
      options.samplers.assign(truth::k_all_samplers.begin(), truth::k_all_samplers.end());
    } else if (!m_samplers.empty()) {
      for (const std::string& text : split(m_samplers)) {
        const auto sampler = truth::parse_sampler(text);
        if (!sampler) return base::usage_error("--samplers: " + sampler.error().message);
        options.samplers.push_back(*sampler);
      }
    }
    return options;
  }

  static void show_signature(const std::string& signature, Format format, const Environment& env) {
    if (format == Format::json) {
      env.out << base::json_text(
          Json{{"ok", true}, {"command", "bench"}, {"signature", signature}, {"whest_version", base::version()}});
    } else {
      env.out << signature << "\n";
    }
  }

  static void show(const truth::BenchResult& result, const std::string& signature, Format format,
                   const Environment& env) {
    if (format == Format::json) {
      env.out << base::json_text(Json{{"ok", true},
                                      {"command", "bench"},
                                      {"bench", json_of(result)},
                                      {"signature", signature},
                                      {"whest_version", base::version()}});
      return;
    }
    report::Document document{.title = "Bench", .sections = {machine_section(result), rates_section(result)}};
    if (!result.shapes.front().samplers.empty()) document.sections.push_back(samplers_section(result));
    document.sections.push_back({.title = "Signature", .tone = report::Tone::context, .notes = {signature}});
    show_document(document, format, env.out);
  }

  std::string m_shapes = "warmup,phase1,phase2";
  std::string m_seconds = "1";
  std::string m_threads;
  std::string m_precision = "float32";
  std::string m_samplers;
  std::string m_peer;
  bool m_signature_only = false;
  OutputOptions m_output;
};

}  // namespace

std::unique_ptr<Command> make_bench() { return std::make_unique<Bench>(); }

}  // namespace whest::app
