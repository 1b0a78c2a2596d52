// SPDX-License-Identifier: MIT
// flopscope::numpy::fft: metered Fourier transforms.
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::numpy::fft {

// clang-format off
// ---- Transforms ----
FLOPSCOPE_FUNCTION(ndarray, fft, "fft.fft", 1, 3)  // a, n=None, axis=-1, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, ifft, "fft.ifft", 1, 3)  // a, n=None, axis=-1, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, rfft, "fft.rfft", 1, 3)  // a, n=None, axis=-1, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, irfft, "fft.irfft", 1, 3)  // a, n=None, axis=-1, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, hfft, "fft.hfft", 1, 3)  // a, n=None, axis=-1, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, ihfft, "fft.ihfft", 1, 3)  // a, n=None, axis=-1, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, fftn, "fft.fftn", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, ifftn, "fft.ifftn", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, rfftn, "fft.rfftn", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, irfftn, "fft.irfftn", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, fft2, "fft.fft2", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, ifft2, "fft.ifft2", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, rfft2, "fft.rfft2", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, irfft2, "fft.irfft2", 1, 3)  // a, s=None, axes=None, norm=None, out=None
FLOPSCOPE_FUNCTION(ndarray, fftfreq, "fft.fftfreq", 1, 2)  // n, d=1.0, device=None
FLOPSCOPE_FUNCTION(ndarray, rfftfreq, "fft.rfftfreq", 1, 2)  // n, d=1.0, device=None
FLOPSCOPE_FUNCTION(ndarray, fftshift, "fft.fftshift", 1, 2)  // x, axes=None
FLOPSCOPE_FUNCTION(ndarray, ifftshift, "fft.ifftshift", 1, 2)  // x, axes=None
// clang-format on

}  // namespace flopscope::numpy::fft
