// SPDX-License-Identifier: MIT
#include "doctor_checks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <whest/base/clock.hpp>
#include <whest/base/host.hpp>
#include <whest/base/numbers.hpp>
#include <whest/estimator/compile.hpp>
#include <whest/estimator/locate.hpp>
#include <whest/estimator/spawn.hpp>
#include <whest/estimator/tree.hpp>
#include <whest/ground_truth/isa.hpp>
#include <whest/runner/sandbox.hpp>

namespace whest::app {

namespace {

Check check_bundled() {
  const auto located = estimator::locate("mean_propagation");
  if (!located) return {"bundled estimators", CheckStatus::fail, located.error().message};
  const std::string worker = estimator::tree().worker();
  if (::access(worker.c_str(), X_OK) != 0)
    return {"bundled estimators", CheckStatus::fail, fmt::format("'{}', the sandboxed process, is missing", worker)};
  return {"bundled estimators", CheckStatus::ok, located->path};
}

// A single-file estimator needs a compiler, the SDK's headers and a place for what was compiled.
Check check_compiler() {
  const char* named = std::getenv("WHEST_CXX");
  const std::string compiler = named != nullptr && *named != '\0' ? named : "g++";
  const auto asked = estimator::run_command({compiler, "--version"});
  if (!asked || asked->exit_status != 0) {
    return {"compiler", CheckStatus::warn,
            fmt::format("'{}' does not run: a .cpp cannot be compiled (a .so and bundled names can be run)", compiler)};
  }
  const std::string header = estimator::tree().include_dir() + "/whest/estimator.hpp";
  if (::access(header.c_str(), R_OK) != 0)
    return {"compiler", CheckStatus::fail, fmt::format("the SDK's header '{}' is missing", header)};
  // The folder is made by the first compilation: what is there of its path must let it be.
  std::filesystem::path folder = estimator::cache_dir();
  while (::access(folder.c_str(), F_OK) != 0 && folder.has_relative_path()) folder = folder.parent_path();
  if (::access(folder.c_str(), W_OK) != 0) {
    return {
        "compiler", CheckStatus::warn,
        fmt::format("'{}', where compiled estimators are kept, cannot be written; XDG_CACHE_HOME names another place",
                    estimator::cache_dir())};
  }
  return {"compiler", CheckStatus::ok,
          fmt::format("{}; compiled estimators are kept in {}", asked->output.substr(0, asked->output.find('\n')),
                      estimator::cache_dir())};
}

Check check_memory(const contest::Round& round) {
  const base::Host host = base::probe_host();
  if (!host.ram_total_bytes) return {"memory", CheckStatus::warn, "the machine does not say how much it has"};
  const std::string have = base::bytes_for_people(*host.ram_total_bytes);
  if (*host.ram_total_bytes >= round.memory_limit_bytes) return {"memory", CheckStatus::ok, have};
  return {
      "memory", CheckStatus::warn,
      fmt::format("{}, less than the {} that round '{}' allows: an estimator may run out of memory here and not there",
                  have, base::bytes_for_people(round.memory_limit_bytes), round.name)};
}

Check check_processor() {
  const auto isa = ground_truth::resolve_isa();
  if (!isa) return {"ground-truth kernels", CheckStatus::fail, isa.error().message};
  const base::Host host = base::probe_host();
  return {
      "ground-truth kernels", CheckStatus::ok,
      fmt::format("{} on {} ({} logical cores)", ground_truth::isa_name(*isa), host.cpu_brand, host.cpu_count_logical)};
}

Check check_isolation() {
  const std::string missing = runner::missing_walls();
  if (!missing.empty()) return {"isolation", CheckStatus::warn, missing + ": --runner subprocess isolates less"};
  return {"isolation", CheckStatus::ok, "system calls, files and memory of --runner subprocess are limited"};
}

// Lambda deters raw code only while a second of it costs more FLOPs than the machine computes in a second.
Check check_lambda(const contest::Round& round) {
  const double peak = measured_peak_flops_per_s();
  const double lambda = round.lambda_flops_per_second;
  const std::string measured =
      fmt::format("about {:.1e} float32 operations a second on all cores, lambda {:.1e}", peak, lambda);
  if (lambda == 0.0 && round.residual_wall_time_limit_s) {
    return {
        "lambda", CheckStatus::ok,
        fmt::format("{}; raw code is held by the residual limit of {} s", measured, *round.residual_wall_time_limit_s)};
  }
  if (lambda >= peak) return {"lambda", CheckStatus::ok, measured};
  return {"lambda", CheckStatus::warn,
          measured + ": raw code is cheaper here than metered operations; compare scores by flops_only_score"};
}

}  // namespace

std::vector<Check> run_checks(const contest::Round& round) {
  return {check_bundled(),     check_compiler(),  check_processor(),
          check_memory(round), check_isolation(), check_lambda(round)};
}

}  // namespace whest::app
