// SPDX-License-Identifier: MIT
// Weighted sums of fits are fits of the same kind: of matrices of any depth and centre, with transforms of columns, of tensors of any kind.
#include <tacit/data/low_rank.hpp>
#include <tacit/fit/new_slices.hpp>
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

TEST_CASE("a sum of fits with transforms of columns adds predictions, not logarithms, and is saved") {
  Random random(3, "transformed sums");
  std::vector<DeepFit> fits;
  for (const Index rank : {2, 3}) {
    Matrix<double> A(12, rank), B(5, rank);
    for (Matrix<double>* X : {&A, &B})
      for (double& x : X->reshaped()) x = random.normal();
    fits.push_back(tacit::detail::depth_two(A, B, {"a mean", 0.3, {}, 0.5}, ""));
    Scales& lines = fits.back().centre.lines;
    lines.centre = {{}, Vector<double>::LinSpaced(5, 0, 1)}, lines.scale = {{}, Vector<double>::LinSpaced(5, 1, 2)};
    lines.transforms = {{TransformKind::log, 1, 0, 1, 0.1},
                        {},
                        {TransformKind::logit, 1, -2, 4, 0},
                        {TransformKind::log, 1, 0, 1, 0.1 * static_cast<double>(rank)},
                        {}};
  }
  Vector<double> weights(2);
  weights << 0.25, 0.75;
  Entries::Indices row, col;
  for (std::int32_t i = 0; i < 12; ++i)
    for (std::int32_t j = 0; j < 5; ++j) row.push_back(i), col.push_back(j);
  const Entries at(12, 5, row, col);
  const Vector<double> expected = 0.25 * fits[0].predict(at) + 0.75 * fits[1].predict(at);
  const DeepFit sum = tacit::detail::weighted_sum(fits, weights, "a sum");
  CHECK((sum.predict(at) - expected).norm() < 1e-5 * expected.norm());
  const scratch::Folder folder;
  save_model(folder / "model", *sum.model, sum.theta, {.centre = sum.centre});
  CHECK(load_model(folder / "model").predict(at) == sum.predict(at));
}

TEST_CASE("CP and CP is CP; any other tensors are a Tucker of one mode, which predicts, is saved and takes new slices") {
  const Shape shape{5, 4, 3};
  Vector<double> weights(2);
  weights << 0.25, 0.75;
  for (const TensorKind kind :
       {TensorKind::cp, TensorKind::tucker, TensorKind::tensor_train, TensorKind::deep_cp, TensorKind::hierarchical}) {
    INFO(name_of(kind));
    std::vector<TensorFit> fits;
    for (const bool first : {true, false}) {
      fits.push_back(tacit::detail::tensor_of(tensor_spec(first ? kind : TensorKind::cp, shape, first ? 2 : 3), {}, ""));
      fits.back().theta = fits.back().model->near_zero({.entry_std = 0.7, .seed = 1});
      fits.back().centre = {"a mean", first ? 2.0 : 3.0, {{}, Vector<double>::LinSpaced(4, 0, first ? 1 : -3), {}}, 0.5};
    }
    const Vector<double> expected = 0.25 * fits[0].predict().values + 0.75 * fits[1].predict().values;
    const TensorFit sum = tacit::detail::weighted_sum(fits, weights, "a sum");
    CHECK((sum.predict().values - expected).norm() < 1e-5 * expected.norm());
    CHECK(sum.settings() == "a sum");
    CHECK(sum.model->spec().kind == (kind == TensorKind::cp ? TensorKind::cp : TensorKind::tucker));
    if (kind == TensorKind::cp) CHECK(sum.model->spec().ranks[0] == 5);
    const scratch::Folder folder;
    save_model(folder / "model", *sum.model, sum.theta, {.centre = sum.centre});
    const auto saved = load_tensor_model(folder / "model");
    CHECK(saved.predict().values == sum.predict().values);
    // A slice that the sum knows already comes back from its entries.
    std::vector<TensorEntries::Indices> index(3);
    Vector<double> y(12);
    for (std::int32_t j = 0, k = 0; j < 4; ++j)
      for (std::int32_t l = 0; l < 3; ++l, ++k)
        index[0].push_back(0), index[1].push_back(j), index[2].push_back(l), y[k] = expected[2 + 5 * (j + 4 * l)];
    const auto slice = observed<double>({1, 4, 3}, index, y);
    const Tensor<double> again = NewSlices(saved.model, saved.theta, saved.info.centre, 0, 1e-8).predicted(slice);
    for (Index j = 0; j < 4; ++j)
      for (Index l = 0; l < 3; ++l) CHECK(std::abs(again({0, j, l}) - expected[2 + 5 * (j + 4 * l)]) < 1e-3);
  }
  CHECK(tacit::detail::sums_are_models({500, 100, 100}));
  CHECK_FALSE(tacit::detail::sums_are_models({600, 600, 600}));
}
