// SPDX-License-Identifier: MIT
// The arguments of one call: mostly such as the operation should accept, else anything.
#pragma once

#include <string_view>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>

#include "values.hpp"

namespace whest::fuzz {

// Operations that read or write files: their paths must not be random words.
bool leaves_the_process(std::string_view name);

class Arguments {
 public:
  Arguments(Random& random, const Pool& pool) : m_random(random), m_values(random, pool) {}

  // Values for the parameters of `op`, by place and by name.
  void draw(const flopscope::Operation& op);

  std::vector<Value> positional;
  std::vector<flopscope::NamedValue> named;
  const Values& values() const { return m_values; }

 private:
  void draw_sensible(const flopscope::Operation& op);
  void draw_anything(std::string_view signature);
  Value for_name(std::string_view name);

  Random& m_random;
  Values m_values;
};

}  // namespace whest::fuzz
