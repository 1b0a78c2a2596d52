// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <whest/runner/attempt.hpp>

namespace whest::runner {

namespace {

constexpr const char* k_stack_rows =
    "Stack per-layer mean vectors with `fnp::stack(rows, 0)` where each row has shape (width,).";

std::string details(const std::vector<std::int64_t>& expected, const std::vector<std::int64_t>& got,
                    const std::string& cause, const std::string& hint) {
  const nlohmann::ordered_json json = {
      {"expected_shape", expected}, {"got_shape", got}, {"cause_hints", {cause}}, {"hint", hint}};
  return json.dump();
}

std::string tuple_text(const std::vector<std::int64_t>& shape) {
  if (shape.size() == 1) return fmt::format("({},)", shape[0]);
  return fmt::format("({})", fmt::join(shape, ", "));
}

Prediction bad_shape(Attempt attempt, std::int64_t width, std::int64_t depth) {
  const std::vector<std::int64_t> expected{depth, width};
  const bool transposed = width != depth && attempt.shape == std::vector<std::int64_t>{width, depth};
  const std::string hint =
      fmt::format("{} {}",
                  transposed ? "Returned predictions appear to be transposed (got width-first instead of depth-first)."
                             : "Predictions must be a 2D array of shape (depth, width).",
                  k_stack_rows);
  return failed(Outcome::bad_shape,
                fmt::format("Predictions must have shape (depth={}, width={}); got shape={}.", depth, width,
                            tuple_text(attempt.shape)),
                details(expected, attempt.shape, hint, hint), std::move(attempt.meter));
}

Prediction non_finite(Attempt attempt, std::int64_t width, std::int64_t depth) {
  const std::vector<std::int64_t> expected{depth, width};
  return failed(Outcome::non_finite, "Predictions must contain only finite values.",
                details(expected, attempt.shape, "Predictions must contain finite values only.",
                        "Prediction values must be finite and include neither inf nor NaN."),
                std::move(attempt.meter));
}

std::string bytes_text(std::int64_t bytes) {
  if (bytes >= std::int64_t{1} << 30) return fmt::format("{:.4g} GiB", static_cast<double>(bytes) / (1 << 30));
  return fmt::format("{:.4g} MiB", static_cast<double>(bytes) / (1 << 20));
}

// The length of the UTF-8 character that `text` begins with; 0 where it begins with none.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned char a = byte(0), b = byte(1);
  if (a < 0x80) return 1;
  if (a >= 0xc2 && a <= 0xdf) return follows(1) ? 2 : 0;
  if (a >= 0xe0 && a <= 0xef) {
    const bool allowed = follows(1) && follows(2) && !(a == 0xe0 && b < 0xa0) && !(a == 0xed && b > 0x9f);
    return allowed ? 3 : 0;
  }
  if (a >= 0xf0 && a <= 0xf4) {
    const bool allowed = follows(1) && follows(2) && follows(3) && !(a == 0xf0 && b < 0x90) && !(a == 0xf4 && b > 0x8f);
    return allowed ? 4 : 0;
  }
  return 0;
}

Prediction raised(Attempt attempt, const Limits& limits) {
  const Raised& what = attempt.raised;
  Outcome outcome = Outcome::predict_error;
  if (what.kind == WHEST_ERROR_BUDGET) outcome = Outcome::budget_exhausted;
  if (what.kind == WHEST_ERROR_TIME) outcome = Outcome::time_exhausted;
  std::string message = what.message;
  if (what.kind == WHEST_ERROR_MEMORY) {
    message = "out of memory: an allocation was refused";
    if (limits.memory_bytes > 0) message += fmt::format(" (limit {})", bytes_text(limits.memory_bytes));
  } else if (message.empty()) {
    message = what.type_name.empty() ? "predict raised something without a name"
                                     : fmt::format("predict raised {} without a message", what.type_name);
  }
  Prediction result = failed(outcome, message, clean_details(what.details), std::move(attempt.meter));
  result.failure->traceback = sentence(what);
  return result;
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = character_size(text.substr(i));
    const auto first = static_cast<unsigned char>(text[i]);
    const bool shown = n > 1 || (n == 1 && ((first >= 0x20 && first != 0x7f) || first == '\n' || first == '\t'));
    clean += shown ? text.substr(i, n) : "?";
    i += std::max<std::size_t>(n, 1);
  }
  return clean;
}

std::string clean_details(const std::string& details) {
  const auto json = nlohmann::ordered_json::parse(details, nullptr, false);
  if (!json.is_object()) return {};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string sentence(const Raised& raised) {
  if (raised.type_name.empty()) return raised.message;
  if (raised.message.empty()) return raised.type_name;
  return raised.type_name + ": " + raised.message;
}

Prediction failed(Outcome outcome, std::string message, std::string details_json, MeterReading meter) {
  Prediction prediction;
  prediction.outcome = outcome;
  prediction.meter = std::move(meter);
  prediction.failure = Failure{.code = std::string(outcome_row(outcome).error_code),
                               .message = std::move(message),
                               .details_json = std::move(details_json),
                               .traceback = {}};
  return prediction;
}

Prediction no_return(MeterReading meter, const Limits& limits) {
  const double wall_s = meter.wall_s;
  return failed(Outcome::predict_timeout,
                fmt::format("predict did not return within {:.3f}s of the wall limit of {:.3f}s (it took {:.3f}s).",
                            Limits::k_return_grace_s, limits.wall_time_s, wall_s),
                {}, std::move(meter));
}

namespace {

void clean_names(std::vector<OperationReading>& operations) {
  for (OperationReading& operation : operations) operation.name = clean_text(operation.name);
}

void clean_names(std::vector<NamespaceReading>& by_namespace) {
  for (NamespaceReading& in : by_namespace) {
    in.name = clean_text(in.name);
    clean_names(in.operations);
  }
}

}  // namespace

Prediction judge(Attempt attempt, std::int64_t width, std::int64_t depth, const Limits& limits) {
  attempt.raised.type_name = clean_text(attempt.raised.type_name);
  attempt.raised.message = clean_text(attempt.raised.message);
  clean_names(attempt.meter.by_namespace);
  if (attempt.meter.audit) {
    clean_names(attempt.meter.audit->by_namespace);
    clean_names(attempt.meter.audit->refused);
  }
  // Whatever it came back with: a process of its own would have been killed before.
  if (limits.deadline_s() > 0 && attempt.meter.wall_s > limits.deadline_s()) {
    return no_return(std::move(attempt.meter), limits);
  }
  if (attempt.raised.kind == WHEST_ERROR_NO_RESULT) {
    attempt.shape.clear();
    return bad_shape(std::move(attempt), width, depth);
  }
  if (attempt.raised.kind != WHEST_OK) return raised(std::move(attempt), limits);
  if (attempt.shape != std::vector<std::int64_t>{depth, width} ||
      attempt.values.size() != static_cast<std::size_t>(depth * width)) {
    return bad_shape(std::move(attempt), width, depth);
  }
  if (!std::all_of(attempt.values.begin(), attempt.values.end(), [](float v) { return std::isfinite(v); })) {
    return non_finite(std::move(attempt), width, depth);
  }
  Prediction prediction;
  const bool late = limits.wall_time_s > 0 && attempt.meter.wall_s > limits.wall_time_s;
  prediction.outcome = late ? Outcome::time_exhausted : Outcome::success;
  if (!late) prediction.values = std::move(attempt.values);
  prediction.meter = std::move(attempt.meter);
  return prediction;
}

}  // namespace whest::runner
