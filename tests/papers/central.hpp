// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent beside its central flow and the gradient flow, from one start, step by step: what the items of Cohen et al. 2025
// measure.

#include <tacit/analysis/sharpness.hpp>
#include <tacit/core/random.hpp>
#include <tacit/hook/midpoints.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/central_flow.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace central {

using namespace tacit;

struct Comparison {
  Index steps = 0, on_edge = 0;        ///< compared, and those of them where Sigma is not 0
  double to_central = 0, to_flow = 0;  ///< distances of descent's midpoint at the last step
  double largest_to_central = 0, largest_to_flow = 0;
  double variance_ratio = 0, loss_ratio = 0;  ///< descent over central flow, second half of the steps on the edge; 0 without such steps
  double midpoint_sharpness = 0;              ///< mean of eta S / 2 at midpoints, there
  double worst_edge = 0;                      ///< largest |eta S / 2 - 1| of the central flow after its first five steps on the edge
  double flow_sharpness = 0;                  ///< eta S / 2 where the gradient flow ends
  double largest_trace = 0;                   ///< of Sigma
  Index unstable = 0;                         ///< most eigenvalues in Sigma
  std::string why;
  double end_ratio() const { return to_flow / to_central; }
  double largest_ratio() const { return largest_to_flow / largest_to_central; }
};

struct Limits {
  Index steps;
  double loss = 0;  ///< the central flow's, at which to stop
};

/// The settings of the reference runs: four Euler steps in a step of descent, eigenvalues above 1.9 / eta; the last two steps are left out.
/// Descent's variance is that of w_t about the central flow, (u^T (w_t - centre_t))^2 summed over the eigenvectors u in Sigma.
template <class P>
Comparison compare(const P& problem, const Vector<double>& start, double eta, Limits until) {
  Midpoints<double> midpoints;
  Run descent(problem, start, gradient_descent({.rate = eta}), midpoints);
  Run flow(problem, start, FixedFlow{.interval = eta, .substeps = 8});
  Run middle(problem, start, CentralFlow{.rate = eta, .edge = 1.9});
  const auto& record = middle.optimizer_state().source;
  auto ws = problem.workspace();
  Vector<double> g(start.size());
  struct Moment {
    double to_central, to_flow, trace, sharpness;
    Index unstable = 0;
    double variance = 0, loss = 0, predicted = 0;
    Vector<double> midpoint = {};
  };
  std::vector<Moment> moments;
  Comparison result;
  descent.advance(2);
  middle.advance(1);
  flow.advance(1);
  for (Index t = 1; t <= until.steps; ++t) {
    const Vector<double> centre = middle.theta();
    if (descent.advance(1) != Reason::reached_limit || middle.advance(1) != Reason::reached_limit) {
      result.why = descent.why() + middle.why();
      break;
    }
    const double loss = problem.value_and_gradient(centre, ws, g).loss;
    Moment now{(midpoints.theta() - centre).norm(), (midpoints.theta() - flow.theta()).norm(), record.covariance_trace(), record.sharpness};
    if (now.trace > 0) {
      now.unstable = record.unstable;
      now.midpoint = midpoints.theta();
      const Vector<double> w = midpoints.theta() + midpoints.oscillation();
      now.variance = (record.U.leftCols(record.unstable).transpose() * (w - centre)).squaredNorm();
      now.loss = problem.value_and_gradient(w, ws, g).loss;
      now.predicted = record.predicted_loss(loss);
    }
    moments.push_back(std::move(now));
    flow.advance(1);
    if (loss < until.loss) break;
  }
  require(moments.size() > 2, "compare: the runs ended after ", moments.size(), " steps: ", result.why);
  result.flow_sharpness = eta * sharpness(problem, flow.theta(), {.tolerance = 1e-6}).value / 2;
  moments.resize(moments.size() - 2);
  result.steps = static_cast<Index>(moments.size());
  result.to_central = moments.back().to_central;
  result.to_flow = moments.back().to_flow;
  for (const Moment& now : moments) {
    result.largest_to_central = std::max(result.largest_to_central, now.to_central);
    result.largest_to_flow = std::max(result.largest_to_flow, now.to_flow);
  }
  std::erase_if(moments, [](const Moment& now) { return !(now.trace > 0); });
  result.on_edge = static_cast<Index>(moments.size());
  double variance = 0, trace = 0, loss = 0, predicted = 0, sharp = 0;
  for (std::size_t k = 0; k < moments.size(); ++k) {
    const Moment& now = moments[k];
    result.largest_trace = std::max(result.largest_trace, now.trace);
    result.unstable = std::max(result.unstable, now.unstable);
    if (k >= 5) result.worst_edge = std::max(result.worst_edge, std::abs(eta * now.sharpness / 2 - 1));
    if (k < moments.size() / 2) continue;
    variance += now.variance, trace += now.trace, loss += now.loss, predicted += now.predicted;
    sharp += eta * sharpness(problem, now.midpoint, {.tolerance = 1e-6}).value / 2;
  }
  if (moments.empty()) return result;
  result.variance_ratio = variance / trace;
  result.loss_ratio = loss / predicted;
  result.midpoint_sharpness = sharp / static_cast<double>(moments.size() - moments.size() / 2);
  return result;
}

/// S_GF, the sharpness where the loss of the gradient flow first falls to 1e-6.
template <class P>
double flow_sharpness(const P& problem, Vector<double> theta) {
  const auto end = train(problem, theta, FixedFlow{.interval = 0.05}, {.iterations = 1'000'000}, stop_when(loss_below(1e-6)));
  require(end.reason == Reason::stopped_by_hook, "flow_sharpness: ", end.why);
  return sharpness(problem, theta, {.tolerance = 1e-10}).value;
}

template <class P>
struct Instance {
  P problem;
  Vector<double> start;
};

/// f = X (w * w) on n = 10 points in d = 20 dimensions, loss 1/(2n) sum r^2: half a sum of squares of X / sqrt(n), whose singular values
/// are 2 / j; targets X b.
inline auto diagonal_net(const Matrix<double>& X_over_sqrt_n, const Vector<double>& b, const Vector<double>& start) {
  const Matrix<double> A = X_over_sqrt_n.transpose();  // measurements as columns
  const Vector<double> y = A.transpose() * b;
  return Instance{Problem(Recorded<double>(blocks({{"w", {b.size()}}}), [](auto w) { return square(w); }),
                          Data<double, LinearMap<double>>(LinearMap<double>(b.size(), 1, A), y), HalfSumOfSquares{}),
                  start};
}
/// Some entries of a 6 x 6 matrix of rank 2 whose spectral norm is 3. The start is .5 / sqrt(6) times the normal draws at depth 2,
/// .9 / sqrt(6) times at depth 3; these stand factor by factor, the first applied first, each row by row.
inline auto completion(Index depth, Matrix<double> W, const Matrix<double>& seen, const Vector<double>& factors) {
  const Index d = W.rows();
  for (Index k = 0; k < W.size(); ++k)
    if (seen.data()[k] == 0) W.data()[k] = std::nan("");
  const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(depth) + 1, d));
  Vector<double> start(model.parameter_count());
  for (Index l = 0; l < depth; ++l)
    for (Index i = 0; i < d; ++i)
      for (Index j = 0; j < d; ++j)
        model.layer(start, l)(i, j) = (depth == 2 ? 0.5 : 0.9) / std::sqrt(static_cast<double>(d)) * factors[(l * d + i) * d + j];
  return Instance{Problem(model, observed(W), HalfSumOfSquares{}), start};
}

/// The numbers of a line of reference/cohen2025_draws.txt, written by cohen2025_draws.py: the draws of the reference runs.
inline Vector<double> reference_draw(const std::string& name, int seed, Index count) {
  const std::string path = std::string(TACIT_TESTS) + "/papers/reference/cohen2025_draws.txt", wanted = sentence(name, " ", seed, " ");
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(wanted, 0) != 0) continue;
    std::istringstream numbers(line.substr(wanted.size()));
    Vector<double> values(count);
    for (double& x : values) numbers >> x;
    if (numbers && (numbers >> std::ws).eof()) return values;
    throw std::runtime_error(sentence(path, ": '", wanted, "' is not followed by ", count, " numbers"));
  }
  throw std::runtime_error(sentence(path, ": no line begins with '", wanted, "'"));
}
inline Matrix<double> reference_matrix(const std::string& name, int seed, Index rows, Index cols) {
  return reference_draw(name, seed, rows * cols).reshaped<Eigen::RowMajor>(rows, cols);
}
inline auto reference_diagonal(int seed) {
  return diagonal_net(reference_matrix("diagonal_X", seed, 10, 20), reference_draw("diagonal_b", seed, 20),
                      reference_draw("diagonal_w", seed, 20));
}
inline auto reference_completion(Index depth, int seed) {
  return completion(depth, reference_matrix("completion_W", seed, 6, 6), reference_matrix("completion_seen", seed, 6, 6),
                    reference_draw("completion_factors", seed, 3 * 36));
}

inline Matrix<double> normal(Index rows, Index cols, Random& random) {
  Matrix<double> G(rows, cols);
  for (double& x : G.reshaped()) x = random.normal();
  return G;
}
/// Uniform among the orthonormal systems of n vectors of length d: Gram-Schmidt on normal draws.
inline Matrix<double> orthonormal(Index d, Index n, Random& random) {
  Matrix<double> Q = normal(d, n, random);
  for (Index j = 0; j < n; ++j) {
    for (int pass = 0; pass < 2; ++pass)
      for (Index i = 0; i < j; ++i) Q.col(j) -= Q.col(i).dot(Q.col(j)) * Q.col(i);
    Q.col(j).normalize();
  }
  return Q;
}
/// The same laws on draws of our own.
inline auto fresh_diagonal(std::uint64_t seed) {
  const Index n = 10, d = 20;
  Random random(seed, "central flow, diagonal net");
  const Matrix<double> U = orthonormal(n, n, random), V = orthonormal(d, n, random);
  Matrix<double> X = Matrix<double>::Zero(n, d);
  for (Index j = 0; j < n; ++j) X += (2.0 / static_cast<double>(j + 1)) * U.col(j) * V.col(j).transpose();
  Vector<double> b(d), w(d);
  for (double& x : b) x = random.uniform(0.2, 1);
  for (double& x : w) x = random.uniform(0.1, 0.3);
  return diagonal_net(X, b, w);
}
inline auto fresh_completion(Index depth, std::uint64_t seed) {
  const Index d = 6;
  Random random(seed, "central flow, completion");
  const Matrix<double> left = normal(d, 2, random), right = normal(2, d, random), W = left * right;
  Vector<double> v = Vector<double>::Ones(d);
  for (int k = 0; k < 10000; ++k) v = (W.transpose() * (W * v)).normalized();
  Matrix<double> seen(d, d);
  for (double& x : seen.reshaped()) x = random.uniform() < 0.6;
  const Matrix<double> factors = normal(depth * d * d, 1, random);
  return completion(depth, W * (3 / (W * v).norm()), seen, factors.col(0));
}

/// Item 1, the balanced line of sigma = 2 at eta = 1.001 times 2 / S: the trace of Sigma over the variance of descent's two-cycle after so many steps, eta S
/// / 2 where the central flow rests, the share of the trace along (1, ..., 1), and the trace at 0.9 eta.
struct BalancedLine {
  double ratio, edge, share_along, trace_below;
};
inline BalancedLine balanced_line(Index depth, Index steps) {
  const double sigma = 2, L = static_cast<double>(depth);
  const Problem problem(DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 1)),
                        Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{sigma}}), HalfSumOfSquares{});
  const double rho = std::pow(sigma, 1 / L), eta = 1.001 * 2 / (L * std::pow(rho, 2 * L - 2));
  const Vector<double> start = Vector<double>::Constant(depth, 0.999 * rho);
  Midpoints<double> midpoints;
  Run descent(problem, start, gradient_descent({.rate = eta}), midpoints);
  descent.advance(steps);
  Run middle(problem, start, CentralFlow{.rate = eta, .edge = 1.9});
  middle.advance(500);
  Run calm(problem, start, CentralFlow{.rate = 0.9 * eta, .edge = 1.9});
  calm.advance(500);
  const auto& record = middle.optimizer_state().source;
  return {record.covariance_trace() / midpoints.variance(), eta * record.sharpness / 2,
          record.variance_along(Vector<double>::Constant(depth, 1 / std::sqrt(L))) / record.covariance_trace(),
          calm.optimizer_state().source.covariance_trace()};
}

}  // namespace central
