// SPDX-License-Identifier: MIT
#pragma once
// Transforms of a column between the units of the data, x, and those in which it is fitted, t = g(x), g increasing:
//   log     t = log(x)                       x > 0
//   log1p   t = log(1 + x / unit)            x >= 0; unit makes it independent of the units of the column
//   logit   t = log((x - low) / (high - x))  low < x < high
//   count   t = log(mu)                      x >= 0, a Poisson number of mean mu (solver/poisson_factors.hpp); where one is turned into t, as 1/2 if it is 0
// A prediction is g^{-1}(t + shift): that of a logarithm's mean is a median, and lower than a mean; shift, the logarithm of Duan's smearing factor mean(exp(residual)),
// makes a mean of it (of log and log1p; 0 where it is not wanted). An interval t +- h is [g^{-1}(t - h), g^{-1}(t + h)] in the units of the data and as often right there;
// those of counts are sqrt(mu) +- h / 2, squared: 2 sqrt(x) has variance 1 whatever the mean.
// All functions return finite numbers: arguments outside of the domain count as its end.                  Source: Duan 1983. Cost: a logarithm or exponential each.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

enum class TransformKind { none, log, log1p, logit, count };
inline const char* name_of(TransformKind kind) {
  constexpr const char* names[] = {"none", "log", "log1p", "logit", "count"};
  return names[static_cast<int>(kind)];
}

/// Where the values of a column lie.
struct ColumnRange {
  Index column = 0;
  double low = 0, high = 1;
};

struct Transform {
  TransformKind kind = TransformKind::none;
  double unit = 1;           ///< of log1p
  double low = 0, high = 1;  ///< of logit
  double shift = 0;          ///< of predictions, in t

  bool takes(double x) const {
    switch (kind) {
      case TransformKind::log:
        return x > 0;
      case TransformKind::log1p:
      case TransformKind::count:
        return x >= 0;
      case TransformKind::logit:
        return x > low && x < high;
      default:
        return true;
    }
  }
  /// What takes() asks for, in words.
  std::string domain() const {
    switch (kind) {
      case TransformKind::log:
        return "above 0";
      case TransformKind::log1p:
      case TransformKind::count:
        return "of at least 0";
      case TransformKind::logit:
        return sentence("between ", low, " and ", high, ", without these");
      default:
        return "of any size";
    }
  }
  double to(double x) const {
    switch (kind) {
      case TransformKind::log:
        return std::log(std::max(x, tiny));
      case TransformKind::count:
        return std::log(std::max(x, 0.5));
      case TransformKind::log1p:
        return std::log1p(std::max(x, 0.0) / unit);
      case TransformKind::logit: {
        const double share = std::clamp((x - low) / (high - low), tiny, 1 - 1e-16);
        return std::log(share) - std::log1p(-share);
      }
      default:
        return x;
    }
  }
  /// g^{-1}
  double from(double t) const {
    switch (kind) {
      case TransformKind::log:
      case TransformKind::count:
        return std::exp(std::clamp(t, -largest, largest));
      case TransformKind::log1p:
        return std::max(0.0, unit * std::expm1(std::min(t, largest)));
      case TransformKind::logit:
        return t < 0 ? low + (high - low) * std::exp(t) / (1 + std::exp(t)) : high - (high - low) * std::exp(-t) / (1 + std::exp(-t));
      default:
        return t;
    }
  }
  double predicted(double t) const { return from(t + shift); }
  /// t of a prediction.
  double of_predicted(double x) const { return to(x) - shift; }
  /// How far a prediction is off, in the units in which intervals are made.
  double error(double x, double predicted) const {
    if (kind == TransformKind::count) return 2 * std::abs(std::sqrt(std::max(x, 0.0)) - std::sqrt(std::max(predicted, 0.0)));
    return std::abs(to(x) - of_predicted(predicted));
  }
  /// The ends of an interval of that half-width around a prediction.
  std::pair<double, double> interval(double predicted, double half) const {
    if (std::isinf(half)) return {kind == TransformKind::logit ? low : 0, kind == TransformKind::logit ? high : half};
    if (kind == TransformKind::count) {
      const double root = std::sqrt(std::max(predicted, 0.0)), least = std::max(root - half / 2, 0.0), most = root + half / 2;
      return {least * least, most * most};
    }
    const double t = of_predicted(predicted);
    return {from(t - half), from(t + half)};
  }

  /// Throws where its numbers make no sense.
  void check(const char* who) const {
    require(unit > 0 && std::isfinite(unit), who, ": the unit of a transform is ", unit, ", it needs to be positive");
    require(std::isfinite(low) && std::isfinite(high) && low < high, who, ": the range of a transform is ", low, " to ", high);
    require(std::isfinite(shift), who, ": the shift of a transform is ", shift);
  }

 private:
  static constexpr double tiny = 1e-300, largest = 690;
};

}  // namespace tacit
