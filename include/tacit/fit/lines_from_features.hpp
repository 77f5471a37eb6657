// SPDX-License-Identifier: MIT
#pragma once
// Rows and columns without entries, where there are side features: what belongs to such a row (its row of W_N, its effect) becomes the ridge regression of that of the other
// rows on their features, in place of their average; columns alike, with the columns of W_1. Whether, and with which ridge, is decided on rows held out in five parts: the
// regression predicts their factors, these their entries; it has to beat the average row by more than two standard errors over the rows.
// Cost: for each of four ridges and five parts, n F^2 + F^3 / 3 + m r flops.

#include "../observation/split.hpp"
#include "../solver/feature_prior.hpp"
#include "cold_lines.hpp"
#include "unobserved_lines.hpp"

namespace tacit {

namespace detail {

/// A mode of a fit as seen from one of its sides: what belongs to its lines, effects first, and what it meets in the other mode.
struct FitSide {
  Matrix<double> lines, others;  ///< (1 + r) x n and (1 + r) x other n:  z = centre + <line, other>
};
inline FitSide side_of(const DeepFit& fit, Index mode) {
  const Index N = fit.model->depth();
  Matrix<double> P = fit.model->layer(fit.theta, mode == 0 ? 0 : N - 1);
  if (mode == 0)
    for (Index l = 1; l + 1 < N; ++l) P = product(Matrix<double>(fit.model->layer(fit.theta, l)), P);
  else {
    P.transposeInPlace();
    for (Index l = N - 2; l > 0; --l) P = product_tn(Matrix<double>(fit.model->layer(fit.theta, l)), P);
  }
  Matrix<double> own = fit.model->layer(fit.theta, mode == 0 ? N - 1 : 0);
  if (mode == 0) own.transposeInPlace();
  FitSide side{Matrix<double>::Zero(own.rows() + 1, own.cols()), Matrix<double>::Ones(P.rows() + 1, P.cols())};
  side.lines.bottomRows(own.rows()) = own;
  side.others.bottomRows(P.rows()) = fit.centre.scale * P;
  if (fit.centre.effects_of(mode).size()) side.lines.row(0) = fit.centre.effects_of(mode).transpose();
  return side;
}

}  // namespace detail

/// `data`: what the fit was fitted to. The fit changes where its lines without entries do.
inline std::vector<ColdLines> fill_from_features(DeepFit& fit, const Data<double>& data, const SideFeatures& features, std::uint64_t seed) {
  std::vector<ColdLines> all;
  const Unobserved missing = unobserved(data.where);
  const Data<double> inner = fit.centre.lines.taken_off(data);
  for (const Index mode : {0, 1}) {
    const std::vector<Index>& cold = mode == 0 ? missing.rows : missing.cols;
    const LineFeatures& of = features.of(mode);
    const std::vector<Index> known = detail::observed_lines(data.where, mode);
    if (of.none() || cold.empty() || fit.from_features[static_cast<std::size_t>(mode)] || known.size() < 10) continue;
    const detail::FitSide side = detail::side_of(fit, mode);
    // What is left of each entry without the line's own part, and the squared error of each line by itself.
    Vector<double> left = inner.y.array() - fit.centre.mean;
    const Vector<double>& other_effects = fit.centre.effects_of(1 - mode);
    if (other_effects.size())
      for (Index k = 0; k < left.size(); ++k) left[k] -= other_effects[data.where.mode(1 - mode)[k]];
    const auto squares_of = [&](const Matrix<double>& predicted, const std::vector<char>& held, Vector<double>& squares) {
      for (Index k = 0; k < left.size(); ++k) {
        const Index i = data.where.mode(mode)[k];
        if (held[static_cast<std::size_t>(i)])
          squares[i] += std::pow(left[k] - predicted.col(i).dot(side.others.col(data.where.mode(1 - mode)[k])), 2);
      }
    };
    const auto order = detail::shuffled(static_cast<Index>(known.size()), seed);
    const std::vector<double> ridges = {3, 30, 300, 3000};
    const Index lines = side.lines.cols();
    std::vector<Vector<double>> squares(ridges.size() + 1, Vector<double>::Zero(lines));  // the last: of the average line
    for (std::size_t part = 0; part < 5; ++part) {
      std::vector<char> held(static_cast<std::size_t>(lines), 0);
      std::vector<Index> others;
      for (std::size_t s = 0; s < known.size(); ++s) {
        const Index i = known[static_cast<std::size_t>(order[s])];
        if (s % 5 == part) held[static_cast<std::size_t>(i)] = 1;
        else others.push_back(i);
      }
      Vector<double> mean = Vector<double>::Zero(side.lines.rows());
      for (const Index i : others) mean += side.lines.col(i) / static_cast<double>(others.size());
      squares_of(mean.replicate(1, lines), held, squares.back());
      for (std::size_t r = 0; r < ridges.size(); ++r)
        squares_of(detail::FeatureRegression(of, others, ridges[r])(side.lines), held, squares[r]);
    }
    std::size_t best = 0;
    for (std::size_t r = 1; r < ridges.size(); ++r)
      if (squares[r].sum() < squares[best].sum()) best = r;
    const Vector<double> gain = squares.back() - squares[best];
    const auto n = static_cast<double>(known.size());
    double variance = 0;
    for (const Index i : known) variance += std::pow(gain[i] - gain.sum() / n, 2) / (n - 1);
    const auto m = static_cast<double>(data.count());
    ColdLines told{mode, static_cast<Index>(cold.size()), 0, std::sqrt(squares.back().sum() / m), std::sqrt(squares[best].sum() / m)};
    if (gain.sum() > 2 * std::sqrt(n * variance)) {
      told.ridge = ridges[best];
      const Matrix<double> predicted = detail::FeatureRegression(of, known, told.ridge)(side.lines);
      const Index N = fit.model->depth();
      auto own = fit.model->layout().matrix(fit.theta, mode == 0 ? N - 1 : 0);
      if (fit.centre.effects_of(mode).size() == 0) {
        fit.centre.effects.resize(2);
        for (const Index side_mode : {0, 1})
          if (fit.centre.effects_of(side_mode).size() == 0)
            fit.centre.effects[static_cast<std::size_t>(side_mode)] = Vector<double>::Zero(data.where.shape()[side_mode]);
      }
      for (const Index i : cold) {
        fit.centre.effects[static_cast<std::size_t>(mode)][i] = predicted(0, i);
        if (mode == 0) own.row(i) = predicted.col(i).tail(own.cols()).transpose();
        else own.col(i) = predicted.col(i).tail(own.rows());
      }
      fit.from_features[static_cast<std::size_t>(mode)] = true;
    }
    all.push_back(told);
  }
  return all;
}

}  // namespace tacit
