// SPDX-License-Identifier: MIT
#include <tacit/solver/nearest_neighbours.hpp>

#include "catch.hpp"
#include "solver/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace tacit::testing;

namespace {

/// Row 0 lacks column 2. Its cosines with the others over common columns: row 1 24/25 (2 columns), row 2 1 (3 columns), row 3 -1.
Data<double> four() {
  return observed<double>(4, 4,
                          std::vector<Triplet<double>>{{0, 0, 3},
                                                       {0, 1, 4},
                                                       {0, 3, 12},
                                                       {1, 0, 4},
                                                       {1, 1, 3},
                                                       {1, 2, 5},
                                                       {2, 0, 6},
                                                       {2, 1, 8},
                                                       {2, 2, 10},
                                                       {2, 3, 24},
                                                       {3, 0, -3},
                                                       {3, 1, -4},
                                                       {3, 2, 7}});
}
Data<double> flipped(const Data<double>& data) { return {detail::transposed(data.where), detail::transposed(data.where, data.y)}; }

/// The formula of the header, entry by entry, on dense residuals.
double by_formula(const Matrix<double>& r, const Matrix<double>& seen, Index i, Index j, Index k, double shrinkage) {
  std::vector<std::pair<double, double>> neighbours;
  for (Index l = 0; l < r.rows(); ++l) {
    if (l == i || seen(l, j) == 0) continue;
    const Vector<double> both = seen.row(i).cwiseProduct(seen.row(l)).transpose(), a = r.row(i).transpose().cwiseProduct(both),
                         b = r.row(l).transpose().cwiseProduct(both);
    const double n = both.sum(), s = n / (n + shrinkage) * a.dot(b) / (a.norm() * b.norm());
    if (s > 0) neighbours.emplace_back(s, r(l, j));
  }
  std::sort(neighbours.rbegin(), neighbours.rend());
  double sum = 0, weight = 0;
  for (std::size_t l = 0; l < std::min(neighbours.size(), static_cast<std::size_t>(k)); ++l)
    sum += neighbours[l].first * neighbours[l].second, weight += neighbours[l].first;
  return weight > 0 ? sum / weight : 0;
}

}  // namespace

TEST_CASE("nearest neighbours of a 4 x 4 matrix by hand") {
  const auto at = [](Index k, double shrinkage) { return nearest_neighbours(four(), {.k = k, .shrinkage = shrinkage}).predict(0, 2); };
  CHECK_THAT(at(1, 0), Catch::Matchers::WithinAbs(10, 1e-12));
  CHECK_THAT(at(2, 0), Catch::Matchers::WithinAbs((10 + 0.96 * 5) / 1.96, 1e-12));
  CHECK_THAT(at(2, 2), Catch::Matchers::WithinAbs((0.6 * 10 + 0.48 * 5) / 1.08, 1e-12));
  CHECK_THAT(at(3, 2), Catch::Matchers::WithinAbs((0.6 * 10 + 0.48 * 5) / 1.08, 1e-12));  // row 3 points the other way
  CHECK(nearest_neighbours(four()).predict(3, 3) == 24);                                  // of row 2; row 0 points the other way
  CHECK(nearest_neighbours(four()).name() == "20 nearest neighbours between rows, shrinkage 10");
}

TEST_CASE("neighbours agree with the formula entry by entry, on residuals of the centre") {
  // Enough entries that no two lines have a single one in common: the cosine would be 1, and a tie.
  const Data<double> data = sampled(normal(20, 2, 1) * normal(2, 15, 2) + additive(20, 15, 3), 0.7, 4);
  const Centre centre = additive_effects(data);
  const Matrix<double> r = dense(data.where, data.y - centre.predict(data.where)),
                       seen = dense(data.where, Vector<double>::Ones(data.count()));
  const Entries all = everywhere(20, 15);
  const Vector<double> rows = nearest_neighbours(data, {.k = 3, .shrinkage = 4, .centre = centre}).predict(all);
  const Vector<double> columns =
      nearest_neighbours(data, {.k = 3, .shrinkage = 4, .between = Between::columns, .centre = centre}).predict(all);
  for (Index k = 0; k < all.count(); ++k) {
    const auto [i, j] = all[k];
    CHECK_THAT(rows[k], Catch::Matchers::WithinAbs(centre.predict(i, j) + by_formula(r, seen, i, j, 3, 4), 1e-10));
    CHECK_THAT(columns[k],
               Catch::Matchers::WithinAbs(centre.predict(i, j) + by_formula(r.transpose(), seen.transpose(), j, i, 3, 4), 1e-10));
  }
}

TEST_CASE("neighbours between columns are those between rows of the transposed matrix") {
  const Data<double> data = sampled(normal(12, 9, 1), 0.6, 2);
  const NearestNeighbours columns = nearest_neighbours(data, {.k = 4, .between = Between::columns}),
                          rows = nearest_neighbours(flipped(data), {.k = 4});
  for (Index i = 0; i < 12; ++i)
    for (Index j = 0; j < 9; ++j) CHECK(columns.predict(i, j) == rows.predict(j, i));
}

TEST_CASE("rows that are copies of each other are completed exactly") {
  const Matrix<double> W = normal(3, 10, 1).replicate(8, 1);
  const Data<double> data = sampled(W, 0.7, 2), all = sampled(W, 2, 1);
  CHECK((nearest_neighbours(data, {.k = 1, .shrinkage = 0.1}).predict(all.where) - all.y).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("the tuner's errors are those of its settings, and the best one is taken") {
  const Matrix<double> W = normal(40, 2, 1) * normal(2, 30, 2) + 3 * additive(40, 30, 3);
  const bool tall = GENERATE(true, false);
  const Data<double> wide_train = sampled(W, 0.4, 4), wide_validation = sampled(W, 0.1, 5);
  const Data<double> train = tall ? wide_train : flipped(wide_train), validation = tall ? wide_validation : flipped(wide_validation);
  const auto tuned = tune_nearest_neighbours(train, validation);
  CHECK(tuned.trials.size() == 36);
  for (const NeighbourTrial& trial : tuned.trials) {
    CHECK(trial.validation_rmse >= tuned.validation_rmse);
    const NearestNeighbours fit =
        nearest_neighbours(train, {.k = trial.k, .shrinkage = trial.shrinkage, .between = trial.between, .centre = tuned.fit.centre});
    CHECK_THAT(detail::rmse(fit.predict(validation.where), validation.y), Catch::Matchers::WithinRel(trial.validation_rmse, 1e-10));
  }
  CHECK_THAT(detail::rmse(tuned.fit.predict(validation.where), validation.y), Catch::Matchers::WithinRel(tuned.validation_rmse, 1e-10));
  CHECK(tuned.validation_rmse < 0.8 * tune_means(train, validation).validation_rmse);
}

TEST_CASE("without neighbours the centre remains: equal entries, one entry, empty lines") {
  const Data<double> equal = sampled(Matrix<double>::Constant(8, 6, 2.5), 0.5, 1),
                     one = observed<double>(3, 2, std::vector<Triplet<double>>{{2, 0, 4}});
  CHECK_THAT(tune_nearest_neighbours(equal, equal).fit.predict(1, 1), Catch::Matchers::WithinAbs(2.5, 1e-12));
  CHECK(tune_nearest_neighbours(one, one).fit.predict(0, 1) == 4);
  CHECK(nearest_neighbours(one).predict(0, 0) == 0);
}

TEST_CASE("nearest neighbours refuse settings without meaning") {
  CHECK(thrown([&] { nearest_neighbours(four(), {.k = 0}); }) == "nearest_neighbours: k is 0, it needs to be at least 1");
  CHECK(thrown([&] { nearest_neighbours(four(), {.shrinkage = -1}); }) ==
        "nearest_neighbours: the shrinkage is -1, it needs to be finite and not negative");
  CHECK(thrown([&] { nearest_neighbours(four()).predict(4, 0); }) ==
        "NearestNeighbours: (4, 0) lies outside the 4 x 4 matrix (indices start at 0)");
  CHECK(thrown([&] { nearest_neighbours(four()).predict(everywhere(3, 4)); }) ==
        "NearestNeighbours: fitted to a 4 x 4 matrix, asked about entries of a 3 x 4 matrix");
  CHECK(thrown([&] { tune_nearest_neighbours(four(), four(), {.k = {}}); }) ==
        "tune_nearest_neighbours: the grid has 0 k and 3 shrinkages between 2 kinds of lines, it needs at least one of each");
  CHECK(thrown([&] { tune_nearest_neighbours(four(), four(), {.k = {0}}); }) ==
        "tune_nearest_neighbours: k is 0 in the grid, it needs to be at least 1");
}

TEST_CASE("what neighbours say everywhere is what they say entry by entry, beside the centre; a refit has the same settings") {
  Random random(9, "everywhere");
  Entries::Indices row, col;
  std::vector<double> y;
  for (std::int32_t i = 0; i < 12; ++i)
    for (std::int32_t j = 0; j < 7; ++j)
      if (random.uniform() < 0.6) row.push_back(i), col.push_back(j), y.push_back(random.normal());
  const auto data = observed<double>(12, 7, row, col, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
  for (const Between between : {Between::rows, Between::columns}) {
    const auto fit = nearest_neighbours(data, {.k = 2, .shrinkage = 1, .between = between, .centre = line_means(data)});
    const Matrix<double> all = fit.beside_the_centre();
    REQUIRE(all.rows() == 12);
    REQUIRE(all.cols() == 7);
    CHECK_FALSE(all.isZero());
    for (Index i = 0; i < 12; ++i)
      for (Index j = 0; j < 7; ++j) CHECK(std::abs(all(i, j) + fit.centre.predict(i, j) - fit.predict(i, j)) < 1e-12);
    CHECK(refit(fit, data).name() == fit.name());
    CHECK((refit(fit, data).beside_the_centre() - all).isZero(0));
  }
}
