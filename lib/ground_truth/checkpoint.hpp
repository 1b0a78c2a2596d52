// SPDX-License-Identifier: MIT
// A run's totals on disk: written whole or not at all, bound by hashes to one simulation and to themselves.
#pragma once

#include <string>
#include <whest/base/error.hpp>
#include <whest/ground_truth/options.hpp>
#include <whest/ground_truth/plan.hpp>
#include <whest/ground_truth/run_totals.hpp>
#include <whest/network/mlp.hpp>
#include <whest/random/seed_sequence.hpp>

namespace whest::ground_truth {

// A hash of all that decides the bits of the result: weights, seed, sampler, precision, samples asked for. Threads and
// instruction set are free.
std::string simulation_identity(const network::Mlp& mlp, const random::SeedSequence& samples, const Options& options,
                                const Plan& plan);

base::Expected<void> write_checkpoint(const std::string& path, const std::string& identity, const RunTotals& totals);

// True when a checkpoint was read into `totals` (fresh ones), false when there is no such file; a usage error when the
// file is damaged or of another simulation.
base::Expected<bool> read_checkpoint(const std::string& path, const std::string& identity, RunTotals& totals);

}  // namespace whest::ground_truth
