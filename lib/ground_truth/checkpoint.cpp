// SPDX-License-Identifier: MIT
// Format: a line "whest ground-truth checkpoint 1", the identity and the payload's SHA-256 in hex, a line each, then
// the payload (RunTotals::save, this machine's byte order).
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>
#include <whest/base/file.hpp>
#include <whest/base/sha256.hpp>
#include <whest/ground_truth/checkpoint.hpp>

namespace whest::ground_truth {

namespace {

constexpr std::string_view k_title = "whest ground-truth checkpoint 1\n";
constexpr std::size_t k_hex = 64;

}  // namespace

std::string simulation_identity(const network::Mlp& mlp, const random::SeedSequence& samples, const Options& options,
                                const Plan& plan) {
  std::string text;
  for (const auto& layer : mlp.weights) text += base::sha256_hex(std::as_bytes(std::span(layer)));
  for (const std::uint64_t word : samples.generate_state64(4)) text += std::to_string(word) + ' ';
  for (const std::int64_t number : {mlp.width, mlp.depth, plan.chunk_rows, plan.max_samples}) {
    text += std::to_string(number) + ' ';
  }
  text += std::string(sampler_name(options.sampler)) + ' ' + std::string(precision_name(options.precision));
  return base::sha256_hex(text);
}

base::Expected<void> write_checkpoint(const std::string& path, const std::string& identity, const RunTotals& totals) {
  const std::string payload = totals.save();
  return base::write_file_atomically(
      path, std::string(k_title) + identity + '\n' + base::sha256_hex(payload) + '\n' + payload);
}

base::Expected<bool> read_checkpoint(const std::string& path, const std::string& identity, RunTotals& totals) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return false;
  const auto file = base::read_file(path, std::numeric_limits<std::int64_t>::max());
  if (!file) return std::unexpected(file.error());
  const std::string_view bytes = *file;
  const std::size_t header = k_title.size() + 2 * (k_hex + 1);
  if (!bytes.starts_with(k_title) || bytes.size() < header) {
    return base::usage_error("'" + path + "' is not a ground-truth checkpoint.");
  }
  if (bytes.substr(k_title.size(), k_hex) != identity) {
    return base::usage_error("the checkpoint '" + path + "' belongs to another simulation.");
  }
  const std::string_view payload = bytes.substr(header);
  if (bytes.substr(k_title.size() + k_hex + 1, k_hex) != base::sha256_hex(payload) || !totals.restore(payload)) {
    return base::usage_error("the checkpoint '" + path + "' is damaged.");
  }
  return true;
}

}  // namespace whest::ground_truth
