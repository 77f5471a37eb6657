// SPDX-License-Identifier: MIT
#pragma once
// Arora, Cohen & Hazan 2018, On the Optimization of Deep Networks: the end-to-end rule and acceleration by depth. What needs the gas sensor data is left
// out. The experiments of the acceptance list, shared by tests and paper checks.

#include <tacit/tacit.hpp>

#include <tacit/loss/power.hpp>
#include <tacit/optimizer/end_to_end_scale.hpp>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <numbers>

namespace arora2018 {

using namespace tacit;

inline Matrix<double> normal_matrix(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "arora2018");
  Matrix<double> W(rows, cols);
  for (double& entry : W.reshaped()) entry = random.normal();
  return W;
}
/// 30 Gaussian samples of 4 features, a scalar output of a Gaussian teacher.
inline Data<double, LinearMap<double>> regression_samples(std::uint64_t seed) {
  const Matrix<double> X = normal_matrix(4, 30, seed), teacher = normal_matrix(4, 1, seed + 1);
  return {LinearMap<double>(1, 4, X), Vector<double>(X.transpose() * teacher)};
}
/// Single output, every layer of rank one and norm 0.3, each left singular vector the next one's right: exactly balanced.
inline Vector<double> balanced_line(const DeepMatrix<double>& model, std::uint64_t seed) {
  Vector<double> theta(model.parameter_count()), from = normal_matrix(model.width(0), 1, seed).normalized();
  for (Index l = 0; l < model.depth(); ++l) {
    Vector<double> to = normal_matrix(model.width(l + 1), 1, seed + 10 + static_cast<std::uint64_t>(l)).normalized();
    if (l + 1 == model.depth()) to << 1;
    model.layout().matrix(theta, l) = 0.3 * to * from.transpose();
    from = to;
  }
  return theta;
}
inline Matrix<double> product_of_layers(const DeepMatrix<double>& model, const Vector<double>& theta) {
  Matrix<double> W = model.layer(theta, 0);
  for (Index l = 1; l < model.depth(); ++l) W = model.layer(theta, l) * W;
  return W;
}
inline std::vector<Index> single_output(Index depth, Index hidden) {
  std::vector<Index> widths(static_cast<std::size_t>(depth + 1), hidden);
  widths.front() = 4;
  widths.back() = 1;
  return widths;
}
/// W of a network after `time` of gradient descent on the fourth power, from `start`.
inline Matrix<double> trained_network(const Data<double, LinearMap<double>>& data, const DeepMatrix<double>& model, Vector<double> start,
                                      double eta, double time) {
  const Problem problem(model, data, power({.p = 4}));
  train(problem, start, gradient_descent({.rate = eta}), {.iterations = static_cast<Index>(std::lround(time / eta))});
  return product_of_layers(model, start);
}
template <class O>
Matrix<double> trained_rule(const Data<double, LinearMap<double>>& data, const Matrix<double>& from, const O& optimizer, Index steps) {
  const Problem problem(DeepMatrix<double>({4, 1}), data, power({.p = 4}));
  Vector<double> w = from.reshaped();
  train(problem, w, optimizer, {.iterations = steps});
  return w.transpose();
}
inline double apart(const Matrix<double>& A, const Matrix<double>& B) { return (A - B).norm() / B.norm(); }

/// Item 1, at eta T = 20: relative distances from the network of the rule at the rates eta and eta / 10; at eta also of plain descent on W, and of the rule of
/// another depth.
struct RuleGap {
  double coarse, fine, plain, other_depth;
};
inline RuleGap rule_gap(Index depth, std::uint64_t seed, double eta = 1e-2) {
  const auto data = regression_samples(seed);
  const DeepMatrix<double> model(single_output(depth, 3));
  const Vector<double> start = balanced_line(model, seed + 4);
  const Matrix<double> W = product_of_layers(model, start), network = trained_network(data, model, start, eta, 20);
  const Index steps = std::lround(20 / eta);
  return {apart(trained_rule(data, W, end_to_end_descent({.rate = eta, .depth = depth}), steps), network),
          apart(trained_rule(data, W, end_to_end_descent({.rate = eta / 10, .depth = depth}), 10 * steps),
                trained_network(data, model, start, eta / 10, 20)),
          apart(trained_rule(data, W, gradient_descent({.rate = eta}), steps), network),
          apart(trained_rule(data, W, end_to_end_descent({.rate = eta, .depth = depth + 1}), steps), network)};
}

/// The end-to-end direction at W, without a run.
inline Matrix<double> rule_direction(Index depth, const Matrix<double>& W, const Matrix<double>& G) {
  const DeepMatrix<double> model({W.cols(), W.rows()});
  const EndToEndScale scale{.depth = depth};
  auto state = scale.start<double>(model.layout());
  Step<double> step(W.size());
  step.begin();
  step.theta = W.reshaped();
  step.gradient = G.reshaped();
  scale.apply(step, state, model);
  return step.own().reshaped(W.rows(), W.cols());
}
/// A^power of a symmetric positive semi-definite matrix. Eigenvalues that are 0 but for rounding are 0: their roots would be 1e-8 and more.
inline Matrix<double> fractional(const Matrix<double>& A, double power) {
  if (power == 0) return Matrix<double>::Identity(A.rows(), A.cols());
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(A);
  const double cut = 1e-13 * solver.eigenvalues().maxCoeff();
  const Vector<double> powers = solver.eigenvalues().unaryExpr([&](double x) { return x > cut ? std::pow(x, power) : 0.0; });
  return solver.eigenvectors() * powers.asDiagonal() * solver.eigenvectors().transpose();
}
/// Item 2, relative to 1 + |direction|: how far the rule is from p_rq in the singular basis, and from the sum of fractional powers; how far the rule of
/// another depth is from that sum, which at W = 0 may be no way; `singular` says whether W has lower rank.
struct Forms {
  double in_basis, powers, other_depth;
  bool singular;
};
inline Forms compare_forms(Index N, const Matrix<double>& W, const Matrix<double>& G) {
  const double n = static_cast<double>(N);
  Matrix<double> powers = Matrix<double>::Zero(W.rows(), W.cols());
  for (Index j = 1; j <= N; ++j)
    powers +=
        fractional(W * W.transpose(), static_cast<double>(j - 1) / n) * G * fractional(W.transpose() * W, static_cast<double>(N - j) / n);
  const Eigen::JacobiSVD<Matrix<double>> svd(W, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const double cut = 1e-14 * (svd.singularValues()[0] + 1);
  const auto s = [&](Index i) { return i < svd.singularValues().size() && svd.singularValues()[i] > cut ? svd.singularValues()[i] : 0.0; };
  Matrix<double> inner = svd.matrixU().transpose() * G * svd.matrixV();
  for (Index q = 0; q < inner.cols(); ++q)
    for (Index r = 0; r < inner.rows(); ++r) {
      double p = 0;
      for (Index j = 1; j <= N; ++j)
        p += std::pow(s(r), 2 * static_cast<double>(j - 1) / n) * std::pow(s(q), 2 * static_cast<double>(N - j) / n);
      inner(r, q) *= p;
    }
  const Matrix<double> in_basis = svd.matrixU() * inner * svd.matrixV().transpose(), ours = rule_direction(N, W, G);
  const double scale = 1 + in_basis.norm();
  return {(ours - in_basis).norm() / scale, (ours - powers).norm() / scale, (rule_direction(N + 1, W, G) - powers).norm() / scale,
          svd.singularValues().minCoeff() <= 1e-3};
}

/// Item 3: relative distances at time 5, rate 1e-2, of hidden width 20 from width 1: balanced, and with the first two layers out of balance.
struct Widths {
  double at_start, balanced, unbalanced;
};
inline Widths compare_widths(Index depth, std::uint64_t seed) {
  const auto data = regression_samples(seed);
  const DeepMatrix<double> narrow(single_output(depth, 1)), wide(single_output(depth, 20));
  Vector<double> a = balanced_line(narrow, seed + 3), b = balanced_line(wide, seed + 3);
  if ((product_of_layers(narrow, a) + product_of_layers(wide, b)).norm() < 1e-12) narrow.layout().flat(a, 0) *= -1;  // the sign of a unit
  const double eta = 1e-2;
  const Matrix<double> reference = trained_network(data, narrow, a, eta, 5);
  Vector<double> unbalanced = b;
  wide.layout().flat(unbalanced, 0) *= 4;
  wide.layout().flat(unbalanced, 1) /= 4;
  return {(product_of_layers(narrow, a) - product_of_layers(wide, b)).norm(), apart(trained_network(data, wide, b, eta, 5), reference),
          apart(trained_network(data, wide, unbalanced, eta, 5), reference)};
}

/// Item 4, two points with labels 10 and 1: steps to 1e-6 of the initial loss at the best of 141 rates.
inline Index best_steps(double p, Index depth) {
  Vector<double> y(2);
  y << 10, 1;
  std::vector<Index> widths(static_cast<std::size_t>(depth + 1), 1);
  widths.front() = 2;
  const DeepMatrix<double> model(widths);
  const Problem problem(model, Data<double, AllEntries>{AllEntries(1, 2), y}, power({.p = p, .reduction = Reduction::sum}));
  Vector<double> start = Vector<double>::Constant(model.parameter_count(), std::numbers::sqrt2 * 1e-3);
  start.head(2).setConstant(1e-3);
  const auto steps = [&](double eta, Index most) {
    Index taken = most;
    double first = 0;
    Vector<double> theta = start;
    train(problem, theta, gradient_descent({.rate = eta}), {.iterations = most}, [&](const auto& now) {
      if (now.iteration() == 0) first = now.loss();
      if (now.loss() > 1e-6 * first) return Flow::proceed;
      taken = std::min(taken, now.iteration());
      return Flow::stop;
    });
    return taken;
  };
  Index best = 20'000;
  for (int k = 140; k >= 0; --k) best = std::min(best, steps(std::pow(10, -7 + k / 20.0), best));
  return best;
}

/// Item 5: the work of the rule of N layers around the sector 0 ... pi/2 between the radii r and R, for a constant gradient e_1, by the midpoint rule; and
/// exactly, (R^(a+1) - r^(a+1)) (N / (a+1) - 1) with a = 2 - 2/N: positive for N > 2. For N = 1 and 2 the rule is a gradient field, for 2 that of |w| <g, w>.
struct Loop {
  double work, exact;
};
inline Loop loop_work(Index N) {
  const double r = 0.01, R = 0.02;
  Matrix<double> g(1, 2);
  g << 1, 0;
  const int pieces = 2000;
  double sum = 0;
  const auto along = [&](auto point) {
    for (int k = 0; k < pieces; ++k) {
      const Matrix<double> from = point(k / double(pieces)), to = point((k + 1) / double(pieces));
      sum += rule_direction(N, (from + to) / 2, g).cwiseProduct(to - from).sum();
    }
  };
  const auto at = [](double radius, double angle) {
    Matrix<double> w(1, 2);
    w << radius * std::cos(angle), radius * std::sin(angle);
    return w;
  };
  const double quarter = std::numbers::pi / 2, n = static_cast<double>(N);
  along([&](double t) { return at(r + t * (R - r), 0); });
  along([&](double t) { return at(R, t * quarter); });
  along([&](double t) { return at(R + t * (r - R), quarter); });
  along([&](double t) { return at(r, quarter - t * quarter); });
  return {sum, (std::pow(R, 3 - 2 / n) - std::pow(r, 3 - 2 / n)) * (n / (3 - 2 / n) - 1)};
}

}  // namespace arora2018
