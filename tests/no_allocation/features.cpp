// SPDX-License-Identifier: MIT
// No allocation inside a step of regression with features and of losses over groups of entries.
#define EIGEN_RUNTIME_NO_MALLOC  // in every file: precompiled headers would come before it
#include "no_allocation.hpp"

#include <tacit/loss/cross_entropy.hpp>
#include <tacit/observation/features.hpp>

TEST_CASE("features, and cross-entropy over the outputs of a sample, over groups of one size and of several") {
  const auto optimizers = [](const auto& problem) {
    check(problem, gradient_descent({.rate = 1e-3}));
    check(problem, gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
    check(problem, sgd({.rate = 1e-3, .batch = problem.count() / 3 + 1}));
  };
  const Matrix<double> X = Matrix<double>::Random(20, 6);
  std::vector<Index> labels(20);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<Index>(i % 4);
  for (const std::vector<Index>& widths : std::vector<std::vector<Index>>{{6, 4}, {6, 5, 4}, {6, 5, 3, 4}}) {
    const DeepMatrix<double> model(widths);
    optimizers(Problem(model, regression_data(X, Matrix<double>(Matrix<double>::Random(20, 4))), HalfMeanRegression{}));
    optimizers(Problem(model, classification_data(X, labels, 4), cross_entropy()));
  }
  const DeepMatrix<double> model({4, 5, 3});
  Data<double, AllEntries> shares(AllEntries(3, 4), Vector<double>{{1, 0, 0, 0.25, 0.5, 0.25, 0, 1, 0, 0.5, 0, 0.5}});
  optimizers(Problem(model, shares, cross_entropy({.classes = 3})));
  shares.y = Vector<double>{{1, 0.5, 0.5, 0, 0, 1, 0, 0, 1, 0.75, 0.25, 0}};
  optimizers(Problem(model, shares, cross_entropy({.groups = partition(12, {{0, 3}, {2, 1, 4}, {8, 6, 7, 11}, {9, 10}, {5}})})));
}
