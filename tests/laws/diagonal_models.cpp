// SPDX-License-Identifier: MIT
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/model/shared_diagonal.hpp>

#include "laws.hpp"

using namespace laws;

namespace {

/// Entries of either sign, between 1/2 and 3/2 in size: powers that are not whole are smooth away from zero only.
template <class S>
Vector<S> away_from_zero(Index size, std::uint64_t seed) {
  Random random(seed, "laws");
  Vector<S> x(size);
  for (S& entry : x) entry = static_cast<S>((random.uniform() < 0.5 ? -1 : 1) * random.uniform(0.5, 1.5));
  return x;
}

template <class M>
void on_every_observation(const M& model) {
  using S = typename M::scalar_type;
  const Index d = model.rows();
  const auto check = [&](const auto& at) {
    verbs_agree(
        model, at, [&](std::uint64_t seed) { return away_from_zero<S>(model.parameter_count(), seed); }, sizeof(S) == 4 ? 0.05 : 0.005);
    if (std::floor(static_cast<double>(model.degree())) == static_cast<double>(model.degree())) verbs_agree(model, at);
  };
  check(AllEntries(Shape{d}));
  check(some_entries(d, 1));
  check(some_list(d, 1));
  check(some_measurements<S>(d, 1));
}

template <class M>
void on_smooth_objectives(const M& model) {
  const Index d = model.rows();
  const Vector<double> theta = away_from_zero<double>(model.parameter_count(), 3);
  const auto check = [&](const auto& at) {
    for (const bool weighted : {false, true})
      objective_is_smooth(Problem(model, targets_near(model, at, theta, weighted), HalfSumOfSquares{}), theta);
  };
  check(AllEntries(Shape{d}));
  check(some_entries(d, 1));
  check(some_measurements<double>(d, 1));
}

}  // namespace

TEMPLATE_TEST_CASE("diagonal nets keep the laws on every observation", "", float, double) {
  for (const double depth : {2.0, 2.5, 3.0, 4.0, 5.25})
    for (const Index d : {1, 7, 40}) on_every_observation(DiagonalNet<TestType>({.size = d, .depth = depth}));
}
TEMPLATE_TEST_CASE("diagonal products keep the laws on every observation", "", float, double) {
  for (const Index depth : {1, 2, 3, 4})
    for (const Index d : {1, 7, 40}) on_every_observation(DiagonalProduct<TestType>({.size = d, .depth = depth}));
}
TEMPLATE_TEST_CASE("diagonal nets of shared weights keep the laws on every observation", "", float, double) {
  for (const double depth : {2.0, 2.5, 3.0, 4.0, 5.25})
    for (const Index d : {1, 7, 40}) on_every_observation(SharedDiagonal<TestType>({.size = d, .depth = depth}));
}
TEST_CASE("objectives of diagonal models have the derivatives that they claim") {
  for (const double depth : {2.0, 2.5, 3.0, 4.0}) on_smooth_objectives(DiagonalNet<double>({.size = 6, .depth = depth}));
  for (const double depth : {2.0, 2.5, 3.0, 4.0}) on_smooth_objectives(SharedDiagonal<double>({.size = 6, .depth = depth}));
  for (const Index depth : {1, 2, 4}) on_smooth_objectives(DiagonalProduct<double>({.size = 6, .depth = depth}));
}
