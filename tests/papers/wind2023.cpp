// SPDX-License-Identifier: MIT
// Wind, Antun, Hansen 2023, Implicit regularization in AI meets generalized hardness of approximation in optimization: all acceptance lines. The tables
// are the reference; whatever is compared with them is computed.
#include <tacit/tacit.hpp>

#include <tacit/hook/sparsity.hpp>
#include <tacit/optimizer/diagonal_flow.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/solver/basis_pursuit.hpp>

#include "catch.hpp"
#include "diagonal.hpp"
#include "sanitized.hpp"

using namespace diagonal;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// A curve of a figure: |x_alpha - limit|_2 at alpha^p = 1, 1e-1, ..., 1e-9; 0 where the reference has no figure.
struct Curve {
  Linear problem;
  double depth, slope;
  std::vector<double> reference;
  Vector<long double> limit;

  double error(double scale) const { return static_cast<double>((limit_at(problem, depth, scale) - limit).norm()); }
};

std::vector<Curve> curves() {
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

auto problem_of(const Linear& linear, double depth) {
  const Index d = linear.A.cols();
  return Problem(DiagonalNet<double>({.size = d, .depth = depth}),
                 Data<double, LinearMap<double>>(LinearMap<double>(d, 1, linear.A.transpose()), linear.y), HalfSumOfSquares{});
}

}  // namespace

// Item 1: 24 curves of 10 points, to three significant digits wherever the error is above 1e-10.
TEST_CASE("the dual solver gives both tables of reference") {
  int compared = 0;
  for (const Curve& curve : curves())
    for (int k = 0; k < 10; ++k) {
      const double reference = curve.reference[static_cast<std::size_t>(k)], error = curve.error(std::pow(10.0, -k));
      CAPTURE(curve.problem.A, curve.depth, k);
      compared += reference > 1e-10;
      if (reference > 1e-13) CHECK_THAT(error, WithinRel(reference, 1e-3));
    }
  CHECK(compared == 230);
}

// Item 2.
TEST_CASE("both integrators of the flow end where the dual solver says, to 1e-8 for alpha^p >= 1e-4") {
  int turn = 0;
  for (const Curve& curve : curves())
    for (const double scale : {1.0, 1e-1, 1e-2, 1e-3, 1e-4}) {
      if (sanitized && ++turn % 7 != 0) continue;
      const auto problem = problem_of(curve.problem, curve.depth);
      const Vector<double> limit = limit_at(curve.problem, curve.depth, scale).cast<double>(),
                           start = problem.model().constant({.product_scale = scale});
      CAPTURE(curve.problem.A, curve.depth, scale);
      Vector<double> theta = start;
      // The authors' end time.
      const auto stiff = train(problem, theta, DiagonalFlow{.time = 1e9 * std::pow(start[0], 2 - curve.depth)}, {.iterations = 10'000});
      CHECK(stiff.why.find("the flow reached its end time") == 0);
      CHECK((problem.model().value(theta) - limit).norm() <= 1e-8);
      theta = start;
      const auto plain =
          train(problem, theta, GradientFlow{.rtol = 1e-12, .atol = 1e-14}, {.iterations = 100'000}, stop_when(loss_below(1e-20)));
      CHECK(plain.reason == Reason::stopped_by_hook);
      CHECK((problem.model().value(theta) - limit).norm() <= 1e-8);
    }
}

TEST_CASE("by descent, the distance to the flow's end halves with the rate") {
  for (const Linear& linear : {line(), plane(), diagonal::random()})
    for (const double depth : {2.0, 2.5, 3.0, 4.0}) {
      const auto problem = problem_of(linear, depth);
      const Vector<double> limit = limit_at(linear, depth, 1e-2).cast<double>();
      std::vector<double> distance;
      for (const double rate : {2e-3, 1e-3}) {
        Vector<double> theta = problem.model().constant({.product_scale = 1e-2});
        const auto outcome =
            train(problem, theta, gradient_descent({.rate = rate}), {.iterations = 400'000}, stop_when(gradient_below(1e-10)));
        REQUIRE(outcome.reason == Reason::stopped_by_hook);
        distance.push_back((problem.model().value(theta) - limit).norm());
      }
      CAPTURE(linear.A, depth, distance);
      CHECK(distance[0] > 1e-7);
      CHECK_THAT(distance[0] / distance[1], WithinAbs(2, 0.1));
      if (sanitized) break;
    }
}

// Item 3.
TEST_CASE("slopes over the last decade whose errors are above 1e-13") {
  for (const Curve& curve : curves()) {
    if (curve.slope == 0) continue;
    int k = 9;
    while (curve.error(std::pow(10.0, -k)) <= 1e-13) --k;
    const double slope = std::log10(curve.error(std::pow(10.0, 1 - k)) / curve.error(std::pow(10.0, -k)));
    CAPTURE(curve.problem.A, curve.depth, k);
    CHECK_THAT(slope, WithinAbs(curve.slope, 0.02));
  }
}

// Item 4.
TEST_CASE("at alpha^p = 1e-9, the point selected on the line is the analytic one") {
  const double reference[] = {0.653965, 0.656413, 0.658077, 0.660189};
  for (int k = 0; const double depth : {2.0, 2.5, 3.0, 4.0}) {
    const Vector<long double> x = limit_at(line(), depth, 1e-9), limit = selected(depth, 3);
    CHECK((x - limit).norm() <= 1e-10L);
    CHECK_THAT(static_cast<double>(limit[0]), WithinAbs(reference[k++], 5e-7));
    // It has the least sum of g_p on the line.
    const Selection<long double> selection(depth);
    const auto cost = [&](long double t) { return selection.g(1 - t) + selection.g(2 * (1 - t)) + selection.g(3 * t); };
    const long double t = limit[2] / 3;
    CHECK(cost(t) < cost(t + 1e-4L));
    CHECK(cost(t) < cost(t - 1e-4L));
  }
}

// Item 5.
TEST_CASE("along the flow of depth two, a b = alpha^2 per coordinate") {
  for (const Linear& linear : {line(), plane(), diagonal::random()})
    for (const double scale : {1.0, 1e-2, 1e-4}) {
      const auto problem = problem_of(linear, 2);
      const Vector<double> start = problem.model().constant({.product_scale = scale});
      const auto worst = [&](const auto& flow) {
        Trajectory history(invariant_drift(start));
        Vector<double> theta = start;
        train(problem, theta, flow, {.iterations = 3000}, every(1, history));
        CHECK(history.rows() > 50);
        const auto drift = history.column("invariant_drift");
        return *std::max_element(drift.begin(), drift.end());
      };
      CHECK(worst(GradientFlow{.rtol = 1e-12, .atol = 1e-15, .time = 60}) <= 1e-9);
      CHECK(worst(DiagonalFlow{.time = 1e9}) <= 1e-9);
    }
}
