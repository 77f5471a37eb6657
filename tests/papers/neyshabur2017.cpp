// SPDX-License-Identifier: MIT
// Neyshabur 2017, Implicit Regularization in Deep Learning: the path norm, Path-SGD against node rescaling, and the norms by which capacity is measured.
#include <tacit/tacit.hpp>

#include <tacit/hook/capacity.hpp>
#include <tacit/hook/path_norm.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/path_scale.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {

Vector<double> random_weights(Index size, std::uint64_t seed) {
  Random random(seed, "neyshabur2017");
  Vector<double> theta(size);
  for (double& w : theta) w = random.normal();
  return theta;
}
/// Unit u of hidden layer l: incoming weights times c, outgoing ones divided by it; c is 0.1 and 10 in turn.
Vector<double> node_rescaled(const DeepMatrix<double>& model, Vector<double> theta) {
  for (Index l = 0; l + 1 < model.depth(); ++l)
    for (Index u = 0; u < model.width(l + 1); ++u) {
      const double c = (l + u) % 2 ? 10 : 0.1;
      model.layout().matrix(theta, l).row(u) *= c;
      model.layout().matrix(theta, l + 1).col(u) /= c;
    }
  return theta;
}
Matrix<double> end_to_end(const DeepMatrix<double>& model, const Vector<double>& theta) {
  Matrix<double> W = model.layer(theta, 0);
  for (Index l = 1; l < model.depth(); ++l) W = model.layer(theta, l) * W;
  return W;
}
/// sum over paths of prod |w_e|^p, path by path.
double enumerated(const DeepMatrix<double>& model, const Vector<double>& theta, double p, Index l, Index unit, double so_far) {
  if (l == model.depth()) return so_far;
  double sum = 0;
  for (Index next = 0; next < model.width(l + 1); ++next)
    sum += enumerated(model, theta, p, l + 1, next, so_far * std::pow(std::abs(model.layer(theta, l)(next, unit)), p));
  return sum;
}

}  // namespace

// Item 1.
TEST_CASE("Path-SGD goes the same way end to end from weights and from node-rescaled weights; gradient descent does not") {
  const DeepMatrix<double> model({6, 5, 4, 5});
  const auto [truth, seen] = low_rank_completion({.rows = 5, .cols = 6, .rank = 2, .observed = 22, .seed = 3});
  const Problem problem(model, seen, MeanSquares{});
  const Vector<double> plain = 0.5 * random_weights(model.parameter_count(), 1), rescaled = node_rescaled(model, plain);
  REQUIRE((end_to_end(model, plain) - end_to_end(model, rescaled)).norm() < 1e-13);
  const auto furthest = [&](const auto& optimizer, double& moved) {
    Run a(problem, plain, optimizer), b(problem, rescaled, optimizer);
    double gap = 0;
    for (int t = 0; t < 20; ++t) {
      a.advance(10), b.advance(10);
      const Matrix<double> A = end_to_end(model, a.theta());
      gap = std::max(gap, (A - end_to_end(model, b.theta())).norm() / A.norm());
    }
    moved = (end_to_end(model, a.theta()) - end_to_end(model, plain)).norm() / end_to_end(model, plain).norm();
    return gap;
  };
  double moved = 0;
  CHECK(furthest(path_sgd({.rate = 0.02}), moved) < 1e-10);
  CHECK(moved > 0.1);
  CHECK(furthest(gradient_descent({.rate = 1e-3}), moved) > 0.1);
}

// Item 2.
TEST_CASE("the path norm by a pass of ones is the sum over all paths; without absolute values it would not be") {
  const DeepMatrix<double> model({3, 3, 2, 2});
  const Vector<double> theta = random_weights(model.parameter_count(), 2);
  for (const double p : {1.0, 1.5, 2.0, 3.0}) {
    double sum = 0;
    for (Index input = 0; input < 3; ++input) sum += enumerated(model, theta, p, 0, input, 1);
    CHECK_THAT(path_norm(model, theta, p), WithinRel(std::pow(sum, 1 / p), 1e-12));
  }
  CHECK(std::abs(end_to_end(model, theta).sum() - path_norm(model, theta, 1)) > 0.1);
  // The probe says the same of a run.
  const auto [truth, seen] = low_rank_completion({.rows = 2, .cols = 3, .rank = 1, .observed = 5, .seed = 1});
  const Problem problem(model, seen, MeanSquares{});
  Trajectory history(path_norm(1.5));
  Vector<double> last = theta;
  train(problem, last, gradient_descent({.rate = 1e-3}), {.iterations = 3}, history);
  CHECK(history.last("path_norm_1.5") == path_norm(model, last, 1.5));
}

// Item 3.
TEST_CASE("the path scale is the derivative of the squared path norm by each squared weight") {
  const DeepMatrix<double> model({4, 3, 2, 3});
  const Vector<double> theta = random_weights(model.parameter_count(), 3), kappa = path_scale(model, theta);
  const auto gamma = [&](Index e, double squared) {
    Vector<double> moved = theta;
    moved[e] = std::sqrt(squared);
    return std::pow(path_norm(model, moved, 2), 2);
  };
  double furthest = 0;
  for (Index e = 0; e < theta.size(); ++e) {
    const double square = theta[e] * theta[e], h = 1e-3 * square;
    const double slope = (gamma(e, square + h) - gamma(e, square - h)) / (2 * h);
    CHECK_THAT(kappa[e], WithinRel(slope, 1e-6));
    furthest = std::max(furthest, std::abs(kappa[e] / (slope * 2 * theta[e]) - 1));
  }
  CHECK(furthest > 0.1);  // of the derivative by the weight itself it is not a multiple
}

// Item 4.
TEST_CASE("node rescaling leaves the path norms and changes the Frobenius norm") {
  const DeepMatrix<double> model({6, 5, 4, 5});
  const Vector<double> theta = random_weights(model.parameter_count(), 4), rescaled = node_rescaled(model, theta);
  for (const double p : {1.0, 1.5, 2.0}) CHECK_THAT(path_norm(model, rescaled, p), WithinRel(path_norm(model, theta, p), 1e-12));
  CHECK(rescaled.norm() > 2 * theta.norm());
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
