// SPDX-License-Identifier: MIT
#pragma once
// A hook for descent that oscillates: called at every iteration, it keeps the last three theta and offers their midpoint, which follows the
// centre of a
// two-step oscillation while that moves, and the oscillation around it:                                                 [Cohen et al. 2025]
//   theta*_t = (theta_{t-1} + 2 theta_t + theta_{t+1}) / 4,      theta_t - theta*_t = (2 theta_t - theta_{t-1} - theta_{t+1}) / 4
// A theta_t that alternates between c + d and c - d has the midpoint c and the variance |d|^2.
//
//   Midpoints<double> midpoints;     train(problem, theta, optimizer, {...}, midpoints);     sharpness(problem, midpoints.theta())

#include <algorithm>
#include <array>

#include "snapshot.hpp"

namespace tacit {

template <Scalar S>
class Midpoints {
 public:
  void operator()(const auto& now) {
    if (count_ > 0 && now.iteration() == iteration_) return;  // the closing Snapshot of a theta that was shown before
    require(count_ == 0 || now.iteration() == iteration_ + 1, "Midpoints: called at iteration ", now.iteration(), " after ", iteration_,
            ", it needs every iteration");
    std::rotate(last_.begin(), last_.begin() + 1, last_.end());
    last_[2] = now.theta();
    iteration_ = now.iteration();
    count_ = std::min(count_ + 1, 3);
    if (count_ < 3) return;
    midpoint_ = (last_[0] + S(2) * last_[1] + last_[2]) / 4;
    oscillation_ = last_[1] - midpoint_;
  }

  /// Whether three iterations were seen.
  bool ready() const { return count_ == 3; }
  /// The t of what follows: the last iteration but one.
  Index iteration() const { return iteration_ - 1; }
  /// theta*_t.
  const Vector<S>& theta() const { return require_ready(), midpoint_; }
  /// theta_t - theta*_t.
  const Vector<S>& oscillation() const { return require_ready(), oscillation_; }
  /// |oscillation|^2.
  double variance() const { return static_cast<double>(oscillation().squaredNorm()); }
  /// The same of the part in the span of the orthonormal columns of U, such as the eigenvectors of the Hessian at the edge of stability.
  double variance_in(const Matrix<S>& U) const {
    double sum = 0;
    for (Index j = 0; j < U.cols(); ++j) {
      const double along = static_cast<double>(U.col(j).dot(oscillation()));
      sum += along * along;
    }
    return sum;
  }

  template <class Archive>
  void persist(Archive& archive) {
    archive("count", count_);
    archive("iteration", iteration_);
    for (Vector<S>& theta : last_) archive("theta", theta);
    archive("midpoint", midpoint_);
    archive("oscillation", oscillation_);
  }

 private:
  void require_ready() const { require(ready(), "Midpoints: ", count_, " iterations were seen, a midpoint needs three"); }

  std::array<Vector<S>, 3> last_;
  Vector<S> midpoint_, oscillation_;
  int count_ = 0;
  Index iteration_ = 0;
};

}  // namespace tacit
