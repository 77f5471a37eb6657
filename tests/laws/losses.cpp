// SPDX-License-Identifier: MIT
// Every loss, with and without weights, has the gradient and the Hessian that its value claims.
#include <tacit/loss/huber.hpp>
#include <tacit/loss/poisson.hpp>
#include <tacit/loss/power.hpp>

#include "laws.hpp"

using namespace laws;

namespace {
template <class Loss>
void check_loss(const Loss& loss) {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 41, 0.6);
  INFO(loss.name());
  for (const bool weighted : {false, true})
    objective_is_smooth(Problem(model, targets_near(model, some_entries(3, 4), theta, weighted), loss), theta);
}
}  // namespace

TEST_CASE("the four squares") {
  check_loss(SumOfSquares{});
  check_loss(HalfSumOfSquares{});
  check_loss(MeanSquares{});
  check_loss(HalfMeanSquares{});
}
TEST_CASE("Huber's loss, residuals on both sides of delta") {
  check_loss(huber());
  check_loss(huber({.delta = 1.1, .reduction = Reduction::sum}));
}
TEST_CASE("powers") {
  check_loss(power({.p = 4}));
  check_loss(power({.p = 2.5, .reduction = Reduction::sum}));
}
TEST_CASE("the Poisson deviance, of counts that are 0 and others") {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 41, 0.6);
  for (const bool weighted : {false, true})
    for (const Reduction over : {Reduction::mean, Reduction::sum}) {
      auto counts = targets_near(model, some_entries(3, 4), theta, weighted);
      for (double& y : counts.y) y = std::max(0.0, std::round(3 * y));
      REQUIRE((counts.y.array() == 0).any());
      REQUIRE((counts.y.array() > 0).any());
      objective_is_smooth(Problem(model, counts, poisson({.reduction = over})), theta);
    }
}
TEST_CASE("a formula of one's own") {
  check_loss(pointwise([](auto z, auto y) { return logcosh(z - y); }));
  check_loss(pointwise([](auto z, auto y) { return exp(0.3 * z) * y - sin(z) / (2 + y * y); }, Reduction::sum, "anything"));
}
