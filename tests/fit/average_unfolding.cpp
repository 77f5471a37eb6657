// SPDX-License-Identifier: MIT
// Unfoldings averaged: the tensor model says what the matrix says, entry by entry, effects included; a planted one is found, at the right
// mode, or groups of modes.
#include <tacit/fit/average_unfolding.hpp>
#include <tacit/fit/tune_tensor.hpp>
#include <tacit/observation/split.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// W = G x_2 A + noise, A of 12 x 2: two patterns along mode 2, nothing shared by the others.
Data<double, TensorEntries> planted_cube(double shift) {
  const Shape shape{6, 12, 7};
  Random random(3, "planted");
  Tensor<double> all(shape);
  Matrix<double> A(12, 2), B(2, 6 * 7);
  for (Matrix<double>* M : {&A, &B})
    for (Index k = 0; k < M->size(); ++k) M->data()[k] = random.normal();
  for (Index k = 0; k < 7; ++k)
    for (Index j = 0; j < 12; ++j)
      for (Index i = 0; i < 6; ++i)
        all({i, j, k}) = random.uniform() < 0.25
                             ? std::nan("")
                             : shift * static_cast<double>(j + i * k) + A.row(j).dot(B.col(i + 6 * k)) + 0.05 * random.normal();
  return observed(all);
}

}  // namespace

TEST_CASE("a tensor that has two patterns at one mode is found there, and the tensor model predicts what the matrix does") {
  for (const double shift : {0.0, 3.0}) {  // the second is centred by effects of rows and columns, which become components
    const auto data = planted_cube(shift);
    const auto parts = hold_out_entries(data, {.test = 0.15, .seed = 1});
    const TensorGrid grid{.kind = TensorKind::tucker, .averaging = true, .seed = 2};
    const auto tuned = tune_tensor(parts.train, parts.test, grid);
    INFO(tuned.fit.settings());
    CHECK(tuned.fit.name() == "Tucker1");
    CHECK(tuned.fit.rows == Bipartition{false, true, false});
    CHECK(tuned.trials.size() >= 3);
    CHECK(tuned.validation_rmse < 0.15);
    const auto matrix = detail::Unfolding(data.where.shape(), tuned.fit.rows).data(parts.test);
    const Vector<double> z = tuned.fit.predict(parts.test.where);
    // The matrix sorts its entries in its own way: compare errors, and what both say of every entry by its value.
    CHECK_THAT(detail::rmse(z, parts.test.y),
               Catch::Matchers::WithinRel(detail::rmse(tuned.fit.unfolded->predict(matrix.where), matrix.y), 1e-10));
    CHECK_THAT(detail::rmse(z, parts.test.y), Catch::Matchers::WithinRel(tuned.validation_rmse, 1e-10));

    const TensorFit again = refit(tuned.fit, data, grid);
    CHECK(again.model->spec().ranks == tuned.fit.model->spec().ranks);
    CHECK(detail::rmse(again.predict(data.where), data.y) < 0.1);
    const Tensor<double> whole = again.predict();
    const Vector<double> at = again.predict(data.where);
    for (Index k = 0; k < at.size(); k += 17)
      CHECK(std::abs(whole({data.where.mode(0)[k], data.where.mode(1)[k], data.where.mode(2)[k]}) - at[k]) < 1e-9);
  }
}

TEST_CASE("groups of modes that share two patterns are found among all bipartitions, refitted, saved and loaded") {
  const Shape shape{5, 12, 4, 5};
  for (const bool crossed : {true, false}) {  // modes 2 3 against 1 4; or mode 2 alone against the others
    const Bipartition planted = crossed ? Bipartition{false, true, true, false} : Bipartition{false, true, false, false};
    const detail::Unfolding way(shape, planted);
    Random random(5, "planted groups");
    Matrix<double> A(static_cast<Index>(way.size[0]), 2), B(static_cast<Index>(way.size[1]), 2);
    for (Matrix<double>* M : {&A, &B})
      for (Index k = 0; k < M->size(); ++k) M->data()[k] = random.normal();
    std::vector<TensorEntries::Indices> index(4);
    for (Index k = 0; k < 1200; ++k)
      if (random.uniform() < 0.7)
        for (Index n = 0, left = k; n < 4; left /= shape[n++])
          index[static_cast<std::size_t>(n)].push_back(static_cast<std::int32_t>(left % shape[n]));
    auto data = observed<double>(shape, index, Vector<double>::Zero(static_cast<Index>(index[0].size())));
    Entries::Indices row, col;
    way.place(data.where, row, col);
    for (Index k = 0; k < data.count(); ++k)
      data.y[k] = A.row(row[static_cast<std::size_t>(k)]).dot(B.row(col[static_cast<std::size_t>(k)])) + 0.05 * random.normal();
    const auto parts = hold_out_entries(data, {.test = 0.15, .seed = 1});
    const TensorGrid grid{.kind = TensorKind::tucker, .averaging = true, .iterations = 25, .seed = 2};
    const auto tuned = tune_tensor(parts.train, parts.test, grid);
    INFO(tuned.fit.settings());
    CHECK(tuned.trials.size() >= 7 + 4);
    Bipartition other = tuned.fit.rows;
    other.flip();
    CHECK((tuned.fit.rows == planted || other == planted));
    CHECK(tuned.fit.name() == (crossed ? "an unfolding" : "Tucker1"));
    CHECK(tuned.validation_rmse < 0.2);
    CHECK_THAT(detail::rmse(tuned.fit.predict(parts.test.where), parts.test.y), Catch::Matchers::WithinRel(tuned.validation_rmse, 1e-10));

    const TensorFit again = refit(tuned.fit, data, grid);
    CHECK(again.rows == tuned.fit.rows);
    CHECK(detail::rmse(again.predict(data.where), data.y) < 0.1);
    const scratch::Folder scratch;
    save_model(scratch / "unfolding", *again.model, again.theta, {.centre = again.centre});
    CHECK(load_tensor_model(scratch / "unfolding").predict(data.where) == again.predict(data.where));
  }
}

TEST_CASE("averaging is refused where it does not exist") {
  const auto data = planted_cube(0);
  CHECK(thrown([&] { tune_tensor(data, data, {.kind = TensorKind::tensor_train, .averaging = true}); }) ==
        "tune_tensor: averaging is for CP and Tucker, not for TensorTrain");
  const auto far = observed<double>(Shape{4000, 4000, 4000}, {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}, Vector<double>::LinSpaced(3, 0, 1));
  CHECK(thrown([&] {
          tune_tensor(far, far, {.kind = TensorKind::tucker, .averaging = true});
        }).find("tune_tensor: no unfolding of the 4000 x 4000 x 4000 tensor can be completed") == 0);
}
