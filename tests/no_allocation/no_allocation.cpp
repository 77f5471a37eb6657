// SPDX-License-Identifier: MIT
// No allocation inside a step, from the second one on: neither by operator new, nor by Eigen, at sizes up to 100. (Above, Eigen's
// products may allocate packing buffers beyond 128 KiB.)
#define EIGEN_RUNTIME_NO_MALLOC  // in every file: precompiled headers would come before it
#include "no_allocation.hpp"

#include <tacit/loss/huber.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/model/through_dense.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

#include "counting_new.hpp"

namespace {

template <class P>
void with_every_optimizer(const P& problem) {
  check(problem, gradient_descent({.rate = 1e-3}));
  check(problem, FullGradient{} | WeightDecay{0.1} | Nesterov{} | Clip{.norm = 1} |
                     LearningRate{warm_up(5, cosine({.rate = 1e-3, .iterations = 8}))});
  check(problem, momentum({.rate = 1e-3}));
  check(problem, adam());
  check(problem, group_rmsprop());
  check(problem, gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
  check(problem, SharpnessRate{.every = 2});
  check(problem, GradientFlow{});
  check(problem, sgd({.rate = 1e-3, .batch = problem.count() / 3 + 1}));
  check(problem, sgd({.rate = 1e-3, .batch = 5, .with_replacement = true}));
}

}  // namespace

TEST_CASE("the counters count") {
  const long before = allocations;
  int* volatile number = new int;  // volatile: or the pair would be optimised away
  const long after = allocations;
  delete number;
  CHECK(after == before + 1);
  CHECK(Eigen::internal::is_malloc_allowed());
}

TEST_CASE("every optimizer, on a deep matrix") {
  const DeepMatrix<double> model({7, 5, 6, 8});
  with_every_optimizer(Problem(model, targets<double>(some(8, 7).through(Path::per_entry)), MeanSquares{}, WeightDecayPenalty{0.1}));
}

TEST_CASE("every observation, every depth") {
  for (const std::vector<Index>& widths : std::vector<std::vector<Index>>{{9, 8}, {9, 4, 8}, {9, 5, 6, 8}, {9, 5, 6, 7, 8}}) {
    const DeepMatrix<double> model(widths);
    const auto optimizers = [](const auto& problem) {
      check(problem, gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
      check(problem, sgd({.rate = 1e-3, .batch = problem.count() / 3 + 1}));
    };
    optimizers(Problem(model, targets<double>(some(8, 9).through(Path::per_entry)), MeanSquares{}));
    optimizers(Problem(model, targets<double>(some(8, 9).through(Path::dense)), MeanSquares{}));
    optimizers(Problem(model, targets<double>(AllEntries(8, 9)), MeanSquares{}));
    optimizers(Problem(model, targets<double>(LinearMap<double>(8, 9, Matrix<double>::Random(72, 10))), MeanSquares{}));
  }
}

TEST_CASE("n = 100") {
  for (const std::vector<Index>& widths :
       std::vector<std::vector<Index>>{{100, 100}, {100, 100, 100}, {100, 100, 100, 100}, {100, 100, 100, 100, 100}}) {
    const DeepMatrix<double> model(widths);
    check(Problem(model, targets<double>(some(100, 100)), MeanSquares{}), gradient_descent({.rate = 1e-4}));
    check(Problem(model, targets<double>(some(100, 100).through(Path::dense)), MeanSquares{}),
          gradient_regularized({.rate = 1e-4, .lambda = 0.1}));
  }
}

TEST_CASE("diagonal models") {
  const auto optimizers = [](const auto& model) {
    const Index d = model.rows();
    const auto each = [&](const auto& problem) {
      check(problem, gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
      check(problem, sgd({.rate = 1e-3, .batch = problem.count() / 3 + 1}));
      check(problem, GradientFlow{});
    };
    for (const Path path : {Path::per_entry, Path::dense})
      each(Problem(model, targets<double>(some(d, 1).through(path)), HalfSumOfSquares{}));
    each(Problem(model, targets<double>(AllEntries(Shape{d})), HalfSumOfSquares{}));
    each(Problem(model, targets<double>(LinearMap<double>(d, 1, Matrix<double>::Random(d, 10))), HalfSumOfSquares{}));
  };
  optimizers(DiagonalNet<double>({.size = 40, .depth = 2.5}));
  optimizers(DiagonalProduct<double>({.size = 40, .depth = 3}));
  const DiagonalNet<double> net({.size = 40, .depth = 3});
  check(Problem(net, targets<double>(LinearMap<double>(40, 1, Matrix<double>::Random(40, 10))), HalfSumOfSquares{}), DiagonalFlow{});
}

TEST_CASE("float, symmetric, and a loss by formula") {
  check(Problem(SymmetricMatrix<double>({.size = 8, .width = 3}), targets<double>(some(8, 8)), huber(), WeightDecayPenalty{0.1}),
        gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
  check(Problem(DeepMatrix<float>({40, 30, 20}), targets<float>(some(20, 40)), MeanSquares{}), adam());
}

TEST_CASE("models from a formula, and through the dense W") {
  const auto optimizers = [](const auto& problem) {
    check(problem, gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
    check(problem, sgd({.rate = 1e-3, .batch = problem.count() / 3 + 1}));
  };
  const Matrix<double> X = Matrix<double>::Random(9, 9);
  const auto factors = blocks({{"A", {6, 9}}, {"B", {8, 6}}});
  const std::vector<Recorded<double>> models{{factors, [](auto A, auto B) { return B * A; }},
                                             {factors, [&](auto A, auto B) { return B * tanh(A * X); }},
                                             {factors, [&](auto A, auto B) {
                                                return 2 * sigmoid(reshape(transpose(B * A), 8, 9)) -
                                                       reshape(khatri_rao(A, B * A), 8, 54) * khatri_rao(A, X);
                                              }}};
  for (const Recorded<double>& model : models) {
    for (const Path path : {Path::per_entry, Path::dense})
      optimizers(Problem(model, targets<double>(some(8, 9).through(path)), MeanSquares{}));
    optimizers(Problem(model, targets<double>(AllEntries(8, 9)), MeanSquares{}));
  }
  optimizers(Problem(through_dense(models[1]), targets<double>(some(8, 9)), MeanSquares{}));
}
