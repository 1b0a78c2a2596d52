// SPDX-License-Identifier: MIT
#include "doctor_checks.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <whest/base/clock.hpp>
#include <whest/base/host.hpp>
#include <whest/base/numbers.hpp>
#include <whest/contest/data.hpp>
#include <whest/ground_truth/isa.hpp>

#include "cost_models.hpp"
#include "runners.hpp"

namespace whest::app {

namespace {

Check check_compiler() {
  const auto located = locate_estimator("mean_propagation");
  if (!located) return {"bundled estimators", CheckStatus::fail, located.error().message};
  return {"bundled estimators", CheckStatus::ok, located->path};
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
  std::ifstream file("/proc/sys/kernel/seccomp/actions_avail");
  std::string actions;
  std::getline(file, actions);
  if (actions.find("kill_process") == std::string::npos) {
    return {"isolation", CheckStatus::warn,
            "the kernel does not offer seccomp filters: --runner subprocess isolates less"};
  }
  return {"isolation", CheckStatus::ok, "seccomp filters are available"};
}

Check check_prices(const contest::Round& round) {
  const auto built = check_cost_model(round.cost_model);
  if (!built) return {"cost model", CheckStatus::fail, built.error().message};
  return {"cost model", CheckStatus::ok, round.cost_model};
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
  return {check_compiler(),  check_processor(),   check_memory(round),
          check_isolation(), check_prices(round), check_lambda(round)};
}

}  // namespace whest::app
