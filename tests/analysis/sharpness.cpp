// SPDX-License-Identifier: MIT
#include <tacit/analysis/sharpness.hpp>

#include <Eigen/Eigenvalues>
#include <limits>

#include <tacit/analysis/hessian.hpp>
#include <tacit/data/low_rank.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "quadratic.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
/// The report must be true of the vector in it, whatever the solver believed.
template <class P, class S>
void check_honest(const P& problem, const Vector<S>& theta, const Sharpness<S>& s) {
  const Vector<S> hx = HessianOperator(problem, theta).apply(s.vector);
  const double scale = static_cast<double>(hx.norm()) + 1e-300, eps = std::numeric_limits<S>::epsilon();
  CHECK_THAT(static_cast<double>(s.vector.norm()), WithinRel(1.0, 10 * eps));
  CHECK_THAT(s.value, WithinAbs(static_cast<double>(s.vector.dot(hx)), 10 * eps * scale));
  CHECK_THAT(s.residual, WithinAbs(static_cast<double>((hx - static_cast<S>(s.value) * s.vector).norm()), 10 * eps * scale));
}
Vector<double> spectrum(std::initializer_list<double> head, Index count, double low, double high) {
  Vector<double> lambda(static_cast<Index>(head.size()) + count);
  Index k = 0;
  for (double value : head) lambda[k++] = value;
  for (Index i = 0; i < count; ++i)
    lambda[k++] = count > 1 ? low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1) : low;
  return lambda;
}
}  // namespace

TEST_CASE("sharpness of a deep matrix is the largest eigenvalue of its dense Hessian") {
  const Index depth = GENERATE(1, 2, 3);
  const double scale = GENERATE(1e-3, 1.0);
  const auto [truth, seen] = low_rank_completion({.rows = 6, .cols = 5, .rank = 2, .observed = 17, .seed = 3});
  std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, 5);
  widths.back() = 6;
  const DeepMatrix<double> model(widths);
  const Problem problem(model, seen, MeanSquares{});
  const Vector<double> theta = model.near_zero({.product_scale = scale, .seed = 2});
  const auto s = sharpness(problem, theta);
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> dense(HessianOperator(problem, theta).dense());
  REQUIRE(s.converged);
  CHECK_THAT(s.value, WithinRel(dense.eigenvalues().tail(1)[0], 1e-9));
  CHECK(s.value <= dense.eigenvalues().tail(1)[0] * (1 + 1e-13));
  CHECK(s.products <= 200);
  check_honest(problem, theta, s);
}

TEST_CASE("spectra of every kind") {
  struct Case {
    const char* name;
    Vector<double> lambda;
  };
  const std::vector<Case> cases{
      {"well separated", spectrum({10}, 60, -1, 1)},
      {"clustered at the top", spectrum({1, 1 - 1e-7, 1 - 1e-6, 1 - 1e-4, 1 - 1e-3}, 60, 0, 0.9)},
      {"the top value ten times", spectrum({3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, 40, -3, 1)},
      {"all equal", Vector<double>::Constant(30, 2.5)},
      {"negative definite", spectrum({}, 40, -50, -0.5)},
      {"negative semidefinite", spectrum({0, 0}, 40, -50, -1)},
      {"larger below than above", spectrum({1}, 40, -1000, 0.1)},
      {"zero", Vector<double>::Zero(20)},
      {"rank one", spectrum({7}, 30, 0, 0)},
      {"one parameter", spectrum({-4}, 0, 0, 0)},
      {"one parameter, flat", spectrum({0}, 0, 0, 0)},
      {"two parameters", spectrum({2, 1}, 0, 0, 0)},
      {"three parameters", spectrum({2, 1, -5}, 0, 0, 0)},
      {"four parameters", spectrum({2, 2, 1, -5}, 0, 0, 0)},
      {"tiny", spectrum({1e-150}, 20, -1e-151, 1e-151)},
      {"huge", spectrum({1e150}, 20, -1e149, 1e149)},
  };
  for (const Case& c : cases) {
    for (std::uint64_t seed : {1u, 2u, 3u}) {
      INFO(c.name << ", seed " << seed);
      const Quadratic<double> problem(c.lambda, seed);
      const Vector<double> theta = Vector<double>::Zero(c.lambda.size());
      const double largest = c.lambda.maxCoeff(), norm = c.lambda.cwiseAbs().maxCoeff();
      const auto s = sharpness(problem, theta, {.seed = seed + 10});
      CHECK(s.converged);
      CHECK_THAT(s.value, WithinAbs(largest, 1e-6 * std::abs(largest) + 1e-14 * norm));
      CHECK(s.value <= largest + 1e-14 * norm);
      CHECK(s.residual <= std::max(1e-6 * std::abs(s.value), 1e-14 * norm));
      check_honest(problem, theta, s);
      const auto f = sharpness(Quadratic<float>(c.lambda, seed), Vector<float>(theta.cast<float>()), {.seed = seed + 10});
      if (norm < 1e30 && (norm > 1e-30 || norm == 0)) {
        CHECK(f.converged);
        CHECK_THAT(f.value, WithinAbs(largest, 2e-6 * norm));
      }
    }
  }
}

TEST_CASE("the residual bounds the distance to an eigenvalue, also long before convergence") {
  const Vector<double> lambda = spectrum({5, 4.9}, 50, -2, 4.8);
  const Quadratic<double> problem(lambda);
  for (Index products : {2, 3, 5, 10, 20}) {
    const auto s = sharpness(problem, Vector<double>(Vector<double>::Zero(lambda.size())), {.tolerance = 1e-12, .products = products});
    CHECK_FALSE(s.converged);
    CHECK((lambda.array() - s.value).abs().minCoeff() <= s.residual * (1 + 1e-12));
    check_honest(problem, Vector<double>(Vector<double>::Zero(lambda.size())), s);
    CHECK(scratch::mentions(sentence(s), " (not converged) after "));
  }
}

TEST_CASE("a tolerance that only rounding can meet is met, with the true residual") {
  const Vector<double> lambda = spectrum({5, 4.9}, 50, -2, 4.5);
  const Quadratic<double> problem(lambda);
  const auto s = sharpness(problem, Vector<double>(Vector<double>::Zero(lambda.size())), {.tolerance = 0});
  CHECK(s.converged);
  CHECK(s.residual < 5e-14);
  CHECK_THAT(s.value, WithinRel(5.0, 1e-14));
}

TEST_CASE("products are counted and bounded") {
  const Quadratic<double> problem(spectrum({1.0001}, 100, 0, 1));
  const Vector<double> theta = Vector<double>::Zero(101);
  for (Index most : {2, 3, 7, 40, 1000}) {
    problem.products = 0;
    const auto s = sharpness(problem, theta, {.tolerance = 1e-10, .products = most});
    CHECK(s.products == problem.products);
    CHECK(s.products <= most);
  }
  CHECK(scratch::error_of([&] { sharpness(problem, theta, {.products = 1}); }) ==
        "sharpness: .products is 1, it needs to be at least 2: one to start and one to check");
  CHECK(scratch::error_of([&] { sharpness(problem, theta, {.tolerance = -1}); }) ==
        "sharpness: .tolerance is -1, it needs to be 0 or more");
  CHECK(scratch::error_of([&] { sharpness(problem, Vector<double>(Vector<double>::Zero(3))); }) ==
        "sharpness: theta has 3 parameters, the model has 101 (theta 101)");
}

TEST_CASE("a Hessian that is not finite is never called converged") {
  Matrix<double> H = Matrix<double>::Identity(5, 5);
  H(2, 3) = H(3, 2) = GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
  const auto s = sharpness(Quadratic<double>(H), Vector<double>(Vector<double>::Zero(5)));
  CHECK_FALSE(s.converged);
  CHECK_FALSE(std::isfinite(s.residual));
}

TEST_CASE("warm starts survive a product that is not finite") {
  detail::TopEigenvector<double> top;
  top.x = detail::random_direction<double>(4, 1);
  int calls = 0;
  CHECK_FALSE(
      top.improve([&](const Vector<double>& v, Vector<double>& hv) { hv = v * (++calls > 1 ? std::nan("") : 1), hv[0] *= 2; }, 1e-6, 5));
  CHECK(top.x.allFinite());
  CHECK(top.improve([](const Vector<double>& v, Vector<double>& hv) { hv = v, hv[0] *= 2; }, 1e-6, 5));
  CHECK_THAT(top.value, WithinRel(2.0, 1e-12));
}

TEST_CASE("a single eigenvalue above a narrow cluster is found, though the cluster's residual is below the tolerance") {
  for (std::uint64_t seed : {1u, 2u, 3u, 4u, 5u})
    for (const double gap : {1e-5, 3e-6})
      for (const double width : {0.0, 1e-8}) {
        CAPTURE(seed, gap, width);
        const Quadratic<double> problem(spectrum({1}, 300, 1 - gap - width, 1 - gap), seed);
        const Vector<double> theta = Vector<double>::Zero(301);
        const auto s = sharpness(problem, theta, {.seed = seed + 20});
        CHECK(s.converged);
        CHECK(s.second_start);
        CHECK_THAT(s.value, WithinAbs(1.0, 1e-6));
        CHECK(s.products <= 60);
        CHECK(s.products == problem.products);
        check_honest(problem, theta, s);
      }
}

TEST_CASE("what no second start was afforded for says so") {
  const Quadratic<double> problem(spectrum({1}, 50, 1 - 1e-5, 1 - 1e-5), 1);
  const auto s = sharpness(problem, Vector<double>(Vector<double>::Zero(51)), {.products = 4});
  CHECK(s.converged);
  CHECK_FALSE(s.second_start);
  CHECK(scratch::mentions(sentence(s), " (one start) after "));
}
