// SPDX-License-Identifier: MIT
// How far a run is: one callback for every stage.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace whest::contest {

enum class Stage { generation, ground_truth, scoring };

struct Progress {
  Stage stage = Stage::generation;
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string note;  // what is being worked on: a network's name
};

using ProgressFn = std::function<void(const Progress&)>;

}  // namespace whest::contest
