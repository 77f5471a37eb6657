// SPDX-License-Identifier: MIT
#pragma once
// What side features explain without any factor beside means:   z_ij = means_ij + <b_j, x_i> + <a_i, y_j>,   x_i = (1, features of row i), y_j = (1, features of column j),
// b_j by ridge regression of a column's residuals on the features of its rows, then a_i of what is left of a row on those of its columns; effects of rows and columns
// without entries are what their features predict. The ridge and the means are chosen on validation entries. As a factorization it is  W = X B^T + A Y^T.
// Cost: m F^2 + n F^3 / 3 flops for each ridge.

#include "../solver/feature_prior.hpp"
#include "as_factors.hpp"

namespace tacit {

struct FeaturesAlone {
  Centre centre = {};
  double ridge = 1;
  Matrix<double> At = {}, Bt = {};  ///< r x n1 and r x n2:  W = A B^T

  std::string name() const { return sentence("features alone, ridge ", ridge, ", beside ", centre.form); }
  Vector<double> predict(const Entries& at) const {
    Vector<double> z;
    detail::product_at(At, Bt, at, z);
    return z + centre.predict(at);
  }
};

/// With this ridge, beside these means.
inline FeaturesAlone features_alone(const Data<double>& train, const SideFeatures& features, double ridge, Centre means) {
  detail::require_unweighted("features_alone", train);
  FeaturesAlone fit{std::move(means), ridge};
  detail::FeaturePrior(features, train.where, 30).predict_effects(fit.centre, train.where);
  Data<double> left = fit.centre.subtracted_from(train);
  const Index n1 = train.where.rows(), n2 = train.where.cols();
  Matrix<double> X(0, n1), B(0, n2), Y(0, n2), A(0, n1);
  if (!features.rows.none()) {
    X = detail::with_one(features.rows.values);
    B.resize(X.rows(), n2);
    detail::AlsSweeps(left.where, left.y).columns(X, ridge, false, B);
    Vector<double> z;
    detail::product_at(X, B, left.where, z);
    left.y -= z;
  }
  if (!features.columns.none()) {
    Y = detail::with_one(features.columns.values);
    A.resize(Y.rows(), n1);
    detail::AlsSweeps(left.where, left.y).rows(Y, ridge, false, A);
  }
  fit.At.resize(X.rows() + A.rows(), n1), fit.Bt.resize(fit.At.rows(), n2);
  fit.At << X, A;
  fit.Bt << B, Y;
  return fit;
}

inline Tuned<FeaturesAlone, Trial> tune_features_alone(const Data<double>& train, const Data<double>& validation,
                                                       const SideFeatures& features, const std::vector<double>& ridges = {1, 10, 100, 1000},
                                                       const Pace& pace = {}) {
  detail::require_validation("tune_features_alone", train, validation);
  Tuned<FeaturesAlone, Trial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  const Centre means = tune_means(train, validation).fit;
  for (const double ridge : ridges) {
    pace.ask();
    FeaturesAlone fit = features_alone(train, features, ridge, means);
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({fit.name(), error});
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
  }
  return best;
}
inline FeaturesAlone refit(const FeaturesAlone& chosen, const Data<double>& data, const SideFeatures& features) {
  return features_alone(data, features, chosen.ridge, refit(chosen.centre, data));
}

inline DeepFit as_deep(const FeaturesAlone& fit, const Shape&) {
  DeepFit deep = detail::depth_two(fit.At.transpose(), fit.Bt.transpose(), fit.centre, fit.name());
  deep.from_features = {true, true};  // what is not known of a side is in the means, and in columns of ones
  return deep;
}

}  // namespace tacit
