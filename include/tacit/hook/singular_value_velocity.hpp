// SPDX-License-Identifier: MIT
#pragma once
// How fast the singular values of W = W_N ... W_1 move under gradient flow, and how fast the theorem of Arora et al. 2019 (Theorem 3) says they do
// where factors are balanced:
//   d sigma_r / dt = -N sigma_r^(2 - 2/N) <dl/dW, u_r v_r^T>
// A probe, which needs no step: with W' = J (-grad), the velocity of W under the flow of the objective, d sigma_r / dt = u_r^T W' v_r exactly.
//
//   Trajectory history(flow_time, singular_values(3), singular_value_velocities(3));        train(..., every(100, history));
//   const VelocityComparison seen = compare_velocities(history, 3);                         seen.worst(0)
//
// Columns, for r = 1 ... k: sigma_alignment_r = <-dl/dW, u_r v_r^T>, sigma_velocity_r, sigma_velocity_theorem_r, and sigma_velocity_ratio_r, the
// velocity by the theorem's: 1 on balanced factors, whatever the loss. It is not 1 where they are not balanced or a penalty has a part in the gradient, and
// says nothing where two singular values are equal (their vectors are not determined) or zero (NaN). compare_velocities sets the theorem beside the
// differences of the recorded singular values, so also that of a run that is no flow; of a CSV file, too. Models: products of their blocks. A call costs a
// gradient by W, a pushforward on all entries and a singular value decomposition, about 20 n^3 flops for n x n.

#include "../core/thin_svd.hpp"
#include "../model/paths.hpp"
#include "end_to_end_gradient.hpp"
#include "trajectory_columns.hpp"

namespace tacit {

class SingularValueVelocities {
 public:
  explicit SingularValueVelocities(Index k) : k_(k) {
    require(k > 0, "singular_value_velocities: k is ", k, ", it needs to be at least 1");
  }
  std::string name() const { return "sigma_velocity"; }
  std::string column(Index c) const {
    constexpr const char* names[] = {"sigma_alignment_", "sigma_velocity_", "sigma_velocity_theorem_", "sigma_velocity_ratio_"};
    return sentence(names[c % 4], c / 4 + 1);
  }
  template <class P>
  std::vector<double> operator()(const Snapshot<P>& now) const {
    using S = typename P::scalar_type;
    using M = std::decay_t<decltype(now.model())>;
    if constexpr (Layered<M> && requires { now.problem().data_term(); }) {
      const Shape shape = now.shape();
      require(shape.order() == 2, "singular_value_velocities: W is ", shape, ", the theorem is of matrices");
      const Matrix<S> G = detail::end_to_end_gradient(now);  // forms W, which leaves the products at this theta in the memo
      const Matrix<S>& W = now.end_to_end();
      Matrix<S> moving(W.rows(), W.cols());
      const Vector<S> downhill = -now.gradient();
      now.model().pushforward(now.theta(), *now.memo().all, *now.memo().dense, downhill,
                              Eigen::Map<Vector<S>>(moving.data(), moving.size()));
      detail::ThinSvd<S> svd(W.rows(), W.cols());
      svd.compute({W.data(), W.rows(), W.cols()});
      const double depth = static_cast<double>(now.model().degree());
      std::vector<double> row;
      for (Index r = 0; r < std::min(k_, svd.values().size()); ++r) {
        const auto along = [&](const Matrix<S>& A) {  // u_r^T A v_r
          double sum = 0;
          for (Index j = 0; j < A.cols(); ++j)
            sum += static_cast<double>(svd.right()(j, r)) * static_cast<double>(svd.left().col(r).dot(A.col(j)));
          return sum;
        };
        const double alignment = -along(G), velocity = along(moving);
        const double theorem = depth * std::pow(static_cast<double>(svd.values()[r]), 2 - 2 / depth) * alignment;
        row.insert(row.end(), {alignment, velocity, theorem, velocity / theorem});
      }
      return row;
    } else {
      return detail::refuse_model<std::vector<double>>("singular_value_velocities", "W that is the product of its blocks");
    }
  }

 private:
  Index k_;
};
inline SingularValueVelocities singular_value_velocities(Index k) { return SingularValueVelocities(k); }

/// Between two rows each: differences of sigma_r over those of the time, and the mean of what the theorem says in both.
struct VelocityComparison {
  std::vector<double> time;          ///< in the middle
  Matrix<double> measured, theorem;  ///< a row an interval, a column a singular value

  /// max |measured - theorem| / max |theorem| of singular value r, 0 the largest.
  double worst(Index r) const {
    require(r >= 0 && r < measured.cols(), "VelocityComparison: singular value ", r, " is asked for, ", measured.cols(), " were compared");
    return (measured.col(r) - theorem.col(r)).cwiseAbs().maxCoeff() / theorem.col(r).cwiseAbs().maxCoeff();
  }
};
/// Of the k largest singular values, from the columns sigma_r and sigma_velocity_theorem_r. Rows at the same time as the one before are passed over.
template <class Record>
VelocityComparison compare_velocities(const Record& record, Index k, const std::string& time_column = "flow_time") {
  require(k > 0, "compare_velocities: k is ", k, ", it needs to be at least 1");
  std::vector<std::string> wanted{time_column};
  for (const char* prefix : {"sigma_", "sigma_velocity_theorem_"})
    for (Index r = 1; r <= k; ++r) wanted.push_back(sentence(prefix, r));
  detail::require_columns("compare_velocities", record, wanted);
  const std::vector<double> time = detail::time_of("compare_velocities", record, time_column);
  std::vector<std::size_t> rows;  // the first of each time
  for (std::size_t r = 0; r < time.size(); ++r)
    if (r == 0 || time[r] > time[r - 1]) rows.push_back(r);
  require(rows.size() >= 2, "compare_velocities: column '", time_column, "' holds ", rows.size(), " different times, velocities need 2");
  VelocityComparison found;
  const Index intervals = static_cast<Index>(rows.size()) - 1;
  found.measured.resize(intervals, k);
  found.theorem.resize(intervals, k);
  for (Index r = 0; r < k; ++r) {
    const std::vector<double> sigma = detail::column_of(record, sentence("sigma_", r + 1)),
                              theorem = detail::column_of(record, sentence("sigma_velocity_theorem_", r + 1));
    for (Index i = 0; i < intervals; ++i) {
      const std::size_t from = rows[static_cast<std::size_t>(i)], to = rows[static_cast<std::size_t>(i) + 1];
      if (r == 0) found.time.push_back((time[from] + time[to]) / 2);
      found.measured(i, r) = (sigma[to] - sigma[from]) / (time[to] - time[from]);
      found.theorem(i, r) = (theorem[from] + theorem[to]) / 2;
    }
  }
  return found;
}

}  // namespace tacit
