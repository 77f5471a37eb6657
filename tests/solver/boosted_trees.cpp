// SPDX-License-Identifier: MIT
// Boosted trees: a step is found, an interaction too, nothing is learnt from noise features, and the feature that is left out is.
#include <tacit/core/random.hpp>
#include <tacit/solver/boosted_trees.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "tree_tasks.hpp"

using namespace tacit;

TEST_CASE("trees find steps and interactions on rows that they have not seen, and nothing in features that say nothing") {
  const Matrix<double> X = tree_tasks::uniform(600, 3, 1);
  const detail::BinnedFeatures binned(X);
  Vector<double> step(600), both(600);
  for (Index i = 0; i < 600; ++i) step[i] = X(i, 0) > 0.3 ? 2 : -1, both[i] = X(i, 0) * X(i, 1) > 0 ? 1 : -1;
  const auto grown = [&](const Vector<double>& y, Index without) {
    return detail::BoostedTrees(binned, tree_tasks::first(300), y.head(300), without, {}).predictions();
  };
  CHECK(tree_tasks::error(grown(step, -1), step) < 0.25);  // of 1.4
  CHECK(tree_tasks::error(grown(both, -1), both) < 0.6);   // of 1
  CHECK(tree_tasks::error(grown(both, 1), both) > 0.9);    // the feature is left out
  // One tree of one level at full rate: the mean on either side of the cut.
  const Vector<double> one =
      detail::BoostedTrees(binned, tree_tasks::first(300), step.head(300), -1, {.trees = 1, .depth = 1, .rate = 1, .ridge = 0, .leaf = 1})
          .predictions();
  for (Index i = 0; i < 600; ++i)
    if (std::abs(X(i, 0) - 0.3) > 0.1) CHECK_THAT(one[i], Catch::Matchers::WithinAbs(step[i], 0.15));
}

TEST_CASE("leaves keep their fewest rows; features of one value, and too few rows, give the mean") {
  Matrix<double> X = tree_tasks::uniform(40, 1, 2);
  Vector<double> y = Vector<double>::Zero(40);
  y[7] = 100;
  const detail::BinnedFeatures binned(X);
  CHECK(detail::BoostedTrees(binned, tree_tasks::first(40), y, -1, {.trees = 200, .depth = 6, .rate = 0.5, .ridge = 0, .leaf = 20})
            .predictions()
            .maxCoeff() < 11);
  CHECK(detail::BoostedTrees(binned, tree_tasks::first(40), y, -1, {.trees = 200, .depth = 6, .rate = 0.5, .ridge = 0, .leaf = 1})
            .predictions()[7] > 50);
  const detail::BinnedFeatures constant(Matrix<double>::Ones(40, 2));
  CHECK(detail::BoostedTrees(constant, tree_tasks::first(40), y, -1, {}).predictions().isConstant(2.5));
  CHECK(detail::BoostedTrees(binned, tree_tasks::first(10), y.head(10), -1, {}).predictions().isConstant(10));
  CHECK(scratch::error_of([&] { detail::BoostedTrees(binned, tree_tasks::first(40), y, -1, {.depth = 0}); }) ==
        "BoostedTrees: trees 100, depth 0, leaf 20; the depth lies in 1 ... 12");
}
