// SPDX-License-Identifier: MIT
#include <tacit/analysis/eigenpairs.hpp>

#include <tacit/analysis/hessian.hpp>
#include <tacit/loss/huber.hpp>

#include "analysis/against_dense.hpp"
#include "analysis/quadratic.hpp"

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

Vector<double> pair_spectrum(std::initializer_list<double> head, Index count, double low, double high) {
  Vector<double> lambda(static_cast<Index>(head.size()) + count);
  Index k = 0;
  for (double value : head) lambda[k++] = value;
  for (Index i = 0; i < count; ++i) lambda[k++] = low + (high - low) * static_cast<double>(i) / static_cast<double>(count);
  return lambda;
}
template <class S = double>
HessianOperator<Quadratic<S>> operator_of(const Quadratic<S>& problem) {
  return {problem, Vector<S>::Zero(problem.dimension())};
}

}  // namespace

TEST_CASE("both ends of spectra with multiple, clustered and large negative eigenvalues are found, each as often as it is there") {
  struct Case {
    const char* name;
    Vector<double> lambda;
  };
  for (const Case& c : {Case{"separated", pair_spectrum({10, 7, 5, 4}, 150, -1, 1)},
                        Case{"the top value four times", pair_spectrum({3, 3, 3, 3}, 150, -3, 1)},
                        Case{"pairs of equal values", pair_spectrum({5, 5, 4, 4}, 150, -1, 1)},
                        Case{"larger below than above", pair_spectrum({1, 0.9}, 150, -1000, 0.1)},
                        Case{"a cluster", pair_spectrum({1, 1 - 1e-7, 1 - 1e-5, 1 - 1e-3}, 150, 0, 0.9)},
                        Case{"of rank two", pair_spectrum({7, -7}, 150, 0, 0)}, Case{"zero", pair_spectrum({}, 150, 0, 0)}}) {
    INFO(c.name);
    const Quadratic<double> problem(c.lambda);
    const auto hessian = operator_of(problem);
    Vector<double> sorted = c.lambda;
    std::sort(sorted.begin(), sorted.end());
    const double norm = c.lambda.cwiseAbs().maxCoeff();
    const auto top = top_eigenpairs(hessian, 4, {.tolerance = 1e-9}), low = bottom_eigenpairs(hessian, 4, {.tolerance = 1e-9});
    for (const auto& found : {top, low}) {
      CHECK(found.all_converged());
      CHECK(found.second_start);
      CHECK((found.vectors.transpose() * found.vectors - Matrix<double>::Identity(4, 4)).norm() < 1e-12);
      for (Index i = 0; i < 4; ++i) {
        const Vector<double> x = found.vectors.col(i), rest = hessian.apply(x) - found.values[i] * x;
        CHECK_THAT(found.residuals[i], WithinAbs(rest.norm(), 1e-13 * norm));
      }
    }
    for (Index i = 0; i < 4; ++i) {
      CHECK_THAT(top.values[i], WithinAbs(sorted[sorted.size() - 1 - i], 1e-8 * norm));
      CHECK_THAT(low.values[i], WithinAbs(sorted[i], 1e-8 * norm));
    }
  }
}
TEST_CASE("a basis that is too small for the search is restarted, and the pairs come out the same") {
  const Quadratic<double> problem(pair_spectrum({3, 2.9, 2.5}, 200, -2, 2));
  const auto hessian = operator_of(problem);
  const auto few = top_eigenpairs(hessian, 3, {.tolerance = 1e-9, .basis = 26}), many = top_eigenpairs(hessian, 3, {.tolerance = 1e-9});
  CHECK(few.all_converged());
  CHECK((few.values - Vector<double>{{3, 2.9, 2.5}}).norm() < 1e-12);
  CHECK((many.values - few.values).norm() < 1e-12);
}
TEST_CASE("pairs that did not converge are told, with their residuals, and so is a search with a single start") {
  const Quadratic<double> problem(pair_spectrum({}, 300, -1, 1));
  const auto found = top_eigenpairs(operator_of(problem), 3, {.products = 12});
  CHECK(found.products == 12);
  CHECK(found.converged == 0);
  CHECK_FALSE(found.second_start);
  for (Index i = 0; i < 3; ++i) {
    CHECK(found.residuals[i] > found.tolerance);
    const Vector<double> x = found.vectors.col(i);
    CHECK_THAT((problem.hessian() * x - found.values[i] * x).norm(), WithinAbs(found.residuals[i], 1e-12));
  }
  CHECK(scratch::mentions(sentence(found), " (not converged)"));
  CHECK(scratch::mentions(sentence(found), "after 12 products (one start)"));
  const auto none = top_eigenpairs(operator_of(problem), 3, {.products = 2});  // fewer products than pairs
  CHECK(none.converged == 0);
  CHECK(std::isnan(none.residuals[2]));
}
TEST_CASE("negative curvature is proven, excluded or left open") {
  const auto verdict = [](const Vector<double>& lambda, Index products) {
    const Quadratic<double> problem(lambda);
    return negative_curvature(bottom_eigenpairs(operator_of(problem), 1, {.products = products}));
  };
  CHECK(verdict(pair_spectrum({-0.1}, 200, 0, 3), 300) == NegativeCurvature::found);
  CHECK(verdict(pair_spectrum({}, 200, 0, 3), 300) == NegativeCurvature::none);
  CHECK(verdict(pair_spectrum({1e-5}, 300, 1e-4, 3), 4) == NegativeCurvature::undecided);
}
TEST_CASE("what cannot be asked for is refused in words") {
  const Quadratic<double> problem(pair_spectrum({}, 30, -1, 1));
  const auto hessian = operator_of(problem);
  CHECK(scratch::error_of([&] { top_eigenpairs(hessian, 31); }) ==
        "top_eigenpairs: 31 pairs are asked for, the operator has 30 rows; ask for 1 to 30");
  CHECK(scratch::mentions(scratch::error_of([&] { bottom_eigenpairs(hessian, 0); }), "bottom_eigenpairs: 0 pairs are asked for"));
  CHECK(scratch::mentions(scratch::error_of([&] { top_eigenpairs(hessian, 1, {.products = 0}); }), ".products is 0"));
  CHECK(scratch::mentions(scratch::error_of([&] { top_eigenpairs(hessian, 2, {.basis = 9}); }), ".basis is 9, for 2 pairs"));
  const auto found = top_eigenpairs(HessianOperator(problem, Vector<double>(Vector<double>::Zero(30))), 30);
  CHECK(found.all_converged());
  CHECK(found.products == 30);
}
TEST_CASE("in float pairs converge as far as rounding lets them") {
  const Vector<double> lambda = pair_spectrum({10, 7, 5, 4}, 80, -1, 1);
  const Quadratic<float> problem(lambda);
  const auto found = top_eigenpairs(operator_of(problem), 3, {.tolerance = 0});
  CHECK(found.all_converged());
  CHECK((found.values - lambda.head(3)).norm() < 1e-4);
}
TEST_CASE("the Gauss-Newton matrix and the rest sum to the Hessian, and the first has no negative curvature under a convex loss") {
  const DeepMatrix<double> model({4, 3, 5});
  const Problem problem(model, fully_observed(Matrix<double>(Matrix<double>::Constant(5, 4, 0.3))), huber({.delta = 0.2}));
  const Vector<double> theta = model.near_zero({.entry_std = 0.7, .seed = 2});
  const HessianOperator whole(problem, theta), gauss_newton(problem, theta, HessianPart::gauss_newton),
      rest(problem, theta, HessianPart::rest);
  const Matrix<double> H = whole.dense(), C = gauss_newton.dense(), R = rest.dense();
  CHECK((C + R - H).norm() < 1e-12 * H.norm());
  CHECK((gauss_newton.dense() - C).norm() == 0);
  CHECK((rest.dense() - R).norm() == 0);
  CHECK(R.norm() > 0.1 * H.norm());
  CHECK(negative_curvature(bottom_eigenpairs(gauss_newton, 1)) == NegativeCurvature::none);
  CHECK(negative_curvature(bottom_eigenpairs(whole, 1)) == NegativeCurvature::found);
  const Vector<double> root = Vector<double>::LinSpaced(model.parameter_count(), 0.5, 2);
  const PreconditionedOperator scaled(whole, root);
  const Matrix<double> expected = root.asDiagonal() * H * root.asDiagonal();
  CHECK_THAT(top_eigenpairs(scaled, 1, {.tolerance = 1e-10}).values[0],
             WithinAbs(Eigen::SelfAdjointEigenSolver<Matrix<double>>(expected).eigenvalues().maxCoeff(), 1e-10));
  CHECK(scratch::mentions(scratch::error_of([&] { PreconditionedOperator(whole, Vector<double>(Vector<double>::Ones(3))); }),
                          "the root has 3 entries"));
  CHECK(scratch::mentions(scratch::error_of([&] {
                            const Quadratic<double> plain(Vector<double>(Vector<double>::Ones(2)));
                            HessianOperator(plain, Vector<double>(Vector<double>::Ones(2)), HessianPart::rest);
                          }),
                          "no Gauss-Newton products"));
}
