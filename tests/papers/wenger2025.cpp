// SPDX-License-Identifier: MIT
// Wenger, Coker, Marusic & Cunningham 2025, Variational Deep Learning via Implicit Regularization: a Gaussian over the parameters, started at the prior
// and trained on the expected loss alone, ends at the minimiser nearest to the prior in 2-Wasserstein distance. Items of the acceptance list.
#include "wenger2025.hpp"

#include "catch.hpp"
#include "sanitized.hpp"

namespace wenger2025 {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("wenger2025/1: descent on the expected squared loss ends at mu_0 + X^+ (y - X mu_0) and (I - X^+ X) S_0, to 1e-10") {
  for (const Sizes sizes : {Sizes{5, 12, 12}, {5, 12, 3}, {12, 5, 5}})
    for (const std::uint64_t seed : {1, 2}) {
      CAPTURE(sizes.samples, sizes.features, sizes.rank, seed);
      const Regression given(sizes, seed);
      const Vector<double> end = given.trained(gradient_descent({.rate = 1 / given.largest}), 20'000);
      CHECK(given.mean_gap(end) < 1e-10);
      CHECK(given.scale_gap(end) < 1e-10);
      CHECK((given.prior - given.limit).norm() > 1);  // the start is elsewhere
      const bool interpolates = sizes.samples < sizes.features;
      if (interpolates) CHECK(given.loss(end) < 1e-20);
      else CHECK(given.loss(end) > 0.1);
      // Momentum has the same limit.
      const Vector<double> heavy = given.trained(momentum({.rate = 0.1 / given.largest, .beta = 0.9}), 20'000);
      CHECK(std::max(given.mean_gap(heavy), given.scale_gap(heavy)) < 1e-10);
      // The control: Adam interpolates, too, and ends elsewhere.
      if (!interpolates) continue;
      const Vector<double> adapted = given.trained(adam({.rate = 1e-3}), 20'000);
      CHECK(given.loss(adapted) < 1e-6);
      CHECK(given.mean_gap(adapted) > 1e-2);
      CHECK(given.scale_gap(adapted) > 1e-2);
    }
}

TEST_CASE("wenger2025/1: the trained Gaussian is the law of plain models, each trained from its own draw of the prior") {
  const Regression given({5, 12}, 3);
  const auto descent = gradient_descent({.rate = 1 / given.largest});
  const Vector<double> end = given.trained(descent, 20'000);
  const Problem plain(given.model.model(), regression_data(given.X, given.y), HalfSumOfSquares{});
  Random random(4, "wenger2025");
  for (int k = 0; k < 5; ++k) {
    const Vector<double> eps = normal_matrix(12, 1, random);
    Vector<double> w = given.model.parameters(given.prior, eps);
    const Vector<double> start = w;
    train(plain, w, descent, {.iterations = 20'000});
    CHECK((w - given.model.parameters(end, eps)).cwiseAbs().maxCoeff() < 1e-10);
    CHECK((w - start).norm() > 0.1);
  }
}

TEST_CASE("wenger2025: the variance of the prior is kept in the null space of the data and lost on their span, prediction by prediction") {
  const Regression given({5, 12}, 5);
  const auto problem = given.problem();
  Trajectory variance(variance_along("null_space", given.null_space), variance_along("span", given.row_space));
  Vector<double> theta = given.prior;
  train(problem, theta, gradient_descent({.rate = 1 / given.largest}), {.iterations = 20'000}, every(100, variance));
  const double before = variance_along(given.model, given.prior, given.null_space);
  CHECK(before > 1);
  for (const double now : variance.column("null_space")) CHECK_THAT(now, WithinRel(before, 1e-11));
  CHECK(variance.column("span").front() > 0.5);
  CHECK(variance.last("span") < 1e-20);
  Random random(6, "wenger2025");
  for (int k = 0; k < 5; ++k) {  // x^T S S^T x = |S_0^T P_null x|^2; on the row space 0
    const Vector<double> x = normal_matrix(12, 1, random), in_span = given.row_space * (given.row_space.transpose() * x);
    const Matrix<double> S = given.model.scale(theta), S0 = given.model.scale(given.prior);
    CHECK_THAT((S.transpose() * x).squaredNorm(), WithinRel((S0.transpose() * (x - in_span)).squaredNorm(), 1e-10));
    CHECK((S.transpose() * in_span).squaredNorm() < 1e-20);
    CHECK((S0.transpose() * in_span).squaredNorm() > 1e-2);
  }
}

TEST_CASE("wenger2025/2: W2^2 of the limit to the prior is the closed form to 1e-9, and no Gaussian that fits the data is nearer") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    CAPTURE(seed);
    const Regression given({5, 12}, seed);
    const auto problem = given.problem();
    Trajectory history(wasserstein2_to(given.model, given.prior));
    Vector<double> theta = given.prior;
    train(problem, theta, gradient_descent({.rate = 1 / given.largest}), {.iterations = 20'000}, at_the_end(history));
    const double closed = given.closed_distance();
    CHECK(closed > 1);
    CHECK_THAT(history.last("wasserstein2"), WithinAbs(closed, 1e-9));
    // It is of the covariance S S^T: columns turned among each other change nothing.
    Random random(seed, "wenger2025/others");
    const Matrix<double> turn = Eigen::HouseholderQR<Matrix<double>>(normal_matrix(12, 12, random)).householderQ();
    Vector<double> turned = theta;
    turned.tail(144) = (given.model.scale(theta) * turn).reshaped();
    CHECK_THAT(wasserstein2(given.model, turned, given.prior), WithinAbs(closed, 1e-9));
    // Others that fit: the mean moved, and the scales changed, inside the null space. At every size of the change they are farther, by its square for the
    // mean.
    for (const double size : {1e-3, 0.1, 1.0, 10.0})
      for (int k = 0; k < 20; ++k) {
        Vector<double> other = theta;
        const Vector<double> moved = given.null_space * normal_matrix(given.null_space.cols(), 1, random);
        if (k % 2 == 0) other.head(12) += size * moved;
        else other.tail(144) += size * (given.null_space * normal_matrix(given.null_space.cols(), 12, random)).reshaped();
        CHECK(given.loss(other) < 1e-18);
        CHECK(wasserstein2(given.model, other, given.prior) > closed - 1e-12);
        if (k % 2 == 0)
          CHECK_THAT(wasserstein2(given.model, other, given.prior) - closed, WithinRel(size * size * moved.squaredNorm(), 1e-6));
        else if (size >= 0.1) CHECK(wasserstein2(given.model, other, given.prior) > closed + 1e-3);
      }
    // The control: Adam's limit fits the data and is farther from the prior; so is that of descent from another start, which has forgotten the prior.
    const ClosedForm found = closed_form(seed);
    CHECK(found.distance_gap < 1e-9);
    CHECK(found.adam_loss < 1e-6);
    CHECK(found.adam_excess > 1e-2);
    CHECK(found.elsewhere_loss < 1e-20);
    CHECK(found.elsewhere_excess > 1e-2);
  }
}

TEST_CASE(
    "wenger2025/3: a diagonal covariance loses the variance of every coordinate that the data touch; a full one keeps the null space") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    CAPTURE(seed);
    const MeanField found = mean_field(seed);
    CHECK(found.largest_touched < 1e-6);
    CHECK(found.change_of_untouched == 0);
    CHECK(found.least_touched_of_full > 1e-2);  // the control, on the same data: they keep what they have in the null space
    // By hand: sigma_i falls by the factor 1 - |X e_i|^2 / lambda in every step, and the mean is that of a full covariance.
    const Regression field({5, 12}, seed, {.covariance = Covariance::diagonal}, MeanField::untouched);
    const auto descent = gradient_descent({.rate = 1 / field.largest});
    CHECK(field.mean_gap(field.trained(descent, 20'000)) < 1e-10);
    const Vector<double> once = field.trained(descent, 10);
    for (Index i = 0; i < 12; ++i)
      CHECK_THAT(once[12 + i], WithinAbs(field.prior[12 + i] * std::pow(1 - field.X.col(i).squaredNorm() / field.largest, 10), 1e-12));
  }
}

TEST_CASE("wenger2025/4: one draw a step, on all data or on one sample, with falling steps, reaches the same limit to 1e-2") {
  const Index steps = sanitized ? 4000 : 40'000;
  double of_constant = 0, of_falling = 0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    CAPTURE(seed);
    const Regression given({5, 12}, seed);
    for (const bool one_sample : {false, true}) {
      CAPTURE(one_sample);
      const OneDraw falling = one_draw(given, true, one_sample, 1, one_sample ? 5 * steps : steps, seed);
      CAPTURE(falling.mean_gap, falling.scale_gap);
      if (!sanitized) CHECK(std::max(falling.mean_gap, falling.scale_gap) < 1e-2);
    }
    // The controls: the step that descent on the expected loss takes is too long for one draw, as R + 2 = 14 times 1 / lambda;
    const OneDraw long_step = one_draw(given, false, false, 14, 2000, seed);
    CHECK_FALSE(std::max(long_step.mean_gap, long_step.scale_gap) < 1);
    // and where the data cannot be fitted, constant steps on single samples do not come to rest at the limit. Falling ones end nearer, by the root of what the
    // rate has fallen to, 0.22, in the mean over draws. Where the data are fitted the noise vanishes at the limit, and constant steps reach it, too.
    const Regression crowded({30, 4}, seed);
    const OneDraw constant = one_draw(crowded, false, true, 1, steps, seed);
    CHECK(std::max(constant.mean_gap, constant.scale_gap) > 1e-2);
    const OneDraw falling = one_draw(crowded, true, true, 1, steps, seed);
    of_constant += std::max(constant.mean_gap, constant.scale_gap), of_falling += std::max(falling.mean_gap, falling.scale_gap);
  }
  CAPTURE(of_constant, of_falling);
  CHECK(of_falling < of_constant);
}

TEST_CASE(
    "wenger2025/5: on separable data the mean turns to the max-margin vector, variance on the support falls, the null space keeps the "
    "prior") {
  const std::vector<double> times{1e6, 1e8, 1e12, 1e16, 1e20, 1e24};
  for (const std::uint64_t seed : {1, 2, 3}) {
    CAPTURE(seed);
    const auto turns = [&](const Separable& found) {
      for (std::size_t k = 1; k < times.size(); ++k) {
        CAPTURE(k, found.angle[k - 1], found.angle[k]);
        CHECK(found.angle[k] < found.angle[k - 1]);
        CHECK(found.norm[k] > found.norm[k - 1]);
        CHECK(found.support_variance[k] < found.support_variance[k - 1]);
        CHECK_THAT(found.null_variance[k], WithinRel(found.null_variance[0], 1e-9));
      }
      CHECK(found.angle[5] < 0.5 * found.angle[0]);
      CHECK(found.norm[5] > 3 * found.norm[0]);  // as log t
      CHECK(found.support_variance[5] < 0.2 * found.prior_variance);
      CHECK(found.null_variance[0] > 1e-2);
      CHECK(found.null_mean_drift < 1e-9);
    };
    turns(separable(logistic(), {.rate = 1, .growth = 0.02}, times, seed));
    turns(separable(exponential(), {.rate = 0.05, .growth = 0.02}, times, seed));
  }
  // Growing steps see what constant ones see at the same time.
  const std::vector<double> early{100, 1000, 10'000};
  const Separable grown = separable(logistic(), {.rate = 1, .growth = 0.02}, early, 1),
                  steady = separable(logistic(), {.rate = 1}, early, 1);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK_THAT(grown.norm[k], WithinRel(steady.norm[k], 2e-2));
    CHECK_THAT(grown.angle[k], WithinAbs(steady.angle[k], 5e-3));
  }
  // The controls: under the squared loss mu comes to rest, at an angle; on data that contradict each other it stays bounded.
  const Separable squared = separable(MeanSquares{}, {.rate = 0.05}, {500, 1000}, 1);
  CHECK_THAT(squared.angle[1], WithinAbs(squared.angle[0], 1e-6));
  CHECK(squared.angle[1] > 1.5 * steady.angle[2]);
  const Separable contradicted = separable(logistic(), {.rate = 1, .contradictory = true}, {1000, 10'000}, 1);
  CHECK_THAT(contradicted.norm[1], WithinRel(contradicted.norm[0], 1e-2));
  CHECK(steady.norm[2] > 1.2 * steady.norm[1]);
}

}  // namespace wenger2025
