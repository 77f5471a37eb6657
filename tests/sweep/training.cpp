// SPDX-License-Identifier: MIT
// A sweep over real training runs: the same bytes for any number of threads and after a resume.
#include <tacit/sweep.hpp>

#include <tacit/data/low_rank.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/optimizer/recipes.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {
auto complete(const Setting& s) {
  auto [truth, seen] = low_rank_completion({.rows = 17, .cols = 13, .rank = 2, .observed = 120, .seed = s.seed()});
  std::vector<Index> widths(static_cast<std::size_t>(s.depth()) + 1, 13);
  widths.back() = 17;
  DeepMatrix<double> model(widths);
  Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = s.scale(), .seed = s.seed()});
  Trajectory history(loss, drawn_loss, gradient_norm, effective_rank, error_to(truth), singular_values(3));
  const auto optimizer = on_batches({.size = 50, .seed = s.seed()}, FullGradient{}) | AdamScale{} | LearningRate{1e-2};
  auto outcome = train(problem, theta, optimizer, {.iterations = 150}, every(10, history));
  return std::pair{history, outcome};
}
std::string bytes(const SweepResult& result, const scratch::Folder& folder) {
  result.write_csv(folder / "out.csv");
  return scratch::get(folder / "out.csv") + scratch::get(folder / "out.csv.meta.json");
}
}  // namespace

TEST_CASE("training in parallel gives the bytes of training one after the other") {
  scratch::Folder folder;
  const Grid grid = depths({1, 2, 3}) * scales({1e-2, 1}) * seeds(2);
  const std::string one = bytes(sweep(grid, complete, {.threads = 1}), folder);
  CHECK(std::count(one.begin(), one.end(), '\n') > 12 * 16);
  CHECK(bytes(sweep(grid, complete, {.threads = 8}), folder) == one);
  CHECK(bytes(sweep(grid, complete), folder) == one);
}
