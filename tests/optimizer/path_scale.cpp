// SPDX-License-Identifier: MIT
#include <tacit/optimizer/end_to_end_scale.hpp>
#include <tacit/optimizer/path_scale.hpp>

#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/tacit.hpp>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;

TEST_CASE("Path-SGD on a product of diagonals does not see rescaled units: gradient descent does") {
  const DiagonalProduct<double> model({.size = 6, .depth = 3});
  const Problem problem(model, Data<double, LinearMap<double>>{LinearMap<double>(6, 1, gaussian(6, 9, 1)), flat(gaussian(9, 1, 2))},
                        MeanSquares{});
  const Vector<double> plain = flat(gaussian(18, 1, 3));
  Vector<double> rescaled = plain;
  for (Index i = 0; i < 6; ++i) {
    const double c = i % 2 ? 10 : 0.1;
    rescaled[i] *= c;
    rescaled[6 + i] /= c;
  }
  const auto gap = [&](const auto& optimizer) {
    Vector<double> a = plain, b = rescaled;
    train(problem, a, optimizer, {.iterations = 30});
    train(problem, b, optimizer, {.iterations = 30});
    return (model.value(a) - model.value(b)).norm() / model.value(a).norm();
  };
  CHECK(gap(path_sgd({.rate = 1e-3})) < 1e-10);
  CHECK(gap(gradient_descent({.rate = 1e-4})) > 1e-2);
}

TEST_CASE("a depth of one has path scale 1, so Path-SGD is gradient descent; a vanished path divides by the guard") {
  const DeepMatrix<double> linear({4, 3});
  CHECK(path_scale(linear, Vector<double>(flat(gaussian(12, 1, 4)))) == Vector<double>::Ones(12));
  const DeepMatrix<double> model({2, 1, 2});
  const PathScale by{.tiny = 1e-3};
  auto state = by.start<double>(model.layout());
  Step<double> step(4);
  step.begin();
  step.theta = Vector<double>::Zero(4);
  step.gradient = Vector<double>::Constant(4, 2);
  by.apply(step, state, model);
  CHECK((step.own() - Vector<double>::Constant(4, 2000)).norm() < 1e-9);
  CHECK(thrown([&] { PathScale{.tiny = 0}.start<double>(model.layout()); }) == "PathScale: .tiny is 0, it needs to be positive");
}

TEST_CASE("models whose weights are shared have no paths to rescale") {
  CHECK(Layered<DeepMatrix<float>>);
  CHECK(Layered<DiagonalProduct<double>>);
  CHECK_FALSE(Layered<DiagonalNet<double>>);
}

TEST_CASE("the end-to-end scale is refused on several factors, and does nothing at depth 1 but the decay") {
  const DeepMatrix<double> linear({4, 3});
  CHECK(thrown([] {
          EndToEndScale{.depth = 2}.start<double>(DeepMatrix<double>({4, 3, 2}).layout());
        }).find("the model has 2 factors") != std::string::npos);
  CHECK(thrown([&] { EndToEndScale{}.start<double>(linear.layout()); }) == "EndToEndScale: .depth is 0, it needs to be at least 1");
  const EndToEndScale one{.depth = 1, .weight_decay = 0.5};
  auto state = one.start<double>(linear.layout());
  Step<double> step(12);
  step.begin();
  step.theta = flat(gaussian(12, 1, 5));
  step.gradient = flat(gaussian(12, 1, 6));
  one.apply(step, state, linear);
  CHECK((step.own() - step.gradient - 0.5 * step.theta).norm() < 1e-15);
}
