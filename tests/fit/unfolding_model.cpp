// SPDX-License-Identifier: MIT
// The fit of an unfolding as a tensor model: the same predictions for any two groups of modes, before and after saving; which unfoldings
// are tried.
#include <tacit/fit/as_factors.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// The largest difference relative to the largest prediction.
double far_apart(const Vector<double>& a, const Vector<double>& b) {
  return (a - b).lpNorm<Eigen::Infinity>() / b.lpNorm<Eigen::Infinity>();
}
Centre line_effects(const Shape& shape, std::uint64_t seed) {
  Random random(seed, "effects");
  Centre centre{"effects of the test", 3};
  for (Index n = 0; n < shape.order(); ++n) {
    centre.effects.emplace_back(Vector<double>(shape[n]));
    for (double& x : centre.effects.back()) x = random.normal();
  }
  return centre;
}
Matrix<double> normals(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "factors");
  Matrix<double> X(rows, cols);
  for (double& x : X.reshaped()) x = random.normal();
  return X;
}
TensorEntries some_entries(const Shape& shape, Index count) {
  const auto places = tacit::detail::shuffled(static_cast<Index>(shape.size()), 3);
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(shape.order()));
  for (Index k = 0; k < count; ++k) {
    Index left = places[static_cast<std::size_t>(k)];
    for (Index n = 0; n < shape.order(); left /= shape[n++])
      index[static_cast<std::size_t>(n)].push_back(static_cast<std::int32_t>(left % shape[n]));
  }
  return observed<double>(shape, index, Vector<double>::Zero(count)).where;
}

}  // namespace

TEST_CASE("an unfolding of any two groups of modes is a tensor model, also with effects, also saved") {
  struct Case {
    Shape shape;
    Bipartition rows;
  };
  for (const Case& c : {Case{{4, 3, 5}, {false, true, false}}, Case{{4, 3, 5}, {true, true, false}},
                        Case{{4, 3, 2, 5}, {false, true, true, false}}, Case{{3, 2, 4, 2, 3}, {true, false, true, true, false}}})
    for (const bool effects : {false, true}) {
      const tacit::detail::Unfolding way(c.shape, c.rows);
      const auto rows = static_cast<Index>(way.size[0]), cols = static_cast<Index>(way.size[1]);
      UnfoldedAls fit{{normals(rows, 2, 1), normals(cols, 2, 2), effects ? line_effects({rows, cols}, 3) : Centre{"global mean", 2}},
                      c.rows};
      const TensorEntries at = some_entries(c.shape, 20);
      const TensorFit model = as_tensor(fit, c.shape);
      INFO(model.name() << ", " << model.settings());
      CHECK(far_apart(model.predict(at), fit.predict(at)) < 1e-13);
      const scratch::Folder scratch;
      const std::string folder = scratch / "unfolding";
      save_model(folder, *model.model, model.theta, {.centre = model.centre});
      CHECK(load_tensor_model(folder).predict(at) == model.predict(at));
    }
  CHECK(tacit::detail::unfoldings_are_models({20, 20, 20}, 1000));
  CHECK_FALSE(tacit::detail::unfoldings_are_models({2000, 2000, 2000}, 1000));
}

TEST_CASE("all bipartitions are tried whose models are not far larger than the data: single modes first, as rows") {
  const auto ways = tacit::detail::modelled_unfoldings({3, 4, 5, 6}, 300);
  REQUIRE(ways.size() == 7);
  for (std::size_t n = 0; n < 4; ++n)
    for (std::size_t m = 0; m < 4; ++m) CHECK(ways[n].rows[m] == (m == n));
  for (std::size_t w = 4; w < 7; ++w) {
    CHECK(std::count(ways[w].rows.begin(), ways[w].rows.end(), true) == 2);
    CHECK(ways[w].size[0] * ways[w].size[1] == 360);
  }
  CHECK(tacit::detail::modelled_unfoldings({300, 4, 300, 4}, 300).size() < 7);
  CHECK(tacit::detail::modelled_unfoldings({4000, 4000, 4000}, 300).empty());
}
