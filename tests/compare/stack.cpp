// SPDX-License-Identifier: MIT
// The stack: exact weights, and an error of folds that the weights have not seen.
#include <tacit/compare/stack.hpp>

#include <tacit/compare/folds.hpp>

#include "catch.hpp"

using namespace tacit;
using tacit::detail::Estimator;
using tacit::detail::Fitted;

namespace {

Data<double> table_of(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "stack");
  Entries::Indices row, col;
  Vector<double> y(rows * cols);
  for (std::int32_t i = 0; i < rows; ++i)
    for (std::int32_t j = 0; j < cols; ++j) row.push_back(i), col.push_back(j), y[i * cols + j] = random.normal();
  return observed<double>(rows, cols, row, col, y);
}
/// The entries themselves and errors of this size: the same for any training part.
Estimator<Entries> off_by(const char* name, const Data<double>& truth, const Matrix<double>& error, bool ours = false) {
  const auto predict = [&truth, error](const Entries& at) {
    Vector<double> z(at.count());
    for (Index k = 0; k < z.size(); ++k) z[k] = truth.y[at[k].row * truth.where.cols() + at[k].col] + error(at[k].row, at[k].col);
    return z;
  };
  Estimator<Entries> method;
  method.name = name;
  method.ours = ours;
  method.tune = [predict](const Data<double>&, const Data<double>& validation, std::uint64_t, double) {
    return Fitted<Entries>{"as planted", tacit::detail::rmse(predict(validation.where), validation.y), predict};
  };
  method.close = [](const Data<double>&, const Data<double>&, const Data<double>&, std::uint64_t, bool, double) {
    return tacit::detail::Closing<Entries>{};
  };
  return method;
}
Matrix<double> noise(Index rows, Index cols, double size, std::uint64_t seed) {
  Random random(seed, "errors");
  Matrix<double> E(rows, cols);
  for (double& x : E.reshaped()) x = size * random.normal();
  return E;
}
struct EvenSeconds {
  double of(const Estimator<Entries>&, double) { return 1; }
  void leave_out(const std::vector<double>&, Index) {}
};
tacit::detail::Comparison<Entries> compared(const std::vector<TrainTest<double>>& folds, const std::vector<Estimator<Entries>>& methods) {
  const tacit::detail::FoldPlan plan{static_cast<Index>(folds.size()), 1, 60, 1, 1, {}, false, true};
  EvenSeconds seconds;
  return tacit::detail::compare_on_folds(
      "test", tacit::detail::DrawnFolds<Entries>(folds), plan, methods,
      [](const Data<double>& train, std::uint64_t seed) { return hold_out_entries(train, {.test = 0.2, .seed = seed}); }, seconds,
      [](const Entries&) { return Vector<double>(); });
}
std::vector<TrainTest<double>> halves(const Data<double>& data) {
  std::vector<bool> odd(static_cast<std::size_t>(data.count()));
  for (std::size_t k = 0; k < odd.size(); ++k) odd[k] = k % 2 == 1;
  const auto of = [&](bool second) { return tacit::detail::part_of("halves", data, odd, second, "part"); };
  return {{of(false), of(true)}, {of(true), of(false)}};
}

}  // namespace

TEST_CASE("weights of a stack: the least squared error among positive weights of at most three methods, and no method more than it takes") {
  Matrix<double> R(2, 2);
  R << 1, 0, 0, 4;  // independent errors: inversely to their squares
  auto stack = tacit::detail::stack_weights(R);
  REQUIRE(stack.members == std::vector<std::size_t>{0, 1});
  CHECK_THAT(stack.weights[0], Catch::Matchers::WithinAbs(0.8, 1e-12));
  CHECK_THAT(stack.squares, Catch::Matchers::WithinAbs(0.8, 1e-12));
  R << 1, 1.5, 1.5, 4;  // the second adds nothing: its weight would be negative
  CHECK(tacit::detail::stack_weights(R).members == std::vector<std::size_t>{0});
  R << 1, 1, 1, 1;  // twice the same
  CHECK(tacit::detail::stack_weights(R).members.size() == 1);
  R << 1, 0.998, 0.998, 1;  // a gain of a thousandth is not worth a fit
  CHECK(tacit::detail::stack_weights(R).members.size() == 1);
  R << std::nan(""), std::nan(""), std::nan(""), 4;
  CHECK(tacit::detail::stack_weights(R).members == std::vector<std::size_t>{1});
  R.setZero();
  CHECK(tacit::detail::stack_weights(R).members.size() == 1);
  const Matrix<double> many = Matrix<double>::Identity(6, 6);
  stack = tacit::detail::stack_weights(many);
  CHECK(stack.members.size() == 3);
  CHECK_THAT(stack.squares, Catch::Matchers::WithinAbs(1.0 / 3, 1e-12));
}

TEST_CASE("methods that err independently: the stack is chosen; one that only repeats another leaves the choice as it is") {
  const Data<double> data = table_of(40, 30, 1);
  const auto folds = k_folds(data, {.folds = 5, .seed = 1});
  const Matrix<double> E = noise(40, 30, 1, 2);
  const auto found = compared(folds, {off_by("a", data, E, true), off_by("b", data, noise(40, 30, 1, 3))});
  REQUIRE(found.methods.size() == 3);
  CHECK(found.methods.back().name == "stack");
  CHECK(found.methods.back().chosen);
  CHECK(found.winner.name == "stack");
  CHECK(found.methods.back().rmse < 0.75);
  CHECK(found.methods.back().rmse > 0.65);  // 1 / sqrt(2)
  CHECK(found.methods.back().settings.find("(a)") != std::string::npos);
  CHECK_THAT(tacit::detail::rmse(found.tested_z, found.tested_y), Catch::Matchers::WithinAbs(found.methods.back().rmse, 0.01));

  const auto same = compared(folds, {off_by("a", data, E, true), off_by("b", data, E + noise(40, 30, 0.3, 3))});
  CHECK(same.methods[0].chosen);
  CHECK_FALSE(same.methods.back().choosable);  // it is a itself
  CHECK(same.methods.back().rmse == same.methods[0].rmse);
  CHECK(same.methods.back().settings == "1 (a)");

  // One fold: the weights are those of its validation entries.
  const auto once = compared({folds[0]}, {off_by("a", data, E, true), off_by("b", data, noise(40, 30, 1, 3))});
  CHECK(once.methods.back().chosen);
  CHECK(std::isfinite(once.methods[0].difference_error));
  CHECK(std::isfinite(half_interval(once.methods[0].difference_error, 1)));
}

TEST_CASE("the error of a stack is that of entries which its weights have not seen") {
  // Each method is right on one half and wrong on the other: weights of the other half choose the wrong one.
  const Data<double> data = table_of(20, 10, 2);
  const auto folds = halves(data);
  Matrix<double> even = noise(20, 10, 1, 4), odd = noise(20, 10, 1, 5);
  for (Index k = 0; k < 200; ++k) (k % 2 ? odd : even)(k / 10, k % 10) *= 1e-3;
  const auto found = compared(folds, {off_by("even", data, even, true), off_by("odd", data, odd)});
  CHECK(found.methods.back().of_folds[0] > 0.7);
  CHECK(found.methods.back().of_folds[1] > 0.7);
  CHECK_FALSE(found.methods.back().chosen);
}
