// SPDX-License-Identifier: MIT
#pragma once
// Dandi, Barba, Jaggi 2022, Implicit Gradient Alignment in Distributed and Federated Learning: the experiments of the acceptance list, shared by tests and
// paper checks.

#include <tacit/tacit.hpp>

#include <tacit/hook/client_gradients.hpp>
#include <tacit/optimizer/gradient_alignment.hpp>

#include "../optimizer/clients.hpp"

namespace dandi2022 {

using namespace tacit;
using namespace client_quadratics;

/// The direction of gradient alignment at x.
inline Vector<double> aligned_direction(const Quadratics& q, const Vector<double>& x, double beta, AlignmentForm form,
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

/// Item 1: the largest difference from grad f + beta grad r of the displaced and of the exact form, of the displaced one with -beta, and of grad f.
struct Identity {
  double displaced, exact, wrong_sign, without;
};
inline Identity identity(std::uint64_t seed, double beta) {
  const Quadratics q(seed);
  const Vector<double> x = some_point(), expected = q.gradient(x) + beta * q.variance_gradient(x);
  const auto off = [&](const Vector<double>& direction) { return (direction - expected).cwiseAbs().maxCoeff(); };
  return {off(aligned_direction(q, x, beta, AlignmentForm::displaced)), off(aligned_direction(q, x, beta, AlignmentForm::exact)),
          off(aligned_direction(q, x, -beta, AlignmentForm::displaced)), off(q.gradient(x))};
}

/// The mean end of one epoch of SGD at rate a over all orderings of the five clients, which are the batches.
inline Vector<double> mean_of_epochs(const Quadratics& q, double a) {
  std::vector<Index> order{0, 1, 2, 3, 4};
  Vector<double> mean = Vector<double>::Zero(Quadratics::size);
  int count = 0;
  const auto problem = q.problem();
  auto ws = problem.workspace();
  do {
    std::vector<Index> members;
    for (const Index i : order)
      for (Index k = 0; k < Quadratics::size; ++k) members.push_back(i * Quadratics::size + k);
    Vector<double> x = some_point(), g(x.size());
    for (std::size_t at = 0; at < members.size(); at += Quadratics::size) {
      problem.value_and_gradient(x, std::span<const Index>(members).subspan(at, Quadratics::size), ws, g);
      x -= a * g;
    }
    mean += x;
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  require(count == 120, "mean_of_epochs: ", count, " orderings of five clients");
  return mean / count;
}
template <class Optimizer>
Vector<double> five_steps(const Quadratics& q, const Optimizer& optimizer) {
  const auto problem = q.problem();
  Vector<double> x = some_point();
  train(problem, x, optimizer, {.iterations = 5});
  return x;
}
/// Item 2: log-log slopes in a, between 1e-2 and 1e-3, of |E SGD(a) - five steps of X(a)|: X gradient descent, and GradAlign with beta = `share` a.
template <class Optimizer>
double distance_from_epochs(const Quadratics& q, double a, const Optimizer& optimizer) {
  return (mean_of_epochs(q, a) - five_steps(q, optimizer)).norm();
}
inline double slope_of_descent(std::uint64_t seed) {
  const Quadratics q(seed);
  const auto off = [&](double a) { return distance_from_epochs(q, a, gradient_descent({.rate = a})); };
  return std::log10(off(1e-2) / off(1e-3));
}
inline double slope_of_alignment(std::uint64_t seed, double share) {
  const Quadratics q(seed);
  const auto off = [&](double a) {
    return distance_from_epochs(q, a, grad_align({.partition = Quadratics::partition(), .rate = a, .beta = share * a}));
  };
  return std::log10(off(1e-2) / off(1e-3));
}

/// Item 3: the largest entry of the sum of displacements at beta = 0.3; of the difference at beta = 0, over both forms, from the sum over clients of their
/// gradients, to the last bit what reaches the next stage; of that sum from the gradient in closed form; and the distance from it at beta = 0.3.
struct NoAlignment {
  double sum_of_displacements, difference, rounding, with_beta;
};
inline NoAlignment no_alignment(std::uint64_t seed) {
  const Quadratics q(seed);
  NoAlignment found{};
  const Vector<double> aligned = aligned_direction(q, some_point(), 0.3, AlignmentForm::displaced, &found.sum_of_displacements);
  Vector<double> by_hand = Vector<double>::Zero(4), g(4);
  const auto problem = q.problem();
  auto ws = problem.workspace();
  const Partition parts = Quadratics::partition();
  for (Index i = 0; i < 5; ++i) {
    problem.value_and_gradient(some_point(), parts[i], ws, g);
    by_hand += 0.2 * g;
  }
  for (const AlignmentForm form : {AlignmentForm::displaced, AlignmentForm::exact})
    found.difference = std::max(found.difference, (aligned_direction(q, some_point(), 0, form) - by_hand).cwiseAbs().maxCoeff());
  found.rounding = (by_hand - q.gradient(some_point())).norm();
  found.with_beta = (aligned - q.gradient(some_point())).norm();
  return found;
}

/// Item 4: completion by a deep matrix, observations with five clients, rate 1: the rate times the sum of r over the steps, and the loss it ended at.
struct ClientRun {
  double variance, loss;
};
inline ClientRun completed(std::uint64_t seed, double beta_over_rate, Index steps) {
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

}  // namespace dandi2022
