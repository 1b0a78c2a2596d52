// SPDX-License-Identifier: MIT
#include "truth_options.hpp"

#include <cstdlib>
#include <filesystem>
#include <whest/base/parse.hpp>
#include <whest/ground_truth/options.hpp>

namespace whest::app {

namespace {

struct Given {
  std::string text;
  std::string origin;  // "default": nobody gave any
};

Given given(const CLI::App& app, const char* flag, const std::string& typed, const char* variable,
            const char* otherwise) {
  if (app.count(flag) > 0) return {typed, "command line"};
  if (const char* text = std::getenv(variable)) return {text, "environment"};
  return {otherwise, "default"};
}

bool count_was_given(const std::vector<report::Setting>& settings) {
  for (const report::Setting& setting : settings) {
    if (setting.name == "n-samples") return setting.origin == "command line" || setting.origin == "environment";
  }
  return false;
}

}  // namespace

void TruthOptions::declare(CLI::App& app) {
  m_app = &app;
  app.add_option("--precision", m_precision, "of the ground truth's layers: float32 or bf16x3 (default: float32)")
      ->type_name("NAME");
  app.add_option("--target-stderr", m_target,
                 "draw ground-truth inputs until the final layer's standard error (root mean square) is at most this; "
                 "--n-samples, if given, is the most to draw")
      ->type_name("ERROR");
  app.add_option("--checkpoint", m_checkpoint,
                 "keep the ground truth's progress in PATH.<network>; a run that was cut goes on from there")
      ->type_name("PATH");
}

base::Expected<contest::TruthRequest> TruthOptions::resolve(std::vector<report::Setting>& settings) const {
  contest::TruthRequest request;
  const Given precision = given(*m_app, "--precision", m_precision, "WHEST_PRECISION", "float32");
  const auto parsed = ground_truth::parse_precision(precision.text);
  if (!parsed) return base::usage_error("--precision: " + parsed.error().message);
  request.precision = *parsed;
  const Given target = given(*m_app, "--target-stderr", m_target, "WHEST_TARGET_STDERR", "none");
  if (target.origin != "default") {
    const auto value = base::parse_real("--target-stderr", target.text, base::Bound::positive);
    if (!value) return std::unexpected(value.error());
    request.target_stderr = *value;
    request.count_is_limit = count_was_given(settings);
  }
  request.checkpoint = m_checkpoint;
  const std::filesystem::path parent = std::filesystem::path(m_checkpoint).parent_path();
  if (!parent.empty() && !std::filesystem::is_directory(parent)) {
    return base::usage_error("--checkpoint: there is no directory '" + parent.string() + "'.");
  }
  if (std::filesystem::path(m_checkpoint).filename().empty() && !m_checkpoint.empty())
    return base::usage_error("--checkpoint must name a file, got '" + m_checkpoint + "'.");
  settings.push_back({"precision", precision.text, precision.origin});
  settings.push_back({"target-stderr", target.text, target.origin});
  return request;
}

}  // namespace whest::app
