// SPDX-License-Identifier: MIT
// Operations of the polynomial family that have files of their own.
#pragma once

#include <whest/flopscope/core/operation.hpp>

namespace flopscope::polynomial {

// polynomial_fit.cpp
Result run_polyfit(Call& call);

// window.cpp
enum class Window : int { bartlett, blackman, hamming, hanning, kaiser };
Result run_window(Call& call);

constexpr Operation window(std::string_view name, Window kind, std::string_view formula,
                           std::string_view signature = "M") {
  return {.name = name,
          .signature = signature,
          .run = run_window,
          .formula = formula,
          .variant = static_cast<int>(kind),
          .log_shapes = LogShapes::none};
}
inline constexpr Operation k_windows[] = {
    window("bartlett", Window::bartlett, "window.n"),         window("blackman", Window::blackman, "window.3n"),
    window("hamming", Window::hamming, "window.2n"),          window("hanning", Window::hanning, "window.2n"),
    window("kaiser", Window::kaiser, "window.3n", "M, beta"),
};

}  // namespace flopscope::polynomial
