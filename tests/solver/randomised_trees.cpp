// SPDX-License-Identifier: MIT
// Averages of randomised trees: steps and interactions are found, leaves keep their fewest rows, the feature that is left out is not seen.
#include <tacit/solver/randomised_trees.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "tree_tasks.hpp"

using namespace tacit;

TEST_CASE("averaged trees find steps and interactions on rows that they have not seen, without the feature that is left out") {
  const Matrix<double> X = tree_tasks::uniform(400, 3, 1);
  Vector<double> step(400), both(400);
  for (Index i = 0; i < 400; ++i) step[i] = X(i, 0) > 0.3 ? 2 : -1, both[i] = X(i, 0) * X(i, 1) > 0 ? 1 : -1;
  const auto grown = [&](const Vector<double>& y, Index without, std::uint64_t seed = 1) {
    return detail::RandomisedTrees(X, tree_tasks::first(200), y.head(200), without, {.trees = 50, .seed = seed}).predictions();
  };
  CHECK(tree_tasks::error(grown(step, -1), step) < 0.5);   // of 1.4
  CHECK(tree_tasks::error(grown(both, -1), both) < 0.75);  // of 1
  CHECK(tree_tasks::error(grown(both, 1), both) > 0.9);
  CHECK(grown(both, -1) == grown(both, -1));
  CHECK(grown(both, -1) != grown(both, -1, 2));
}

TEST_CASE("one averaged tree with leaves of one row repeats its targets; leaves of all rows, and equal targets, give the mean") {
  const Matrix<double> X = tree_tasks::uniform(40, 2, 2);
  const Vector<double> y = tree_tasks::uniform(40, 1, 3);
  const auto grown = [&](const Vector<double>& targets, Index leaf) {
    return Vector<double>(detail::RandomisedTrees(X, tree_tasks::first(40), targets, -1, {.trees = 1, .leaf = leaf}).predictions());
  };
  CHECK((grown(y, 1) - y).norm() < 1e-12);
  const Vector<double> coarse = grown(y, 8);
  for (const double leaf : coarse) CHECK((coarse.array() == leaf).count() >= 8);
  CHECK(coarse.maxCoeff() > coarse.minCoeff());
  CHECK((grown(y, 21).array() - y.mean()).abs().maxCoeff() < 1e-12);
  CHECK((grown(Vector<double>::Constant(40, 0.1), 1).array() - 0.1).abs().maxCoeff() < 1e-12);
  CHECK(scratch::error_of([&] { detail::RandomisedTrees(X, tree_tasks::first(40), y, -1, {.leaf = 0}); }) ==
        "RandomisedTrees: trees 100 and leaf 0 need to be positive");
}
