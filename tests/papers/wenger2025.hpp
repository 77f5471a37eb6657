// SPDX-License-Identifier: MIT
#pragma once
// Wenger, Coker, Marusic & Cunningham 2025, Variational Deep Learning via Implicit Regularization: what is measured for tests/papers/wenger2025.cpp and
// examples/paper_checks. Linear regression on n samples of d features, X and y normal, mean of the prior normal, S_0 with normal entries of variance 1/R;
// q starts at the prior.

#include <tacit/expected_term.hpp>
#include <tacit/hook/gaussian.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/decaying_rate.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/reparametrised_gradient.hpp>
#include <tacit/solver/margin.hpp>
#include <tacit/train.hpp>

#include <Eigen/LU>
#include <Eigen/QR>
#include <limits>

namespace wenger2025 {

using namespace tacit;

struct Sizes {
  Index samples, features, rank = 0;  ///< rank 0: as many columns of S as features
};

inline Matrix<double> normal_matrix(Index rows, Index cols, Random& random) {
  Matrix<double> A(rows, cols);
  for (double& entry : A.reshaped()) entry = random.normal();
  return A;
}

/// The problem, the prior, and the limit that the theorem states:  mu = mu_0 + X^+ (y - X mu_0),  S = (I - X^+ X) S_0.
struct Regression {
  Matrix<double> X, pseudo_inverse, row_space, null_space;  ///< orthonormal columns; the null space has none where X has full column rank
  Vector<double> y, prior;
  Gaussian<DeepMatrix<double>> model;
  double largest = 0;  ///< eigenvalue of X^T X
  Vector<double> limit;

  Regression(Sizes sizes, std::uint64_t seed, GaussianSettings settings = {}, Index untouched = 0)
      : model(DeepMatrix<double>({sizes.features, 1}), with_rank(settings, sizes.rank)) {
    Random random(seed, "wenger2025");
    X = normal_matrix(sizes.samples, sizes.features, random);
    X.rightCols(untouched).setZero();
    y = normal_matrix(sizes.samples, 1, random);
    prior = model.at_prior(normal_matrix(sizes.features, 1, random), {.std = {1}, .seed = seed});
    const Eigen::ColPivHouseholderQR<Matrix<double>> qr(X.transpose());  // X^T = Q R P^T
    const Matrix<double> Q = qr.householderQ();
    const Index rank = qr.rank();
    row_space = Q.leftCols(rank);
    null_space = Q.rightCols(sizes.features - rank);
    const Matrix<double> seen = X * row_space, gram = seen.transpose() * seen;
    pseudo_inverse = row_space * gram.inverse() * seen.transpose();
    Vector<double> v = Vector<double>::Ones(rank);
    for (int k = 0; k < 2000; ++k) v = (gram * v).normalized();
    largest = v.dot(gram * v);
    const Vector<double> mu = model.mean(prior), moved = mu + pseudo_inverse * (y - X * mu);
    const Matrix<double> S = model.scale(prior), left = S - pseudo_inverse * (X * S);
    limit = prior;
    limit.head(sizes.features) = moved;
    if (settings.covariance == Covariance::joint) limit.tail(S.size()) = left.reshaped();
  }

  auto problem() const { return Problem(model, regression_data(X, y), HalfSumOfSquares{}); }
  /// theta after training from the prior.
  template <class Optimizer>
  Vector<double> trained(const Optimizer& optimizer, Index steps) const {
    const auto p = problem();
    Vector<double> theta = prior;
    train(p, theta, optimizer, {.iterations = steps});
    return theta;
  }
  double mean_gap(const Vector<double>& theta) const { return (theta - limit).head(X.cols()).cwiseAbs().maxCoeff(); }
  double scale_gap(const Vector<double>& theta) const { return (theta - limit).tail(theta.size() - X.cols()).cwiseAbs().maxCoeff(); }
  double loss(const Vector<double>& theta) const {
    return (X * model.mean(theta) - y).squaredNorm() / 2 + (X * model.scale(theta)).squaredNorm() / 2;
  }
  /// W2^2 of the limit to the prior by the paper's closed form: |X^+ (y - X mu_0)|^2 + |X^+ X S_0|_F^2.
  double closed_distance() const {
    const Vector<double> mu = model.mean(prior);
    return (pseudo_inverse * (y - X * mu)).squaredNorm() + (pseudo_inverse * (X * model.scale(prior))).squaredNorm();
  }

 private:
  static GaussianSettings with_rank(GaussianSettings settings, Index rank) {
    settings.rank = rank;
    return settings;
  }
};

/// Items 1 and 2, n = 5, P = R = 12: gaps to the closed form and the loss after 20,000 steps of descent at 1 / lambda_max, how far the limit is from the
/// start, and W2^2 to the prior less its closed form. Controls: Adam, which fits the data, too, and descent that does not start at the prior but at 0.
struct ClosedForm {
  double mean_gap, scale_gap, loss, loss_at_start, moved, distance_gap;
  double adam_loss, adam_mean_gap, adam_scale_gap, adam_excess;  ///< excess: W2^2 to the prior less the closed form
  double elsewhere_loss, elsewhere_excess;
};
inline ClosedForm closed_form(std::uint64_t seed) {
  const Regression given({5, 12}, seed);
  const auto descent = gradient_descent({.rate = 1 / given.largest});
  const Vector<double> end = given.trained(descent, 20'000), adapted = given.trained(adam({.rate = 1e-3}), 20'000);
  Vector<double> elsewhere = Vector<double>::Zero(end.size());
  train(given.problem(), elsewhere, descent, {.iterations = 20'000});
  const double closed = given.closed_distance();
  const auto excess = [&](const Vector<double>& theta) { return wasserstein2(given.model, theta, given.prior) - closed; };
  return {
      given.mean_gap(end),   given.scale_gap(end), given.loss(end),         given.loss(given.prior),  (given.prior - given.limit).norm(),
      std::abs(excess(end)), given.loss(adapted),  given.mean_gap(adapted), given.scale_gap(adapted), excess(adapted),
      given.loss(elsewhere), excess(elsewhere)};
}

/// Item 3, where two of twelve features are 0 in the data: variances after 20,000 steps, under a diagonal covariance and under a full one.
struct MeanField {
  static constexpr Index untouched = 2;
  double largest_touched, change_of_untouched, least_touched_of_full;
};
inline MeanField mean_field(std::uint64_t seed) {
  constexpr Index touched = 12 - MeanField::untouched;
  const Regression field({5, 12}, seed, {.covariance = Covariance::diagonal}, MeanField::untouched),
      full({5, 12}, seed, {}, MeanField::untouched);
  const Vector<double> end = field.trained(gradient_descent({.rate = 1 / field.largest}), 20'000),
                       of_full = full.trained(gradient_descent({.rate = 1 / full.largest}), 20'000);
  return {end.tail(12).head(touched).cwiseAbs2().maxCoeff(), (end - field.prior).tail(MeanField::untouched).cwiseAbs().maxCoeff(),
          full.model.scale(of_full).topRows(touched).rowwise().squaredNorm().minCoeff()};
}

/// Item 4: a draw of the parameters a step, and a sample of the data where batch is 1; steps falling as 1 / sqrt(t), or constant.
struct OneDraw {
  double mean_gap, scale_gap;
};
inline OneDraw one_draw(const Regression& given, bool falling, bool one_sample, double times, Index steps, std::uint64_t seed) {
  // The step that the noise of one draw allows is smaller by about E|eps|^2 = R than that of the expected loss.
  const double noise = static_cast<double>(given.model.noise_count() + 2) * (one_sample ? static_cast<double>(given.X.rows()) : 1);
  const double rate = times / (given.largest * noise);
  const ReparametrisedGradient draw{.seed = seed};
  const auto end = [&](const auto& source) {
    return falling ? given.trained(source | LearningRate{inverse_sqrt({.rate = rate, .warm_up = steps / 20})}, steps)
                   : given.trained(source | LearningRate{rate}, steps);
  };
  const Vector<double> theta = one_sample ? end(on_batches({.size = 1, .seed = seed}, draw)) : end(draw);
  return {given.mean_gap(theta), given.scale_gap(theta)};
}

/// Item 5: labelled points of a space of three dimensions in six; descent on the expected loss, averaged over eight mirrored pairs of draws.
struct Separable {
  std::vector<double> angle;  ///< at the times asked for: of mu, less what it has in the null space, to the max-margin vector
  std::vector<double> norm;   ///< of the same
  std::vector<double> support_variance, null_variance;           ///< along the support vectors, and in the null space of the data
  double null_mean_drift = 0;                                    ///< of mu in the null space, the largest over all times
  double prior_variance = 0;                                     ///< along the support vectors
  double next_margin = std::numeric_limits<double>::infinity();  ///< least margin that is not the least, over that one
};
struct Course {
  double rate;        ///< at the start
  double growth = 0;  ///< of the rate in a step, from step 1 / growth on: the loss falls as 1 / t and lets the rate grow, so that t does
  bool all_points = false;  ///< those of nearly the least margin, too
  bool contradictory =
      false;  ///< four points once more, with the other label: they span the space, so that no direction is free of contradiction
};
/// The times are flow times, sums of rates. Ten points are drawn 0.3 or farther from a plane; those whose margin is less than 1.5 times the least without being
/// the least are left out, as they take times beyond all numbers to stop mattering.
template <class Loss>
Separable separable(const Loss& loss, Course course, const std::vector<double>& times, std::uint64_t seed) {
  Random random(seed, "wenger2025/separable");
  const Matrix<double> basis = Eigen::HouseholderQR<Matrix<double>>(normal_matrix(6, 6, random)).householderQ();
  const Matrix<double> span = basis.leftCols(3), null = basis.rightCols(3);
  const Vector<double> teacher = normal_matrix(3, 1, random).normalized();
  Matrix<double> points(10, 3);
  Vector<double> labels(10);
  for (Index k = 0; k < 10;) {
    const Vector<double> point = normal_matrix(3, 1, random);
    if (std::abs(point.dot(teacher)) < 0.3) continue;
    points.row(k) = point.transpose();
    labels[k++] = point.dot(teacher) > 0 ? 1 : -1;
  }
  const MaxMargin best = max_margin(regression_data(Matrix<double>(points * span.transpose()), labels));
  const Vector<double> margins = labels.cwiseProduct(points * (span.transpose() * best.w));
  std::vector<Index> kept, support;
  Separable found;
  for (Index k = 0; k < 10; ++k) {
    const bool supports = margins[k] < (1 + 1e-6) * best.margin;
    if (supports) support.push_back(k);
    if (supports || course.contradictory || course.all_points || margins[k] > 1.5 * best.margin) {
      kept.push_back(k);
      if (!supports) found.next_margin = std::min(found.next_margin, margins[k] / best.margin);
    }
  }
  for (Index k = 0; k < (course.contradictory ? 4 : 0); ++k) kept.push_back(k);
  Vector<double> y = labels(kept);
  if (course.contradictory) y.tail(4) *= -1;
  const Eigen::HouseholderQR<Matrix<double>> qr(Matrix<double>(points(support, Eigen::all).transpose()));
  const Matrix<double> Q = qr.householderQ(), along = span * Q.leftCols(std::min<Index>(3, static_cast<Index>(support.size())));

  const Gaussian model(DeepMatrix<double>({6, 1}), {.samples = 16, .mirrored = true, .seed = seed});
  const Problem problem(model, regression_data(Matrix<double>(points(kept, Eigen::all) * span.transpose()), y), loss);
  const Vector<double> prior = model.at_prior(0.3 * normal_matrix(6, 1, random), {.std = {0.3}, .seed = seed});
  const auto rate = [course](Index t) {
    const double past = course.growth > 0 ? static_cast<double>(t) - 1 / course.growth : 0;
    return course.rate * std::pow(1 + course.growth, std::max(past, 0.0));
  };
  found.prior_variance = variance_along(model, prior, along);
  Run run(problem, prior, FullGradient{} | LearningRate{rate});
  double now = 0;
  for (const double time : times) {
    while (now < time) {
      now += rate(run.iteration());
      require(run.advance(1) == Reason::reached_limit, "separable: ", run.why());
    }
    const Vector<double> mu = model.mean(run.theta()), in_span = span * (span.transpose() * mu);
    found.angle.push_back(std::acos(std::min(1.0, in_span.dot(best.w) / in_span.norm())));
    found.norm.push_back(in_span.norm());
    found.support_variance.push_back(variance_along(model, run.theta(), along));
    found.null_variance.push_back(variance_along(model, run.theta(), null));
    found.null_mean_drift = std::max(found.null_mean_drift, (null.transpose() * (mu - model.mean(prior))).norm());
  }
  return found;
}

}  // namespace wenger2025
