// SPDX-License-Identifier: MIT
#include <tacit/model/balanced.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/symmetric_matrix.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {
template <class S>
void check(const DeepMatrix<S>& model, const Vector<S>& theta, const Matrix<S>& W, double tolerance) {
  INFO(model);
  Matrix<S> P = model.layer(theta, 0);
  for (Index l = 1; l < model.depth(); ++l) {
    const Matrix<S> above = model.layer(theta, l), below = model.layer(theta, l - 1);
    CHECK((above.transpose() * above - below * below.transpose()).norm() < tolerance);
    P = (above * P).eval();
  }
  CHECK((P - W).norm() < tolerance * W.norm());
}
}  // namespace

TEMPLATE_TEST_CASE("a balanced split has the product asked for and balanced factors", "", float, double) {
  using S = TestType;
  const double tolerance = sizeof(S) == 4 ? 1e-5 : 1e-13;
  for (const std::vector<Index>& widths : std::vector<std::vector<Index>>{{5, 4}, {5, 4, 4}, {5, 6, 7, 4}, {5, 2, 3, 4}}) {
    const DeepMatrix<S> model(widths);
    const Index rank = model.bottleneck();
    const Matrix<S> W = Matrix<S>::Random(4, rank) * Matrix<S>::Random(rank, 5);
    check(model, balanced_split(model, W), W, tolerance);
  }
}

TEST_CASE("balanced draws: entries of W(0) with the given deviation, sign of the determinant included") {
  const DeepMatrix<double> model({30, 30, 30});
  const Vector<double> theta = balanced(model, {.entry_std = 0.2, .seed = 4});
  const Matrix<double> W = model.layer(theta, 1) * model.layer(theta, 0);
  CHECK_THAT(W.norm() / 30, WithinRel(0.2, 0.1));
  check(model, theta, W, 1e-12);
  const DeepMatrix<double> small({3, 3, 3});
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    for (const int sign : {1, -1})
      CHECK(small
                .determinant(balanced(
                    small, {.entry_std = 1, .determinant = sign > 0 ? DeterminantSign::positive : DeterminantSign::negative, .seed = seed}))
                .sign == sign);
}

TEST_CASE("a positive semidefinite matrix splits into U U^T, others do not") {
  const SymmetricMatrix<double> model({.size = 4, .width = 2});
  const Matrix<double> A = Matrix<double>::Random(4, 2), W = A * A.transpose();
  const Vector<double> theta = balanced_split(model, W);
  const Matrix<double> U = model.factor(theta);
  CHECK((U * U.transpose() - W).norm() < 1e-13);
  const std::string sentence = "balanced_split: W is not symmetric and positive semidefinite, as U U^T is";
  const SymmetricMatrix<double> wide({.size = 4, .width = 4});
  CHECK(thrown([&] { balanced_split(wide, Matrix<double>(-W)); }) == sentence);
  CHECK(thrown([&] { balanced_split(wide, Matrix<double>(Matrix<double>::Random(4, 4))); }) == sentence);
}

TEST_CASE("splits that cannot be are refused with a sentence") {
  const DeepMatrix<double> model({5, 2, 4});
  CHECK(thrown([&] { balanced_split(model, Matrix<double>(Matrix<double>::Ones(5, 4))); }) ==
        "balanced_split: W is 5 x 4, the model 4 x 5");
  CHECK(thrown([&] { balanced_split(model, Matrix<double>(Matrix<double>::Identity(4, 5))); }) ==
        "balanced_split: W has a rank above 2, the model's narrowest width");
  CHECK(thrown([&] { balanced(model, {}); }) == "balanced: 0 of the scales .entry_std are given, exactly one is needed");
}
