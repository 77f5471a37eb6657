// SPDX-License-Identifier: MIT
// The disagreement of clients' gradients, on quadratics where it is known.
#include <tacit/hook/client_gradients.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "../optimizer/clients.hpp"
#include "../thrown.hpp"
#include "catch.hpp"

using namespace client_quadratics;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("variance, its normalised form and the mean cosine of clients' gradients") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Quadratics q(seed);
    const auto problem = q.problem();
    ClientGradients gradients(problem, Quadratics::partition());
    for (const Vector<double>& x : {some_point(), Vector<double>(-2 * some_point())}) {
      const GradientDisagreement found = gradients.at(x);
      CHECK_THAT(found.variance, WithinRel(q.variance(x), 1e-13));
      CHECK_THAT(found.normalised, WithinRel(q.variance(x) / q.gradient(x).squaredNorm(), 1e-12));
      double cosine = 0;
      for (Index i = 0; i < 5; ++i) {
        CHECK((gradients.gradients().col(i) - q.gradient(i, x)).norm() < 1e-13);
        for (Index j = i + 1; j < 5; ++j) cosine += q.gradient(i, x).normalized().dot(q.gradient(j, x).normalized()) / 10;
      }
      CHECK_THAT(found.cosine, WithinAbs(cosine, 1e-13));
      CHECK((gradients.mean() - q.gradient(x)).norm() < 1e-13);
    }
  }
}
TEST_CASE("clients that agree have no variance and the cosine 1; a client with nothing to learn counts as 0") {
  Quadratics q(1);
  for (Index i = 1; i < 5; ++i) q.A.middleRows(4 * i, 4) = q.A.topRows(4), q.y.segment(4 * i, 4) = q.y.head(4);
  const auto agreeing = q.problem();
  ClientGradients gradients(agreeing, Quadratics::partition());
  CHECK(gradients.at(some_point()).variance < 1e-28);
  CHECK_THAT(gradients.at(some_point()).cosine, WithinAbs(1, 1e-14));
  q.y.head(4).setZero();  // at 0 this client has no gradient, the four others the same
  const auto satisfied = q.problem();
  ClientGradients others(satisfied, Quadratics::partition());
  CHECK_THAT(others.at(Vector<double>::Zero(4)).cosine, WithinAbs(0.6, 1e-14));
  CHECK(others.at(Vector<double>::Zero(4)).variance > 1e-3);
}
TEST_CASE("weights by count") {
  const Quadratics q(2);
  const auto problem = q.problem();
  const Partition uneven = partition(20, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {12, 13, 14, 15, 16, 17, 18, 19}});
  ClientGradients by_count(problem, uneven, ClientWeights::by_count), uniform(problem, uneven);
  by_count.at(some_point());
  uniform.at(some_point());
  CHECK((by_count.mean() - q.gradient(some_point())).norm() < 1e-13);
  CHECK((uniform.mean() - q.gradient(some_point())).norm() > 1e-2);
}
TEST_CASE("as a column of a trajectory it watches without counting as work") {
  const Quadratics q(1);
  const auto problem = q.problem();
  ClientGradients gradients(problem, Quadratics::partition());
  Trajectory history(loss, client_gradients(gradients));
  Vector<double> x = some_point();
  const auto outcome = train(problem, x, gradient_descent({.rate = 0.05}), {.iterations = 10}, every(5, history));
  CHECK(outcome.gradient_evaluations == 10);
  CHECK_THAT(history.last("client_variance"), WithinRel(q.variance(x), 1e-12));
  CHECK(history.last("client_normalised_variance") == gradients.at(x).normalised);
  CHECK(history.last("client_cosine") == gradients.at(x).cosine);
}
TEST_CASE("clients of other data are refused") {
  const Quadratics q(1);
  const auto problem = q.problem();
  CHECK(thrown([&] { ClientGradients(problem, equal_groups(19, 5)); }) ==
        "ClientGradients: the clients' partition is of 19 observations, the data have 20");
  CHECK(thrown([&] { ClientGradients(problem, Partition()); }) ==
        "ClientGradients: there are no clients; give a .partition of the observations");
}
