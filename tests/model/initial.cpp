// SPDX-License-Identifier: MIT
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/deep_tucker.hpp>
#include <tacit/model/hierarchical_tensor.hpp>
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/model/tensor_train.hpp>

#include <Eigen/LU>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

Matrix<double> product(const DeepMatrix<double>& model, const Vector<double>& theta) {
  Matrix<double> W = model.layer(theta, 0);
  for (Index l = 1; l < model.depth(); ++l) W = (model.layer(theta, l) * W).eval();
  return W;
}
double standard_deviation(const auto& values) { return std::sqrt(values.squaredNorm() / static_cast<double>(values.size())); }

}  // namespace

TEST_CASE("entry_std is the standard deviation of every factor's entries") {
  const DeepMatrix<double> model({60, 40, 80});
  for (const Distribution distribution : {Distribution::gaussian, Distribution::uniform}) {
    const Vector<double> theta = model.near_zero({.entry_std = 0.3, .distribution = distribution});
    for (Index l = 0; l < 2; ++l) {
      const auto block = model.layout().flat(theta, l);
      CHECK_THAT(standard_deviation(block), WithinRel(0.3, 5 / std::sqrt(2.0 * static_cast<double>(block.size()))));
      CHECK_THAT(block.mean(), WithinAbs(0, 5 * 0.3 / std::sqrt(static_cast<double>(block.size()))));
    }
    const double largest = theta.cwiseAbs().maxCoeff(), bound = 0.3 * std::sqrt(3.0);
    if (distribution == Distribution::uniform) CHECK((largest <= bound && largest > 0.99 * bound));
    else CHECK(largest > 2.5 * 0.3);
  }
}

TEST_CASE("product_scale s makes |W(0)|_F about s (n1 n2)^(1/4), whatever the depth and the hidden widths") {
  for (const std::vector<Index>& widths : std::vector<std::vector<Index>>{{50, 50}, {50, 50, 50}, {50, 50, 50, 50}, {30, 90, 20, 60}}) {
    const DeepMatrix<double> model(widths);
    INFO(model);
    for (const Distribution distribution : {Distribution::gaussian, Distribution::uniform}) {
      double mean_square = 0;
      for (std::uint64_t seed = 1; seed <= 10; ++seed)
        mean_square +=
            product(model, model.near_zero({.product_scale = 1e-3, .distribution = distribution, .seed = seed})).squaredNorm() / 10;
      const double expected = 1e-3 * std::pow(static_cast<double>(model.rows() * model.cols()), 0.25);
      CHECK_THAT(std::sqrt(mean_square), WithinRel(expected, 0.08));
    }
  }
  // Square factors: the convention of Arora et al. 2019, entries N(0, (s^(1/N) n^(-1/2))^2).
  const DeepMatrix<double> square({50, 50, 50, 50});
  CHECK_THAT(standard_deviation(square.near_zero({.product_scale = 1e-3})), WithinRel(std::pow(1e-3, 1.0 / 3) / std::sqrt(50.0), 0.05));
}

TEST_CASE("product_scale s gives a block of P_l entries the standard deviation s^(1/N) P_l^(-1/4), whatever its order") {
  const auto check = [](const auto& model) {
    INFO(model);
    for (Index l = 0; l < model.layout().size(); ++l) {
      double mean_square = 0;
      const double entries = static_cast<double>(model.layout()[l].count);
      for (std::uint64_t seed = 1; seed <= 20; ++seed)
        mean_square += model.layout().flat(model.near_zero({.product_scale = 1e-3, .seed = seed}), l).squaredNorm() / entries / 20;
      const double expected = std::pow(1e-3, 1 / static_cast<double>(model.degree())) * std::pow(entries, -0.25);
      CHECK_THAT(std::sqrt(mean_square), WithinRel(expected, 5 / std::sqrt(2 * 20 * entries)));
    }
  };
  check(Tucker<double>({.shape = {20, 16, 18}, .ranks = {6, 8, 7}}));
  check(Tucker<double>({.shape = {5, 6, 4, 5}, .ranks = {4, 3, 4, 5}}));
  check(TensorTrain<double>({.shape = {10, 12, 11, 9}, .ranks = {5, 6, 7}}));
  check(DeepTucker<double>({.shape = {9, 8, 10}, .ranks = {5, 6, 7}, .depths = {2}}));
  check(HierarchicalTensor<double>({.shape = {8, 9, 7, 6}, .widths = {5, 6}}));
}

TEST_CASE("product_scale of a symmetric matrix") {
  const SymmetricMatrix<double> model({.size = 40, .width = 40});
  double mean_square = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Vector<double> theta = model.near_zero({.product_scale = 0.01, .seed = seed});
    const Matrix<double> U = model.factor(theta);
    mean_square += (U * U.transpose()).squaredNorm() / 20;
  }
  CHECK_THAT(std::sqrt(mean_square), WithinRel(0.01 * std::sqrt(40.0 + 40 + 1), 0.03));
}

TEST_CASE("factor_norm is the norm of every block") {
  const DeepMatrix<double> model({6, 4, 5});
  const Vector<double> theta = model.near_zero({.factor_norm = 1e-4});
  for (Index l = 0; l < 2; ++l) CHECK_THAT(model.layout().flat(theta, l).norm(), WithinRel(1e-4, 1e-14));
}

TEST_CASE("starts come from their seed, the same in float as in double") {
  const DeepMatrix<double> model({6, 4, 5});
  const Vector<double> theta = model.near_zero({.entry_std = 1, .seed = 3});
  CHECK(theta == model.near_zero({.entry_std = 1, .seed = 3}));
  CHECK(theta != model.near_zero({.entry_std = 1, .seed = 4}));
  CHECK(DeepMatrix<float>({6, 4, 5}).near_zero({.entry_std = 1, .seed = 3}) == theta.cast<float>());
  // Column by column of W_1 first, whatever the storage order.
  Random random(3, "initial");
  for (Index l = 0; l < 2; ++l)
    for (Index j = 0; j < model.layer(theta, l).cols(); ++j)
      for (Index i = 0; i < model.layer(theta, l).rows(); ++i) CHECK(model.layer(theta, l)(i, j) == random.normal());
}

TEST_CASE("identity and perturbed identity") {
  const DeepMatrix<double> square({4, 4, 4, 4}), rectangular({5, 3, 4});
  CHECK((product(square, square.identity({.product_scale = 0.008})) - 0.008 * Matrix<double>::Identity(4, 4)).norm() < 1e-16);
  CHECK(square.layer(square.identity({.product_scale = 0.008}), 1).isApprox(0.2 * Matrix<double>::Identity(4, 4), 1e-14));
  const Vector<double> perturbed = square.identity({.factor_scale = 0.5, .perturbation = 0.1});
  CHECK(square.layer(perturbed, 0).isApprox(0.4 * Matrix<double>::Identity(4, 4)));
  CHECK(square.layer(perturbed, 1).isApprox(0.5 * Matrix<double>::Identity(4, 4)));
  CHECK(square.layer(perturbed, 2).isApprox(0.5 * Matrix<double>::Identity(4, 4)));
  Matrix<double> expected = Matrix<double>::Zero(4, 5);
  for (Index i = 0; i < 3; ++i) expected(i, i) = 0.25;
  CHECK(product(rectangular, rectangular.identity({.factor_scale = 0.5})) == expected);
  const SymmetricMatrix<double> symmetric({.size = 3, .width = 2});
  const Matrix<double> U = symmetric.factor(symmetric.identity({.product_scale = 4}));
  CHECK(U.isApprox(2 * Matrix<double>::Identity(3, 2)));
}

TEST_CASE("orthogonal factors are scaled isometries") {
  const DeepMatrix<double> model({5, 3, 4, 4});
  const Vector<double> theta = model.orthogonal({.product_scale = 0.125, .seed = 2});
  for (Index l = 0; l < 3; ++l) {
    const Matrix<double> W = model.layer(theta, l) / 0.5;
    const Matrix<double> gram = W.rows() >= W.cols() ? Matrix<double>(W.transpose() * W) : Matrix<double>(W * W.transpose());
    CHECK((gram - Matrix<double>::Identity(gram.rows(), gram.cols())).norm() < 1e-14);
  }
  CHECK(theta != model.orthogonal({.product_scale = 0.125, .seed = 3}));
  const DeepMatrix<double> square({4, 4, 4});
  const Matrix<double> W = product(square, square.orthogonal({.factor_scale = 3}));
  CHECK((W.transpose() * W - 81 * Matrix<double>::Identity(4, 4)).norm() < 1e-12);
}

TEST_CASE("draws repeat until the determinant has the wanted sign") {
  const DeepMatrix<double> model({3, 3, 3});
  int same = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const DeterminantSign sign : {DeterminantSign::positive, DeterminantSign::negative}) {
      const double expected = sign == DeterminantSign::positive ? 1 : -1;
      const Vector<double> theta = model.near_zero({.entry_std = 1, .determinant = sign, .seed = seed});
      CHECK(product(model, theta).determinant() * expected > 0);
      CHECK(model.determinant(theta).sign == expected);
      CHECK(product(model, model.orthogonal({.factor_scale = 1, .determinant = sign, .seed = seed})).determinant() * expected > 0);
      same += theta == model.near_zero({.entry_std = 1, .seed = seed});
    }
  CHECK(same == 20);  // each seed's first draw has one of the signs, and is then taken as it is
  CHECK(thrown([] {
          DeepMatrix<double>({3, 2, 3}).near_zero({.entry_std = 1, .determinant = DeterminantSign::positive});
        }) == "near_zero: the determinant's sign needs square factors, W1 is 2 x 3");
  CHECK(thrown([] {
          SymmetricMatrix<double>({.size = 3, .width = 3}).near_zero({.entry_std = 1, .determinant = DeterminantSign::negative});
        }) == "near_zero: 1000 draws gave no start with the wanted sign of the determinant");
}

TEST_CASE("the determinant comes from the factors") {
  const DeepMatrix<double> model({3, 3, 3, 3});
  const Vector<double> theta = model.near_zero({.entry_std = 1});
  const double expected = product(model, theta).determinant();
  CHECK(model.determinant(theta).sign == (expected > 0 ? 1 : -1));
  CHECK_THAT(model.determinant(theta).log_abs, WithinAbs(std::log(std::abs(expected)), 1e-10));
  CHECK(model.determinant(Vector<double>(1e-150 * theta)).sign == model.determinant(theta).sign);
  const SymmetricMatrix<double> symmetric({.size = 3, .width = 3});
  const Vector<double> u = symmetric.near_zero({.entry_std = 1});
  const Matrix<double> U = symmetric.factor(u);
  CHECK(symmetric.determinant(u).sign == 1);
  CHECK_THAT(symmetric.determinant(u).log_abs, WithinAbs(std::log((U * U.transpose()).determinant()), 1e-10));
}

TEST_CASE("aligned starts have the given singular values and vectors, and balanced factors") {
  for (const std::vector<Index>& widths : std::vector<std::vector<Index>>{{5, 4}, {5, 3, 4}, {5, 2, 3, 4}, {5, 3, 2, 6, 4}}) {
    const DeepMatrix<double> model(widths);
    INFO(model);
    Random random(1, "bases");
    const Matrix<double> U = detail::random_isometry<double>(4, 2, random), V = detail::random_isometry<double>(5, 2, random);
    Vector<double> sigma(2);
    sigma << 3, 0.01;
    const Vector<double> theta = model.aligned(U, sigma, V);
    CHECK((product(model, theta) - U * sigma.asDiagonal() * V.transpose()).norm() < 1e-14);
    for (Index l = 0; l + 1 < model.depth(); ++l) {
      const Matrix<double> below = model.layer(theta, l), above = model.layer(theta, l + 1);
      CHECK((above.transpose() * above - below * below.transpose()).norm() < 1e-14);
    }
  }
  const SymmetricMatrix<double> symmetric({.size = 4, .width = 3});
  Random random(2, "bases");
  const Matrix<double> Q = detail::random_isometry<double>(4, 2, random);
  const Vector<double> theta = symmetric.aligned(Q, Vector<double>::Constant(2, 0.25), Q);
  const Matrix<double> U = symmetric.factor(theta);
  CHECK((U * U.transpose() - 0.25 * Q * Q.transpose()).norm() < 1e-14);
}

TEST_CASE("starts that cannot be are refused with a sentence") {
  const DeepMatrix<double> model({5, 2, 4}), plain({5, 4});
  CHECK(thrown([&] { model.near_zero({}); }) ==
        "near_zero: 0 of the scales .entry_std, .product_scale, .factor_norm are given, exactly one is needed");
  CHECK(thrown([&] { model.near_zero({.entry_std = 1, .product_scale = 1}); }) ==
        "near_zero: 2 of the scales .entry_std, .product_scale, .factor_norm are given, exactly one is needed");
  CHECK(thrown([&] { model.near_zero({.entry_std = 0}); }) == "near_zero: .entry_std is 0, it needs to be positive and finite");
  CHECK(thrown([&] { model.near_zero({.product_scale = std::nan("")}); }) ==
        "near_zero: .product_scale is nan, it needs to be positive and finite");
  CHECK(thrown([&] { model.identity({}); }) == "identity: 0 of the scales .product_scale, .factor_scale are given, exactly one is needed");
  CHECK(thrown([&] { model.orthogonal({.factor_scale = -1}); }) == "orthogonal: .factor_scale is -1, it needs to be positive and finite");
  const auto ones = [](Index r, Index c) { return Matrix<double>(Matrix<double>::Ones(r, c)); };
  const Vector<double> two = Vector<double>::Ones(2), three = Vector<double>::Ones(3);
  CHECK(thrown([&] { model.aligned(ones(5, 2), two, ones(5, 2)); }) == "aligned: U is 5 x 2, needs 4 x 2");
  CHECK(thrown([&] { model.aligned(ones(4, 2), two, ones(5, 3)); }) == "aligned: V is 5 x 3, needs 5 x 2");
  CHECK(thrown([&] { plain.aligned(ones(4, 2), two, ones(4, 2)); }) == "aligned: V is 4 x 2, needs 5 x 2");
  CHECK(thrown([&] { model.aligned(ones(4, 3), three, ones(5, 3)); }) == "aligned: block W1 is 2 x 5, too small for 3 singular values");
  CHECK(thrown([&] { model.aligned(ones(4, 2), Vector<double>(-two), ones(5, 2)); }) ==
        "aligned: singular values need to be there and not negative");
  const SymmetricMatrix<double> narrow({.size = 4, .width = 2});
  CHECK(thrown([&] { narrow.aligned(ones(4, 3), three, ones(4, 3)); }) == "aligned: block U is 4 x 2, too small for 3 singular values");
}
