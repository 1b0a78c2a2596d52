// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <whest/base/clock.hpp>
#include <whest/estimator/tree.hpp>
#include <whest/flopscope/budget/clock.hpp>
#include <whest/network/mlp.hpp>
#include <whest/runner/session_options.hpp>
#include <whest/runner/shared_memory.hpp>
#include <whest/runner/subprocess.hpp>

namespace whest::runner {

namespace {

constexpr double k_start_s = 30.0;      // for exec and the worker's libraries, before any code of the participant's
constexpr double k_word_grace_s = 2.0;  // the worker's word about a deadline, beyond the deadline

double now_s() { return base::system_clock().monotonic_s(); }

std::string details(const ChildEnd& end, bool out_of_memory) {
  nlohmann::ordered_json json;
  json["signal"] = end.signal != 0 ? nlohmann::ordered_json(end.signal) : nlohmann::ordered_json();
  json["exit_status"] = end.signal != 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(end.exit_status);
  json["out_of_memory"] = out_of_memory;
  return json.dump();
}

std::string how_it_ended(const ChildEnd& end) {
  if (end.signal == 0) return fmt::format("ended by itself with status {}", end.exit_status);
  const char* name = ::sigabbrev_np(end.signal);
  return fmt::format("was ended by signal {} ({}{})", end.signal, name != nullptr ? "SIG" : "",
                     name ? name : "unknown");
}

// Descriptors and weights of one network, as the child gets them.
base::Expected<Fd> input_of(const network::Mlp& mlp) {
  std::vector<std::span<const std::byte>> layers;
  for (const std::vector<float>& layer : mlp.weights) layers.push_back(std::as_bytes(std::span(layer)));
  return sealed_input(layers);
}

}  // namespace

// A network that the worker has been asked for.
struct SubprocessRunner::Asked {
  std::int64_t width = 0, depth = 0;
  std::uint64_t sequence = 0;
  Fd output;
  double begin_s = 0.0;
  double elapsed_s() const { return now_s() - begin_s; }
};

SubprocessRunner::~SubprocessRunner() { stop(); }

Enforcement SubprocessRunner::enforcement() const {
  return {.memory_limit = m_limits.memory_bytes > 0 && memory_limit_available(),
          .memory_bytes = m_limits.memory_bytes > INT64_MAX - k_memory_slack_bytes
                              ? INT64_MAX
                              : m_limits.memory_bytes + k_memory_slack_bytes,
          .predict_deadline = m_limits.wall_time_s > 0,
          .setup_deadline = m_limits.setup_time_s > 0};
}

base::Expected<std::optional<Failure>> SubprocessRunner::start(const Submission& submission, const Limits& limits) {
  auto scratch = ScratchDir::make();
  if (!scratch) return std::unexpected(scratch.error());
  m_scratch = std::move(*scratch);
  m_limits = limits;
  m_load = LoadRequest{session_options(submission, limits, m_scratch.path()), limits.memory_bytes, limits.setup_time_s};
  m_undumpable.emplace();
  m_busy = true;
  auto launched = launch();
  m_started = launched && !*launched;
  if (!m_started) drop_worker();
  m_busy = false;
  return launched;
}

base::Expected<std::optional<Failure>> SubprocessRunner::launch() {
  {
    const std::lock_guard lock(m_worker_mutex);
    if (m_stopping) return base::grader_error("the runner was stopped");
    auto worker = spawn_worker(estimator::tree().worker(), m_scratch.path(), kernel_threads(m_limits));
    if (!worker) return std::unexpected(worker.error());
    m_worker = std::move(*worker);
  }
  if (!send_message(m_worker.socket.get(), MessageKind::load, encode(m_load))) {
    return base::grader_error("the worker ended before it was asked anything");
  }
  return wait_until_ready();
}

base::Expected<std::optional<Failure>> SubprocessRunner::wait_until_ready() {
  Message message;
  Received received = receive_message(m_worker.socket.get(), k_start_s, message);
  if (received != Received::message || message.kind != MessageKind::loading) {
    return base::grader_error(fmt::format("the worker did not start: {}", captured_output(m_worker)));
  }
  const double begin_s = now_s();
  received = receive_message(m_worker.socket.get(), m_limits.setup_time_s > 0 ? m_limits.setup_time_s : -1, message);
  if (received != Received::message) return setup_ended(received, begin_s);
  const std::string text(reinterpret_cast<const char*>(message.body.data()), message.body.size());
  if (message.kind == MessageKind::ready) {
    m_class_name = clean_text(text);
    captured_output(m_worker);  // what setup() printed is not predict's
    return std::nullopt;
  }
  if (message.kind == MessageKind::refused) return base::usage_error(clean_text(text));
  if (message.kind == MessageKind::raised) {
    if (const auto raised = decode_raised(message.body)) return setup_failure(*raised);
  }
  return setup_ended(Received::invalid, begin_s);
}

// No proper word came from a worker whose setup() was running.
base::Expected<std::optional<Failure>> SubprocessRunner::setup_ended(Received received, double begin_s) {
  const double elapsed_s = now_s() - begin_s;
  Failure failure;
  if (received == Received::timeout) {
    failure = setup_too_slow(elapsed_s, m_limits.setup_time_s);
  } else {
    failure.code = outcome_row(Outcome::setup_error).error_code;
    failure.message = received == Received::closed ? "the process that ran setup ended before setup returned"
                                                   : "the process that ran setup sent an invalid message";
  }
  failure.traceback = clean_text(captured_output(m_worker));
  return failure;
}

Prediction SubprocessRunner::predict(const network::Mlp& mlp, std::int64_t) {
  if (!m_started || m_stopping) {
    return failed(m_stopping ? Outcome::interrupted : Outcome::not_started, "Runner must be started.", {}, {});
  }
  m_busy = true;
  if (m_worker.pid > 0 && is_closed(m_worker.socket.get())) drop_worker();  // it ended while nobody asked
  if (m_worker.pid <= 0) {
    if (auto again = launch(); !again || *again) {
      drop_worker();
      m_busy = false;
      if (m_stopping) return failed(Outcome::interrupted, "The run was interrupted.", {}, {});
      return failed(
          Outcome::worker_eof,
          fmt::format("The worker could not be started again: {}", again ? (*again)->message : again.error().message),
          {}, {});
    }
  }
  Prediction prediction = ask(mlp);
  m_busy = false;
  if (m_stopping) return failed(Outcome::interrupted, "The run was interrupted.", {}, {});
  if (prediction.failure) {
    const std::string output = clean_text(captured_output(m_worker));
    std::string& trace = prediction.failure->traceback;
    if (!output.empty()) trace += fmt::format("{}--- printed by predict ---\n{}", trace.empty() ? "" : "\n", output);
  }
  if (m_worker.socket) captured_output(m_worker);
  return prediction;
}

Prediction SubprocessRunner::ask(const network::Mlp& mlp) {
  Asked asked{mlp.width, mlp.depth, ++m_sequence, {}, 0.0};
  const auto input = input_of(mlp);
  auto output = fixed_size_memory(answer_bytes(mlp.width, mlp.depth), "whest-answer");
  if (!input || !output) {
    return failed(Outcome::not_started, input ? output.error().message : input.error().message, {}, {});
  }
  asked.output = std::move(*output);
  const PredictRequest request{asked.sequence, mlp.width, mlp.depth, mlp.seed, m_limits.deadline_s(), mlp.name};
  const int descriptors[] = {input->get(), asked.output.get()};
  asked.begin_s = now_s();
  if (!send_message(m_worker.socket.get(), MessageKind::predict, encode(request), descriptors)) {
    return lost(asked, Received::closed);
  }
  Message message;
  const double patience_s = request.deadline_s > 0 ? request.deadline_s + k_word_grace_s : -1;
  const Received received = receive_message(m_worker.socket.get(), patience_s, message);
  if (received != Received::message) return lost(asked, received);
  ByteReader in(message.body);
  const auto end = in.get<ChildEnd>();
  if (message.kind != MessageKind::ended || !in.at_end() || end.sequence != asked.sequence ||
      !(end.worker_cpu_s >= 0) || !std::isfinite(end.worker_cpu_s)) {
    return lost(asked, Received::invalid);
  }
  return judge_end(end, asked);
}

// The child has ended and the worker has said how. Its answer counts only where it ended well.
Prediction SubprocessRunner::judge_end(const ChildEnd& end, const Asked& asked) {
  const double elapsed_s = asked.elapsed_s();
  const std::vector<std::byte> region = fetch_answer(asked.output.get(), asked.width, asked.depth);
  const AnswerHead head = answer_head(region);
  if (end.deadline_killed != 0) {
    return no_return(meter_of_killed(head.counters, std::max(elapsed_s, m_limits.deadline_s())), m_limits);
  }
  const bool complete = end.signal == 0 && end.exit_status == 0 && head.state == k_answer_complete;
  if (!complete) {
    // Refused memory and then dead, or killed while the kernel was killing for memory: not a crash.
    const bool out_of_memory = end.signal != 0 && (head.allocation_refused != 0 || end.kernel_oom_kills > 0);
    return failed(out_of_memory ? Outcome::out_of_memory : Outcome::worker_eof,
                  fmt::format("The process that ran predict {}{}.", out_of_memory ? "ran out of memory: it " : "",
                              how_it_ended(end)),
                  details(end, out_of_memory), meter_of_killed(head.counters, elapsed_s));
  }
  auto attempt = read_answer(region, asked.sequence, asked.width, asked.depth, m_limits.flop_budget, elapsed_s);
  if (!attempt) {
    return failed(Outcome::protocol_error, "The answer of the process that ran predict is not valid.", {},
                  meter_of_killed(head.counters, elapsed_s));
  }
  // Which list the audit is of is the host's to say, and whether there is one.
  if (m_load.session.audit_cost_model.empty()) attempt->meter.audit.reset();
  if (attempt->meter.audit) attempt->meter.audit->cost_model = m_load.session.audit_cost_model;
  // Work that predict has had done by threads of setup()'s, in the worker, is work outside the meter.
  attempt->meter.residual_cpu_s += end.worker_cpu_s;
  return judge(std::move(*attempt), asked.width, asked.depth, m_limits);
}

// No word about the network: the worker itself is gone, stuck or talks nonsense. The next network gets a fresh one.
Prediction SubprocessRunner::lost(const Asked& asked, Received received) {
  drop_worker();  // and its child, before the counters are read
  const AnswerHead head = answer_head(fetch_answer(asked.output.get(), asked.width, asked.depth));
  const MeterReading meter = meter_of_killed(head.counters, asked.elapsed_s());
  Prediction prediction;
  if (received == Received::timeout) {
    prediction = no_return(meter, m_limits);
  } else if (received == Received::closed) {
    prediction = failed(Outcome::worker_eof, "The worker ended by itself.", {}, meter);
  } else {
    prediction = failed(Outcome::protocol_error, "The worker sent an invalid message.", {}, meter);
  }
  return prediction;
}

// What is known without the child's word: the time that the host waited, and what the meter had counted (the counters
// are in the shared region; which operations they were is not). An operation that was running counts as residual time.
MeterReading SubprocessRunner::meter_of_killed(const flopscope::BudgetCounters& counters, double elapsed_s) const {
  MeterReading meter;
  meter.flop_budget = m_limits.flop_budget;
  meter.flops_used = std::clamp<std::int64_t>(counters.flops_used, 0, m_limits.flop_budget);
  meter.wall_s = elapsed_s;
  const auto seconds = [](std::int64_t ticks) { return flopscope::ticks_to_s(std::max<std::int64_t>(ticks, 0)); };
  meter.backend_s = std::min(seconds(counters.backend_ticks), elapsed_s);
  meter.overhead_s = std::min(seconds(counters.overhead_ticks), elapsed_s - meter.backend_s);
  meter.residual_s = elapsed_s - meter.backend_s - meter.overhead_s;
  return meter;
}

void SubprocessRunner::drop_worker() {
  const std::lock_guard lock(m_worker_mutex);
  kill_worker(m_worker);
}

void SubprocessRunner::stop() {
  m_stopping = true;
  const std::lock_guard lock(m_worker_mutex);
  if (m_worker.pid <= 0) return;
  if (m_busy) {
    ::kill(-m_worker.pid, SIGKILL);  // predict sees the socket close and ends; it is not waited for here
    return;
  }
  Message message;
  if (m_started && send_message(m_worker.socket.get(), MessageKind::stop, {})) {
    receive_message(m_worker.socket.get(), Limits::k_teardown_s, message);  // until it closes: teardown has run
  }
  kill_worker(m_worker);
  m_started = false;
}

}  // namespace whest::runner
