// SPDX-License-Identifier: MIT
#include <tacit/analysis/differences.hpp>

#include <tacit/data/low_rank.hpp>
#include <tacit/loss/huber.hpp>
#include <tacit/loss/pointwise.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "quadratic.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("extrapolation differentiates to ten digits and knows how many") {
  const auto d = [](auto f) {
    auto [derivative, error] = detail::extrapolated_derivative([&](double t) { return Vector<double>::Constant(1, f(t)).eval(); }, 2.2e-16);
    return std::pair{derivative[0], error};
  };
  const auto [a, ea] = d([](double t) { return std::exp(t); });
  CHECK_THAT(a, WithinAbs(1, 1e-12));
  CHECK((ea >= std::abs(a - 1) && ea < 1e-11));
  const auto [b, eb] = d([](double t) { return 1 + 3 * t - 7 * std::pow(t, 4) + 2 * std::pow(t, 9); });
  CHECK_THAT(b, WithinAbs(3, 1e-12));
  CHECK(eb < 1e-11);
  const auto [c, ec] = d([](double t) { return std::log(0.01 + t); });  // not defined at the first, large steps
  CHECK_THAT(c, WithinRel(100, 1e-5));
  CHECK(10 * ec >= std::abs(c - 100));
  const auto [e, ee] = d([](double t) { return std::abs(t - 0.001); });  // a kink nearby
  CHECK_THAT(e, WithinAbs(-1, 1e-9));
  CHECK(d([](double) { return std::nan(""); }).second == HUGE_VAL);
}

TEST_CASE("right derivatives of deep matrices pass, on coordinates and on random directions") {
  const Index depth = GENERATE(1, 2, 3, 4);
  const double scale = GENERATE(1e-2, 1.0);
  const auto [truth, seen] = low_rank_completion({.rows = 4, .cols = 3, .rank = 1, .observed = 7, .seed = 3});
  std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, 3);
  widths.back() = 4;
  const DeepMatrix<double> model(widths);
  const Vector<double> theta = model.near_zero({.product_scale = scale, .seed = 2});
  for (Index directions : {5, 100}) {
    const auto check = [&](const auto& problem) {
      const auto gradient = check_gradient(problem, theta, {.directions = directions}),
                 hessian = check_hessian(problem, theta, {.directions = directions});
      CHECK(gradient.relative_error < 1e-8);
      CHECK(hessian.relative_error < 1e-8);
      CHECK(hessian.asymmetry < 1e-12);
      CHECK(gradient.directions == std::min(directions, directions == 5 ? Index(5) : model.parameter_count()));
      CHECK(gradient.uncertainty < 1e-7);
    };
    check(Problem(model, seen, MeanSquares{}));
    check(Problem(model, seen, pointwise([](auto z, auto y) { return logcosh(z - y); })));
    check(Problem(model, seen, SumOfSquares{}, WeightDecayPenalty{0.3}));
  }
}

TEST_CASE("in float the same derivatives pass as far as float goes") {
  const auto [truth, seen] = low_rank_completion<float>({.rows = 4, .cols = 3, .rank = 1, .observed = 7, .seed = 3});
  const DeepMatrix<float> model({3, 3, 4});
  const Vector<float> theta = model.near_zero({.product_scale = 1, .seed = 2});
  const Problem problem(model, seen, MeanSquares{});
  const auto gradient = check_gradient(problem, theta), hessian = check_hessian(problem, theta);
  CHECK(gradient.relative_error < 1e-5);
  CHECK(hessian.relative_error < 1e-5);
  CHECK(gradient.relative_error < 10 * gradient.uncertainty);
  CHECK(hessian.relative_error < 10 * hessian.uncertainty);
}

namespace {
/// A quadratic whose derivatives are wrong where a test wants them to be.
struct Wrong : Quadratic<double> {
  using Quadratic<double>::Quadratic;
  double gradient_factor = 1, hessian_factor = 1, skew = 0;
  Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const {
    const auto value = Quadratic<double>::value_and_gradient(theta, ws, g);
    g[2] *= gradient_factor;
    return value;
  }
  void hessian_times(In<double> theta, In<double> v, Workspace& ws, Out<double> hv) const {
    Quadratic<double>::hessian_times(theta, v, ws, hv);
    hv[1] *= hessian_factor;
    hv[0] += skew * v[1];
    hv[1] -= skew * v[0];
  }
};
}  // namespace

TEST_CASE("wrong derivatives are found, and where") {
  Vector<double> lambda(4);
  lambda << 1, 2, 3, 4;
  const Vector<double> theta = Vector<double>::LinSpaced(4, 1, 2);
  Wrong problem(lambda);
  CHECK(check_gradient(problem, theta).relative_error < 1e-12);
  CHECK(check_hessian(problem, theta).relative_error < 1e-12);

  problem.gradient_factor = 1.01;
  const auto gradient = check_gradient(problem, theta);
  CHECK(gradient.relative_error > 1e-3);
  CHECK(gradient.worst == "entry 2 of theta");
  CHECK(check_gradient(problem, theta, {.directions = 3}).relative_error > 1e-4);
  CHECK(scratch::mentions(sentence(gradient), "gradient: relative error 0.00"));
  CHECK(scratch::mentions(sentence(gradient), "over 4 directions, worst at entry 2 of theta\n"));

  Wrong other(lambda);
  other.hessian_factor = 1.01;
  CHECK(check_hessian(other, theta).relative_error > 1e-4);
  other.hessian_factor = 1;
  other.skew = 0.5;
  CHECK(check_hessian(other, theta).asymmetry > 0.01);
  CHECK(scratch::mentions(sentence(check_hessian(other, theta)), "; asymmetry "));
}

TEST_CASE("at theta = 0 and at kinks the check stays sensible") {
  const auto seen = low_rank_completion({.rows = 4, .cols = 3, .rank = 1, .observed = 7, .seed = 3}).seen;
  const DeepMatrix<double> model({3, 3, 4});
  const Vector<double> zero = Vector<double>::Zero(model.parameter_count());
  const auto gradient = check_gradient(Problem(model, seen, MeanSquares{}), zero);
  CHECK(gradient.relative_error < 1e-12);  // both vanish: the error is absolute
  CHECK(check_hessian(Problem(model, seen, MeanSquares{}), zero).relative_error < 1e-10);
  const DeepMatrix<double> plain({3, 4});
  const auto at_kink = check_gradient(Problem(plain, seen, huber({.delta = 0.1})), plain.near_zero({.product_scale = 1, .seed = 2}));
  CHECK(at_kink.relative_error < 1e-6);
  CHECK(scratch::error_of([&] { check_gradient(Problem(model, seen, MeanSquares{}), Vector<double>(zero), {.directions = 0}); }) ==
        "check: .directions is 0, it needs to be at least 1");
}

TEST_CASE("wrong derivatives are found whatever the objective's scale, right ones pass") {
  /// Claims twice the gradient, and a Hessian half as large and not symmetric.
  struct Wrong : Quadratic<double> {
    using Quadratic<double>::Quadratic;
    bool wrong = true;
    Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const {
      const auto value = Quadratic<double>::value_and_gradient(theta, ws, g);
      if (wrong) g *= 2;
      return value;
    }
    void hessian_times(In<double> theta, In<double> v, Workspace& ws, Out<double> hv) const {
      Quadratic<double>::hessian_times(theta, v, ws, hv);
      if (wrong) hv[0] += hv[1];
    }
  };
  const double scale = GENERATE(1e-170, 1.0, 1e160);
  Wrong problem(Vector<double>(scale * Vector<double>{{3, 1, -2, 0.5}}));
  const Vector<double> theta{{0.3, -0.2, 1, 0.7}};
  CHECK_THAT(check_gradient(problem, theta).relative_error, WithinRel(1.0, 1e-6));
  const double asymmetry = check_hessian(problem, theta).asymmetry;
  CHECK(asymmetry > 0.01);
  problem.wrong = false;
  CHECK(check_gradient(problem, theta).relative_error < 1e-9);
  CHECK(check_hessian(problem, theta).relative_error < 1e-9);
  CHECK(check_hessian(problem, theta).asymmetry < 1e-15);
}
