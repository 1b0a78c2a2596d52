// SPDX-License-Identifier: MIT
#pragma once

namespace flopscope {

// 5 * points * ceil(log2 length): the price of a transform of `length` points, of which `points` are computed.
double fft_points(double points, double length);

}  // namespace flopscope
