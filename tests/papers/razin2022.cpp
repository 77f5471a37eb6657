// SPDX-License-Identifier: MIT
// Razin, Maman, Cohen 2022, Implicit Regularization in Hierarchical Tensor Factorization and Deep Convolutional Neural Networks, items 3 to 5: a small
// hierarchical factorization, and what the contraction is. Items 1, 2 and the full size are among examples/paper_checks.
#include <tacit/tacit.hpp>

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/hook/unfoldings.hpp>
#include <tacit/model/hierarchical_tensor.hpp>

#include "../../examples/paper_checks/components.hpp"
#include "catch.hpp"
#include "papers/differences.hpp"

using namespace tacit;

namespace {

Vector<double> razin_normal(Index size, std::uint64_t seed) {
  Random random(seed, "razin2022");
  Vector<double> x(size);
  for (double& value : x) value = random.normal();
  return x;
}
/// Order 4, pooled in pairs; the tree says which.
HierarchicalTensor<double> small(Pooling pooling) {
  return HierarchicalTensor<double>({.shape = {2, 3, 4, 2}, .widths = {3, 2}, .tree = perfect_tree(4, 2, pooling)});
}
Vector<double> tensor_of(const HierarchicalTensor<double>& model, const Vector<double>& theta) {
  const AllEntries all(model.shape());
  auto ws = model.workspace(all);
  Vector<double> W(model.shape().count());
  model.evaluate(theta, all, ws, W);
  return W;
}

/// Order 4, dimension 4, widths 32, ranks 2, 192 of 256 entries observed, entries of size 1: otherwise as at full size.
struct SmallTree {
  double error, gap = 0;  ///< gap: the largest difference between the effective ranks of W and of the truth, over the nodes below the root
  Rises rises;            ///< of the local components above modes 0 and 1

  explicit SmallTree(std::uint64_t seed) {
    const HierarchicalTensor<float> low({.shape = {4, 4, 4, 4}, .widths = {2, 2}}), model({.shape = {4, 4, 4, 4}, .widths = {32, 32}});
    const auto [truth, seen] = low_rank_completion(low, {.observed = 192, .norm = 16, .seed = seed});
    const Problem problem(model, seen, MeanSquares{});
    Vector<float> theta = model.near_zero({.entry_std = 2e-2, .seed = seed});
    Trajectory norms(every_local_component({0, 1}));
    Trajectory end(error_to(truth), hierarchical_effective_ranks());
    train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 30'000}, every(25, norms), at_the_end(end),
          every(25, stop_when(loss_below(5e-5, 51))));
    error = end.last("relative_error");
    rises = Rises::of(norms, 3);
    SpectrumWorkspace<float> ws;
    Matrix<float> unfolded;
    Vector<float> sigma;
    Index column = 1;
    for (const std::vector<Index>& modes : std::vector<std::vector<Index>>{{0}, {1}, {0, 1}, {2}, {3}, {2, 3}}) {  // children first
      matricise(truth.shape, truth.values.data(), modes, unfolded);
      singular_values(unfolded, ws, sigma);
      gap = std::max(gap, std::abs(end.last(sentence("hierarchical_effective_rank_", column++)) - effective_rank_of(sigma)));
    }
  }
};

}  // namespace

// Item 3. Of 40 draws to calibrate (seeds 11 ... 50) the middle 80 % ended with gaps of 0.003 to 0.23, and 35 learned one local component at a time. It is no
// statement on every draw: of 52 (101 ... 106, 201 ... 206 too) 48 came below 0.3, the others are on a plateau when the run ends. Hence medians.
TEST_CASE(
    "a small hierarchical factorization learns local components one at a time, and ends with the truth's effective ranks: medians of nine "
    "draws") {
  std::vector<double> gaps, early;
  for (std::uint64_t seed = 301; seed <= 309; ++seed) {
    const SmallTree run(seed);
    gaps.push_back(run.gap);
    early.push_back(run.rises.early);
  }
  CAPTURE(gaps, early);
  std::sort(gaps.begin(), gaps.end());
  std::sort(early.begin(), early.end());
  CHECK(gaps[4] <= 0.23);
  CHECK(early[4] < 0.1);
}

// Item 4.
TEST_CASE("the contraction of an order-4 hierarchical tensor is the sum over all its indices") {
  for (const Pooling pooling : {Pooling::neighbours, Pooling::distant}) {
    const auto model = small(pooling);
    const Vector<double> theta = razin_normal(model.parameter_count(), 1), W = tensor_of(model, theta);
    // Blocks: A1 ... A4, B of the nodes over pairs, o.
    const auto A = [&](Index n, Index i, Index r) { return model.block(theta, n)(i, r); };
    const Index pair[2][2] = {{0, pooling == Pooling::neighbours ? 1 : 2}, {pooling == Pooling::neighbours ? 2 : 1, 3}};
    const Shape shape = model.shape();
    Index at = 0;
    double error = 0;
    Index i[4];
    for (i[3] = 0; i[3] < shape[3]; ++i[3])
      for (i[2] = 0; i[2] < shape[2]; ++i[2])
        for (i[1] = 0; i[1] < shape[1]; ++i[1])
          for (i[0] = 0; i[0] < shape[0]; ++i[0]) {
            double sum = 0;
            for (Index q = 0; q < 2; ++q)
              for (Index r = 0; r < 3; ++r)
                for (Index s = 0; s < 3; ++s)
                  sum += model.block(theta, 6)(q, 0) * model.block(theta, 4)(r, q) * A(pair[0][0], i[pair[0][0]], r) *
                         A(pair[0][1], i[pair[0][1]], r) * model.block(theta, 5)(s, q) * A(pair[1][0], i[pair[1][0]], s) *
                         A(pair[1][1], i[pair[1][1]], s);
            error = std::max(error, std::abs(W[at++] - sum));
          }
    CHECK(error <= 1e-12 * W.cwiseAbs().maxCoeff());
  }
}
TEST_CASE("its gradient is that of central differences, every parameter") {
  for (const Pooling pooling : {Pooling::neighbours, Pooling::distant}) {
    const auto model = small(pooling);
    const auto seen = low_rank_completion(model, {.observed = 30, .norm = 5, .seed = 2}).seen;
    const Problem problem(model, seen, MeanSquares{});
    const Vector<double> theta = razin_normal(model.parameter_count(), 3);
    Vector<double> g(theta.size());
    auto ws = problem.workspace();
    problem.value_and_gradient(theta, ws, g);
    CHECK((g - papers::central_differences(problem, theta)).lpNorm<Eigen::Infinity>() <= 1e-6 * g.lpNorm<Eigen::Infinity>());
  }
}

// Item 5.
TEST_CASE("all parameters times c make W times c^7") {
  for (const Pooling pooling : {Pooling::neighbours, Pooling::distant}) {
    const auto model = small(pooling);
    const Vector<double> theta = razin_normal(model.parameter_count(), 4), W = tensor_of(model, theta);
    for (const double c : {0.5, -1.0, 1.7})
      CHECK((tensor_of(model, c * theta) - std::pow(c, 7) * W).norm() <= 1e-13 * std::abs(std::pow(c, 7)) * W.norm());
  }
}
