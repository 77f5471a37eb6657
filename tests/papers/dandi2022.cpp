// SPDX-License-Identifier: MIT
// Dandi, Barba, Jaggi 2022, Implicit Gradient Alignment in Distributed and Federated Learning: all acceptance lines.
#include <tacit/tacit.hpp>

#include <tacit/hook/client_gradients.hpp>
#include <tacit/optimizer/gradient_alignment.hpp>

#include "../optimizer/clients.hpp"
#include "catch.hpp"
#include "sanitized.hpp"

using namespace tacit;
using namespace client_quadratics;
using Catch::Matchers::WithinAbs;

namespace {

/// The direction of gradient alignment at x.
Vector<double> aligned_direction(const Quadratics& q, const Vector<double>& x, double beta, AlignmentForm form,
                                 double* sum_of_shifts = nullptr) {
  const auto problem = q.problem();
  auto ws = problem.workspace();
  const GradientAlignment source{{.partition = Quadratics::partition()}, beta, form};
  auto state = source.start(problem);
  Step<double> step(x.size());
  step.theta = x;
  step.begin();
  source.draw(problem, ws, step, state);
  if (sum_of_shifts) {
    Vector<double> sum = Vector<double>::Zero(x.size());
    for (Index i = 0; i < Quadratics::clients; ++i) {
      state.displace(i, beta, step);
      sum += (state.local - x) / Quadratics::clients;
    }
    *sum_of_shifts = sum.cwiseAbs().maxCoeff();
  }
  return step.factor() * step.direction();
}

/// The mean end of one epoch of SGD at rate a over all orderings of the five clients.
Vector<double> mean_of_epochs(const Quadratics& q, double a) {
  std::vector<Index> order{0, 1, 2, 3, 4};
  Vector<double> mean = Vector<double>::Zero(Quadratics::size);
  int count = 0;
  do {
    // The clients in this order are the batches of an epoch.
    std::vector<Index> members;
    for (const Index i : order)
      for (Index k = 0; k < Quadratics::size; ++k) members.push_back(i * Quadratics::size + k);
    const auto problem = q.problem();
    auto ws = problem.workspace();
    Vector<double> x = some_point(), g(x.size());
    for (std::size_t at = 0; at < members.size(); at += Quadratics::size) {
      problem.value_and_gradient(x, std::span<const Index>(members).subspan(at, Quadratics::size), ws, g);
      x -= a * g;
    }
    mean += x;
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  REQUIRE(count == 120);
  return mean / count;
}
template <class Optimizer>
Vector<double> five_steps(const Quadratics& q, const Optimizer& optimizer) {
  const auto problem = q.problem();
  Vector<double> x = some_point();
  train(problem, x, optimizer, {.iterations = 5});
  return x;
}
/// d log f / d log a between a = 1e-2 and a = 1e-3.
template <class F>
double order_in_rate(F&& f) {
  return std::log10(f(1e-2) / f(1e-3));
}

/// Completion by a deep matrix, observations with five clients: the rate times the sum of r over the steps, and the loss it ended at.
struct ClientRun {
  double variance, loss;
};
ClientRun completed(std::uint64_t seed, double beta_over_rate, Index steps) {
  const double rate = 1;
  const auto [truth, seen] = low_rank_completion({.rows = 20, .cols = 20, .rank = 2, .observed = 200, .seed = seed});
  const DeepMatrix<double> model({20, 20, 20});
  const Problem problem(model, seen, MeanSquares{});
  const Partition clients = random_groups(seen.count(), 5, seed);
  ClientGradients disagreement(problem, clients);
  Vector<double> theta = model.near_zero({.product_scale = 1e-2, .seed = seed});
  double sum = 0;
  const auto outcome =
      train(problem, theta, grad_align({.partition = clients, .rate = rate, .beta = beta_over_rate * rate}), {.iterations = steps},
            every(1, [&](const auto& now) { sum += rate * disagreement.at(now.theta()).variance; }));
  return {sum, outcome.loss};
}

}  // namespace

// Item 1.
TEST_CASE("on quadratics, displaced clients' gradients are grad f + beta grad r to 1e-13; with the sign of beta changed they are not") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    for (const double beta : {0.01, 0.3}) {
      const Quadratics q(seed);
      const Vector<double> x = some_point(), identity = q.gradient(x) + beta * q.variance_gradient(x);
      CHECK((aligned_direction(q, x, beta, AlignmentForm::displaced) - identity).cwiseAbs().maxCoeff() <= 1e-13);
      CHECK((aligned_direction(q, x, beta, AlignmentForm::exact) - identity).cwiseAbs().maxCoeff() <= 1e-13);
      CHECK((aligned_direction(q, x, -beta, AlignmentForm::displaced) - identity).cwiseAbs().maxCoeff() > 1e-3);
      CHECK((q.gradient(x) - identity).cwiseAbs().maxCoeff() > 1e-3);
    }
}

// Item 2. The page's figures, 9.11e-4 and 1.10e-5 at a = 1e-2, belong to quadratics that it does not give.
TEST_CASE("epochs over all 120 orderings differ from gradient descent to second order in the rate, from GradAlign(a / 2) to third") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Quadratics q(seed);
    CAPTURE(seed);
    const auto off = [&](double beta_over_rate) {
      return order_in_rate([&](double a) {
        return (mean_of_epochs(q, a) -
                five_steps(q, grad_align({.partition = Quadratics::partition(), .rate = a, .beta = beta_over_rate * a})))
            .norm();
      });
    };
    CHECK_THAT(order_in_rate([&](double a) { return (mean_of_epochs(q, a) - five_steps(q, gradient_descent({.rate = a}))).norm(); }),
               WithinAbs(2, 0.1));
    CHECK_THAT(off(0.5), WithinAbs(3, 0.1));
    // Negative controls: another beta, and the wrong sign, gain no order.
    CHECK_THAT(off(0.25), WithinAbs(2, 0.1));
    CHECK_THAT(off(-0.5), WithinAbs(2, 0.1));
  }
}

// Item 3.
TEST_CASE("beta = 0 is gradient descent, and the displacements add to 0 within 1e-14") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Quadratics q(seed);
    double sum = 1;
    aligned_direction(q, some_point(), 0.3, AlignmentForm::displaced, &sum);
    CHECK(sum <= 1e-14);
    for (const AlignmentForm form : {AlignmentForm::displaced, AlignmentForm::exact}) {
      // To the last bit: what reaches the next stage is the gradient that hooks see, which is the sum over the clients.
      Vector<double> by_hand = Vector<double>::Zero(4), g(4);
      const auto problem = q.problem();
      auto ws = problem.workspace();
      const Partition parts = Quadratics::partition();
      for (Index i = 0; i < 5; ++i) {
        problem.value_and_gradient(some_point(), parts[i], ws, g);
        by_hand += 0.2 * g;
      }
      CHECK(aligned_direction(q, some_point(), 0, form) == by_hand);
      CHECK((by_hand - q.gradient(some_point())).norm() < 1e-14);
    }
    CHECK((aligned_direction(q, some_point(), 0.3, AlignmentForm::displaced) - q.gradient(some_point())).norm() > 1e-3);
  }
}

// Item 4. Calibrated on seeds 1, 2 and 11 to 20: at the rate 1 the quotients are 0.961 to 0.984, and 1.024 to 1.052 with the wrong sign;
// their distance from 1 is
// halved at the rate 0.5, and doubled at 2, but for one seed, whose aligned steps are not stable there.
TEST_CASE(
    "completion over five clients: GradAlign(rate / 2) passes through less variance of the clients' gradients than descent, to the same "
    "loss") {
  for (std::uint64_t seed = 101; seed <= (sanitized ? 101u : 103u); ++seed) {
    CAPTURE(seed);
    const ClientRun descent = completed(seed, 0, 4000), aligned = completed(seed, 0.5, 4000), wrong = completed(seed, -0.5, 4000);
    CHECK(aligned.variance < 0.99 * descent.variance);
    CHECK(wrong.variance > 1.01 * descent.variance);
    for (const ClientRun& run : {descent, aligned, wrong}) CHECK(run.loss < 1e-5);
  }
}
