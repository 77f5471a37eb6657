// SPDX-License-Identifier: MIT
// A tensor model at one of its modes is a matrix: factors times basis give the unfolding, of every kind and at every mode, and centres go
// with it.
#include <tacit/model/mode_matrix.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

const Shape shape{4, 3, 5, 2};

std::vector<TensorSpec> kinds() {
  const ModeTree crossed(std::vector<ModeTree>{ModeTree(std::vector<ModeTree>{0, 2}), ModeTree(std::vector<ModeTree>{1, 3})});
  return {{.kind = TensorKind::cp, .shape = shape, .ranks = {3}},
          {.kind = TensorKind::tucker, .shape = shape, .ranks = {2, 3, 2, 2}},
          {.kind = TensorKind::tensor_train, .shape = shape, .ranks = {2, 3, 2}},
          {.kind = TensorKind::hierarchical, .shape = shape, .ranks = {3, 2}, .tree = crossed},
          {.kind = TensorKind::deep_cp, .shape = shape, .ranks = {3}, .depths = {2}},
          {.kind = TensorKind::deep_tucker, .shape = shape, .ranks = {2}, .depths = {2}, .wiring = Wiring::per_column},
          {.kind = TensorKind::deep_tensor_train, .shape = shape, .ranks = {2}, .depths = {3}}};
}
Tensor<double> whole(const AnyTensorModel<double>& model, const Vector<double>& theta) {
  const AllEntries all(model.shape());
  auto ws = model.workspace(all);
  Tensor<double> W(model.shape());
  model.evaluate(theta, all, ws, W.values);
  return W;
}
/// use(i, j, index): row i and column j, counted with the last mode fastest, of the entry at index.
template <class Use>
void each_entry(Index mode, Use use) {
  for (Index a = 0; a < 4; ++a)
    for (Index b = 0; b < 3; ++b)
      for (Index c = 0; c < 5; ++c)
        for (Index d = 0; d < 2; ++d) {
          const Index index[] = {a, b, c, d};
          Index col = 0;
          for (Index n = 0; n < 4; ++n)
            if (n != mode) col = col * shape[n] + index[n];
          use(index[mode], col, index);
        }
}

}  // namespace

TEST_CASE("factors of a mode times its basis are the unfolding, of every kind at every mode") {
  for (const TensorSpec& spec : kinds()) {
    const AnyTensorModel<double> model(spec);
    const Vector<double> theta = model.near_zero({.product_scale = 1, .seed = 2});
    const Tensor<double> W = whole(model, theta);
    for (Index mode = 0; mode < 4; ++mode) {
      INFO(name_of(spec.kind) << ", mode " << mode);
      const Matrix<double> A = model.mode_factor(theta, mode), P = mode_basis(model, theta, mode);
      REQUIRE(A.cols() == P.rows());
      REQUIRE(P.cols() * shape[mode] == 120);
      const Matrix<double> product = A * P;
      double worst = 0;
      each_entry(mode, [&](Index i, Index j, const Index* at) {
        worst = std::max(worst, std::abs(product(i, j) - W({at[0], at[1], at[2], at[3]})));
      });
      CHECK(worst < 1e-12 * W.values.cwiseAbs().maxCoeff());
    }
  }
}

TEST_CASE("the centre of a tensor as one of a matrix predicts the same") {
  Random random(1, "centre");
  Centre centre{"test", 2, {}, 1.5};
  for (ModeVectors* list : {&centre.effects, &centre.lines.centre, &centre.lines.scale})
    for (Index n : shape.sizes()) {
      list->emplace_back(n);
      for (double& x : list->back()) x = 0.5 + random.uniform();
    }
  centre.effects[1].resize(0);
  centre.lines.centre[2].resize(0);
  centre.lines.scale[0].resize(0);
  for (Index mode = 0; mode < 4; ++mode) {
    const Centre at = centre_at_mode(centre, shape, mode);
    each_entry(mode, [&](Index i, Index j, const Index* index) {
      CHECK(std::abs(at.put_back(0.7, i, j) - centre.put_back(0.7, 4, [&](Index n) { return index[n]; })) < 1e-13);
    });
  }
  CHECK(centre_at_mode({"plain", 3}, shape, 1).lines.none());
  CHECK_FALSE(centre_at_mode({"plain", 3}, shape, 1).has_effects());
}

TEST_CASE("a basis that nobody could store is refused") {
  const AnyTensorModel<double> model({.kind = TensorKind::cp, .shape = Shape(std::vector<Index>(4, 1000)), .ranks = {2}});
  const Vector<double> theta = Vector<double>::Zero(model.parameter_count());
  CHECK(thrown([&] { mode_basis(model, theta, 0); }).find("mode_basis: a dense 2 x 1000 x 1000 x 1000 object") == 0);
}
