// SPDX-License-Identifier: MIT
#pragma once
// Keeps the theta at which a probe, usually an error on validation data, was lowest: early stopping without stopping.
//   auto best = keep_best(rmse_on("validation_rmse", model, split.validation));   train(..., every(50, best));   best.theta()

#include <limits>

#include "probe.hpp"

namespace tacit {

template <class P, Scalar S = double>
class Best {
 public:
  explicit Best(P probe) : probe_(std::move(probe)) {}

  void operator()(const auto& now) {
    static_assert(std::same_as<S, typename std::decay_t<decltype(now)>::scalar_type>,
                  "keep_best: the run is in another scalar type; write keep_best<float>(probe) or keep_best<double>(probe)");
    const double value = static_cast<double>(probe_(now));
    if (!(value < value_)) return;
    value_ = value;
    iteration_ = now.iteration();
    theta_ = now.theta();
  }
  /// Empty before the first finite value.
  const Vector<S>& theta() const { return theta_; }
  double value() const { return value_; }
  Index iteration() const { return iteration_; }
  std::string name() const { return probe_.name(); }

  template <class Archive>
  void persist(Archive& archive) {
    archive("theta", theta_);
    archive("value", value_);
    archive("iteration", iteration_);
  }

 private:
  P probe_;
  Vector<S> theta_;
  double value_ = std::numeric_limits<double>::infinity();
  Index iteration_ = -1;
};

template <Scalar S = double, class P>
Best<P, S> keep_best(P probe) {
  return Best<P, S>(std::move(probe));
}

}  // namespace tacit
