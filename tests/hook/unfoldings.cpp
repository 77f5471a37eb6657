// SPDX-License-Identifier: MIT
// Probes on matricisations against Eigen's decomposition of matrices that are filled index by index here.
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/hook/unfoldings.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/model/hierarchical_tensor.hpp>

#include <Eigen/SVD>

#include "catch.hpp"
#include "tensors.hpp"
#include "thrown.hpp"

using namespace tensors;
using Catch::Matchers::WithinRel;

namespace {

const Shape shape{3, 2, 4, 2};

Vector<double> expected(const Tensor<double>& W, const std::vector<Index>& rows) {
  const auto is_row = [&](Index n) { return std::find(rows.begin(), rows.end(), n) != rows.end(); };
  Index r = 1;
  for (Index n : rows) r *= W.shape[n];
  Matrix<double> M(r, W.shape.count() / r);
  for (Index a = 0; a < 3; ++a)
    for (Index b = 0; b < 2; ++b)
      for (Index c = 0; c < 4; ++c)
        for (Index d = 0; d < 2; ++d) {
          const Index at[] = {a, b, c, d};
          Index row = 0, col = 0;
          for (Index n = 0; n < 4; ++n) (is_row(n) ? row : col) = (is_row(n) ? row : col) * W.shape[n] + at[n];
          M(row, col) = W({a, b, c, d});
        }
  return Eigen::JacobiSVD<Matrix<double>>(M).singularValues();
}
double rank_of(const Vector<double>& s) {
  double entropy = 0;
  for (double value : s)
    if (value > 0) entropy -= value / s.sum() * std::log(value / s.sum());
  return std::exp(entropy);
}

}  // namespace

TEST_CASE("singular values of every matricisation, its transpose included, are those of the matrix filled by hand") {
  const CP<double> model({.shape = shape, .rank = 5});
  const Vector<double> theta = normal(model.parameter_count(), 1);
  const Tensor<double> W = formed(model, theta);
  look_at(model, theta, [&](const auto& now) {
    for (const std::vector<Index>& rows :
         std::vector<std::vector<Index>>{{0}, {1}, {2}, {3}, {0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}, {3, 1, 2}, {0, 1, 3}}) {
      const Vector<double> s = expected(W, rows);
      REQUIRE(sigma(now, rows).size() == s.size());
      CHECK((sigma(now, rows) - s).norm() < 1e-12 * s[0]);
      CHECK_THAT(matricised_effective_rank(rows)(now), WithinRel(rank_of(s), 1e-12));
    }
    CHECK(thrown([&] { sigma(now, {}); }) ==
          "sigma: a matricisation of W of shape 3 x 2 x 4 x 2 has some of its modes as rows, each once, and not all; got 0");
    CHECK(thrown([&] { sigma(now, {0, 4}); }) == "sigma: mode 4 is asked for, W is 3 x 2 x 4 x 2");
  });
}

TEST_CASE("ranks of unfoldings, cuts and tree nodes") {
  const HierarchicalTensor<double> model({.shape = shape, .widths = {2, 1}});
  const Vector<double> theta = normal(model.parameter_count(), 2);
  const Tensor<double> W = formed(model, theta);
  look_at(model, theta, [&](const auto& now) {
    double ranks = 0, nuclear = 0;
    const Vector<double> each = unfolding_effective_ranks()(now), count = unfolding_ranks(1e-10)(now);
    for (Index n = 0; n < 4; ++n) {
      const Vector<double> s = expected(W, {n});
      CHECK_THAT(each[n], WithinRel(rank_of(s), 1e-12));
      CHECK(count[n] == 2);
      CHECK(unfolding_ranks((s[0] + s[1]) / 2)(now)[n] == 1);
      CHECK((unfolding_singular_values(n, 9)(now) - s).norm() < 1e-12 * s[0]);
      ranks += rank_of(s) / 4;
      nuclear += s.sum();
    }
    CHECK_THAT(mean_effective_rank(now), WithinRel(ranks, 1e-12));
    CHECK_THAT(unfolding_nuclear_sum(now), WithinRel(nuclear, 1e-12));
    CHECK(tt_ranks(1e-10)(now) == Vector<double>(Eigen::Vector3d(2, 1, 2)));
    const Vector<double> cuts = tt_effective_ranks()(now);
    CHECK_THAT(cuts[1], WithinRel(1.0, 1e-10));
    CHECK_THAT(cuts[2], WithinRel(rank_of(expected(W, {3})), 1e-12));
    Vector<double> nodes(6);
    nodes << 2, 2, 1, 2, 2, 1;  // 0, 1, {0, 1}, 2, 3, {2, 3}
    CHECK(hierarchical_ranks(1e-10)(now) == nodes);
    const Vector<double> other = hierarchical_effective_ranks(perfect_tree(4, 2, Pooling::distant))(now);
    CHECK_THAT(other[2], WithinRel(rank_of(expected(W, {0, 2})), 1e-12));
  });
  const CP<double> flat({.shape = shape, .rank = 1});
  look_at(flat, normal(flat.parameter_count(), 3), [&](const auto& now) {
    CHECK(thrown([&] { hierarchical_ranks(1e-3)(now); }) == "hierarchical rank: the model has no mode tree, give one");
    CHECK(hierarchical_ranks(1e-10, ModeTree({{0, 1, 2}, 3}))(now).isOnes());
  });
}

TEST_CASE("spectra follow theta, and columns have names") {
  const CP<double> model({.shape = {3, 2, 2}, .rank = 2});
  const Problem problem(model, fully_observed(normal_tensor(model.shape(), 4)), MeanSquares{});
  Vector<double> theta = normal(model.parameter_count(), 5);
  Trajectory history(tt_effective_ranks(), matricised_singular_values({1, 2}, 1), lp_norm(1), distance_to(Tensor<double>(model.shape())),
                     frobenius_norm);
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 40}, every(20, history));
  CHECK(history.names() == std::vector<std::string>{"iteration", "tt_effective_rank_1", "tt_effective_rank_2", "sigma_of_1_2_1",
                                                    "lp_norm_1", "distance", "frobenius_norm"});
  CHECK(history.column("tt_effective_rank_2")[0] != history.column("tt_effective_rank_2")[1]);
  const Tensor<double> W = formed(model, theta);
  CHECK_THAT(history.last("lp_norm_1"), WithinRel(W.values.cwiseAbs().sum(), 1e-12));
  CHECK_THAT(history.last("distance"), WithinRel(W.norm(), 1e-12));
  look_at(model, theta, [&](const auto& now) {
    CHECK_THAT(lp_norm(0.5)(now), WithinRel(std::pow(W.values.cwiseAbs().cwiseSqrt().sum(), 2), 1e-12));
    CHECK(thrown([&] { distance_to(Tensor<double>(Shape{3, 4}))(now); }) == "distance_to: the reference is 3 x 4, W is 3 x 2 x 2");
  });
  CHECK(thrown([] { lp_norm(0); }) == "lp_norm: p is 0, it needs to be positive and finite");
}
