// SPDX-License-Identifier: MIT
// Cost queries as typed on the command line, checked and brought into the words that the library reads. The library
// answers for any number, as the packages do; a person who types a negative size or a wrong name is told instead.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>
#include <whest/base/error.hpp>
#include <whest/flopscope/core/cost_model.hpp>

namespace whest::app {

// A named argument of queries, as an option: --b-cols 3 stands for the word b_cols=3.
struct QueryOption {
  const char* name;  // without the dashes
  const char* help;
};
std::span<const QueryOption> query_options();

// `words` with shapes as 256x256 (256,256 is taken too; a lone size where only a shape can stand), and the options that
// were given behind them. A usage error for a query that `model` does not have, arguments that it does not take, misses
// or cannot mean: sizes that are no whole numbers from 0 on, axes out of range, unknown operations, orders, modes.
base::Expected<std::vector<std::string>> query_words(const std::vector<std::string>& words,
                                                     const std::map<std::string, std::string>& named,
                                                     const flopscope::CostModel& model);

}  // namespace whest::app
