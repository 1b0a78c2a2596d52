// SPDX-License-Identifier: MIT
// How a call through the public headers ends.
#pragma once

#include <flopscope/errors.hpp>
#include <string>

// The class of the error that `call` ends with; empty: none.
template <class F>
std::string refused(F&& call) {
  try {
    call();
  } catch (const flopscope::sdk::Error& e) {
    return e.class_name;
  }
  return {};
}
