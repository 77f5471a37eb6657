// SPDX-License-Identifier: MIT
#pragma once
// Wind, Antun, Hansen 2023, Implicit regularization in AI meets generalized hardness of approximation in optimization: the experiments of the acceptance
// list, shared by tests and paper checks. The tables are the reference; whatever is compared with them is computed.

#include <tacit/tacit.hpp>

#include <tacit/hook/sparsity.hpp>
#include <tacit/optimizer/diagonal_flow.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/solver/basis_pursuit.hpp>

#include "diagonal.hpp"

namespace wind2023 {

using namespace diagonal;

/// A curve of a figure: |x_alpha - limit|_2 at alpha^p = 1, 1e-1, ..., 1e-9; 0 where the reference has no figure.
struct Curve {
  Linear problem;
  double depth, slope;
  std::vector<double> reference;
  Vector<long double> limit;

  double error(double scale) const { return static_cast<double>((limit_at(problem, depth, scale) - limit).norm()); }
};

inline std::vector<Curve> curves() {
  const Linear l = line(), pl = plane(), r = diagonal::random();
  const Vector<long double> unique = basis_pursuit(r.A, r.y).x.cast<long double>();
  std::vector<Curve> all{
      {l, 2, 2, {3.412e-2, 1.939e-3, 2.041e-5, 2.042e-7, 2.042e-9, 2.042e-11, 2.042e-13, 2.0e-15, 0, 0}, {}},
      {l, 2.5, 1.01, {3.920e-2, 2.557e-3, 8.855e-5, 4.750e-6, 3.290e-7, 2.635e-8, 2.299e-9, 2.112e-10, 2.003e-11, 1.938e-12}, {}},
      {l, 3, 1.00, {4.248e-2, 3.002e-3, 1.478e-4, 1.075e-5, 9.323e-7, 8.739e-8, 8.482e-9, 8.366e-10, 8.313e-11, 8.289e-12}, {}},
      {l, 4, 1.00, {4.648e-2, 3.608e-3, 2.331e-4, 2.020e-5, 1.931e-6, 1.904e-7, 1.895e-8, 1.893e-9, 1.892e-10, 1.891e-11}, {}},
      {pl, 2, 0.500, {2.905e-1, 2.225e-1, 8.625e-2, 2.818e-2, 8.975e-3, 2.844e-3, 8.999e-4, 2.846e-4, 9.001e-5, 2.846e-5}, {}},
      {pl, 2.5, 0.98, {2.903e-1, 1.977e-1, 5.523e-2, 1.041e-2, 1.590e-3, 2.111e-4, 2.543e-5, 2.870e-6, 3.102e-7, 3.259e-8}, {}},
      {pl, 3, 1.00, {2.900e-1, 1.817e-1, 4.146e-2, 6.065e-3, 7.287e-4, 7.955e-5, 8.290e-6, 8.452e-7, 8.528e-8, 8.564e-9}, {}},
      {pl, 4, 1.00, {2.894e-1, 1.629e-1, 2.997e-2, 3.629e-3, 3.859e-4, 3.936e-5, 3.960e-6, 3.968e-7, 3.970e-8, 3.971e-9}, {}},
      {r, 2, 0.751, {4.270e-1, 2.793e-1, 6.822e-2, 1.096e-2, 1.685e-3, 2.707e-4, 4.541e-5, 7.840e-6, 1.377e-6, 2.443e-7}, unique},
      {r, 2.5, 0.995, {4.234e-1, 2.312e-1, 3.572e-2, 3.817e-3, 4.042e-4, 4.248e-5, 4.406e-6, 4.518e-7, 4.592e-8, 4.642e-9}, unique},
      {r, 3, 1.00, {4.206e-1, 2.017e-1, 2.445e-2, 2.335e-3, 2.308e-4, 2.305e-5, 2.305e-6, 2.306e-7, 2.307e-8, 2.307e-9}, unique},
      {r, 4, 1.00, {4.167e-1, 1.686e-1, 1.632e-2, 1.482e-3, 1.443e-4, 1.431e-5, 1.428e-6, 1.427e-7, 1.426e-8, 1.426e-9}, unique},
      {two(0.3), 3, 0, {5.658e-1, 3.957e-1, 1.267e-1, 2.375e-2, 3.294e-3, 3.877e-4, 4.194e-5, 4.352e-6, 4.429e-7, 4.465e-8}, {}},
      {two(0.1), 3, 0, {6.671e-1, 6.108e-1, 4.220e-1, 1.840e-1, 4.675e-2, 7.897e-3, 1.039e-3, 1.190e-4, 1.270e-5, 1.309e-6}, {}},
      {two(0.03), 3, 0, {6.958e-1, 6.801e-1, 6.190e-1, 4.913e-1, 2.879e-1, 1.025e-1, 2.218e-2, 3.391e-3, 4.216e-4, 4.690e-5}, {}},
      {two(0.01), 3, 0, {7.034e-1, 6.983e-1, 6.782e-1, 6.331e-1, 5.398e-1, 3.712e-1, 1.676e-1, 4.480e-2, 7.871e-3, 1.060e-3}, {}},
      {two(0.3), 4, 0, {5.632e-1, 3.570e-1, 8.378e-2, 1.132e-2, 1.253e-3, 1.294e-4, 1.308e-5, 1.312e-6, 1.313e-7, 1.314e-8}, {}},
      {two(0.1), 4, 0, {6.664e-1, 5.930e-1, 3.268e-1, 8.015e-2, 1.128e-2, 1.268e-3, 1.318e-4, 1.334e-5, 1.339e-6, 1.341e-7}, {}},
      {two(0.03), 4, 0, {6.956e-1, 6.750e-1, 5.757e-1, 3.299e-1, 8.700e-2, 1.273e-2, 1.452e-3, 1.516e-4, 1.538e-5, 1.544e-6}, {}},
      {two(0.01), 4, 0, {7.033e-1, 6.966e-1, 6.633e-1, 5.586e-1, 3.128e-1, 8.047e-2, 1.164e-2, 1.323e-3, 1.380e-4, 1.398e-5}, {}},
      {two(0.3), 5, 0, {5.615e-1, 3.337e-1, 6.661e-2, 8.035e-3, 8.435e-4, 8.540e-5, 8.566e-6, 8.573e-7, 8.575e-8, 8.575e-9}, {}},
      {two(0.1), 5, 0, {6.660e-1, 5.806e-1, 2.694e-1, 4.933e-2, 5.842e-3, 6.106e-4, 6.175e-5, 6.193e-6, 6.197e-7, 6.198e-8}, {}},
      {two(0.03), 5, 0, {6.955e-1, 6.713e-1, 5.393e-1, 2.268e-1, 3.914e-2, 4.556e-3, 4.741e-4, 4.789e-5, 4.801e-6, 4.804e-7}, {}},
      {two(0.01), 5, 0, {7.033e-1, 6.955e-1, 6.503e-1, 4.823e-1, 1.680e-1, 2.586e-2, 2.909e-3, 3.000e-4, 3.023e-5, 3.029e-6}, {}},
  };
  for (Curve& curve : all)
    if (curve.limit.size() == 0) {
      if (curve.problem.A.cols() == 2) curve.limit = Vector<long double>::Unit(2, 0);
      else curve.limit = selected(curve.depth, curve.problem.A.cols());
    }
  return all;
}

inline auto problem_of(const Linear& linear, double depth) {
  const Index d = linear.A.cols();
  return Problem(DiagonalNet<double>({.size = d, .depth = depth}),
                 Data<double, LinearMap<double>>(LinearMap<double>(d, 1, linear.A.transpose()), linear.y), HalfSumOfSquares{});
}

/// Item 1, alpha^p = 10^-k: the relative differences of the dual solver from the table where its errors are above 1e-13, and how many of them are above
/// 1e-10.
struct TableOff {
  std::vector<double> relative;
  int above = 0;
  double other_depth = 0;  ///< the largest relative difference of depth p + 1
};
inline TableOff off_table(const Curve& curve) {
  TableOff off;
  Curve other = curve;
  ++other.depth;
  for (int k = 0; k < 10; ++k) {
    const double reference = curve.reference[static_cast<std::size_t>(k)];
    off.above += reference > 1e-10;
    if (reference <= 1e-13) continue;
    off.relative.push_back(std::abs(curve.error(std::pow(10.0, -k)) / reference - 1));
    off.other_depth = std::max(off.other_depth, std::abs(other.error(std::pow(10.0, -k)) / reference - 1));
  }
  return off;
}

/// Item 2: distances from the dual solver's limit of where the stiff and the adaptive integrator of the flow end, and whether they came to an end.
struct FlowEnds {
  double stiff, adaptive;
  bool finished;
};
/// The distance of the end of the flow from alpha^p = 1 with the first entry of the start doubled.
inline double end_from_another_start(const Curve& curve) {
  const auto problem = problem_of(curve.problem, curve.depth);
  Vector<double> theta = problem.model().constant({.product_scale = 1});
  theta[0] *= 2;
  train(problem, theta, GradientFlow{.rtol = 1e-12, .atol = 1e-14}, {.iterations = 100'000}, stop_when(loss_below(1e-20)));
  return (problem.model().value(theta) - limit_at(curve.problem, curve.depth, 1).cast<double>()).norm();
}
inline FlowEnds flow_ends(const Curve& curve, double scale) {
  const auto problem = problem_of(curve.problem, curve.depth);
  const Vector<double> limit = limit_at(curve.problem, curve.depth, scale).cast<double>(),
                       start = problem.model().constant({.product_scale = scale});
  Vector<double> theta = start;
  // The authors' end time.
  const auto stiff = train(problem, theta, DiagonalFlow{.time = 1e9 * std::pow(start[0], 2 - curve.depth)}, {.iterations = 10'000});
  const double to_stiff = (problem.model().value(theta) - limit).norm();
  theta = start;
  const auto adaptive =
      train(problem, theta, GradientFlow{.rtol = 1e-12, .atol = 1e-14}, {.iterations = 100'000}, stop_when(loss_below(1e-20)));
  return {to_stiff, (problem.model().value(theta) - limit).norm(),
          stiff.why.find("the flow reached its end time") == 0 && adaptive.reason == Reason::stopped_by_hook};
}

/// By descent at the rates 2e-3 and 1e-3 from the scale 1e-2: distances from the flow's limit.
struct DescentEnds {
  double coarse, fine;
  bool finished;
};
inline DescentEnds descent_ends(const Linear& linear, double depth) {
  const auto problem = problem_of(linear, depth);
  const Vector<double> limit = limit_at(linear, depth, 1e-2).cast<double>();
  bool finished = true;
  const auto distance = [&](double rate) {
    Vector<double> theta = problem.model().constant({.product_scale = 1e-2});
    const auto outcome = train(problem, theta, gradient_descent({.rate = rate}), {.iterations = 400'000}, stop_when(gradient_below(1e-10)));
    finished = finished && outcome.reason == Reason::stopped_by_hook;
    return (problem.model().value(theta) - limit).norm();
  };
  const double coarse = distance(2e-3), fine = distance(1e-3);
  return {coarse, fine, finished};
}

/// Item 3: over the last decade whose errors are above 1e-13.
inline double last_slope(const Curve& curve) {
  int k = 9;
  while (curve.error(std::pow(10.0, -k)) <= 1e-13) --k;
  return std::log10(curve.error(std::pow(10.0, 1 - k)) / curve.error(std::pow(10.0, -k)));
}

/// Item 4: the distance at alpha^p = 1e-9 on "line" from the analytic limit of depth p, and from that of another depth; whether the limit has the least sum
/// of g_p on the line; its first entry.
struct Selected {
  double distance, from_other_depth, first;
  bool least;
};
inline Selected selected_on_line(double depth, double other_depth) {
  const Vector<long double> x = limit_at(line(), depth, 1e-9), limit = selected(depth, 3);
  const Selection<long double> selection(depth);
  const auto cost = [&](long double t) { return selection.g(1 - t) + selection.g(2 * (1 - t)) + selection.g(3 * t); };
  const long double t = limit[2] / 3;
  return {static_cast<double>((x - limit).norm()), static_cast<double>((x - selected(other_depth, 3)).norm()),
          static_cast<double>(limit[0]), cost(t) < cost(t + 1e-4L) && cost(t) < cost(t - 1e-4L)};
}

/// Item 5, depth two: the largest relative change of a b along the flow, by the stiff and the adaptive integrator, and along descent at the rate 0.01.
struct Drift {
  double adaptive, stiff, descent;
  Index least_rows;
};
inline Drift invariant_drifts(const Linear& linear, double scale) {
  const auto problem = problem_of(linear, 2);
  const Vector<double> start = problem.model().constant({.product_scale = scale});
  Drift result{0, 0, 0, 3001};
  const auto worst = [&](const auto& optimizer) {
    Trajectory history(invariant_drift(start));
    Vector<double> theta = start;
    train(problem, theta, optimizer, {.iterations = 3000}, every(1, history));
    result.least_rows = std::min(result.least_rows, history.rows());
    const auto drift = history.column("invariant_drift");
    return *std::max_element(drift.begin(), drift.end());
  };
  result.adaptive = worst(GradientFlow{.rtol = 1e-12, .atol = 1e-15, .time = 60});
  result.stiff = worst(DiagonalFlow{.time = 1e9});
  result.descent = worst(gradient_descent({.rate = 0.01}));
  return result;
}

}  // namespace wind2023
