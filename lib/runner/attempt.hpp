// SPDX-License-Identifier: MIT
// One call of the participant's code as the process that ran it saw it, before anyone judges it.
#pragma once

#include <whest/abi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <whest/runner/runner.hpp>

namespace whest::runner {

// What came out of create, setup, predict or teardown when it was not a result.
struct Raised {
  std::int32_t kind = WHEST_OK;  // WHEST_ERROR, ...
  std::string type_name;
  std::string message;       // may be empty
  std::string details = {};  // what the participant says is a JSON object; may be empty
};

struct Attempt {
  Raised raised;                    // kind WHEST_OK: predict returned
  std::vector<std::int64_t> shape;  // of what it returned
  std::vector<float> values;        // its elements as float32, row-major; empty unless the shape is (depth, width)
  MeterReading meter;
};

// Texts for people: "ValueError: deliberate failure"; the type's name where there is no message.
std::string sentence(const Raised& raised);

// The participant's details as a report may hold them: a JSON object again, in valid UTF-8; empty where they are none.
std::string clean_details(const std::string& details);

// Text from a participant, fit for any report: valid UTF-8 without control characters but line ends and tabs.
std::string clean_text(std::string_view text);

// The outcome of an attempt with everything a report says about it. The shape and every value are checked here, by the
// host, whatever the process that ran predict thought of them. The limits on residual time and on the combined budget
// are the contest's to check.
Prediction judge(Attempt attempt, std::int64_t width, std::int64_t depth, const Limits& limits);

// The outcome of a predict that took longer than limits.deadline_s(): whether it was stopped or came back after all.
Prediction no_return(MeterReading meter, const Limits& limits);

// A prediction that failed without an attempt to show for it.
Prediction failed(Outcome outcome, std::string message, std::string details_json, MeterReading meter);

}  // namespace whest::runner
