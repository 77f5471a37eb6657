// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/fit/impl/ordered_fit.hpp>
#include <tacit/observation/split.hpp>
#include <tacit/solver/posterior_mean.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

/// Rank 2 with rows whose factors change slowly, and a slow residual of each column, plus noise of 0.2; a part of the entries, a validation part and test entries,
/// rows in this order.
struct Slow {
  Matrix<double> truth;
  std::optional<Data<double>> train, validation, test;
  Slow(Index n1, Index n2, double residual, bool shuffle, bool rows, double observed_share) {
    Random random(11, "slow");
    Matrix<double> A(n1, 2), U(n1, n2), B(n2, 2);
    const auto walk = [&](auto column, double tau) {
      const double f = std::exp(-1 / tau);
      column[0] = random.normal();
      for (Index i = 1; i < column.size(); ++i) column[i] = f * column[i - 1] + std::sqrt(1 - f * f) * random.normal();
    };
    for (Index q = 0; q < 2; ++q) walk(A.col(q), 15);
    for (Index j = 0; j < n2; ++j) walk(U.col(j), 15);
    for (Index k = 0; k < B.size(); ++k) B.data()[k] = random.normal();
    Matrix<double> W = A * B.transpose() + residual * U;
    if (shuffle) {
      const auto order = tacit::detail::shuffled(n1, 5);
      Matrix<double> other(n1, n2);
      for (Index i = 0; i < n1; ++i) other.row(i) = W.row(order[static_cast<std::size_t>(i)]);
      W = other;
    }
    truth = rows ? W : Matrix<double>(W.transpose());
    std::vector<Triplet<double>> parts[3];
    for (Index i = 0; i < truth.rows(); ++i)
      for (Index j = 0; j < truth.cols(); ++j) {
        const double u = random.uniform(), y = truth(i, j) + 0.2 * random.normal();
        parts[u < observed_share ? 0 : u < 1.1 * observed_share ? 1 : 2].push_back({i, j, y});
      }
    train = observed<double>(truth.rows(), truth.cols(), parts[0]), validation = observed<double>(truth.rows(), truth.cols(), parts[1]);
    test = observed<double>(truth.rows(), truth.cols(), parts[2]);
  }
  double error(const OrderedFit& fit) const {
    double sum = 0;
    const Vector<double> z = fit.predict(test->where);
    for (Index k = 0; k < z.size(); ++k) sum += std::pow(z[k] - truth(test->where.row()[k], test->where.col()[k]), 2);
    return std::sqrt(sum / static_cast<double>(z.size()));
  }
  /// Of the average without order, the best of its widths and sweeps on the test entries themselves.
  double unordered() const {
    double least = 1e300;
    for (const Index width : {1, 2, 4}) {
      detail::PosteriorMean fit(*train, width, 1);
      for (int sweep = 0; sweep < 30; ++sweep) {
        fit.sweep();
        double sum = 0;
        for (Index k = 0; k < test->count(); ++k)
          sum += std::pow(fit.At().col(test->where.row()[k]).dot(fit.Bt().col(test->where.col()[k])) -
                              truth(test->where.row()[k], test->where.col()[k]),
                          2);
        least = std::min(least, std::sqrt(sum / static_cast<double>(test->count())));
      }
    }
    return least;
  }
};
OrderedGrid along(Index mode) { return {.order = {{mode}}, .sweeps = 40, .starts = 1}; }

}  // namespace

TEST_CASE("slowly changing factors: with the order far better than without, along rows and along columns alike") {
  const Slow by_row(120, 12, 0, false, true, 0.25), by_column(120, 12, 0, false, false, 0.25);
  const OrderedFit fit = tune_ordered(*by_row.train, *by_row.validation, along(0)).fit;
  const double error = by_row.error(fit), without = by_row.unordered();
  INFO(error << ' ' << without);
  CHECK(error < 0.6 * without);
  const double turned = by_column.error(tune_ordered(*by_column.train, *by_column.validation, along(1)).fit);
  CHECK(turned < 0.6 * without);
}

TEST_CASE("columns with a slow residual of their own: it is chosen, and lowers the error") {
  const Slow slow(200, 8, 0.7, false, true, 0.5);
  const auto tuned = tune_ordered(*slow.train, *slow.validation, along(0));
  CHECK(tuned.fit.residual);
  const double error = slow.error(tuned.fit), without = slow.unordered();
  INFO(error << ' ' << without);
  CHECK(error < 0.8 * without);
  // The same settings once more give the same fit; other entries another one of the same kind.
  const OrderedFit again = refit(tuned.fit, *slow.train, along(0));
  CHECK((again.predict(slow.test->where) - tuned.fit.predict(slow.test->where)).norm() < 1e-9);
}

TEST_CASE("rows in no order: the fit is about as good as without, not better") {
  const Slow slow(120, 12, 0, true, true, 0.4);
  const double error = slow.error(tune_ordered(*slow.train, *slow.validation, along(0)).fit), without = slow.unordered();
  INFO(error << ' ' << without);
  CHECK(error > 0.9 * without);
  CHECK(error < 1.3 * without);
}
