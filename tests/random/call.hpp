// SPDX-License-Identifier: MIT
// One golden call {method, args, kwargs} carried out on a Stream.
#pragma once

#include <golden.hpp>
#include <string>
#include <vector>
#include <whest/random/integers.hpp>
#include <whest/random/stream.hpp>

namespace whest::test {

using random::Int128;

struct Drawn {
  std::string refusal;  // empty: the call succeeded
  bool is_real = true;
  std::vector<double> reals;
  std::vector<Int128> wholes;
};

Drawn draw(random::Stream& stream, const nlohmann::ordered_json& call);

}  // namespace whest::test
