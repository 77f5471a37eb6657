// SPDX-License-Identifier: MIT
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/stabilized_flow.hpp>
#include <tacit/train.hpp>

#include <sstream>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// 1/2 sum_i lambda_i theta_i^2 + 1/4 sum_i theta_i^4, with or without Hessian-vector products.
template <bool second_order>
class StiffOracle {
 public:
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  explicit StiffOracle(Vector<double> lambda) : lambda_(std::move(lambda)) { layout_.add("theta", {lambda_.size()}); }
  Workspace workspace() const { return {}; }
  Index dimension() const { return lambda_.size(); }
  const Layout& layout() const { return layout_; }
  Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const {
    ws.gradients += 1;
    g = lambda_.cwiseProduct(theta) + theta.cwiseProduct(theta).cwiseProduct(theta);
    const double value = lambda_.dot(theta.cwiseProduct(theta)) / 2 + theta.array().square().square().sum() / 4;
    return {value, value};
  }
  void hessian_times_linearized(In<double> theta, In<double> v, Workspace& ws, Out<double> hv) const requires second_order {
    ws.hessian_products += 1;
    hv = (lambda_ + 3 * theta.cwiseProduct(theta)).cwiseProduct(v);
  }

 private:
  Vector<double> lambda_;
  Layout layout_;
};
const Vector<double> stiff_rates{{1e4, 3e3, 200, 5, 1, 0.1, 0.01}};
const Vector<double> stiff_start{{1, -1, 1, 1, -1, 0.5, 1}};

/// One number under 1/2 (3 - w)^2.
auto stabilized_flow_line() {
  return Problem(DeepMatrix<double>({1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{3}}), HalfSumOfSquares{});
}

}  // namespace

TEST_CASE("the stabilised flow follows closed forms, and ends at the time asked for") {
  const auto problem = stabilized_flow_line();
  for (const double rtol : {1e-4, 1e-6, 1e-8}) {
    Vector<double> theta{{0}};
    const auto outcome = train(problem, theta, StabilizedFlow{.rtol = rtol, .atol = rtol, .time = 2.5}, {.iterations = 100'000});
    CHECK(outcome.reason == Reason::reached_limit);
    CHECK(outcome.why == "the flow reached its end time 2.5");
    CHECK_THAT(outcome.flow_time, WithinRel(2.5, 1e-13));
    CHECK_THAT(theta[0], WithinAbs(3 * (1 - std::exp(-2.5)), 100 * std::pow(rtol, 2.0 / 3)));
  }
}
TEST_CASE("its error falls with the number of its steps at order two") {
  const Problem problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{1}}), HalfSumOfSquares{});
  std::vector<double> errors, steps;
  for (const double rtol : {1e-5, 1e-9}) {
    Vector<double> theta{{0.1, 0.2}}, exact = theta;
    steps.push_back(static_cast<double>(
        train(problem, theta, StabilizedFlow{.rtol = rtol, .atol = rtol, .time = 3}, {.iterations = 100'000}).iterations));
    train(problem, exact, GradientFlow{.rtol = 1e-13, .atol = 1e-14, .time = 3}, {.iterations = 10'000});
    errors.push_back((theta - exact).norm());
  }
  CHECK_THAT(std::log(errors[0] / errors[1]) / std::log(steps[1] / steps[0]), WithinAbs(2.0, 0.25));
}
TEST_CASE("on a stiff problem it reaches the same end point with far fewer gradients than the unstabilised flow") {
  const StiffOracle<true> problem(stiff_rates);
  Vector<double> theta = stiff_start, other = theta, exact = theta;
  const auto stabilized = train(problem, theta, StabilizedFlow{.rtol = 1e-5, .atol = 1e-8, .time = 20}, {.iterations = 1'000'000});
  const auto plain = train(problem, other, GradientFlow{.rtol = 1e-5, .atol = 1e-8, .time = 20}, {.iterations = 1'000'000});
  train(problem, exact, GradientFlow{.rtol = 1e-11, .atol = 1e-14, .time = 20}, {.iterations = 1'000'000});
  CHECK_THAT(stabilized.flow_time, WithinRel(20.0, 1e-13));
  CHECK_THAT(plain.flow_time, WithinRel(20.0, 1e-13));
  CHECK((theta - exact).cwiseAbs().maxCoeff() < 1e-3);
  CHECK((other - exact).cwiseAbs().maxCoeff() < 1e-3);
  CHECK(20 * (stabilized.gradient_evaluations + 2 * stabilized.hessian_products) < plain.gradient_evaluations);
  CHECK(stabilized.hessian_products > 0);
  // The control: where nothing is stiff, there is nothing to gain.
  const auto line = stabilized_flow_line();
  Vector<double> a{{0}}, b{{0}};
  const auto few = train(line, a, GradientFlow{.rtol = 1e-8, .atol = 1e-8, .time = 2}, {.iterations = 100'000});
  const auto many = train(line, b, StabilizedFlow{.rtol = 1e-8, .atol = 1e-8, .time = 2}, {.iterations = 100'000});
  CHECK(many.gradient_evaluations > few.gradient_evaluations);
}
TEST_CASE("without Hessian-vector products the spectral radius comes from differences of gradients") {
  const StiffOracle<true> with(stiff_rates);
  const StiffOracle<false> without(stiff_rates);
  const StabilizedFlow flow{.rtol = 1e-5, .atol = 1e-8, .time = 20};
  Vector<double> theta = stiff_start, other = theta;
  const auto first = train(with, theta, flow, {.iterations = 1'000'000}), second = train(without, other, flow, {.iterations = 1'000'000});
  CHECK(second.hessian_products == 0);
  CHECK_THAT(second.gradient_evaluations, WithinRel(first.gradient_evaluations + first.hessian_products, 0.1));
  CHECK((theta - other).norm() < 1e-4);
}
TEST_CASE("a stabilised flow that starts at rest stays there, and one that blows up says when") {
  const auto problem = stabilized_flow_line();
  Vector<double> theta{{3}};
  CHECK(train(problem, theta, StabilizedFlow{.time = 1e6}, {.iterations = 1000}).why == "the flow reached its end time 1000000");
  CHECK(theta[0] == 3);
  const StiffOracle<true> falls(
      Vector<double>{{-1e3, -1}});  // grows until the quartic holds it: a negative curvature needs short steps, too
  Vector<double> away{{1e-3, 1e-3}};
  CHECK(train(falls, away, StabilizedFlow{.time = 20}, {.iterations = 100'000}).reason == Reason::reached_limit);
  CHECK_THAT(away[0], WithinAbs(std::sqrt(1e3), 1e-3));
  CHECK_THAT(away[1], WithinAbs(1.0, 1e-3));
}
TEST_CASE("the stabilised flow names what it refuses") {
  const auto problem = stabilized_flow_line();
  CHECK(thrown([&] { StabilizedFlow{.rtol = 0}.start(problem); }) == "StabilizedFlow: .rtol is 0, it needs to be positive and below 1");
  CHECK(thrown([&] { StabilizedFlow{.renew = 0}.start(problem); }) == "StabilizedFlow: .renew is 0, it needs to be at least 1");
  std::ostringstream text;
  text << StabilizedFlow{.time = 3};
  CHECK(text.str() == "StabilizedFlow{.rtol = 1e-06, .atol = 1e-09, .time = 3, .renew = 25}");
}
