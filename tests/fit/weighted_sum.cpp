// SPDX-License-Identifier: MIT
// Weighted sums of fits are fits of the same kind: of matrices of any depth and centre, of CP.
#include <tacit/data/low_rank.hpp>
#include <tacit/fit/weighted_sum.hpp>
#include <tacit/output/model_files.hpp>
#include <tacit/solver/als.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

TEST_CASE("a weighted sum of fits predicts the weighted sum of their predictions, and is saved") {
  const auto task = low_rank_completion({.rows = 30, .cols = 20, .rank = 2, .observed = 400, .seed = 3, .noise_std = 0.1});
  const Entries& at = task.seen.where;
  std::vector<DeepFit> fits;
  fits.push_back(as_deep(additive_effects(task.seen), at.shape()));
  fits.push_back(as_deep(als(task.seen, {.rank = 3, .lambda = 1, .centre = global_mean(task.seen)}), at.shape()));
  DeepFit deep;  // of depth 3
  deep.model = std::make_shared<const DeepMatrix<double>>(std::vector<Index>{20, 4, 5, 30});
  deep.theta = deep.model->near_zero({.product_scale = 1, .seed = 1});
  deep.centre.scale = 0.7;
  fits.push_back(deep);
  Vector<double> weights(3);
  weights << 0.2, 0.5, 0.3;
  for (const bool wide : {false, true}) {
    if (wide) {
      fits.push_back(as_deep(nearest_neighbours(task.seen, {.k = 3, .centre = global_mean(task.seen)}), at.shape()));
      weights.resize(4);
      weights << 0.2, 0.3, 0.3, 0.2;
    }
    Vector<double> expected = Vector<double>::Zero(at.count());
    for (std::size_t m = 0; m < fits.size(); ++m) expected += weights[static_cast<Index>(m)] * fits[m].predict(at);
    const DeepFit sum = tacit::detail::weighted_sum(fits, weights, "a sum");
    CHECK((sum.predict(at) - expected).norm() < (wide ? 1e-5 : 1e-12) * expected.norm());
    CHECK(sum.model->bottleneck() == (wide ? 20 : 8));
    CHECK(sum.settings() == "a sum");
    const scratch::Folder folder;
    save_model(folder / "model", *sum.model, sum.theta, {.centre = sum.centre});
    CHECK(load_model(folder / "model").predict(at) == sum.predict(at));
  }
  CHECK(scratch::error_of([&] { tacit::detail::weighted_sum(fits, Vector<double>::Ones(4), ""); }) ==
        "weighted_sum: the weights add up to 4, they need to add up to 1");
}

TEST_CASE("CP and CP is CP; other tensors are refused") {
  const Shape shape{5, 4, 3};
  std::vector<TensorFit> fits;
  for (const Index rank : {2, 3}) {
    fits.push_back(tacit::detail::tensor_of(tensor_spec(TensorKind::cp, shape, rank), {}, ""));
    fits.back().theta = fits.back().model->near_zero({.product_scale = 1, .seed = 1});
    fits.back().centre = {"a mean", static_cast<double>(rank), {}, 0.5};
  }
  Vector<double> weights(2);
  weights << 0.25, 0.75;
  const TensorFit sum = tacit::detail::weighted_sum(fits, weights, "");
  CHECK(sum.model->spec().ranks[0] == 5);
  CHECK((sum.predict().values - 0.25 * fits[0].predict().values - 0.75 * fits[1].predict().values).norm() < 1e-12);
  fits[0] = tacit::detail::tensor_of(tensor_spec(TensorKind::tucker, shape, 2), {}, "");
  fits[0].theta.setOnes();
  CHECK(scratch::error_of([&] { tacit::detail::weighted_sum(fits, weights, ""); }) ==
        "weighted_sum: a Tucker cannot be added to the others, only CP can");
}
