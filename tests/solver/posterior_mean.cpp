// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank.hpp>
#include <tacit/solver/posterior_mean.hpp>

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#include "catch.hpp"

using namespace tacit;

namespace {

/// Two sweeps written out: every line by all of its entries, with the second moments of all lines of the other side.
struct PlainSweeps {
  Matrix<double> A, B;
  double noise;

  PlainSweeps(const Data<double>& data, const Matrix<double>& start) : A(start.rows(), data.where.rows()), B(start) {
    const double size = data.y.squaredNorm() / static_cast<double>(data.count());
    const Index k = B.rows();
    noise = 0.05 * size;
    Vector<double> c = Vector<double>::Constant(k, std::sqrt(size / static_cast<double>(k))), d = c;
    std::vector<Matrix<double>> of_A(static_cast<std::size_t>(A.cols())), of_B;
    for (Index j = 0; j < B.cols(); ++j) of_B.push_back(outer(B.col(j)));
    for (int sweep = 0; sweep < 2; ++sweep) {
      half(data, 0, of_B, B, of_A, A, c);
      half(data, 1, of_A, A, of_B, B, d);
      double expected = 0;
      for (Index e = 0; e < data.count(); ++e) {
        const Entry at = data.where[e];
        expected += data.y[e] * (data.y[e] - 2 * A.col(at.row).dot(B.col(at.col))) +
                    of_A[static_cast<std::size_t>(at.row)].cwiseProduct(of_B[static_cast<std::size_t>(at.col)]).sum();
      }
      noise = expected / static_cast<double>(data.count());
    }
  }

 private:
  static Matrix<double> outer(const Vector<double>& x) { return x * x.transpose(); }
  void half(const Data<double>& data, Index mode, const std::vector<Matrix<double>>& of_Y, const Matrix<double>& Y,
            std::vector<Matrix<double>>& of_X, Matrix<double>& X, Vector<double>& prior) const {
    Vector<double> spread = Vector<double>::Zero(X.rows()), column(X.rows());
    double lines = 0;
    for (Index i = 0; i < X.cols(); ++i) {
      Matrix<double> S = prior.cwiseInverse().asDiagonal();
      Vector<double> right = Vector<double>::Zero(X.rows());
      bool observed = false;
      for (Index e = 0; e < data.count(); ++e) {
        if (data.where.mode(mode)[e] != i) continue;
        const Index j = data.where.mode(1 - mode)[e];
        S += of_Y[static_cast<std::size_t>(j)] / noise;
        right += data.y[e] / noise * Y.col(j);
        observed = true;
      }
      detail::invert(S, column);
      X.col(i) = S * right;
      of_X[static_cast<std::size_t>(i)] = S + outer(X.col(i));
      if (observed) spread += of_X[static_cast<std::size_t>(i)].diagonal(), ++lines;
    }
    prior = spread / lines;
  }
};

}  // namespace

TEST_CASE("the inverse of a positive definite matrix") {
  Random random(1, "inverse");
  Matrix<double> X(5, 9), G(5, 5);
  for (Index k = 0; k < X.size(); ++k) X.data()[k] = random.normal();
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 5; ++j) G(i, j) = X.row(i).dot(X.row(j));
  Matrix<double> inverse = G;
  Vector<double> column(5);
  detail::invert(inverse, column);
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 5; ++j) CHECK(std::abs(G.row(i).dot(inverse.col(j)) - (i == j)) < 1e-12);
}

TEST_CASE("one component on one column is a scalar problem, solved by hand") {
  // One row, one column, y = 2: the updates are numbers.
  const auto data = observed<double>(1, 1, {0}, {0}, Vector<double>::Constant(1, 2.0));
  detail::PosteriorMean fit(data, 1, 7);
  const double b = fit.Bt()(0, 0), s = 0.05 * 4, c = 2;  // the start: noise 0.05 y^2, prior variances |y|
  const double S = 1 / (b * b / s + 1 / c), a = S * b * 2 / s, T = 1 / ((S + a * a) / s + 1 / c), b1 = T * a * 2 / s;
  fit.sweep();
  CHECK(std::abs(fit.At()(0, 0) - a) < 1e-12);
  CHECK(std::abs(fit.Bt()(0, 0) - b1) < 1e-12);
  CHECK(std::abs(fit.noise() - (4 - 2 * 2 * a * b1 + (S + a * a) * (T + b1 * b1))) < 1e-12);
}

TEST_CASE("one row, one column and biases: two unknowns on either side, solved by hand") {
  const auto data = observed<double>(1, 1, {0}, {0}, Vector<double>::Constant(1, 2.0));
  detail::PosteriorMean fit(data, 1, 7, {.biases = true});
  // Components: the factor, 1 x the column's bias, the row's bias x 1.
  const double y = 2, s = 0.05 * 4, c = 2, bias = 4.0 / 3, b = fit.Bt()(0, 0);
  CHECK(fit.Bt()(1, 0) == 0);
  CHECK(fit.Bt()(2, 0) == 1);
  const auto solved = [&](double p, double q, double r, double f, double g, double& P, double& Q, double& R) {  // (p q; q r)^-1 (f g)
    const double det = p * r - q * q;
    P = r / det, Q = -q / det, R = p / det;
    return std::pair(P * f + Q * g, Q * f + R * g);
  };
  double P, Q, R, U, V, Z;
  const auto [a, row] = solved(b * b / s + 1 / c, b / s, 1 / s + 1 / bias, y * b / s, y / s, P, Q, R);
  fit.sweep();
  CHECK(std::abs(fit.At()(0, 0) - a) < 1e-12);
  CHECK(fit.At()(1, 0) == 1);
  CHECK(std::abs(fit.At()(2, 0) - row) < 1e-12);
  // Of the column: what the row's bias says is known, up to its covariance with a.
  const auto [d, column] = solved((P + a * a) / s + 1 / c, a / s, 1 / s + 1 / bias, (y * a - (Q + a * row)) / s, (y - row) / s, U, V, Z);
  CHECK(std::abs(fit.Bt()(0, 0) - d) < 1e-12);
  CHECK(std::abs(fit.Bt()(1, 0) - column) < 1e-12);
  CHECK(fit.Bt()(2, 0) == 1);
  const double moments_a[3][3] = {{P + a * a, a, Q + a * row}, {a, 1, row}, {Q + a * row, row, R + row * row}};
  const double moments_b[3][3] = {{U + d * d, V + d * column, d}, {V + d * column, Z + column * column, column}, {d, column, 1}};
  double expected = y * y - 2 * y * (a * d + column + row);
  for (int p = 0; p < 3; ++p)
    for (int q = 0; q < 3; ++q) expected += moments_a[p][q] * moments_b[p][q];
  CHECK(std::abs(fit.noise() - expected) < 1e-12);
}

TEST_CASE("one row and one column with an effect of the pattern, solved by hand") {
  const auto data = observed<double>(1, 1, {0}, {0}, Vector<double>::Constant(1, 2.0));
  detail::PosteriorMean fit(data, 1, 7, {.row_pattern = true});
  const double b = fit.Bt()(0, 0), s = 0.05 * 4, c = 2, l = 0.2;
  const double S = 1 / (b * b / s + 1 / c), q = S * b * 2 / s / c / (1 / c - S / c / c + 1 / l), a = S * (b * 2 / s + q / c);
  const double T = 1 / ((S + a * a) / s + 1 / c), d = T * a * 2 / s;
  fit.sweep();
  CHECK(std::abs(q) > 0.01);
  CHECK(std::abs(fit.At()(0, 0) - a) < 1e-12);
  CHECK(std::abs(fit.Bt()(0, 0) - d) < 1e-12);
  CHECK(std::abs(fit.noise() - (4 - 2 * 2 * a * d + (S + a * a) * (T + d * d))) < 1e-12);
  // The prior of the next sweep is around the effect.
  const double c2 = (a - q) * (a - q) + S, l2 = q * q + 1 / (1 / c - S / c / c + 1 / l), s2 = fit.noise();
  const double S2 = 1 / ((T + d * d) / s2 + 1 / c2), q2 = S2 * d * 2 / s2 / c2 / (1 / c2 - S2 / c2 / c2 + 1 / l2);
  fit.sweep();
  CHECK(std::abs(fit.At()(0, 0) - S2 * (d * 2 / s2 + q2 / c2)) < 1e-12);
}

TEST_CASE("rank and noise are found without being told: more components change little") {
  const auto task = low_rank_completion({.rows = 60, .cols = 50, .rank = 3, .observed = 1500, .seed = 2, .noise_std = 0.2});
  double error[2];
  for (int wide : {0, 1}) {
    detail::PosteriorMean fit(task.seen, wide ? 12 : 3, 1);
    for (int sweep = 0; sweep < 60; ++sweep) fit.sweep();
    CHECK(std::abs(std::sqrt(fit.noise()) - 0.2) < 0.03);
    double squares = 0;
    for (Index i = 0; i < 60; ++i)
      for (Index j = 0; j < 50; ++j) {
        const double off = fit.At().col(i).dot(fit.Bt().col(j)) - task.truth(i, j);
        squares += off * off;
      }
    error[wide] = std::sqrt(squares / 3000);
  }
  CHECK(error[0] < 0.15);
  CHECK(error[1] < 1.25 * error[0]);
}

TEST_CASE("two sweeps are those written out, whichever side has fewer lines") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>(9, 5), {5, 9}, {7, 7}}) {
    const auto data = low_rank_entries({.rows = rows, .cols = cols, .rank = 2, .observed = 30, .seed = 4, .noise_std = 0.3}).seen;
    detail::PosteriorMean fit(data, 2, 7);
    const PlainSweeps plain(data, fit.Bt());
    fit.sweep(), fit.sweep();
    CHECK((fit.At() - plain.A).cwiseAbs().maxCoeff() < 1e-10);
    CHECK((fit.Bt() - plain.B).cwiseAbs().maxCoeff() < 1e-10);
    CHECK(std::abs(fit.noise() - plain.noise) < 1e-10);
  }
}

#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 33)
TEST_CASE("of a table with few columns second moments are kept of the columns alone, and of one with few rows of the rows alone") {
  const auto in_use = [] {
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
  };
  for (const bool tall : {true, false}) {
    const Index many = 20'000, few = 5, k = 10;
    const auto data = low_rank_entries({.rows = tall ? many : few, .cols = tall ? few : many, .rank = 2, .observed = many, .seed = 4}).seen;
    if (!tall) data.where.by_col();  // shared with whoever else needs it
    const double before = in_use();
    detail::PosteriorMean fit(data, k, 7);
    fit.sweep();
    const double means = 8.0 * k * (many + few);  // second moments of all lines would be more than five times as much
    CHECK(in_use() - before < 1.5 * means);
  }
}
#endif
#endif
