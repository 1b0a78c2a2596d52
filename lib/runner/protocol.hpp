// SPDX-License-Identifier: MIT
// What host and worker say to each other: small messages over a socket that keeps their borders, and one region of
// shared memory per network for the answer. The host reads every byte of the worker as a stranger's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <whest/flopscope/budget/context.hpp>
#include <whest/runner/attempt.hpp>
#include <whest/runner/bytes.hpp>
#include <whest/runner/descriptors.hpp>
#include <whest/runner/session.hpp>

namespace whest::runner {

inline constexpr std::uint32_t k_protocol_version = 2;

enum class MessageKind : std::uint32_t {
  // host -> worker
  load = 1,     // LoadRequest
  predict = 2,  // PredictRequest, with two descriptors: input, output
  stop = 3,
  // worker -> host
  ready = 16,    // the class's name: loaded and set up
  refused = 17,  // a sentence: it cannot be loaded
  raised = 18,   // Raised: create or setup raised
  loading = 19,  // the plugin is about to be loaded: the setup clock starts
  ended = 20,    // ChildEnd: the process of one network has ended
};

// A message on the socket: this head, then `size` bytes.
struct MessageHead {
  std::uint32_t magic = 0x54534857;  // "WHST"
  std::uint32_t version = k_protocol_version;
  MessageKind kind{};
  std::uint32_t size = 0;
};
inline constexpr std::size_t k_max_message = 64 * 1024;

struct Message {
  MessageKind kind{};
  std::vector<std::byte> body;
  std::vector<Fd> descriptors;
};

enum class Received { message, timeout, closed, invalid };

// Sends a message with descriptors; false when the other side is gone.
bool send_message(int socket, MessageKind kind, std::span<const std::byte> body, std::span<const int> descriptors = {});
// Waits until a message is there, the other side is gone, or `timeout_s` has passed (< 0: no limit).
Received receive_message(int socket, double timeout_s, Message& message);

// Whether the other side has closed the socket; takes no message away.
bool is_closed(int socket);

struct LoadRequest {
  SessionOptions session;
  std::int64_t memory_bytes = 0;
  double setup_time_s = 0.0;
};
std::vector<std::byte> encode(const LoadRequest& request);
std::optional<LoadRequest> decode_load(std::span<const std::byte> body);

struct PredictRequest {
  std::uint64_t sequence = 0;
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::uint64_t seed = 0;
  double deadline_s = 0.0;  // the child is killed this long after it began; 0: never
  std::string name;
};
std::vector<std::byte> encode(const PredictRequest& request);
std::optional<PredictRequest> decode_predict(std::span<const std::byte> body);

// How the process of a network ended, by the word of its parent, the worker.
struct ChildEnd {
  std::uint64_t sequence = 0;
  std::int32_t exit_status = -1;  // -1: a signal ended it
  std::int32_t signal = 0;
  std::uint32_t deadline_killed = 0;   // the worker did, at the deadline
  std::uint32_t kernel_oom_kills = 0;  // processes that the kernel killed for memory while it ran
  double worker_cpu_s = 0.0;           // that threads left by setup() used meanwhile
};

std::vector<std::byte> encode(const Raised& raised);
std::optional<Raised> decode_raised(std::span<const std::byte> body);

// ---- The answer's region: head, values, meter ----
inline constexpr std::uint64_t k_answer_magic = 0x5245575354534857;
enum : std::uint32_t { k_answer_running = 0, k_answer_complete = 1 };

struct AnswerHead {
  std::uint64_t magic = 0;
  std::uint64_t sequence = 0;
  std::uint32_t state = k_answer_running;  // set last
  std::uint32_t allocation_refused = 0;    // an allocation failed at least once
  std::uint64_t payload_size = 0;
  flopscope::BudgetCounters counters;  // the meter counts here, so that they outlive the process
};
inline constexpr std::int64_t k_answer_head_bytes = 4096;
inline constexpr std::int64_t k_answer_payload_bytes = 1 << 20;

// Size of the region for a (depth, width) answer.
std::int64_t answer_bytes(std::int64_t width, std::int64_t depth);

// In the child: writes the attempt and marks the region complete. A breakdown that does not fit is left out.
void write_answer(std::span<std::byte> region, std::uint64_t sequence, const Attempt& attempt);

// In the host: a private copy of the region, as far as it is used; nothing of it has been looked at.
std::vector<std::byte> fetch_answer(int fd, std::int64_t width, std::int64_t depth);
AnswerHead answer_head(std::span<const std::byte> region);

// In the host, on such a copy: the attempt, or nothing when any length, count or number is impossible.
// `elapsed_s`: how long the host waited; no reading can be longer.
std::optional<Attempt> read_answer(std::span<const std::byte> region, std::uint64_t sequence, std::int64_t width,
                                   std::int64_t depth, std::int64_t flop_budget, double elapsed_s);

}  // namespace whest::runner
