// SPDX-License-Identifier: MIT
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/symmetric_matrix.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("a deep matrix knows its shape and its blocks") {
  const DeepMatrix<double> model({5, 3, 7, 4});
  CHECK(model.depth() == 3);
  CHECK(model.degree() == 3);
  CHECK(model.rows() == 4);
  CHECK(model.cols() == 5);
  CHECK(model.shape() == Shape{4, 5});
  CHECK(model.bottleneck() == 3);
  CHECK(model.parameter_count() == 3 * 5 + 7 * 3 + 4 * 7);
  CHECK(sentence(model) == "DeepMatrix<float64>({5, 3, 7, 4})");
  CHECK(sentence(DeepMatrix<float>({2, 2})) == "DeepMatrix<float32>({2, 2})");
  CHECK(sentence(model.layout()) == "W1 3 x 5, W2 7 x 3, W3 4 x 7 (row-major)");
  CHECK(sentence(DeepMatrix<double>({5, 4}).layout()) == "W1 4 x 5");
}

TEST_CASE("a deep matrix splits at its narrowest hidden width") {
  for (const std::vector<Index>& widths :
       std::vector<std::vector<Index>>{{5, 3, 4}, {5, 2, 6, 4}, {5, 6, 2, 4}, {5, 6, 2, 3, 4}, {3, 5, 3}}) {
    const DeepMatrix<double> model(widths);
    INFO(model);
    const Vector<double> theta = model.near_zero({.entry_std = 1});
    Matrix<double> left, right, W = model.layer(theta, 0);
    for (Index l = 1; l < model.depth(); ++l) W = (model.layer(theta, l) * W).eval();
    model.split(theta, left, right);
    CHECK(left.cols() == *std::min_element(widths.begin() + 1, widths.end() - 1));
    CHECK(right.rows() == left.cols());
    CHECK((left * right - W).norm() < 1e-13);
  }
  Matrix<double> left, right;
  CHECK(thrown([&] {
          DeepMatrix<double>({5, 4}).split(Vector<double>::Ones(20), left, right);
        }) == "DeepMatrix::split: a single factor has no hidden width to be cut at");
}

TEST_CASE("a symmetric matrix knows its shape and splits into U and its transpose") {
  const SymmetricMatrix<double> model({.size = 4, .width = 3});
  CHECK(model.shape() == Shape{4, 4});
  CHECK(model.parameter_count() == 12);
  CHECK(model.degree() == 2);
  CHECK(model.bottleneck() == 3);
  CHECK(SymmetricMatrix<double>({.size = 2, .width = 5}).bottleneck() == 2);
  CHECK(sentence(model) == "SymmetricMatrix<float64>({.size = 4, .width = 3})");
  CHECK(sentence(model.layout()) == "U 4 x 3 (row-major)");
  const Vector<double> theta = model.near_zero({.entry_std = 1});
  Matrix<double> left, right;
  model.split(theta, left, right);
  CHECK(left == model.factor(theta));
  CHECK(right == left.transpose());
}

TEST_CASE("models that cannot be are refused with a sentence") {
  CHECK(thrown([] { DeepMatrix<double>({5}); }) == "DeepMatrix: got 1 widths, needs at least two (input and output)");
  CHECK(thrown([] { DeepMatrix<double>({5, 0, 4}); }) == "DeepMatrix: width 1 is 0, every width needs at least 1");
  CHECK(thrown([] {
          DeepMatrix<double>({20'000, 20'000, 20'000, 5});
        }).find("DeepMatrix (the product of the first layers): a dense 20000 x 20000") == 0);
  CHECK_NOTHROW(DeepMatrix<double>({100'000, 10, 100'000}));
  CHECK(thrown([] { SymmetricMatrix<double>({.size = 3, .width = 0}); }) == "SymmetricMatrix: size 3 and width 0 need to be at least 1");
  CHECK(thrown([] {
          DeepMatrix<double>({5, 4}).workspace(AllEntries(5, 4));
        }) == "DeepMatrix: the observation is of a 5 x 4 matrix, the model is 4 x 5");
  CHECK(thrown([] { SymmetricMatrix<double>({.size = 3, .width = 1}).workspace(AllEntries(5, 4)); }) ==
        "SymmetricMatrix: the observation is of a 5 x 4 matrix, the model is 3 x 3");
}

TEST_CASE("a layer of a theta that may change can be written to") {
  const DeepMatrix<double> model({3, 2, 4});
  Vector<double> theta = Vector<double>::Zero(model.parameter_count());
  model.layer(theta, 1)(3, 0) = 5;  // W2 is 4 x 2 and row-major: behind the 6 entries of W1
  CHECK(theta[6 + 3 * 2] == 5);
  model.layer(theta, 0).setConstant(2);
  CHECK(theta.head(6) == Vector<double>::Constant(6, 2));
  const Vector<double>& fixed = theta;
  CHECK(model.layer(fixed, 1)(3, 0) == 5);
}
