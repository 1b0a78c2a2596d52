// SPDX-License-Identifier: MIT
// A cost model from its data as text: what the loader of the embedded models does for a folder of cost_models/.
#pragma once

#include <span>
#include <string_view>
#include <whest/flopscope/core/cost_model.hpp>

namespace flopscope {

// A file of a model's folder: "model.json", "weights.json" or "<family>.json".
struct CostModelFile {
  std::string_view name, text;
};

// The model of these files; its base is one of the embedded models. Throws Error (ValueError) with one sentence that
// names the file for text that is no JSON, keys, rules, formulas, dtypes and operations that there are not, numbers
// that are no price, and a base that there is not.
CostModel cost_model_from(std::string_view name, std::span<const CostModelFile> files);

}  // namespace flopscope
