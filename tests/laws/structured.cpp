// SPDX-License-Identifier: MIT
// Features, rank-one and sparse measurements keep the laws under models of every kind, and every verb of every model gives what a LinearMap made of their
// definitions gives, whether the product is formed or not; their batches are unbiased.
#include "laws/structured.hpp"

#include <tacit/loss/cross_entropy.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/optimizer/label_noise.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

using namespace laws;

namespace {

template <class M, class O, class T>
void same_verbs(const M& model, const O& at, const T& twin) {
  using S = typename M::scalar_type;
  INFO(model << " on " << at.count() << " measurements");
  Verbs<M, O> here(model, at);
  Verbs<M, T> there(model, twin);
  const Index P = model.parameter_count(), m = at.count();
  const Vector<S> theta = normal<S>(P, 1, 0.5), v = normal<S>(P, 2), zbar = normal<S>(m, 3), dzbar = normal<S>(m, 4);
  check_close(here.evaluate(theta), there.evaluate(theta), rounding<S>);
  check_close(here.pullback(theta, zbar), there.pullback(theta, zbar), rounding<S>);
  check_close(here.pushforward(theta, v), there.pushforward(theta, v), rounding<S>);
  check_close(here.pullback_tangent(theta, zbar, dzbar, v), there.pullback_tangent(theta, zbar, dzbar, v), rounding<S>);
}
template <class M, class O, class T>
void as_defined(const M& model, const O& at, const T& twin) {
  verbs_agree(model, at);
  same_verbs(model, at, twin);
}
template <class S>
LinearMap<S> rank_one_matrices(const RankOneMap<S>& at) {
  std::vector<Matrix<S>> A;
  for (Index k = 0; k < at.count(); ++k) A.emplace_back(at.vectors(0).col(k) * at.vectors(1).col(k).transpose());
  return LinearMap<S>(A);
}

/// Batches over a partition average to the full gradient, and one of everything is the full gradient.
template <class P>
void unbiased(const P& problem, const Vector<double>& theta) {
  auto ws = problem.workspace();
  Vector<double> full(theta.size()), g(theta.size()), sum = Vector<double>::Zero(theta.size()), hv(theta.size()), full_hv(theta.size()),
                                                      hv_sum = sum;
  const Vector<double> v = normal<double>(theta.size(), 8);
  const double value = problem.value_and_gradient(theta, ws, full).loss;
  problem.hessian_times_linearized(theta, v, ws, full_hv);
  std::vector<Index> order(static_cast<std::size_t>(problem.count()));
  std::iota(order.begin(), order.end(), Index(0));
  Random(5, "order").shuffle(order);
  double parts = 0;
  for (std::size_t from = 0; from < order.size(); from += 2) {
    const auto which = std::span<const Index>(order).subspan(from, std::min<std::size_t>(2, order.size() - from));
    const double share = static_cast<double>(which.size()) / static_cast<double>(order.size());
    parts += share * problem.value_and_gradient(theta, which, ws, g).loss;
    problem.hessian_times_linearized(theta, which, v, ws, hv);
    sum += share * g, hv_sum += share * hv;
  }
  CHECK(std::abs(parts - value) <= 1e-13 * std::abs(value));
  check_close(sum, full, 1e-13);
  check_close(hv_sum, full_hv, 1e-12);
}

}  // namespace

TEMPLATE_TEST_CASE("features under deep matrices: every verb, through W and without it", "", float, double) {
  using S = TestType;
  const auto few = some_features<S>(6, 9, 5), one = some_features<S>(11, 9, 1);
  CHECK_FALSE(few.prefers_dense(2));
  CHECK(few.prefers_dense(20));
  for (const std::vector<Index>& widths : {std::vector<Index>{9, 5}, {9, 2, 5}, {9, 20, 5}, {9, 3, 2, 5}})
    as_defined(DeepMatrix<S>(widths), few, as_linear_map(few));
  as_defined(DeepMatrix<S>({9, 2, 1}), one, as_linear_map(one));
}
TEMPLATE_TEST_CASE("rank-one and sparse measurements under deep matrices: every verb, through W and without it", "", float, double) {
  using S = TestType;
  const Shape shape{7, 9};
  const auto rank_one = some_rank_one<S>(shape, 12);
  const auto sparse = some_sparse<S>(shape, 15);
  CHECK_FALSE(rank_one.prefers_dense(2));
  CHECK(rank_one.prefers_dense(5));
  for (const std::vector<Index>& widths : {std::vector<Index>{9, 7}, {9, 2, 7}, {9, 5, 7}, {9, 3, 2, 7}}) {
    as_defined(DeepMatrix<S>(widths), rank_one, rank_one_matrices(rank_one));
    as_defined(DeepMatrix<S>(widths), sparse, some_sparse_matrices<S>(shape, 15));
  }
}
TEST_CASE("structured measurements under symmetric, diagonal, recorded and tensor models") {
  const SymmetricMatrix<double> symmetric({.size = 6, .width = 2});
  const auto square = some_rank_one<double>(Shape{6, 6}, 10);
  as_defined(symmetric, square, rank_one_matrices(square));
  verbs_agree(symmetric, some_features<double>(4, 6, 6));
  verbs_agree(symmetric, some_sparse<double>(Shape{6, 6}, 9));
  const DiagonalProduct<double> diagonal({.size = 7, .depth = 3});
  verbs_agree(diagonal, some_rank_one<double>(Shape{7, 1}, 4));
  const Recorded<double> recorded(blocks({{"U", {5, 2}}, {"V", {2, 8}}}), [](auto U, auto V) { return U * V; });
  const auto features = some_features<double>(4, 8, 5);
  as_defined(recorded, features, as_linear_map(features));
  const Shape cube{3, 4, 2};
  const CP<double> cp({.shape = cube, .rank = 3});
  verbs_agree(cp, some_sparse<double>(cube, 14));
  const auto rank_one = some_rank_one<double>(cube, 9);  // against outer products by hand
  Matrix<double> outer(cube.count(), rank_one.count());
  for (Index k = 0; k < rank_one.count(); ++k)
    for (Index i = 0; i < cube.count(); ++i)
      outer(i, k) = rank_one.vectors(0)(i % 3, k) * rank_one.vectors(1)(i / 3 % 4, k) * rank_one.vectors(2)(i / 12, k);
  as_defined(cp, rank_one, LinearMap<double>(cube, outer));
}

TEST_CASE("batches by sample, and of groups of several sizes, are unbiased") {
  const Matrix<double> X = normal_matrix<double>(7, 4, 1);
  const DeepMatrix<double> model({4, 2, 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 2, 0.5);
  const auto regression = regression_data<double>(X, normal_matrix<double>(7, 3, 3));
  const auto classes = classification_data<double>(X, {0, 1, 2, 0, 0, 2, 1}, 3);
  CHECK(Problem(model, regression, MeanSquares{}).count() == 7);
  CHECK(Problem(model, regression, MeanSquares{}).target_count() == 21);
  unbiased(Problem(model, regression, MeanSquares{}), theta);
  unbiased(Problem(model, regression, SumOfSquares{}), theta);
  unbiased(Problem(model, regression, HalfMeanRegression{}), theta);
  unbiased(Problem(model, classes, cross_entropy()), theta);
  unbiased(Problem(model, classes, cross_entropy({.reduction = Reduction::sum, .classes = 3})), theta);
  objective_is_smooth(Problem(model, classes, cross_entropy()), theta);
  const Data<double, AllEntries> groups(AllEntries(3, 4), Vector<double>{{1, 0.5, 0.5, 0, 0, 1, 0, 0, 1, 0.75, 0.25, 0}});
  const auto several = cross_entropy({.groups = partition(12, {{0, 3}, {2, 1, 4}, {8, 6, 7, 11}, {9, 10}, {5}})});
  CHECK(Problem(model, groups, several).count() == 5);
  unbiased(Problem(model, groups, several), theta);
  const Problem sensing(model, Data<double, SparseMap<double>>(some_sparse<double>(Shape{3, 4}, 7), normal<double>(7, 3)), MeanSquares{});
  unbiased(sensing, theta);
}

TEST_CASE("the mean over samples is the mean over entries times the outputs") {
  const DeepMatrix<double> model({4, 3});
  const auto data = regression_data<double>(normal_matrix<double>(7, 4, 1), normal_matrix<double>(7, 3, 3));
  const Vector<double> theta = normal<double>(12, 2);
  const auto loss_of = [&](const auto& loss) {
    const Problem problem(model, data, loss);
    auto ws = problem.workspace();
    return problem.value(theta, ws).loss;
  };
  const double value = loss_of(HalfMeanRegression{});
  CHECK(std::abs(value - 3 * loss_of(HalfMeanSquares{})) < 1e-14);
  const Eigen::Map<const Matrix<double>> W(theta.data(), 3, 4), Z(data.y.data(), 3, 7);
  CHECK(std::abs(value - (W * data.where.columns() - Z).squaredNorm() / 14) < 1e-14);
}

TEST_CASE("sources that disturb targets, and batches of samples, run on several outputs a sample") {
  const DeepMatrix<double> model({4, 2, 3});
  const auto data = regression_data<double>(normal_matrix<double>(7, 4, 1), normal_matrix<double>(7, 3, 3));
  const Problem problem(model, data, MeanSquares{});
  for (const Index size : {3, 7}) {
    Vector<double> theta = normal<double>(model.parameter_count(), 2, 0.5);
    auto ws = problem.workspace();
    const double before = problem.value(theta, ws).loss;
    train(problem, theta, on_batches({.size = size}, LabelNoise{.sigma = 0.01}) | LearningRate{0.05}, {.iterations = 100});
    CHECK(problem.value(theta, ws).loss < before);
  }
}
