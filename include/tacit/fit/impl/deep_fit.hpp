// SPDX-License-Identifier: MIT
#pragma once
// What the fits of deep_fit.hpp are made of: standardised data, the descent, and posterior means put side by side.

#include "../../core/budget.hpp"
#include "../../core/compiled.hpp"
#include "../../core/top_singular_values.hpp"
#include "../../hook/schedule.hpp"
#include "../../hook/stop.hpp"
#include "../../optimizer/sharpness_rate.hpp"
#include "../../problem.hpp"
#include "../../train.hpp"
#include "../deep_fit.hpp"

namespace tacit {

TACIT_INLINE Vector<double> DeepFit::predict(const Entries& at) const {
  Vector<double> z = centre.put_back(evaluate(at), at);
  if (range) z = z.cwiseMax(range->first).cwiseMin(range->second);
  return z;
}

namespace detail {

/// |P_Omega(y)|_2: the weight decay from which depth 2 gives W = 0.
inline double largest_decay(const Data<double>& data) {
  const Entries& where = data.where;
  const auto gather = [&](const std::int32_t* to, const std::int32_t* from, const Matrix<double>& X, Matrix<double>& Y) {
    for (Index k = 0; k < where.count(); ++k)
      for (Index c = 0; c < X.cols(); ++c) Y(to[k], c) += data.y[k] * X(from[k], c);
  };
  const auto times = [&](const Matrix<double>& X, Matrix<double>& Y) {
    Y.setZero(where.rows(), X.cols());
    gather(where.row(), where.col(), X, Y);
  };
  const auto transposed_times = [&](const Matrix<double>& X, Matrix<double>& Y) {
    Y.setZero(where.cols(), X.cols());
    gather(where.col(), where.row(), X, Y);
  };
  TopSettings one;
  one.count = 1;
  TopSpectrumWorkspace<double> ws;
  Vector<double> sigma;
  top_singular_values<double>(where.rows(), where.cols(), times, transposed_times, one, ws, sigma);
  return sigma[0];
}

inline DeepMatrix<double> deep_model(const Entries& where, Index depth, Index width) {
  if (width == 0) width = std::min<Index>({where.rows(), where.cols(), 100});
  std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, width);
  widths.front() = where.cols();
  widths.back() = where.rows();
  return DeepMatrix<double>(widths);
}

/// A hook that throws Stopped where the caller asked for that.
inline auto ask_now_and_then(Pace pace) {
  return every(5, [pace = std::move(pace)](const auto&) { pace.ask(); });
}

/// Descends at this decay from theta, until ten steps change the objective by less than a thousandth; the iterations made.
inline Index descend(const DeepMatrix<double>& model, const Standardised<Entries>& on, double decay, Index iterations,
                     Vector<double>& theta, const Pace& pace = {}, double seconds = std::numeric_limits<double>::infinity()) {
  const Problem problem(model, on.data, HalfSumOfSquares{}, WeightDecayPenalty{decay});
  return train(problem, theta, SharpnessRate{.trust = 0.05}, {.iterations = iterations},
               stop_when(plateau({.calls = 10, .relative = 1e-3})), stop_when(time_limit(seconds)), ask_now_and_then(pace))
      .iterations;
}

/// The posterior means of all restarts as one factorization: W_1 = their B^T one below the other, W_2 = their A side by side, divided by their number.
inline void stack(const std::vector<std::pair<Matrix<double>, Matrix<double>>>& factors, DeepFit& fit) {
  const Index k = factors[0].first.rows(), width = k * static_cast<Index>(factors.size());
  const auto model =
      std::make_shared<const DeepMatrix<double>>(std::vector<Index>{factors[0].second.cols(), width, factors[0].first.cols()});
  fit.theta.resize(model->layout().parameter_count());
  auto W1 = model->layout().matrix(fit.theta, 0);
  auto W2 = model->layout().matrix(fit.theta, 1);
  for (std::size_t r = 0; r < factors.size(); ++r) {
    const Index from = k * static_cast<Index>(r);
    W1.middleRows(from, k) = factors[r].second;
    W2.middleCols(from, k) = factors[r].first.transpose() / static_cast<double>(factors.size());
  }
  fit.model = model;
}

}  // namespace detail

}  // namespace tacit
