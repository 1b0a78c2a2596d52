// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>
#include <whest/flopscope/ops/detail/complex_curves.hpp>
#include <whest/flopscope/ops/detail/curves.hpp>
#include <whest/flopscope/ops/detail/quantile.hpp>

namespace flopscope::stats {
namespace {

constexpr double k_sqrt2 = std::numbers::sqrt2;

// The quantile of the standard distribution, scaled and moved. A real scale leaves it real until it is moved.
Complex128 located(double z, const ComplexParameters& p) {
  const Complex128 scaled =
      p.scale_is_complex ? Complex128(z * p.scale.real(), z * p.scale.imag()) : Complex128(z * p.scale.real(), 0);
  return scaled + p.loc;
}

Complex128 norm_cdf(double x, const ComplexParameters& p) {
  return normal_distribution(k_sqrt2 * ((x - p.loc) / (p.scale * k_sqrt2)).real());
}

Complex128 norm_ppf(double q, const ComplexParameters& p) { return located(normal_quantile(q), p); }

Complex128 lognorm_cdf(double x, const ComplexParameters& p) {
  const double y = (x - p.loc.real()) / p.scale.real();
  return y > 0 ? normal_distribution(k_sqrt2 * (std::log(y) / (p.a * k_sqrt2)).real()) : 0;
}

Complex128 lognorm_ppf(double q, const ComplexParameters& p) {
  return located(lognorm_ppf(q, CurveParameters{.a = p.a.real()}), p);
}

Complex128 truncnorm_ppf(double q, const ComplexParameters& p) {
  return located(truncnorm_ppf(q, CurveParameters{.a = p.a.real(), .b = p.b.real()}), p);
}

Complex128 in_dtype(Complex128 z, DType dtype) {
  const DType real = real_part_of(dtype);
  return {quantile::rounded(z.real(), real), quantile::rounded(z.imag(), real)};
}

Complex128 cauchy_pdf(double x, const ComplexParameters& p) {
  const Complex128 z = (x - p.loc) / p.scale;
  const double pi = quantile::rounded(std::numbers::pi, real_part_of(p.scale_dtype));
  return 1.0 / (in_dtype(pi * p.scale, p.scale_dtype) * (1.0 + z * z));
}

}  // namespace

ComplexCurve complex_curve(std::string_view function) {
  if (function == "stats.norm.cdf") return norm_cdf;
  if (function == "stats.norm.ppf") return norm_ppf;
  if (function == "stats.lognorm.cdf") return lognorm_cdf;
  if (function == "stats.lognorm.ppf") return lognorm_ppf;
  if (function == "stats.truncnorm.ppf") return truncnorm_ppf;
  if (function == "stats.cauchy.pdf") return cauchy_pdf;
  return nullptr;
}

}  // namespace flopscope::stats
