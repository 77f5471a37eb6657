// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/model/deep_cp.hpp>

#include "catch.hpp"

using namespace tacit;

namespace low_rank_tensor_tests {

namespace {

/// The truth has the norm that was asked for, and is what was seen of it.
template <class Model>
void drawn_from(const Model& model) {
  INFO(sentence(model));
  const auto [truth, seen] = low_rank_completion(model, {.observed = 20, .norm = 7, .seed = 3});
  CHECK(truth.shape == model.shape());
  CHECK_THAT(truth.norm(), Catch::Matchers::WithinRel(7.0, 1e-12));
  REQUIRE(seen.count() == 20);
  for (Index k = 0; k < 20; ++k) CHECK(seen.y[k] == truth({seen.where.mode(0)[k], seen.where.mode(1)[k], seen.where.mode(2)[k]}));
}

}  // namespace

TEST_CASE("every tensor model draws targets of its rank, deep ones those of their factors") {
  const Shape shape{5, 4, 3};
  drawn_from(CP<double>({.shape = shape, .rank = 2}));
  drawn_from(Tucker<double>({.shape = shape, .ranks = {2, 3, 2}}));
  drawn_from(TensorTrain<double>({.shape = shape, .ranks = {2, 3}}));
  drawn_from(HierarchicalTensor<double>({.shape = shape, .widths = {2, 2}, .tree = ModeTree{{0, 1}, 2}}));
  drawn_from(DeepCP<double>({.shape = shape, .rank = 2, .depths = {3, 1, 2}}));
}

}  // namespace low_rank_tensor_tests
