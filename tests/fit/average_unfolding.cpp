// SPDX-License-Identifier: MIT
// Tucker of one mode: the tensor model says what the matrix says, entry by entry, effects included; a planted one is found, at the right mode.
#include <tacit/fit/average_unfolding.hpp>
#include <tacit/fit/tune_tensor.hpp>
#include <tacit/observation/split.hpp>

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
    CHECK(tuned.fit.mode == 1);
    CHECK(tuned.trials.size() >= 3);
    CHECK(tuned.validation_rmse < 0.15);
    const auto matrix = detail::unfolding_at(data.where.shape(), tuned.fit.mode).data(parts.test);
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

TEST_CASE("averaging is refused where it does not exist") {
  const auto data = planted_cube(0);
  CHECK(thrown([&] { tune_tensor(data, data, {.kind = TensorKind::tensor_train, .averaging = true}); }) ==
        "tune_tensor: averaging is for CP and Tucker, not for TensorTrain");
  const auto far = observed<double>(Shape{4000, 4000, 4000}, {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}, Vector<double>::LinSpaced(3, 0, 1));
  CHECK(thrown([&] {
          tune_tensor(far, far, {.kind = TensorKind::tucker, .averaging = true});
        }).find("tune_tensor: no mode of the 4000 x 4000 x 4000 tensor can stand") == 0);
}
