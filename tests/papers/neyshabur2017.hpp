// SPDX-License-Identifier: MIT
#pragma once
// Neyshabur 2017, Implicit Regularization in Deep Learning: the path norm, and Path-SGD against node rescaling. The experiments of the acceptance list,
// shared by tests and paper checks.

#include <tacit/tacit.hpp>

#include <tacit/hook/path_norm.hpp>
#include <tacit/optimizer/path_scale.hpp>

namespace neyshabur2017 {

using namespace tacit;

inline Vector<double> random_weights(Index size, std::uint64_t seed) {
  Random random(seed, "neyshabur2017");
  Vector<double> theta(size);
  for (double& w : theta) w = random.normal();
  return theta;
}
/// Unit u of hidden layer l: incoming weights times c, outgoing ones divided by it; c is 0.1 and 10 in turn.
inline Vector<double> node_rescaled(const DeepMatrix<double>& model, Vector<double> theta) {
  for (Index l = 0; l + 1 < model.depth(); ++l)
    for (Index u = 0; u < model.width(l + 1); ++u) {
      const double c = (l + u) % 2 ? 10 : 0.1;
      model.layout().matrix(theta, l).row(u) *= c;
      model.layout().matrix(theta, l + 1).col(u) /= c;
    }
  return theta;
}
inline Matrix<double> end_to_end(const DeepMatrix<double>& model, const Vector<double>& theta) {
  Matrix<double> W = model.layer(theta, 0);
  for (Index l = 1; l < model.depth(); ++l) W = model.layer(theta, l) * W;
  return W;
}

/// Item 1, over 200 steps: the largest relative distance between the end-to-end matrices of runs from weights and from rescaled weights, of Path-SGD and of
/// descent, and how far Path-SGD has moved.
struct Equivariance {
  double at_start, path_sgd, moved, descent;
};
inline Equivariance equivariance(std::uint64_t seed) {
  const DeepMatrix<double> model({6, 5, 4, 5});
  const auto [truth, seen] = low_rank_completion({.rows = 5, .cols = 6, .rank = 2, .observed = 22, .seed = seed + 2});
  const Problem problem(model, seen, MeanSquares{});
  const Vector<double> plain = 0.5 * random_weights(model.parameter_count(), seed), rescaled = node_rescaled(model, plain);
  double moved = 0;
  const auto furthest = [&](const auto& optimizer) {
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
  Equivariance found{(end_to_end(model, plain) - end_to_end(model, rescaled)).norm(), furthest(path_sgd({.rate = 0.02})), moved, 0};
  found.descent = furthest(gradient_descent({.rate = 1e-3}));
  return found;
}

/// sum over paths of prod |w_e|^p, path by path.
inline double enumerated(const DeepMatrix<double>& model, const Vector<double>& theta, double p, Index l, Index unit, double so_far) {
  if (l == model.depth()) return so_far;
  double sum = 0;
  for (Index next = 0; next < model.width(l + 1); ++next)
    sum += enumerated(model, theta, p, l + 1, next, so_far * std::pow(std::abs(model.layer(theta, l)(next, unit)), p));
  return sum;
}
/// Item 2, on a 3-3-2-2 net: relative differences of the pass of ones from the enumeration, at p = 1, 1.5, 2, 3; and the difference of p = 1 from the sum
/// without absolute values.
struct Enumeration {
  std::vector<double> relative;
  double without_absolute_values;
};
inline Enumeration enumeration(std::uint64_t seed) {
  const DeepMatrix<double> model({3, 3, 2, 2});
  const Vector<double> theta = random_weights(model.parameter_count(), seed);
  Enumeration found{{}, std::abs(end_to_end(model, theta).sum() - path_norm(model, theta, 1))};
  for (const double p : {1.0, 1.5, 2.0, 3.0}) {
    double sum = 0;
    for (Index input = 0; input < 3; ++input) sum += enumerated(model, theta, p, 0, input, 1);
    found.relative.push_back(std::abs(path_norm(model, theta, p) / std::pow(sum, 1 / p) - 1));
  }
  return found;
}

/// Item 3, on a 4-3-2-3 net: the largest relative difference of the path scale from the numerical derivative of the squared path norm by each squared
/// weight, and from that by the weight.
struct ScaleError {
  double squared_weight, weight;
};
inline ScaleError scale_error(std::uint64_t seed) {
  const DeepMatrix<double> model({4, 3, 2, 3});
  const Vector<double> theta = random_weights(model.parameter_count(), seed), kappa = path_scale(model, theta);
  const auto gamma = [&](Index e, double squared) {
    Vector<double> moved = theta;
    moved[e] = std::sqrt(squared);
    return std::pow(path_norm(model, moved, 2), 2);
  };
  ScaleError furthest{0, 0};
  for (Index e = 0; e < theta.size(); ++e) {
    const double square = theta[e] * theta[e], h = 1e-3 * square;
    const double slope = (gamma(e, square + h) - gamma(e, square - h)) / (2 * h);
    furthest.squared_weight = std::max(furthest.squared_weight, std::abs(kappa[e] / slope - 1));
    furthest.weight = std::max(furthest.weight, std::abs(kappa[e] / (slope * 2 * theta[e]) - 1));
  }
  return furthest;
}

/// Item 4: relative changes of path norms (p = 1, 1.5, 2) and of the Frobenius norm by node rescaling.
struct Rescaling {
  std::vector<double> path_norms;
  double frobenius;
};
inline Rescaling rescaling(std::uint64_t seed) {
  const DeepMatrix<double> model({6, 5, 4, 5});
  const Vector<double> theta = random_weights(model.parameter_count(), seed), rescaled = node_rescaled(model, theta);
  Rescaling found{{}, rescaled.norm() / theta.norm() - 1};
  for (const double p : {1.0, 1.5, 2.0})
    found.path_norms.push_back(std::abs(path_norm(model, rescaled, p) / path_norm(model, theta, p) - 1));
  return found;
}

}  // namespace neyshabur2017
