// SPDX-License-Identifier: MIT
#include <tacit/hook/probe.hpp>

#include <optional>

#include "catch.hpp"
#include "example.hpp"
#include "thrown.hpp"

using namespace example;
using Catch::Matchers::WithinRel;

namespace {

/// The probe's value at the start, and its name.
template <class Probe>
std::pair<double, std::string> at_start(Probe probe) {
  std::optional<double> value;
  watch(1, [&](const auto& now) {
    if (!now.closing()) value = static_cast<double>(probe(now));
  });
  return {value.value(), probe.name()};
}
using Named_ = std::pair<double, std::string>;

}  // namespace

TEST_CASE("the probes that need nothing but the snapshot") {
  const auto p = problem();
  auto ws = p.workspace();
  Vector<double> g(27);
  const auto value = p.value_and_gradient(start(), ws, g);
  CHECK(at_start(tacit::loss) == Named_{value.loss, "loss"});
  CHECK(at_start(objective) == Named_{value.objective, "objective"});
  CHECK(at_start(drawn_loss) == Named_{value.loss, "drawn_loss"});
  CHECK_THAT(at_start(gradient_norm).first, WithinRel(g.norm(), 1e-15));
  CHECK(at_start(gradient_norm).second == "gradient_norm");
  CHECK_THAT(at_start(gradient_rms).first, WithinRel(g.norm() / std::sqrt(27.0), 1e-15));
  CHECK(at_start(gradient_rms).second == "gradient_rms");
  CHECK_THAT(at_start(parameter_norm).first, WithinRel(start().norm(), 1e-15));
  CHECK(at_start(parameter_norm).second == "parameter_norm");
  CHECK_THAT(at_start(parameter_rms).first, WithinRel(start().norm() / std::sqrt(27.0), 1e-15));
  CHECK(at_start(parameter_rms).second == "parameter_rms");
  CHECK_THAT(at_start(frobenius_norm).first, WithinRel(product(start()).norm(), 1e-14));
  CHECK(at_start(frobenius_norm).second == "frobenius_norm");
  CHECK(at_start(rate) == Named_{0.1, "rate"});
  CHECK(at_start(flow_time) == Named_{0, "flow_time"});
  CHECK(at_start(gradient_evaluations) == Named_{1, "gradient_evaluations"});
  CHECK(at_start(hessian_products) == Named_{0, "hessian_products"});
  CHECK(at_start(wall_time).second == "wall_time");
}

TEST_CASE("errors to a truth, and to held-out data") {
  const Matrix<double> truth = Eigen::Map<const Matrix<double>>(normal(20, 5).data(), 4, 5), W = product(start());
  CHECK_THAT(at_start(error_to(truth)).first, WithinRel((W - truth).norm() / truth.norm(), 1e-14));
  CHECK(at_start(error_to(truth)).second == "relative_error");
  CHECK_THAT(at_start(mean_square_error_to(truth)).first, WithinRel((W - truth).squaredNorm() / 20, 1e-14));
  CHECK(at_start(mean_square_error_to(truth)).second == "mean_square_error");
  const auto held = observed<double>(4, 5, {0, 3}, {1, 3}, normal(2, 6));
  const double expected = std::sqrt((std::pow(W(0, 1) - held.y[0], 2) + std::pow(W(3, 3) - held.y[1], 2)) / 2);
  CHECK_THAT(at_start(rmse_on("validation", model(), held)).first, WithinRel(expected, 1e-14));
  CHECK(at_start(rmse_on("validation", model(), held)).second == "validation");
  CHECK_THAT(at_start(rmse_on("all", model(), fully_observed(truth))).first, WithinRel((W - truth).norm() / std::sqrt(20.0), 1e-14));
}

TEST_CASE("entries, and the distance to a reference") {
  CHECK_THAT(at_start(entry(2, 3)).first, WithinRel(product(start())(2, 3), 1e-14));
  CHECK(at_start(entry(2, 3)).second == "W_2_3");
  CHECK(at_start(distance_to(Vector<double>(start() + Vector<double>::Ones(27)))).first == std::sqrt(27.0));
}

TEST_CASE("a probe of one's own, with a state of its own") {
  auto counting = probe("calls", [calls = 0](const auto&) mutable { return ++calls; });
  CHECK(counting.name() == "calls");
  auto copy = counting;
  watch(3, [&](const auto& now) { counting(now); });
  CHECK(at_start(counting).first == 5);
  CHECK(at_start(copy).first == 1);
}

TEST_CASE("probes that cannot be are refused with a sentence, at the latest when they look") {
  CHECK(thrown([] { probe("", [](const auto&) { return 1; }); }) == "probe: the name is empty, a column needs one");
  CHECK(thrown([] { error_to(Matrix<double>(Matrix<double>::Zero(4, 5))); }) == "error_to: the truth is empty or zero");
  CHECK(thrown([] { at_start(error_to(Matrix<double>(Matrix<double>::Ones(5, 4)))); }) == "error_to: the truth is 5 x 4, W is 4 x 5");
  CHECK(thrown([] { at_start(mean_square_error_to(Matrix<double>(Matrix<double>::Ones(5, 4)))); }) ==
        "mean_square_error_to: the truth is 5 x 4, W is 4 x 5");
  CHECK(thrown([] { at_start(entry(4, 0)); }) == "entry: (4, 0) lies outside the 4 x 5 matrix");
  CHECK(thrown([] { at_start(distance_to(Vector<double>(Vector<double>::Ones(3)))); }) ==
        "distance_to: the reference has 3 parameters, theta 27");
}
