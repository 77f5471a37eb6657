// SPDX-License-Identifier: MIT
// Neyshabur 2017, Implicit Regularization in Deep Learning: all acceptance lines.
#include "papers/neyshabur2017.hpp"
#include <tacit/hook/capacity.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/observation/features.hpp>

#include "catch.hpp"

namespace neyshabur2017 {

using Catch::Matchers::WithinRel;

// Item 1.
TEST_CASE("Path-SGD goes the same way end to end from weights and from node-rescaled weights; gradient descent does not") {
  const Equivariance found = equivariance(1);
  REQUIRE(found.at_start < 1e-13);
  CHECK(found.path_sgd < 1e-10);
  CHECK(found.moved > 0.1);
  CHECK(found.descent > 0.1);
}

// Item 2.
TEST_CASE("the path norm by a pass of ones is the sum over all paths; without absolute values it would not be") {
  const Enumeration found = enumeration(2);
  for (const double relative : found.relative) CHECK(relative <= 1e-12);
  CHECK(found.without_absolute_values > 0.1);
  // The probe says the same of a run.
  const DeepMatrix<double> model({3, 3, 2, 2});
  const auto [truth, seen] = low_rank_completion({.rows = 2, .cols = 3, .rank = 1, .observed = 5, .seed = 1});
  const Problem problem(model, seen, MeanSquares{});
  Trajectory history(path_norm(1.5));
  Vector<double> last = random_weights(model.parameter_count(), 2);
  train(problem, last, gradient_descent({.rate = 1e-3}), {.iterations = 3}, history);
  CHECK(history.last("path_norm_1.5") == path_norm(model, last, 1.5));
}

// Item 3.
TEST_CASE("the path scale is the derivative of the squared path norm by each squared weight") {
  const ScaleError furthest = scale_error(3);
  CHECK(furthest.squared_weight <= 1e-6);
  CHECK(furthest.weight > 0.1);  // of the derivative by the weight itself it is not a multiple
}

// Item 4.
TEST_CASE("node rescaling leaves the path norms and changes the Frobenius norm") {
  const Rescaling changes = rescaling(4);
  for (const double relative : changes.path_norms) CHECK(relative <= 1e-12);
  CHECK(changes.frobenius > 1);
}

// Formulas, group norm. Every hidden unit's incoming weights are divided by r^(1/p), r the sum over the paths that reach it, and its outgoing ones multiplied.
TEST_CASE(
    "the product of the layers' largest unit norms is at least the path norm of a single output, and equal to it where hidden units are "
    "normalised") {
  const DeepMatrix<double> model({6, 5, 4, 1});
  constexpr double inf = std::numeric_limits<double>::infinity();
  for (const std::uint64_t seed : {5, 6, 7})
    for (const double p : {1.0, 1.5, 2.0}) {
      CAPTURE(seed, p);
      const Vector<double> theta = random_weights(model.parameter_count(), seed);
      CHECK(layer_norm_product(model, theta, p, inf) > 1.01 * path_norm(model, theta, p));
      Vector<double> normalised = theta, sums = Vector<double>::Ones(6);
      for (Index l = 0; l + 1 < model.depth(); ++l) {
        Vector<double> next = Vector<double>::Zero(model.width(l + 1));
        for (Index v = 0; v < next.size(); ++v)
          for (Index u = 0; u < sums.size(); ++u) next[v] += std::pow(std::abs(model.layer(theta, l)(v, u)), p) * sums[u];
        sums = next;
        for (Index v = 0; v < next.size(); ++v) {
          model.layer(normalised, l).row(v) /= std::pow(next[v], 1 / p);
          model.layer(normalised, l + 1).col(v) *= std::pow(next[v], 1 / p);
        }
      }
      REQUIRE((end_to_end(model, normalised) - end_to_end(model, theta)).norm() < 1e-13);
      CHECK_THAT(layer_norm_product(model, normalised, p, inf), WithinRel(path_norm(model, theta, p), 1e-12));
    }
}
// Formulas, measures.
TEST_CASE("of the nine capacity measures node rescaling leaves those by path norms alone") {
  const DeepMatrix<double> model({6, 5, 4, 5});
  const Vector<double> theta = random_weights(model.parameter_count(), 8);
  const auto plain = capacity_measures(model, theta, 1).values(),
             rescaled = capacity_measures(model, node_rescaled(model, theta), 1).values();
  for (std::size_t k = 0; k < 6; ++k) CHECK(rescaled[k] > 1.5 * plain[k]);
  for (std::size_t k = 6; k < 9; ++k) CHECK_THAT(rescaled[k], WithinRel(plain[k], 1e-12));
}
namespace {
/// Frobenius product and path norm (p = 2) over the margin, after two layers were trained on m samples of 40 features to a logistic loss of 0.01; labels by a
/// plane, or at random.
std::pair<double, double> trained_capacity(Index m, bool random_labels, std::uint64_t seed) {
  Random random(seed, "labels");
  Matrix<double> X(m, 40);
  for (double& x : X.reshaped()) x = random.normal();
  Vector<double> y(m);
  for (Index k = 0; k < m; ++k) {
    y[k] = (random_labels ? random.normal() : X(k, 0)) > 0 ? 1 : -1;
    X(k, 0) += X(k, 0) > 0 ? 1 : -1;  // both alike: the samples stand apart from the plane
  }
  const DeepMatrix<double> model({40, 8, 1});
  const Problem problem(model, regression_data<double>(X, y), logistic());
  Vector<double> theta = model.near_zero({.entry_std = 0.1, .seed = seed});
  Trajectory end(capacity_measures());
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 20'000}, at_the_end(end), stop_when(loss_below(0.01)));
  return {end.last("capacity_frobenius"), end.last("capacity_path_2")};
}
}  // namespace
// Figure 7.1, by a secondary source; linear layers here, of which the paper has none.
TEST_CASE(
    "trained on random labels the measures are larger than on true ones, and the ratio grows with the number of samples: medians of five "
    "draws") {
  std::vector<double> frobenius, path;
  for (const Index m : {8, 16, 32}) {
    std::vector<double> f, p;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const auto truth = trained_capacity(m, false, seed), noise = trained_capacity(m, true, seed);
      f.push_back(noise.first / truth.first);
      p.push_back(noise.second / truth.second);
    }
    std::sort(f.begin(), f.end());
    std::sort(p.begin(), p.end());
    frobenius.push_back(f[2]);
    path.push_back(p[2]);
  }
  CAPTURE(frobenius, path);
  for (const auto& ratios : {frobenius, path}) {
    CHECK(ratios[0] > 1);
    CHECK(ratios[1] > ratios[0]);
    CHECK(ratios[2] > ratios[1]);
  }
}

}  // namespace neyshabur2017
