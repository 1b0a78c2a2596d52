// SPDX-License-Identifier: MIT
// Cost queries as typed on the command line, brought into the words that the library reads.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>
#include <whest/base/error.hpp>

namespace whest::app {

// A named argument of queries, as an option: --b-cols 3 stands for the word b_cols=3.
struct QueryOption {
  const char* name;  // without the dashes
  const char* help;
};
std::span<const QueryOption> query_options();

// `words` with shapes as 256x256 (256,256 is taken too; a lone size where only a shape can stand), and the options that
// were given behind them. A usage error for a query that does not exist.
base::Expected<std::vector<std::string>> query_words(const std::vector<std::string>& words,
                                                     const std::map<std::string, std::string>& named);

}  // namespace whest::app
