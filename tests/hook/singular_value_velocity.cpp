// SPDX-License-Identifier: MIT
// The velocity of singular values along the gradient flow against differences of the flow itself, and against the theorem: on balanced factors they agree,
// on others they do not.
#include <tacit/hook/singular_value_velocity.hpp>

#include <tacit/data/low_rank.hpp>
#include <tacit/hook/growth_exponent.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/io/csv_reader.hpp>
#include <tacit/loss/huber.hpp>
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/output/trajectory_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace velocity_tests {

auto completion(std::uint64_t seed) { return low_rank_completion({.rows = 5, .cols = 6, .rank = 2, .observed = 22, .seed = seed}).seen; }
DeepMatrix<double> model_of(Index depth) {
  std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, 7);
  widths.front() = 6;
  widths.back() = 5;
  return DeepMatrix<double>(widths);
}
/// Balanced factors with singular values of W far from each other, in random bases that the data know nothing of.
Vector<double> balanced_start(const DeepMatrix<double>& model, std::uint64_t seed) {
  Random random(seed, "velocity");
  const Matrix<double> U = detail::random_isometry<double>(5, 4, random), V = detail::random_isometry<double>(6, 4, random);
  return model.aligned(U, Vector<double>{{1, 0.6, 0.3, 0.1}}, V);
}
/// The flow for a short time, a row every 1e-3 of it.
template <class P>
auto flow(const P& problem, Vector<double> theta) {
  Trajectory history(flow_time, singular_values(3), singular_value_velocities(3));
  train(problem, theta, FixedFlow{.interval = 1e-3}, {.iterations = 40}, history);
  return history;
}
/// The largest relative difference between the velocity in row t and the central difference of the rows beside it.
template <class History>
double off_differences(const History& history, const std::string& velocity) {
  double worst = 0;
  for (Index r = 1; r <= 3; ++r) {
    const auto time = history.column("flow_time"), sigma = history.column(sentence("sigma_", r)), v = history.column(sentence(velocity, r));
    const double largest = std::abs(*std::max_element(v.begin(), v.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
    for (std::size_t k = 1; k + 1 < sigma.size(); ++k)
      worst = std::max(worst, std::abs((sigma[k + 1] - sigma[k - 1]) / (time[k + 1] - time[k - 1]) - v[k]) / largest);
  }
  return worst;
}

}  // namespace velocity_tests
using namespace velocity_tests;

TEST_CASE("singular values move as the probe says; as the theorem says on balanced factors of any depth, and not on others") {
  for (const std::uint64_t seed : {1, 2, 3})
    for (const Index depth : {1, 2, 3, 4}) {
      CAPTURE(seed, depth);
      const DeepMatrix<double> model = model_of(depth);
      const Problem problem(model, completion(seed), MeanSquares{});
      const auto balanced = flow(problem, balanced_start(model, seed));
      CHECK(off_differences(balanced, "sigma_velocity_") < 1e-5);
      CHECK(off_differences(balanced, "sigma_velocity_theorem_") < 1e-5);
      for (Index r = 1; r <= 3; ++r)
        for (const double ratio : balanced.column(sentence("sigma_velocity_ratio_", r))) CHECK_THAT(ratio, WithinAbs(1, 1e-9));
      if (depth == 1) continue;  // one factor is always balanced
      const auto other = flow(problem, model.near_zero({.entry_std = 0.5, .seed = seed}));
      CHECK(off_differences(other, "sigma_velocity_") < 1e-4);
      CHECK(off_differences(other, "sigma_velocity_theorem_") > 0.1);
      double worst = 0;
      for (Index r = 1; r <= 3; ++r) worst = std::max(worst, std::abs(other.last(sentence("sigma_velocity_ratio_", r)) - 1));
      CHECK(worst > 0.1);
    }
}
TEST_CASE("the theorem holds for another loss and for weights, and not where a penalty has a part in the gradient") {
  const DeepMatrix<double> model = model_of(3);
  auto data = completion(4);
  data.weight = Vector<double>::LinSpaced(data.count(), 0.5, 2);
  const Problem robust(model, data, huber({.delta = 0.2}));
  const Problem decayed(model, data, MeanSquares{}, WeightDecayPenalty{0.3});
  CHECK(off_differences(flow(robust, balanced_start(model, 5)), "sigma_velocity_theorem_") < 1e-4);
  const auto penalised = flow(decayed, balanced_start(model, 5));
  CHECK(off_differences(penalised, "sigma_velocity_") < 1e-4);
  CHECK(off_differences(penalised, "sigma_velocity_theorem_") > 0.1);
}
TEST_CASE(
    "recorded singular values of descent move by the theorem within 1 %, in memory and from CSV, and by it their growth has 2 - 2/N") {
  const scratch::Folder folder;
  for (const Index depth : {2, 3}) {
    CAPTURE(depth);
    const DeepMatrix<double> model = model_of(depth);
    const Problem problem(model, completion(1), MeanSquares{});
    Random random(1, "velocity");
    const Matrix<double> U = detail::random_isometry<double>(5, 1, random), V = detail::random_isometry<double>(6, 1, random);
    Vector<double> theta = model.aligned(U, Vector<double>{{0.02}}, V);
    Trajectory history(flow_time, singular_values(1), singular_value_velocities(1));
    train(problem, theta, gradient_descent({.rate = 2e-3}), {.iterations = 12'000}, every(10, history));
    const VelocityComparison seen = compare_velocities(history, 1);
    CHECK(seen.worst(0) < 0.01);
    CHECK(static_cast<Index>(seen.time.size()) == seen.measured.rows());
    const GrowthColumns columns{.norm = "sigma_1", .alignment = "sigma_alignment_1"};
    const PowerLaw fit = fit_growth(history, columns, {.from = 0.03, .to = 1});
    CHECK_THAT(fit.exponent, WithinAbs(2 - 2.0 / static_cast<double>(depth), 0.01));
    CHECK_THAT(fit.prefactor, WithinRel(static_cast<double>(depth), 0.02));
    history.write_csv(folder / "history.csv");
    const Table back = read_csv_table(folder / "history.csv");
    CHECK(compare_velocities(back, 1).worst(0) == seen.worst(0));
    CHECK(fit_growth(back, columns, {.from = 0.03, .to = 1}).exponent == fit.exponent);
    CHECK(thrown([&] {
            compare_velocities(back, 2);
          }).find("compare_velocities: the trajectory lacks 'sigma_2', 'sigma_velocity_theorem_2'; it has iteration, flow_time, sigma_1") ==
          0);
    CHECK(thrown([&] { seen.worst(1); }) == "VelocityComparison: singular value 1 is asked for, 1 were compared");
  }
}
TEST_CASE("velocities need a W that is the product of its blocks") {
  const SymmetricMatrix<double> model({.size = 4, .width = 2});
  Matrix<double> target = Matrix<double>::Identity(4, 4);
  const Problem problem(model, fully_observed(target), MeanSquares{});
  Vector<double> theta = model.near_zero({.entry_std = 0.5, .seed = 1});
  Trajectory history(singular_value_velocities(2));
  CHECK(thrown([&] { train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, history); }) ==
        "singular_value_velocities: the model of this run has no W that is the product of its blocks, which the probe looks at");
  CHECK(thrown([] { singular_value_velocities(0); }) == "singular_value_velocities: k is 0, it needs to be at least 1");
}
