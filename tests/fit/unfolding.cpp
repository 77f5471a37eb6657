// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/fit/unfolding.hpp>
#include <tacit/observation/split.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// 12 x 4 x 5, of rank 2 as a matrix of mode 0 by modes 1 and 2 and of no structure besides; 70 % observed.
Data<double, TensorEntries> matrix_in_disguise() {
  Random random(3, "disguise");
  Matrix<double> A(12, 2), B(20, 2);
  for (double* x = A.data(); x < A.data() + A.size(); ++x) *x = random.normal();
  for (double* x = B.data(); x < B.data() + B.size(); ++x) *x = random.normal();
  std::vector<TensorEntries::Indices> index(3);
  std::vector<double> y;
  for (std::int32_t i = 0; i < 12; ++i)
    for (std::int32_t j = 0; j < 4; ++j)
      for (std::int32_t k = 0; k < 5; ++k)
        if (random.uniform() < 0.7) {
          index[0].push_back(i), index[1].push_back(j), index[2].push_back(k);
          y.push_back(A.row(i).dot(B.row(5 * j + k)) + 0.01 * random.normal());
        }
  return observed<double>({12, 4, 5}, index, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
}

}  // namespace

TEST_CASE("entries keep their place and their order in an unfolding") {
  const auto data = matrix_in_disguise();
  const detail::Unfolding way(data.where.shape(), {false, true, false});
  Entries::Indices row, col;
  way.place(data.where, row, col);
  CHECK(way.size[0] == 4);
  CHECK(way.size[1] == 60);
  for (Index k = 0; k < data.count(); ++k) {
    CHECK(row[static_cast<std::size_t>(k)] == data.where.mode(1)[k]);
    CHECK(col[static_cast<std::size_t>(k)] == 5 * data.where.mode(0)[k] + data.where.mode(2)[k]);
  }
  const Data<double> matrix = way.data(data);
  CHECK(matrix.count() == data.count());
  CHECK(std::abs(matrix.y.sum() - data.y.sum()) < 1e-12);
}

TEST_CASE("the unfolding in which a tensor is of low rank is found and completed") {
  const auto data = matrix_in_disguise();
  const auto parts = hold_out_entries(data, {.test = 0.15, .seed = 2});
  const auto tuned = tune_unfolding(parts.train, parts.test);
  CHECK(in_words(tuned.fit.rows) == "modes 1 x 2 3");
  CHECK(tuned.trials.size() == 4);  // three ways to divide three modes, and the best in full
  CHECK(tuned.validation_rmse < 0.3);
  CHECK_THAT(detail::rmse(tuned.fit.predict(parts.test.where), parts.test.y), Catch::Matchers::WithinRel(tuned.validation_rmse, 1e-12));
}

TEST_CASE("what cannot be unfolded is refused") {
  const Shape large(std::vector<Index>(12, 1000));
  const auto data = observed<double>(large, std::vector<TensorEntries::Indices>(12, {0, 1}), Vector<double>::Ones(2));
  CHECK(thrown([&] { tune_unfolding(data, data); }).find("tune_unfolding: no unfolding of the 1000 x 1000") == 0);
}
