// SPDX-License-Identifier: MIT
#include <tacit/optimizer/exponentiated_gradient.hpp>
#include <tacit/optimizer/spectral_mirror_descent.hpp>

#include <tacit/model/diagonal_net.hpp>
#include <tacit/tacit.hpp>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;

namespace {

/// theta after one step of a stage that sets the rate itself.
template <class T>
Vector<double> next_theta(const T& stage, const Layout& layout, const Vector<double>& theta, const Vector<double>& g) {
  Step<double> step(theta.size());
  step.begin();
  step.theta = theta;
  step.gradient = g;
  auto state = stage.template start<double>(layout);
  stage.apply(step, state);
  CHECK_FALSE(step.stalled);
  Vector<double> next(theta.size());
  step.apply(next);
  return next;
}
/// Regression of 12 measurements on a vector of 8.
auto regression() {
  const Matrix<double> A = gaussian(8, 12, 1);
  return Problem(DeepMatrix<double>({1, 8}), Data<double, LinearMap<double>>{LinearMap<double>(8, 1, A), flat(gaussian(12, 1, 2))},
                 MeanSquares{});
}

}  // namespace

TEST_CASE("hypentropy is exponentiated gradient on w+ - w- with w+ w- = beta^2 / 4: gradient descent is not") {
  const auto problem = regression();
  const Vector<double> start = flat(gaussian(8, 1, 3));
  for (const double beta : {1e-6, 0.1, 10.0}) {
    Vector<double> mirror = start, pair = start, plain = start;
    train(problem, mirror, mirror_descent({.rate = 0.01, .beta = beta}), {.iterations = 200});
    train(problem, pair, exponentiated_gradient({.rate = 0.01, .form = ExponentiatedForm::both_signs, .beta = beta}), {.iterations = 200});
    train(problem, plain, gradient_descent({.rate = 0.01}), {.iterations = 200});
    CHECK((mirror - pair).norm() < 1e-11);
    CHECK((mirror - plain).norm() > 1e-3);
  }
}

TEST_CASE("as beta grows with rate / beta the steps tend to gradient descent's, quadratically") {
  const auto problem = regression();
  const Vector<double> start = flat(gaussian(8, 1, 4));
  const auto gap = [&](double beta) {
    Vector<double> mirror = start, plain = start;
    train(problem, mirror, mirror_descent({.rate = 0.01 / beta, .beta = beta}), {.iterations = 50});
    train(problem, plain, gradient_descent({.rate = 0.01}), {.iterations = 50});
    return (mirror - plain).norm();
  };
  CHECK(gap(1) > 1e-2);
  CHECK(gap(1e3) / gap(1e2) < 0.0105);
  CHECK(gap(1e5) < 1e-8);
}

TEST_CASE("the flow of u^2 - v^2 from u = v = alpha is the hypentropy flow with beta = 2 alpha^2, four times as fast") {
  const double alpha = 0.3, beta = 2 * alpha * alpha, time = 0.4;
  const Matrix<double> A = gaussian(8, 12, 5);
  const Data<double, LinearMap<double>> data{LinearMap<double>(8, 1, A), flat(gaussian(12, 1, 6))};
  const Problem net(DiagonalNet<double>({.size = 8, .depth = 2}), data, MeanSquares{});
  const Problem linear(DeepMatrix<double>({1, 8}), data, MeanSquares{});
  const auto gap = [&](Index steps, double speed) {
    Vector<double> uv = Vector<double>::Constant(16, alpha), x = Vector<double>::Zero(8);
    const double h = time / static_cast<double>(steps);
    train(net, uv, gradient_descent({.rate = h}), {.iterations = steps});
    train(linear, x, mirror_descent({.rate = speed * h, .beta = beta}), {.iterations = steps});
    return (net.model().value(uv) - x).norm() / x.norm();
  };
  const double coarse = gap(2000, 4), fine = gap(20'000, 4);
  CHECK(fine < 2e-3);
  CHECK(fine / coarse < 0.11);  // only the discretisation is left
  CHECK(gap(2000, 1) > 0.1);
}

TEST_CASE("exponentiated gradient: positive multiplies, the simplex forgets constants, zeros stay zero, a negative entry stalls") {
  const Layout layout = one_block(4, 1);
  Vector<double> theta(4), g(4);
  theta << 0.1, 0.4, 0, 0.5;
  g << 1, -2, 3, 0.5;
  const Vector<double> positive = next_theta(ExponentiatedGradient<>{{0.3}}, layout, theta, g);
  for (Index i = 0; i < 4; ++i) CHECK(positive[i] == theta[i] * std::exp(-0.3 * g[i]));
  const ExponentiatedGradient<> simplex{{0.3}, ExponentiatedForm::simplex};
  const Vector<double> on = next_theta(simplex, layout, theta, g);
  CHECK(std::abs(on.sum() - 1) < 1e-15);
  CHECK(on[2] == 0);
  CHECK((on - positive / positive.sum()).norm() < 1e-15);
  CHECK((next_theta(simplex, layout, theta, g.array() + 7) - on).norm() < 1e-14);
  CHECK((next_theta(ExponentiatedGradient<>{{0.3}}, layout, theta, g.array() + 7) - positive).norm() > 0.1);
  CHECK(next_theta(simplex, layout, theta, 1e6 * g).allFinite());

  Vector<double> negative = -theta;
  const Problem problem(DeepMatrix<double>({1, 4}), Data<double, AllEntries>{AllEntries(4, 1), theta}, MeanSquares{});
  const auto outcome = train(problem, negative, exponentiated_gradient({.rate = 0.1}), {.iterations = 3});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.why.find("negative entry") != std::string::npos);
  CHECK(negative == -theta);
}

TEST_CASE("spectral mirror descent: the entrywise rule on diagonals, and orthogonal changes of both sides; entrywise has none of these") {
  Vector<double> s(4), h(4);
  s << 2, 1, 0.5, 1e-3;
  h << 0.3, -1, 0.2, 2;
  const Layout layout = one_block(4, 4);
  const SpectralMirrorDescent<> spectral{{0.1}, 0.2};
  const MirrorDescent<> entrywise{{0.1}, 0.2};
  const Matrix<double> W = s.asDiagonal(), G = h.asDiagonal();
  const Matrix<double> next = next_theta(spectral, layout, flat(W), flat(G)).reshaped(4, 4);
  CHECK((next.diagonal() - next_theta(entrywise, one_block(4, 1), s, h)).norm() < 1e-14);
  CHECK((next - Matrix<double>(next.diagonal().asDiagonal())).norm() < 1e-14);
  for (const std::pair<Index, Index>& sides : {std::pair<Index, Index>{5, 5}, {3, 6}, {6, 3}}) {
    const Index rows = sides.first, cols = sides.second;  // plain names: clang 14 captures no structured bindings
    const Matrix<double> Q = orthogonal(rows, 1), R = orthogonal(cols, 2), V = gaussian(rows, cols, 3), H = gaussian(rows, cols, 4);
    const auto moved = [&](const auto& by, const Matrix<double>& at, const Matrix<double>& along) {
      return Matrix<double>(next_theta(by, one_block(rows, cols), flat(at), flat(along)).reshaped(rows, cols));
    };
    CHECK((moved(spectral, Q * V * R, Q * H * R) - Q * moved(spectral, V, H) * R).norm() < 1e-12);
    CHECK((moved(entrywise, Q * V * R, Q * H * R) - Q * moved(entrywise, V, H) * R).norm() > 1e-3);
  }
  const Matrix<double> from_zero = next_theta(spectral, layout, Vector<double>::Zero(16), flat(G)).reshaped(4, 4);
  CHECK((from_zero - Matrix<double>((0.2 * (-0.1 * h.array()).sinh()).matrix().asDiagonal())).norm() < 1e-15);
}

TEST_CASE("rates and scales of mirror maps are checked; two of them do not stand in one chain with LearningRate") {
  CHECK(thrown([] { MirrorDescent<>{{0.1}}.start<double>(Layout{}); }) == "MirrorDescent: .beta is nan, it needs to be given and positive");
  CHECK(thrown([] {
          MirrorDescent<>{{-1}, 1}.start<double>(Layout{});
        }) == "MirrorDescent: the rate is -1, it needs to be positive and finite");
  CHECK(thrown([] {
          ExponentiatedGradient<>{{0.1}, ExponentiatedForm::both_signs}.start<double>(Layout{});
        }).find(".beta is nan") != std::string::npos);
  CHECK(sets_rate<MirrorDescent<>>);
  CHECK(sets_rate<SpectralMirrorDescent<>>);
  CHECK(sets_rate<ExponentiatedGradient<>>);
}
