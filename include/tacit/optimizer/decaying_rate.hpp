// SPDX-License-Identifier: MIT
#pragma once
// Rates that fall as a power of the iteration, for t = 0, 1, ...:
//   inverse_sqrt({.rate, .warm_up})   rate min((t + 1) / w, sqrt(w / (t + 1))): up to the rate in iteration w - 1, then as 1 / sqrt(t);
// w = .warm_up
//   inverse_time({.rate, .decay})     rate / (1 + decay t), what PyTorch's Adagrad calls lr_decay
// [Vaswani et al. 2017, eq. (3), whose factor d^(-1/2) w^(-1/2) is the rate here]

#include "schedule.hpp"

namespace tacit {

struct InverseSqrt {
  static constexpr std::string_view name = "inverse_sqrt";
  double rate = std::numeric_limits<double>::quiet_NaN();
  Index warm_up = 1;
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("warm_up", warm_up);
  }
  double operator()(Index t) const {
    const double k = static_cast<double>(t + 1), w = static_cast<double>(warm_up);
    return rate * (k < w ? k / w : std::sqrt(w / k));
  }
  auto lasting(Index iterations) const { return detail::with_length(*this, iterations); }
  friend std::ostream& operator<<(std::ostream& out, const InverseSqrt& s) {
    return out << "inverse_sqrt({.rate = " << s.rate << ", .warm_up = " << s.warm_up << "})";
  }
};
inline InverseSqrt inverse_sqrt(InverseSqrt s) {
  require(s.rate > 0, "inverse_sqrt: .rate is ", s.rate, ", it needs to be positive");
  require(s.warm_up > 0, "inverse_sqrt: .warm_up is ", s.warm_up, ", it needs to be at least 1");
  return s;
}

struct InverseTime {
  static constexpr std::string_view name = "inverse_time";
  double rate = std::numeric_limits<double>::quiet_NaN(), decay = 0;
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("decay", decay);
  }
  double operator()(Index t) const { return rate / (1 + static_cast<double>(t) * decay); }
  auto lasting(Index iterations) const { return detail::with_length(*this, iterations); }
  friend std::ostream& operator<<(std::ostream& out, const InverseTime& s) {
    return out << "inverse_time({.rate = " << s.rate << ", .decay = " << s.decay << "})";
  }
};
inline InverseTime inverse_time(InverseTime s) {
  require(s.rate > 0, "inverse_time: .rate is ", s.rate, ", it needs to be positive");
  require(s.decay >= 0, "inverse_time: .decay is ", s.decay, ", it needs to be at least 0");
  return s;
}

}  // namespace tacit
