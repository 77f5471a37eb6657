// SPDX-License-Identifier: MIT
#include <tacit/model/fold_in.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

const double none = std::numeric_limits<double>::quiet_NaN();

struct Trained {
  DeepMatrix<double> model;
  Vector<double> theta = model.near_zero({.entry_std = 1, .seed = 3});
  Matrix<double> W = [this] {
    Matrix<double> product = model.layer(theta, 0);
    for (Index l = 1; l < model.depth(); ++l) product = (model.layer(theta, l) * product).eval();
    return product;
  }();
};
std::vector<Index> first(Index n) {
  std::vector<Index> at;
  for (Index k = 0; k < n; ++k) at.push_back(2 * k);
  return at;
}
Vector<double> picked(const Vector<double>& x, const std::vector<Index>& at) {
  Vector<double> y(static_cast<Index>(at.size()));
  for (std::size_t k = 0; k < at.size(); ++k) y[static_cast<Index>(k)] = x[at[k]];
  return y;
}

}  // namespace

TEST_CASE("a row and a column of W itself are found again from a few of their entries") {
  const Trained t{
      DeepMatrix<double>(GENERATE(std::vector<Index>{12, 3, 14}, std::vector<Index>{12, 3, 3, 14}, std::vector<Index>{12, 4, 3, 4, 14}))};
  const FoldIn fold(t.model, t.theta, {}, {.ridge = 0});
  // Where the chain is narrower inside than at its end, the end's factor is not determined; a small ridge settles it.
  const bool determined = t.model.bottleneck() == t.model.width(t.model.depth() - 1);
  const FoldIn settled(t.model, t.theta, {}, {.ridge = 1e-10});
  const FoldIn& use = determined ? fold : settled;
  const auto at = first(5);
  CHECK((use.row(at, picked(t.W.row(4), at)) - t.W.row(4).transpose()).norm() < 1e-6);
  CHECK((use.col(at, picked(t.W.col(7), at)) - t.W.col(7)).norm() < 1e-6);
  if (determined) CHECK((fold.row(at, picked(t.W.row(4), at)) - t.W.row(4).transpose()).norm() < 1e-11);
}

TEST_CASE("w minimises the squares and the ridge") {
  const Trained t{DeepMatrix<double>({9, 5, 4, 7})};
  const double lambda = 0.3;
  const FoldIn fold(t.model, t.theta, {}, {.ridge = lambda});
  const std::vector<Index> at{8, 0, 3};
  Vector<double> y(3);
  y << 1, -2, 0.5;
  const Matrix<double> P = t.model.layer(t.theta, 1) * t.model.layer(t.theta, 0), Q = t.model.layer(t.theta, 2) * t.model.layer(t.theta, 1);
  const auto gradient = [&](const Matrix<double>& basis, const Vector<double>& w, const std::vector<Index>& places) {
    Vector<double> g = lambda * basis.squaredNorm() / static_cast<double>(basis.cols()) * w;
    for (std::size_t k = 0; k < places.size(); ++k) g += (w.dot(basis.col(places[k])) - y[static_cast<Index>(k)]) * basis.col(places[k]);
    return g.norm();
  };
  CHECK(gradient(P, fold.row_factor(at, y), at) < 1e-12);
  CHECK(gradient(Q.transpose(), fold.col_factor({6, 0, 3}, y), {6, 0, 3}) < 1e-12);
  CHECK((fold.row(at, y) - P.transpose() * fold.row_factor(at, y)).norm() < 1e-12);
}

TEST_CASE("the ridge does not depend on how W is divided among its factors") {
  const Trained t{DeepMatrix<double>({9, 4, 7})};
  Vector<double> other = t.theta;
  t.model.layout().flat(other, 0) *= 100;
  t.model.layout().flat(other, 1) /= 100;
  const Vector<double> y = Vector<double>::LinSpaced(3, -1, 1);
  CHECK((FoldIn(t.model, t.theta).row(first(3), y) - FoldIn(t.model, other).row(first(3), y)).norm() < 1e-12);
}

TEST_CASE("what was taken off the data is put back, and a row without entries gets that alone") {
  const Trained t{DeepMatrix<double>({8, 2, 6})};
  const Vector<double> of_rows = Vector<double>::LinSpaced(6, -1, 1), of_cols = Vector<double>::LinSpaced(8, 0, 1);
  const Centre before{.mean = 3.5, .effects = {of_rows, of_cols}, .scale = 2};
  const FoldIn plain(t.model, t.theta, {.mean = 3.5}), fold(t.model, t.theta, before, {.ridge = 0});
  CHECK(plain.row({}, Vector<double>()) == Vector<double>::Constant(8, 3.5));
  CHECK(plain.col({}, Vector<double>()) == Vector<double>::Constant(6, 3.5));
  CHECK(fold.row({}, Vector<double>()) == Vector<double>((of_cols.array() + 3.5).matrix()));
  const Vector<double> row = (2 * t.W.row(1).transpose() + of_cols).array() + 3.5, col = (2 * t.W.col(1) + of_rows).array() + 3.5;
  CHECK((fold.row(first(4), picked(row, first(4))) - row).norm() < 1e-11);
  CHECK((fold.col(first(3), picked(col, first(3))) - col).norm() < 1e-11);
}

TEST_CASE("many rows at once are the rows one by one; float models fold in too") {
  const Trained t{DeepMatrix<double>({5, 2, 6})};
  const FoldIn fold(t.model, t.theta, {.mean = 1});
  const auto fresh = observed<double>(3, 5, std::vector<Triplet<double>>{{0, 1, 2.0}, {0, 4, -1.0}, {2, 0, 3.0}});
  const Matrix<double> all = fold.rows(fresh);
  Vector<double> y(2);
  y << 2, -1;
  CHECK(all.row(0).transpose() == fold.row({1, 4}, y));
  CHECK(all.row(1).transpose() == Vector<double>::Ones(5));
  CHECK(all.row(2).transpose() == fold.row({0}, Vector<double>::Constant(1, 3)));
  const DeepMatrix<float> small({5, 2, 6});
  const Vector<float> theta = t.theta.cast<float>();
  CHECK((FoldIn(small, theta, {.mean = 1}).row({1, 4}, y) - fold.row({1, 4}, y)).norm() < 1e-4);
  CHECK(FoldIn(t.model, Vector<double>::Zero(t.theta.size())).row({1, 4}, y) == Vector<double>::Zero(5));  // a model of nothing
}

TEST_CASE("what cannot be folded in is refused with a sentence") {
  const Trained t{DeepMatrix<double>({5, 3, 6})};
  const FoldIn fold(t.model, t.theta), plain(t.model, t.theta, {}, {.ridge = 0});
  const Vector<double> one = Vector<double>::Ones(1);
  CHECK(thrown([&] { fold.row({1, 2}, one); }) == "FoldIn::row: got 2 column indices and 1 values");
  CHECK(thrown([&] { fold.row({5}, one); }) == "FoldIn::row: column 5 is out of range, there are 0 to 4");
  CHECK(thrown([&] { fold.col({-1}, one); }) == "FoldIn::col: row -1 is out of range, there are 0 to 5");
  CHECK(thrown([&] { fold.row({1}, Vector<double>::Constant(1, none)); }) == "FoldIn::row: the value in column 1 is nan");
  CHECK(thrown([&] {
          plain.row({1, 2}, Vector<double>::Ones(2));
        }) == "FoldIn::row: 2 entries do not determine the 3 unknowns at a ridge of 0; take a larger one");
  CHECK(thrown([&] {
          plain.row({1, 1, 1, 2}, Vector<double>::Ones(4));
        }) == "FoldIn::row: 4 entries do not determine the 3 unknowns at a ridge of 0; take a larger one");
  CHECK(thrown([&] { FoldIn(t.model, t.theta, {}, {.ridge = -1}); }) == "FoldIn: the ridge is -1, it needs to be 0 or more");
  CHECK(thrown([&] { FoldIn(t.model, t.theta, {.scale = 0}); }) == "FoldIn: the scale is 0, it needs to be positive and finite");
  CHECK(thrown([&] {
          FoldIn(t.model, t.theta, {.effects = {{}, Vector<double>::Ones(6)}});
        }) == "FoldIn: has 6 effects of mode 1, the data are 6 x 5");
  CHECK(thrown([&] {
          FoldIn(DeepMatrix<double>({5, 6}), Vector<double>::Ones(30));
        }) == "FoldIn: a single factor has no basis to fold new rows into; it needs a depth of 2 or more");
  CHECK(thrown([&] { FoldIn(t.model, Vector<double>::Ones(3)); }).substr(0, 34) == "FoldIn: theta has 3 parameters, th");
  CHECK(thrown([&] { FoldIn(t.model, Vector<double>::Constant(t.theta.size(), none)); }) == "FoldIn: theta is not finite");
  CHECK(thrown([&] {
          fold.rows(observed<double>(2, 4, std::vector<Triplet<double>>{{0, 1, 2.0}}));
        }) == "FoldIn::rows: the new rows have 4 columns, the model has 5");
}
