// SPDX-License-Identifier: MIT
// New slices of a tensor, of any mode and model, from a few of their entries.
#include <tacit/fit/new_slices.hpp>
#include <tacit/fit/tensor_fit.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

Tensor<double> whole(const AnyTensorModel<double>& model, const Vector<double>& theta) {
  const AllEntries all(model.shape());
  auto ws = model.workspace(all);
  Tensor<double> W(model.shape());
  model.evaluate(theta, all, ws, W.values);
  return W;
}
/// A model some of whose slices in a mode are fitted, and three more are new: W of both, and the model of the first.
struct Task {
  Tensor<double> all;
  std::shared_ptr<const AnyTensorModel<double>> model;
  Vector<double> theta;
  Index mode, fitted;
  Centre centre{"test", 5, {}, 2};

  Task(TensorKind kind, Index which, Index count = 8) : mode(which), fitted(count) {
    std::vector<Index> sizes{7, 6, 5, 4};
    sizes[static_cast<std::size_t>(mode)] = fitted + 3;
    const AnyTensorModel<double> large(tensor_spec(kind, Shape(sizes), 2));
    const Vector<double> of_all = large.near_zero({.product_scale = 1, .seed = 3});
    all = whole(large, of_all);
    all.values = (5 + 2 * all.values.array()).matrix();
    sizes[static_cast<std::size_t>(mode)] = fitted;
    TensorSpec spec = large.spec();
    spec.shape = Shape(sizes);
    model = std::make_shared<const AnyTensorModel<double>>(spec);
    theta.resize(model->parameter_count());
    for (Index l = 0; l < large.layout().size(); ++l)  // lines are stored one after another
      theta.segment(model->layout()[l].offset, model->layout()[l].count) =
          of_all.segment(large.layout()[l].offset, model->layout()[l].count);
  }
  /// Every `step`-th entry of the three new slices, with noise.
  Data<double, TensorEntries> fresh(Index step, double noise = 0) const {
    std::vector<Index> sizes = all.shape.sizes();
    sizes[static_cast<std::size_t>(mode)] = 3;
    Random random(1, "noise");
    Tensor<double> some{Shape(sizes)};
    for (Index k = 0; k < some.values.size(); ++k)
      some.values[k] = k % step == 0 ? truth().values[k] + noise * random.normal() : std::nan("");
    return observed(some);
  }
  Tensor<double> truth() const {
    std::vector<Index> sizes = all.shape.sizes();
    sizes[static_cast<std::size_t>(mode)] = 3;
    Tensor<double> part{Shape(sizes)};
    std::vector<Index> at(4, 0);
    for (Index k = 0; k < part.values.size(); ++k) {
      std::vector<Index> there = at;
      there[static_cast<std::size_t>(mode)] += fitted;
      part.values[k] = all({there[0], there[1], there[2], there[3]});
      for (std::size_t n = 0; n < 4 && ++at[n] == sizes[n]; ++n) at[n] = 0;
    }
    return part;
  }
};
double error(const Tensor<double>& found, const Tensor<double>& truth) {
  return (found.values - truth.values).norm() / (truth.values.array() - 5).matrix().norm();
}

}  // namespace

TEST_CASE("new slices are found again from some of their entries, of every kind at every mode; from other basis vectors they are not") {
  for (const TensorKind kind : {TensorKind::cp, TensorKind::tucker, TensorKind::tensor_train, TensorKind::hierarchical})
    for (Index mode = 0; mode < 4; ++mode) {
      INFO(name_of(kind) << ", mode " << mode);
      const Task t(kind, mode);
      const NewSlices fold(*t.model, t.theta, t.centre, mode, 1e-10);
      CHECK(error(fold.predicted(t.fresh(5)), t.truth()) < 1e-5);
      Vector<double> other = t.theta;
      Random random(9, "other");
      for (double& x : other) x *= 1 + 0.5 * random.normal();
      CHECK(error(NewSlices(*t.model, other, t.centre, mode, 1e-10).predicted(t.fresh(5)), t.truth()) > 0.02);
    }
}

TEST_CASE("the ridge follows the noise of the slices that were fitted, and lowers the error of noisy new ones") {
  const Task t(TensorKind::cp, 0, 60);
  Tensor<double> seen = whole(*t.model, t.theta);
  const double size = seen.norm() / std::sqrt(static_cast<double>(seen.values.size()));
  for (const double noise : {0.0, 5.0}) {
    Random random(2, "noise of the fit");
    Tensor<double> some = seen;
    for (double& x : some.values) x = random.uniform() < 0.06 ? 5 + 2 * (x + noise * size * random.normal()) : std::nan("");
    const double ridge = best_ridge_of_slices(*t.model, t.theta, t.centre, observed(some), 0, 1);
    INFO(ridge);
    CHECK((noise > 0 ? ridge >= 1 : ridge == 1e-3));
    if (noise > 0)
      CHECK(error(NewSlices(*t.model, t.theta, t.centre, 0, ridge).predicted(t.fresh(9, 2 * noise * size)), t.truth()) <
            error(NewSlices(*t.model, t.theta, t.centre, 0, 1e-6).predicted(t.fresh(9, 2 * noise * size)), t.truth()));
  }
}

TEST_CASE("slices that do not fit are refused by name") {
  const Task t(TensorKind::cp, 1);
  const NewSlices fold(*t.model, t.theta, t.centre, 0, 0.1);
  CHECK(thrown([&] { fold.predicted(t.fresh(5)); }) ==
        "NewSlices: the new slices are 7 x 3 x 5 x 4, the model is 7 x 8 x 5 x 4; sizes need to agree but for mode 1");
  CHECK(thrown([&] { NewSlices(*t.model, t.theta, t.centre, 4, 0.1); }) == "new slices: mode 5 is asked for, the tensor is 7 x 8 x 5 x 4");
}
