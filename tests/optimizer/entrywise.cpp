// SPDX-License-Identifier: MIT
// What transforms that treat every entry alike keep and what they do not: the scale of the loss, signs, orders of entries, and how one
// becomes another.
#include <tacit/loss/pointwise.hpp>
#include <tacit/optimizer/adadelta.hpp>
#include <tacit/optimizer/adagrad.hpp>
#include <tacit/optimizer/adamax.hpp>
#include <tacit/optimizer/adamw.hpp>
#include <tacit/optimizer/amsgrad.hpp>
#include <tacit/optimizer/clip_value.hpp>
#include <tacit/optimizer/lion.hpp>
#include <tacit/optimizer/nadam.hpp>
#include <tacit/optimizer/nesterov_convex.hpp>
#include <tacit/optimizer/normalised_gradient.hpp>
#include <tacit/optimizer/radam.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/rmsprop.hpp>
#include <tacit/optimizer/sign_descent.hpp>
#include <tacit/optimizer/signum.hpp>
#include <tacit/problem.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using bitwise::same_bits;

namespace {

/// The small completion problem with its loss multiplied by `scale`.
auto scaled_problem(double scale) {
  return Problem(DeepMatrix<double>({6, 4, 5}), bitwise::data<double>(),
                 pointwise([scale](auto z, auto y) { return scale * (z - y) * (z - y); }));
}
template <class P>
Vector<double> after(const P& problem, const auto& optimizer, Index steps = 40) {
  Vector<double> theta = bitwise::start<double>();
  train(problem, theta, optimizer, {.iterations = steps});
  return theta;
}
bool loss_may_be_scaled(const auto& optimizer) {
  return same_bits(after(scaled_problem(1), optimizer), after(scaled_problem(128), optimizer)) &&
         same_bits(after(scaled_problem(1), optimizer), after(scaled_problem(0x1p-20), optimizer));
}
/// The updates that a transform makes of given gradients, one after another.
template <class S = double>
std::vector<Vector<S>> updates(const auto& transform, const std::vector<Vector<S>>& gradients) {
  const Layout layout = Layout().add("theta", {gradients[0].size()});
  auto state = transform.template start<S>(layout);
  Step<S> step(gradients[0].size());
  step.theta.setZero();
  std::vector<Vector<S>> all;
  for (const Vector<S>& g : gradients) {
    step.gradient = g;
    step.begin();
    transform.apply(step, state);
    all.push_back(step.factor() * step.direction());
  }
  return all;
}
std::vector<Vector<double>> some_gradients(Index n = 3000) {  // longer than a chunk
  std::vector<Vector<double>> all;
  for (std::uint64_t t = 1; t <= 8; ++t) all.push_back(bitwise::normal<double>(n, 40 + t, 1));
  return all;
}
/// Entry by entry the same, but for signs of zero.
bool equal(const std::vector<Vector<double>>& a, const std::vector<Vector<double>>& b) {
  for (std::size_t t = 0; t < a.size(); ++t)
    if (a[t] != b[t]) return false;
  return true;
}
Vector<double> signs(const Vector<double>& x) {
  return x.unaryExpr([](double c) { return c > 0 ? 1.0 : c < 0 ? -1.0 : 0.0; });
}

}  // namespace

TEST_CASE("without eps, these are unchanged to the last bit when the loss is multiplied by a power of two") {
  CHECK(loss_may_be_scaled(adam({.rate = 0.01, .eps = 0})));
  CHECK(loss_may_be_scaled(adamw({.rate = 0.01, .eps = 0, .lambda = 0.1})));
  CHECK(loss_may_be_scaled(amsgrad({.rate = 0.01, .eps = 0})));
  CHECK(loss_may_be_scaled(amsgrad({.rate = 0.01, .eps = 0, .maximum_of = SecondMoment::corrected})));
  CHECK(loss_may_be_scaled(nadam({.rate = 0.01, .eps = 0})));
  CHECK(loss_may_be_scaled(adamax({.rate = 0.01, .eps = 0})));
  CHECK(loss_may_be_scaled(adagrad({.rate = 0.05, .eps = 0})));
  CHECK(loss_may_be_scaled(rmsprop({.rate = 0.01, .eps = 0, .momentum = 0.5})));
  CHECK(loss_may_be_scaled(rmsprop({.rate = 0.01, .decay = 0.5, .eps = 0, .centred = true, .place = EpsPlace::inside})));
  CHECK(loss_may_be_scaled(sign_descent({.rate = 0.01})));
  CHECK(loss_may_be_scaled(signum()));
  CHECK(loss_may_be_scaled(lion({.rate = 0.01, .lambda = 0.1})));
  CHECK(loss_may_be_scaled(normalised_gradient({.rate = 0.05})));
  CHECK(loss_may_be_scaled(normalised_gradient({.rate = 0.05, .norm_of = NormOf::block})));
  CHECK(loss_may_be_scaled(group_rmsprop({.rate = 0.05, .eps = 0})));
}

TEST_CASE("gradient descent, momentum, a positive eps and the first steps of RAdam feel the scale of the loss") {
  CHECK_FALSE(loss_may_be_scaled(gradient_descent({.rate = 1e-3})));
  CHECK_FALSE(loss_may_be_scaled(momentum({.rate = 1e-4})));
  CHECK_FALSE(loss_may_be_scaled(nesterov_convex({.rate = 1e-4})));
  CHECK_FALSE(loss_may_be_scaled(adam({.rate = 0.01})));
  CHECK_FALSE(loss_may_be_scaled(adam_l2({.rate = 0.01, .eps = 0, .lambda = 0.1})));
  CHECK_FALSE(loss_may_be_scaled(radam({.rate = 1e-3, .eps = 0})));
  CHECK(loss_may_be_scaled(radam({.rate = 1e-3, .eps = 0, .before = RadamBefore::none})));
  CHECK_FALSE(loss_may_be_scaled(adadelta()));
}

TEST_CASE("without eps, an entry whose gradient was always 0 does not move") {
  std::vector<Vector<double>> g(3, Vector<double>{{1.0, 0.0, -2.0}});
  const auto stays = [&](const auto& transform) {
    for (const Vector<double>& u : updates(transform, g)) {
      CHECK(u[1] == 0);
      CHECK(std::isfinite(u[0]));
      CHECK(u[0] > 0);
      CHECK(u[2] < 0);
    }
  };
  stays(AdamScale{.eps = 0});
  stays(AmsGradScale{.eps = 0});
  stays(AmsGradScale{.eps = 0, .maximum_of = SecondMoment::corrected});
  stays(NadamScale{.eps = 0});
  stays(RadamScale{.eps = 0});
  stays(AdamaxScale{.eps = 0});
  stays(AdaGradScale{.eps = 0});
  stays(AdaGradScale{.eps = 0, .place = EpsPlace::inside});
  stays(RmsScale{.eps = 0});
  stays(RmsScale{.eps = 0, .centred = true});
  stays(RmsScale{.eps = 0, .place = EpsPlace::inside});
  stays(AdaDeltaScale{});
  stays(SignScale{});
  stays(SignumScale{});
  stays(LionScale{});
  stays(NormalisedGradient{});

  const std::vector<Vector<double>> nothing(2, Vector<double>::Zero(3));
  CHECK(updates(NormalisedGradient{}, nothing)[1].isZero(0));
  CHECK(updates(NormalisedGradient{.norm_of = NormOf::block}, nothing)[1].isZero(0));
  CHECK(updates(GroupRmsScale{.eps = 0}, nothing)[1].isZero(0));
}

TEST_CASE("one becomes another") {
  const auto g = some_gradients();
  std::vector<Vector<double>> sign_of_g;
  for (const auto& each : g) sign_of_g.push_back(signs(each));
  CHECK(equal(updates(SignScale{}, g), sign_of_g));
  CHECK(equal(updates(AdamScale{0, 0, 0}, g), sign_of_g));
  CHECK(equal(updates(RmsScale{.decay = 0, .eps = 0}, g), sign_of_g));
  CHECK(equal(updates(SignumScale{.beta = 0}, g), sign_of_g));
  CHECK(equal(updates(LionScale{0.9, 0.9}, g), updates(SignumScale{0.9}, g)));
  CHECK_FALSE(equal(updates(LionScale{0.9, 0.99}, g), updates(SignumScale{0.9}, g)));
  CHECK(equal(updates(HeavyBall{.beta = 0}, g), g));
  CHECK(equal(updates(Nesterov{.beta = 0}, g), g));
  CHECK(equal(updates(ClipValue{.bound = 100}, g), g));
}

TEST_CASE("exponential averages are heavy balls at another rate, with a start from zero") {
  const auto g = some_gradients();
  const auto sums = updates(HeavyBall{.beta = 0.9}, g);
  const auto dampened = updates(HeavyBall{.beta = 0.9, .dampening = 0.9}, g);
  Vector<double> average = Vector<double>::Zero(g[0].size());
  for (std::size_t t = 0; t < g.size(); ++t) {
    average = 0.9 * average + (1 - 0.9) * g[t];
    CHECK((0.1 * sums[t] - average).norm() <= 1e-14 * average.norm());
  }
  CHECK((dampened.back() - average).norm() > 0.1 * average.norm());  // its first velocity is the gradient itself
}

TEST_CASE("Nesterov's iterates are the points at which the velocity form asks for the gradient") {
  const auto p = bitwise::problem<double>();
  auto ws = p.workspace();
  Vector<double> x = bitwise::start<double>(), w = Vector<double>::Zero(x.size()), g(x.size());
  for (int t = 0; t < 40; ++t) {
    const Vector<double> ahead = x + 0.7 * w;
    p.value_and_gradient(ahead, ws, g);
    w = 0.7 * w - 0.1 * g;
    x += w;
  }
  const Vector<double> y = after(p, nesterov({.rate = 0.1, .beta = 0.7}));
  CHECK((y - (x + 0.7 * w)).norm() <= 1e-13 * y.norm());
}

TEST_CASE("AMSGrad's second moment never falls, where Adam's does") {
  std::vector<Vector<double>> g = some_gradients(50);
  for (std::size_t t = 4; t < g.size(); ++t) g[t] *= 1e-3;
  for (const SecondMoment of : {SecondMoment::raw, SecondMoment::corrected}) {
    const AmsGradScale scale{.beta2 = 0.5, .maximum_of = of};
    auto state = scale.start<double>(Layout().add("theta", {50}));
    Step<double> step(50);
    Vector<double> before = Vector<double>::Zero(50);
    bool v_fell = false;
    for (const auto& each : g) {
      const Vector<double> v_before = state.moments.v;
      step.gradient = each;
      step.begin();
      scale.apply(step, state);
      CHECK((state.largest.array() >= before.array()).all());
      v_fell = v_fell || (state.moments.v.array() < v_before.array()).any();
      before = state.largest;
    }
    CHECK(v_fell);
  }
}

TEST_CASE("signs and order of entries go through, entry by entry") {
  const auto g = some_gradients(40);
  std::vector<Vector<double>> turned;
  for (const auto& each : g) {
    Vector<double> other = each.reverse();
    for (Index k = 0; k < 40; k += 3) other[k] = -other[k];
    turned.push_back(other);
  }
  const auto follows = [&](const auto& transform) {
    const auto u = updates(transform, g), v = updates(transform, turned);
    for (std::size_t t = 0; t < u.size(); ++t) {
      Vector<double> expected = u[t].reverse();
      for (Index k = 0; k < 40; k += 3) expected[k] = -expected[k];
      CHECK(v[t] == expected);
    }
  };
  follows(AdaDeltaScale{});
  follows(AdaGradScale{});
  follows(RmsScale{.centred = true});
  follows(NadamScale{});
  follows(RadamScale{});
  follows(AdamaxScale{});
  follows(LionScale{});
}

TEST_CASE("sign descent moves each entry by the rate, and a positive factor on each entry of the gradient changes nothing") {
  auto g = some_gradients();
  const auto u = updates(SignScale{}, g);
  for (std::size_t t = 0; t < g.size(); ++t) g[t].array() *= bitwise::normal<double>(g[t].size(), 77 + t, 1).array().exp();
  CHECK(equal(u, updates(SignScale{}, g)));
  CHECK((u[0].cwiseAbs().array() == 1).all());
}

TEST_CASE("AdaDelta does not depend on the unit of the parameters' rate, and without eps would never move") {
  CHECK(thrown([] { (void)AdaDeltaScale{.eps = 0}.start<double>(Layout()); }) ==
        "AdaDeltaScale: .eps is 0, it needs to be positive: without it no step has a length");
}

TEST_CASE("AdamW's decay acts where the gradient is 0, and Adam's with an L2 penalty is scaled away") {
  Step<double> step(2);
  step.theta << 2, 2;
  const auto one_step = [&](const auto& chain) {
    step.gradient << 0, 1;
    step.begin();
    std::apply(
        [&](const auto&... stage) {
          (void(([&] {
             auto state = stage.template start<double>(Layout().add("theta", {2}));
             stage.apply(step, state);
           }())),
           ...);
        },
        chain.stages);
    return Vector<double>(step.factor() * step.direction());
  };
  const Vector<double> decoupled = one_step(adamw({.rate = 0.1, .eps = 0, .lambda = 0.5}));
  CHECK(decoupled[0] == -0.1 * (0.5 * 2));
  CHECK_THAT(decoupled[1], Catch::Matchers::WithinRel(-0.1 * (1 + 0.5 * 2), 1e-15));
  const Vector<double> penalised = one_step(adam_l2({.rate = 0.1, .eps = 0, .lambda = 0.5}));
  CHECK_THAT(penalised[0], Catch::Matchers::WithinRel(-0.1, 1e-15));
  CHECK_THAT(penalised[1], Catch::Matchers::WithinRel(-0.1, 1e-15));
}

TEST_CASE("clips keep what is short, and shorten what is long to the bound") {
  const Vector<double> g{{3.0, -4.0}};
  CHECK(updates(Clip{.norm = 5}, {g})[0] == g);
  CHECK_THAT(updates(Clip{.norm = 1}, {g})[0].norm(), Catch::Matchers::WithinRel(1, 1e-15));
  CHECK_THAT(updates(Clip{.norm = 1, .form = ClipForm::torch}, {g})[0].norm(), Catch::Matchers::WithinRel(5 / (5 + 1e-6), 1e-15));
  CHECK(updates(Clip{.norm = 5, .form = ClipForm::torch}, {g})[0].norm() < 5);
  CHECK(updates(ClipValue{.bound = 3.5}, {g})[0] == Vector<double>{{3.0, -3.5}});
}

TEST_CASE("in float, what is averaged keeps the weight 1 - beta to the last digits") {
  const std::vector<Vector<float>> g(1, Vector<float>::Constant(3, 3.0f));
  const auto close = [&](const auto& transform) {
    CHECK_THAT(updates<float>(transform, g)[0][0], Catch::Matchers::WithinRel(1.0f, 3e-7f));
  };
  close(AdamScale{.beta2 = 0.9999, .eps = 0});
  close(AmsGradScale{.beta2 = 0.9999, .eps = 0});
  const auto raw = updates<float>(RmsScale{.decay = 0.9999, .eps = 0}, g)[0][0];
  CHECK_THAT(raw, Catch::Matchers::WithinRel(static_cast<float>(1 / std::sqrt(1 - 0.9999)), 3e-7f));
}

TEST_CASE("hyper-parameters out of range are refused, each named with its value") {
  const auto refusal = [](const auto& transform) { return thrown([&] { (void)transform.template start<double>(Layout()); }); };
  CHECK(refusal(AdamScale{.eps = -1}) == "AdamScale: .eps is -1, it needs to be at least 0");
  CHECK(refusal(AmsGradScale{.beta2 = 1}) == "AmsGradScale: .beta2 is 1, it needs to be in [0, 1)");
  CHECK(refusal(NadamScale{.psi = -1}) == "NadamScale: .psi is -1, it needs to be at least 0");
  CHECK(refusal(RadamScale{.beta1 = -0.5}) == "RadamScale: .beta1 is -0.5, it needs to be in [0, 1)");
  CHECK(refusal(AdamaxScale{.eps = std::nan("")}) == "AdamaxScale: .eps is nan, it needs to be at least 0");
  CHECK(refusal(AdaGradScale{.initial = -1}) == "AdaGradScale: .initial is -1, it needs to be at least 0");
  CHECK(refusal(AdaDeltaScale{.rho = 2}) == "AdaDeltaScale: .rho is 2, it needs to be in [0, 1)");
  CHECK(refusal(RmsScale{.decay = 1}) == "RmsScale: .decay is 1, it needs to be in [0, 1)");
  CHECK(refusal(SignumScale{.beta = 1}) == "SignumScale: .beta is 1, it needs to be in [0, 1)");
  CHECK(refusal(LionScale{.beta2 = -1}) == "LionScale: .beta2 is -1, it needs to be in [0, 1)");
  CHECK(refusal(HeavyBall{.dampening = 2}) == "HeavyBall: .dampening is 2, it needs to be in [0, 1]");
  CHECK(refusal(NormalisedGradient{.eps = -1}) == "NormalisedGradient: .eps is -1, it needs to be at least 0");
  CHECK(refusal(ClipValue{}) == "ClipValue: .bound is 0, it needs to be positive");
  CHECK(refusal(GroupRmsScale{}).rfind("GroupRmsScale: .eps needs to be given and not negative", 0) == 0);
}
