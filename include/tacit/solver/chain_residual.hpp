// SPDX-License-Identifier: MIT
#pragma once
// What is left of each column after a fit, smoothed along its rows:  r_ij = u_ij + noise of variance s_j,  u_.j an autoregression of its own (line_chain.hpp). The posterior mean
// and variance of u by a Kalman filter and smoother, then v_j and tau_j from their expectations, those of short columns drawn towards all columns' as by twenty rows.
// Between observed rows the mean is what kriging with an exponential covariance says; ends fall back to 0.                            O(n1 n2) a sweep, n1 n2 numbers
// Source: Kalman 1960; Rauch, Tung & Striebel 1965.

#include "../observation/data.hpp"
#include "line_chain.hpp"

namespace tacit::detail {

class ChainResidual {
 public:
  /// `variance`: of each column, to start from.
  ChainResidual(const Entries& where, const LineChain& rows, const Vector<double>& variance)
      : where_(where), chain_(rows), mean_(Matrix<double>::Zero(where.rows(), where.cols())), spread_(Vector<double>::Zero(where.count())) {
    for (const double v : variance) process_.push_back({v, 20});
    for (int a = 0; a < 2; ++a) filtered_[a].resize(where.rows()), predicted_[a].resize(where.rows());
    at_.resize(static_cast<std::size_t>(where.rows()));
  }

  const Matrix<double>& mean() const { return mean_; }        ///< of u
  const Vector<double>& variance() const { return spread_; }  ///< of u, at the entries
  const std::vector<Autoregression>& process() const { return process_; }

  /// u given r at the entries and noise s_j; `follow`: whether v and tau follow.
  void sweep(const Vector<double>& r, const Vector<double>& noise, bool follow) {
    std::vector<ChainMoments> moments;
    ChainMoments pooled(chain_.length.size());
    for (Index j = 0; j < where_.cols(); ++j) {
      ChainMoments m = smooth(j, r, noise[j]);
      pooled.add(m, 1 / process_[static_cast<std::size_t>(j)].variance, 1);
      moments.push_back(std::move(m));
    }
    if (!follow) return;
    for (std::size_t j = 0; j < process_.size(); ++j) {
      moments[j].add(pooled, process_[j].variance, 20 / pooled.lines);
      process_[j].update(moments[j], chain_.length, 4 * static_cast<double>(chain_.size()));
    }
  }

 private:
  ChainMoments smooth(Index j, const Vector<double>& r, double noise) {
    const Autoregression& process = process_[static_cast<std::size_t>(j)];
    std::vector<double> phi;
    for (const double length : chain_.length) phi.push_back(process.phi(length));
    std::fill(at_.begin(), at_.end(), Index(-1));
    for (Index s = where_.col_start()[j]; s < where_.col_start()[j + 1]; ++s)
      at_[static_cast<std::size_t>(where_.row_by_col()[s])] = where_.by_col()[s];
    const Index n = chain_.size();
    double mean = 0, variance = process.variance;
    for (Index t = 0; t < n; ++t) {
      const auto place = static_cast<std::size_t>(t);
      if (t > 0) {
        const double f = phi[chain_.kind[place - 1]];
        mean *= f, variance = f * f * variance + (1 - f * f) * process.variance;
      }
      predicted_[0][t] = mean, predicted_[1][t] = variance;
      if (const Index k = at_[static_cast<std::size_t>(chain_.line[place])]; k >= 0) {
        const double gain = variance / (variance + noise);
        mean += gain * (r[k] - mean), variance *= 1 - gain;
      }
      filtered_[0][t] = mean, filtered_[1][t] = variance;
    }
    ChainMoments moments(chain_.length.size());
    double next_mean = 0, next_variance = 0;
    for (Index t = n; t-- > 0;) {
      const auto place = static_cast<std::size_t>(t);
      if (t + 1 < n) {
        const std::size_t kind = chain_.kind[place];
        const double back = filtered_[1][t] * phi[kind] / predicted_[1][t + 1];
        mean = filtered_[0][t] + back * (next_mean - predicted_[0][t + 1]);
        variance = filtered_[1][t] + back * back * (next_variance - predicted_[1][t + 1]);
        moments.step(kind, mean * mean + variance, next_mean * next_mean + next_variance, mean * next_mean + back * next_variance);
      }
      const Index i = chain_.line[place], k = at_[static_cast<std::size_t>(i)];
      mean_(i, j) = mean;
      if (k >= 0) spread_[k] = variance;
      next_mean = mean, next_variance = variance;
    }
    moments.start(next_mean * next_mean + next_variance);
    return moments;
  }

  const Entries& where_;
  const LineChain& chain_;
  std::vector<Autoregression> process_;
  Matrix<double> mean_;
  Vector<double> spread_;
  Vector<double> filtered_[2], predicted_[2];  // mean and variance
  std::vector<Index> at_;
};

}  // namespace tacit::detail
