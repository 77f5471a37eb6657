// SPDX-License-Identifier: MIT
#include <tacit/hook/hessian.hpp>

#include <tacit/analysis/hessian.hpp>
#include <tacit/core/small_symmetric_eigen.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/hook/checkpoint.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>

#include <numeric>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "hook/example.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Eigenvalues of the dense Hessian of the example, largest first.
Vector<double> dense_eigenvalues(const Vector<double>& theta) {
  const auto p = example::problem();
  const Matrix<double> H = HessianOperator(p, theta).dense();
  SmallSymmetricEigen eigen(H.rows());
  eigen.compute(H, H.rows());
  Vector<double> values(H.rows());
  for (Index i = 0; i < H.rows(); ++i) values[i] = eigen.value(i);
  return values;
}

}  // namespace

TEST_CASE(
    "probes of the Hessian record what the dense Hessian has at every theta of a run, with names and errors, and leave the run as it is") {
  Trajectory history(sharpness({.tolerance = 1e-9}), stability_margin({.tolerance = 1e-9}), hessian_spectrum(3, {.tolerance = 1e-9}),
                     least_eigenvalue({.tolerance = 1e-9}), hessian_trace(), gradient_evaluations, hessian_products);
  std::vector<Vector<double>> seen;
  const auto p = example::problem();
  Vector<double> theta = example::start(), alone = theta;
  const auto outcome = train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 30}, every(5, history),
                             every(5, [&](const auto& now) { seen.push_back(now.theta()); }));
  train(p, alone, gradient_descent({.rate = 0.1}), {.iterations = 30});
  CHECK((theta - alone).norm() == 0);
  CHECK(outcome.hessian_products == 0);
  CHECK(outcome.gradient_evaluations == 30);
  CHECK(history.names() == std::vector<std::string>{"iteration", "sharpness", "sharpness_residual", "stability_margin",
                                                    "stability_margin_error", "hessian_eigenvalue_1", "hessian_residual_1",
                                                    "hessian_eigenvalue_2", "hessian_residual_2", "hessian_eigenvalue_3",
                                                    "hessian_residual_3", "least_eigenvalue", "least_eigenvalue_residual", "hessian_trace",
                                                    "hessian_trace_error", "gradient_evaluations", "hessian_products"});
  REQUIRE(history.rows() == static_cast<Index>(seen.size()));
  for (Index r = 0; r < history.rows(); ++r) {
    const Vector<double> exact = dense_eigenvalues(seen[static_cast<std::size_t>(r)]);
    const auto at = [&](const char* name) { return history.column(name)[static_cast<std::size_t>(r)]; };
    CHECK_THAT(at("sharpness"), WithinRel(exact[0], 1e-9));
    CHECK(at("sharpness_residual") <= 1e-8 * exact[0]);
    CHECK_THAT(at("stability_margin"), WithinRel(2 / (0.1 * exact[0]), 1e-8));
    CHECK(at("stability_margin_error") <= 1e-6);
    CHECK_THAT(at("hessian_eigenvalue_2"), WithinRel(exact[1], 1e-8));
    CHECK_THAT(at("hessian_eigenvalue_3"), WithinRel(exact[2], 1e-8));
    CHECK_THAT(at("least_eigenvalue"), WithinAbs(exact[exact.size() - 1], 1e-8 * exact[0]));
    CHECK_THAT(at("hessian_trace"), WithinAbs(exact.sum(), 1e-9));  // fewer parameters than products: exact
  }
}
TEST_CASE("an eigenvalue that rises past the followed one is found, and a run in float is followed, too") {
  auto probe = sharpness({.tolerance = 1e-6});
  const auto p = example::problem<float>();
  Vector<float> theta = example::start<float>();
  Trajectory history(probe);
  train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 10}, every(5, history));
  CHECK_THAT(history.last("sharpness"), WithinRel(dense_eigenvalues(theta.cast<double>())[0], 1e-3));

  detail::LanczosPairs<double> pairs(60, 1, 42, 1);
  Vector<double> lambda = Vector<double>::LinSpaced(60, 0, 1);
  lambda[0] = 3;
  const auto multiply = [&](In<double> v, Out<double> hv) { hv = lambda.cwiseProduct(v); };
  for (int call = 0; call < 5; ++call) pairs.improve(multiply, 1e-12, 200);  // the vector is a unit vector, to rounding
  Index most = 0;
  for (int call = 1; call <= 40; ++call) {
    lambda[7] = 0.1 * call;
    pairs.improve(multiply, 1e-3, 200);
    most = std::max(most, pairs.products());
    CHECK_THAT(pairs.value(0), WithinRel(lambda.maxCoeff(), 1e-3));
  }
  CHECK(most <= 10);
}
TEST_CASE(
    "at n = 30 and depth 3, three digits of the sharpness cost at most 60 products cold, and 10 warm, every 100 steps, once it moves "
    "slowly") {
  const auto [truth, data] = low_rank_completion({.rows = 30, .cols = 30, .rank = 3, .observed = 300, .seed = 1});
  const DeepMatrix<double> model({30, 30, 30, 30});
  const Problem p(model, data, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = 0.1, .seed = 1});
  detail::TrackedPairs pairs("test", 1, {});
  std::vector<Index> products;
  train(p, theta, gradient_descent({.rate = 2}), {.iterations = 2000}, every(100, [&](const auto& now) {
          const auto& found = pairs.at(now);
          CHECK(found.residual(0) <= 1e-3 * found.scale());
          products.push_back(found.products());
        }));
  CAPTURE(products);
  CHECK(products[0] <= 60);
  CHECK(*std::max_element(products.begin() + 2, products.end()) <= 10);  // the first stage passes in the first hundred steps
}
TEST_CASE("along a run in which singular values rise one after another, a call of three digits costs 10 products in the mean, 60 at most") {
  const auto [truth, data] = low_rank_completion({.rows = 30, .cols = 30, .rank = 3, .observed = 300, .seed = 1});
  const DeepMatrix<double> model({30, 30, 30, 30});
  const Problem p(model, data, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = 0.1, .seed = 1});
  detail::TrackedPairs pairs("test", 1, {});
  std::vector<Index> products;
  train(p, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 4000}, every(100, [&](const auto& now) {
          const auto& found = pairs.at(now);
          CHECK(found.residual(0) <= 1e-3 * found.scale());
          products.push_back(found.products());
        }));
  CAPTURE(products);
  CHECK(products.size() == 41);
  CHECK(std::accumulate(products.begin() + 1, products.end(), Index(0)) <= 10 * 40);
  CHECK(*std::max_element(products.begin(), products.end()) <= 60);
}
TEST_CASE("a run that is saved and loaded records the same numbers, since what a probe follows is in the checkpoint") {
  const scratch::Folder folder;
  const auto p = example::problem();
  Trajectory whole(sharpness(), hessian_spectrum(2)), first = whole, second = whole;
  const auto optimizer = gradient_descent({.rate = 0.1});
  Run a(p, example::start(), optimizer, every(3, whole));
  a.advance(20);
  Run b(p, example::start(), optimizer, every(3, first)), c(p, example::start(), optimizer, every(3, second));
  b.advance(10);
  b.save(folder / "run");
  c.load(folder / "run");
  c.advance(10);
  CHECK(whole.column("sharpness") == second.column("sharpness"));
  CHECK(whole.column("hessian_residual_2") == second.column("hessian_residual_2"));
}
TEST_CASE("probes of the Hessian refuse what they cannot do, in words, and show a pair that did not converge by its residual") {
  CHECK(scratch::error_of([] { hessian_spectrum(0); }) == "hessian_spectrum: 0 pairs are asked for, it needs to be at least 1");
  CHECK(scratch::mentions(scratch::error_of([] { sharpness({.tolerance = -1}); }), "sharpness: .tolerance is -1"));
  CHECK(scratch::mentions(scratch::error_of([] { stability_margin({.products = 0}); }), "stability_margin: .products is 0"));
  CHECK(scratch::error_of([] { example::watch(1, Trajectory(hessian_spectrum(28))); }) ==
        "hessian_spectrum: 28 pairs are asked for, the model has 27 parameters");
  Trajectory history(sharpness({.tolerance = 1e-9, .products = 4}));
  example::watch(1, once(0, history));
  CHECK(history.last("sharpness_residual") > 1e-3 * history.last("sharpness"));
}
TEST_CASE("sharpness in a minibatch run is that of all observations") {
  const auto p = example::problem();
  Vector<double> theta = example::start();
  Trajectory history(sharpness({.tolerance = 1e-9}), loss);
  train(p, theta, on_batches({.size = 4}, FullGradient{}) | LearningRate{0.05}, {.iterations = 7}, every(7, history));
  CHECK_THAT(history.last("sharpness"), WithinRel(dense_eigenvalues(theta)[0], 1e-8));
}
