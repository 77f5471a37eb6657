// SPDX-License-Identifier: MIT
#include <tacit/model/recorded.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/central_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// <w * w, (1, 2)> = 1, whose minima have sharpness 4 (w_1^2 + 4 w_2^2) between 4 and 8.
auto central_flow_toy() {
  return Problem(Recorded<double>(blocks({{"w", {2}}}), [](auto w) { return square(w); }),
                 Data<double, LinearMap<double>>(LinearMap<double>(2, 1, Matrix<double>{{1}, {2}}), Vector<double>{{1}}),
                 HalfSumOfSquares{});
}
const Vector<double> central_flow_start{{0.05, 0.05}};

}  // namespace

TEST_CASE("below the edge the central flow is the gradient flow by Euler steps, bit for bit, and predicts no oscillation") {
  const auto problem = central_flow_toy();
  Vector<double> theta = central_flow_start;
  Run run(problem, theta, CentralFlow{.rate = 0.2, .substeps = 5});
  run.advance(100);
  train(problem, theta, gradient_descent({.rate = 0.2 / 5.0}), {.iterations = 500});
  CHECK((theta - run.theta()).norm() < 1e-14);
  const auto& record = run.optimizer_state().source;
  CHECK(record.covariance_trace() == 0);
  CHECK(record.predicted_loss(3.0) == 3);
  CHECK_THAT(run.finish().flow_time, WithinRel(20.0, 1e-13));
}
TEST_CASE("above the edge it ends where the sharpness is 2 / rate, near descent and far from the gradient flow") {
  const auto problem = central_flow_toy();
  const double rate = 0.30;
  Vector<double> descent = central_flow_start, flow = descent;
  Run run(problem, descent, CentralFlow{.rate = rate});
  run.advance(1000);
  const Vector<double> w = run.theta();
  CHECK_THAT(4 * (w[0] * w[0] + 4 * w[1] * w[1]), WithinRel(2 / rate, 1e-6));
  CHECK_THAT(w.lpNorm<1>(), WithinAbs(1.155, 1e-3));
  train(problem, descent, gradient_descent({.rate = rate}), {.iterations = 1000});
  train(problem, flow, CentralFlow{.rate = 0.01}, {.iterations = 30'000});
  CHECK_THAT(descent.lpNorm<1>(), WithinAbs(1.163, 2e-3));
  CHECK_THAT(flow.lpNorm<1>(), WithinAbs(0.881, 2e-3));
}
TEST_CASE("what is recorded: covariance, its eigenpairs and its predictions belong to theta before the step") {
  const auto problem = central_flow_toy();
  const double rate = 0.30;
  Run run(problem, central_flow_start, CentralFlow{.rate = rate});
  run.advance(60);
  const Vector<double> w = run.theta();
  run.advance(1);
  const auto& record = run.optimizer_state().source;
  REQUIRE(record.unstable == 1);
  const double r = w[0] * w[0] + 2 * w[1] * w[1] - 1;
  const Vector<double> v{{w[0], 2 * w[1]}};  // H = 4 v v^T + 2 r diag(1, 2)
  const Matrix<double> H = 4 * v * v.transpose() + 2 * r * Matrix<double>{{1, 0}, {0, 2}};
  const Vector<double> u = record.U.col(0);
  CHECK((H * u - record.sharpness * u).norm() < 1e-8);
  const auto [variances, directions] = record.covariance_eigenpairs();
  CHECK(variances.size() == 1);
  CHECK_THAT(variances[0], WithinRel(record.covariance_trace(), 1e-14));
  CHECK_THAT(std::abs(directions.col(0).dot(u)), WithinRel(1.0, 1e-12));
  CHECK(record.covariance_trace() > 1e-3);
  // On the edge with one eigenvalue, for short steps: sigma^2 = -2 <grad L, grad S> / |grad S|^2.
  const Vector<double> slope{{2 * r * w[0], 4 * r * w[1]}};
  const auto S = [&](const Vector<double>& at) {
    const double rr = at[0] * at[0] + 2 * at[1] * at[1] - 1, a = 4 * at[0] * at[0] + 2 * rr, d = 16 * at[1] * at[1] + 4 * rr,
                 b = 8 * at[0] * at[1];
    return (a + d) / 2 + std::hypot((a - d) / 2, b);
  };
  Vector<double> dS(2);
  for (Index i = 0; i < 2; ++i) dS[i] = (S(w + 1e-5 * Vector<double>::Unit(2, i)) - S(w - 1e-5 * Vector<double>::Unit(2, i))) / 2e-5;
  const double variance = -2 * slope.dot(dS) / dS.squaredNorm();
  CHECK_THAT(record.covariance_trace(), WithinRel(variance, 0.03));
  CHECK_THAT(record.predicted_loss(1.0), WithinRel(1 + record.covariance_trace() / rate, 1e-14));
  CHECK_THAT(record.predicted_squared_gradient(1.0), WithinRel(1 + 4 * record.covariance_trace() / (rate * rate), 1e-14));
  CHECK_THAT(record.variance_along(u), WithinRel(record.covariance_trace(), 1e-12));
}
TEST_CASE("more unstable eigenvalues than are tracked end the run with a reason") {
  const Problem problem(DeepMatrix<double>({3, 3, 3}), fully_observed(Matrix<double>(3 * Matrix<double>::Identity(3, 3))),
                        HalfSumOfSquares{});
  Vector<double> theta = problem.model().near_zero({.entry_std = 0.5, .seed = 1});
  const auto outcome = train(problem, theta, CentralFlow{.rate = 0.5, .most = 2}, {.iterations = 200});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.why == "all 2 eigenvalues that are tracked exceed 1.95 / rate; raise .most");
}
TEST_CASE("the central flow names what it refuses") {
  const auto problem = central_flow_toy();
  const auto sentence_of = [&](const CentralFlow& flow) { return thrown([&] { flow.start(problem); }); };
  CHECK(sentence_of({.rate = 0}) == "CentralFlow: .rate is 0, it needs to be positive and finite");
  CHECK(sentence_of({.rate = 1, .substeps = 0}) == "CentralFlow: .substeps is 0, it needs to be at least 1");
  CHECK(sentence_of({.rate = 1, .edge = 2.5}) == "CentralFlow: .edge is 2.5, it needs to be in (0, 2]");
  CHECK(sentence_of({.rate = 1, .track = 1.99}) == "CentralFlow: .track is 1.99, it needs to be positive and at most .edge");
  CHECK(sentence_of({.rate = 1, .most = 0}) == "CentralFlow: .most is 0, it needs to be at least 1");
}
