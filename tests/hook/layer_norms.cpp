// SPDX-License-Identifier: MIT
#include <tacit/hook/layer_norms.hpp>

#include <tacit/hook/trajectory.hpp>
#include <tacit/model/diagonal_net.hpp>

#include "catch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

TEST_CASE("norms of weights as columns are those of the last theta") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  Trajectory history(group_norm(1, inf), layer_norms(2, 2), layer_norm_product(3, 1.5), schatten_product(inf), parameter_lp_norm(0.5),
                     parameter_lp_norm(inf), distances_from(example::start()));
  const auto problem = example::problem();
  const DeepMatrix<double> model = example::model();
  Vector<double> theta = example::start();
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 5}, history);
  CHECK(history.names() == std::vector<std::string>{"iteration", "group_norm_1_inf", "layer_norm_1", "layer_norm_2",
                                                    "layer_norm_product_3_1.5", "schatten_product_inf", "parameter_lp_norm_0.5",
                                                    "parameter_lp_norm_inf", "distance_1", "distance_2"});
  CHECK(history.last("group_norm_1_inf") == group_norm(model, theta, 1, inf));
  CHECK_THAT(history.last("layer_norm_1"), WithinRel(model.layer(theta, 0).norm(), 1e-14));
  CHECK_THAT(history.last("layer_norm_2"), WithinRel(model.layer(theta, 1).norm(), 1e-14));
  CHECK(history.last("layer_norm_product_3_1.5") == layer_norm_product(model, theta, 3, 1.5));
  CHECK(history.last("schatten_product_inf") == schatten_product(model, theta, inf));
  CHECK_THAT(history.last("parameter_lp_norm_0.5"), WithinRel(std::pow(theta.cwiseAbs().cwiseSqrt().sum(), 2), 1e-13));
  CHECK(history.last("parameter_lp_norm_inf") == theta.cwiseAbs().maxCoeff());
  CHECK_THAT(history.last("distance_1"), WithinRel((theta - example::start()).head(15).norm(), 1e-13));
  CHECK_THAT(history.last("distance_2"), WithinRel((theta - example::start()).tail(12).norm(), 1e-13));
  CHECK(history.column("distance_1")[0] == 0);
}
TEST_CASE("norms of weights refuse models without layers, other starts and exponents that mean nothing") {
  const auto refusal = [](auto probe) {
    return thrown([&] {
      const DiagonalNet<double> model({.size = 3, .depth = 2});
      const Problem problem(model, Data<double, AllEntries>(AllEntries(Shape{3}), Vector<double>::Ones(3)), MeanSquares{});
      Vector<double> theta = Vector<double>::Ones(6);
      train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, Trajectory(probe));
    });
  };
  const std::string rest = ": the model of this run has no layers whose product is W, which the probe looks at";
  CHECK(refusal(group_norm(1, 1)) == "group_norm" + rest);
  CHECK(refusal(layer_norms(1, 1)) == "layer_norms" + rest);
  CHECK(refusal(layer_norm_product(1, 1)) == "layer_norm_product" + rest);
  CHECK(refusal(schatten_product(1)) == "schatten_product" + rest);
  CHECK(refusal(distances_from(Vector<double>(Vector<double>::Ones(5)))) == "distances_from: the start has 5 parameters, theta 6");
  CHECK(refusal(parameter_lp_norm(1)) == "nothing was thrown");
  CHECK(thrown([] { parameter_lp_norm(0); }) == "parameter_lp_norm: p is 0, it needs to be positive (infinity: the largest)");
  CHECK(thrown([] { layer_norms(1, 0); }) == "layer_norms: q is 0, it needs to be positive (infinity: the largest)");
}
