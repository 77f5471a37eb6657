// SPDX-License-Identifier: MIT
#include <tacit/analysis/implicit_penalty.hpp>

#include <Eigen/QR>
#include <sstream>

#include "catch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

Vector<double> penalty_normal(Index size, Random& random) {
  Vector<double> x(size);
  for (double& entry : x) entry = random.normal();
  return x;
}
std::vector<PenaltyCandidate> three_penalties() {
  return {penalty_candidate("ridge", [](const Vector<double>& t) -> Vector<double> { return 2 * t; }),
          penalty_candidate("quartic", [](const Vector<double>& t) -> Vector<double> { return 4 * t.array().cube(); }),
          penalty_candidate("mean", [](const Vector<double>& t) -> Vector<double> { return Vector<double>::Constant(t.size(), 1e-9); })};
}
/// Samples whose gradient and velocity leave -sum lambda_i grad R_i + noise.
std::vector<PenaltySample> penalty_draw(const std::vector<PenaltyCandidate>& candidates, const Vector<double>& lambda, Index P, int count,
                                        double noise, std::uint64_t seed) {
  Random random(seed, "implicit_penalty");
  std::vector<PenaltySample> samples;
  for (int s = 0; s < count; ++s) {
    const Vector<double> theta = penalty_normal(P, random), velocity = penalty_normal(P, random);
    Vector<double> gradient = noise * penalty_normal(P, random) - velocity;
    for (Index i = 0; i < lambda.size(); ++i) gradient -= lambda[i] * candidates[static_cast<std::size_t>(i)].gradient(theta);
    samples.push_back({theta, gradient, velocity});
  }
  return samples;
}

}  // namespace

TEST_CASE("implicit penalty: known coefficients come back to rounding, whatever the units of the candidates, from one sample or several") {
  const auto candidates = three_penalties();
  const Vector<double> lambda{{0.3, -0.02, 5e7}};
  for (const int count : {1, 7}) {
    const ImplicitPenalty found = estimate_penalty(penalty_draw(candidates, lambda, 12, count, 0, 1), candidates);
    INFO(found);
    for (Index i = 0; i < 3; ++i) CHECK_THAT(found.coefficients[i], WithinRel(lambda[i], 1e-12));
    CHECK(found.residual < 1e-14);
    CHECK_THAT(found.cosine, WithinAbs(1, 1e-14));
    CHECK(found.determined());
    CHECK(found.why.empty());
    CHECK(found.equations == 12 * count);
  }
}
TEST_CASE("implicit penalty: coefficients, standard errors, residual and condition are those of the normal equations of all rows") {
  const auto candidates = three_penalties();
  const auto samples = penalty_draw(candidates, Vector<double>{{0.3, -0.02, 5e7}}, 8, 5, 0.5, 2);
  const ImplicitPenalty found = estimate_penalty(samples, candidates);
  Matrix<double> A(40, 3);
  Vector<double> b(40);
  for (std::size_t s = 0; s < 5; ++s) {
    const auto at = 8 * static_cast<Index>(s);
    for (Index i = 0; i < 3; ++i) A.col(i).segment(at, 8) = candidates[static_cast<std::size_t>(i)].gradient(samples[s].theta);
    b.segment(at, 8) = -(samples[s].gradient + samples[s].velocity);
  }
  const Vector<double> scale = A.colwise().norm();
  const Matrix<double> scaled = A * scale.cwiseInverse().asDiagonal(), inverse = (scaled.transpose() * scaled).inverse();
  const Vector<double> x = inverse * (scaled.transpose() * b), rest = b - scaled * x;
  for (Index i = 0; i < 3; ++i) {
    CHECK_THAT(found.coefficients[i], WithinRel(x[i] / scale[i], 1e-10));
    CHECK_THAT(found.standard_errors[i], WithinRel(std::sqrt(rest.squaredNorm() / 37 * inverse(i, i)) / scale[i], 1e-10));
    CHECK_THAT(found.norms[i], WithinRel(scale[i], 1e-12));
  }
  CHECK_THAT(found.residual, WithinRel(rest.norm() / b.norm(), 1e-12));
  CHECK_THAT(found.cosine, WithinRel(b.dot(scaled * x) / (b.norm() * (scaled * x).norm()), 1e-12));
  CHECK_THAT(found.residual * found.residual + found.cosine * found.cosine, WithinAbs(1, 1e-12));
  const Vector<double> squares = (scaled.transpose() * scaled).eval().selfadjointView<Eigen::Lower>().eigenvalues();
  CHECK_THAT(found.condition, WithinRel(std::sqrt(squares[2] / squares[0]), 1e-10));
  CHECK((found.cosines - scaled.transpose() * scaled).norm() < 1e-13);
}
TEST_CASE(
    "implicit penalty: standard errors cover the truth as often as they say under independent noise, and not where a candidate is "
    "missing") {
  const auto candidates = three_penalties();
  const Vector<double> lambda{{0.3, -0.02, 5e7}};
  const std::vector<PenaltyCandidate> fewer{candidates[0], candidates[2]};
  int covered = 0, covered_without = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto samples = penalty_draw(candidates, lambda, 10, 6, 0.2, seed);
    const ImplicitPenalty found = estimate_penalty(samples, candidates), without = estimate_penalty(samples, fewer);
    covered += std::abs(found.coefficients[0] - 0.3) < 1.96 * found.standard_errors[0];
    covered_without += std::abs(without.coefficients[0] - 0.3) < 1.96 * without.standard_errors[0];
  }
  CHECK_THAT(covered / 400.0, WithinAbs(0.95, 0.035));  // three standard errors of a share of 400
  CHECK(covered_without < 200);                         // the control
}
TEST_CASE("implicit penalty: candidates whose gradients depend on each other are a status that names them and the rank") {
  auto candidates = three_penalties();
  candidates.push_back(penalty_candidate(WeightDecayPenalty{.lambda = 1}));  // half of "ridge"
  candidates.push_back(penalty_candidate("nothing", [](const Vector<double>& t) -> Vector<double> { return 0 * t; }));
  const auto samples = penalty_draw(candidates, Vector<double>{{0.3, -0.02, 5e7}}, 8, 3, 0.1, 3);
  const ImplicitPenalty found = estimate_penalty(samples, candidates), three = estimate_penalty(samples, three_penalties());
  INFO(found);
  CHECK(three.determined());
  CHECK_FALSE(found.determined());
  CHECK(found.rank == 3);
  CHECK(found.condition > 1e15);
  CHECK(found.why.find("the gradients of the 5 candidates have rank 3 over 24 equations (condition ") == 0);
  CHECK(found.why.find("the coefficients of 'ridge', 'WeightDecayPenalty', 'nothing' are not determined") != std::string::npos);
  for (const Index i : {0, 3, 4}) CHECK(found.standard_errors[i] == std::numeric_limits<double>::infinity());
  // What is determined is what it was without the copies, and so is the sum of the two.
  CHECK_THAT(found.residual, WithinRel(three.residual, 1e-10));
  CHECK_THAT(found.coefficients[0] + found.coefficients[3] / 2, WithinRel(three.coefficients[0], 1e-10));
  for (const Index i : {1, 2}) {
    CHECK_THAT(found.coefficients[i], WithinRel(three.coefficients[i], 1e-10));
    CHECK_THAT(found.standard_errors[i], WithinRel(three.standard_errors[i], 1e-10));
  }
  std::ostringstream out;
  out << found;
  CHECK(out.str().find("not determined") != std::string::npos);
}
TEST_CASE("implicit penalty: nothing to explain gives zeros, and as many equations as candidates no standard errors") {
  const auto candidates = three_penalties();
  const ImplicitPenalty none =
      estimate_penalty(std::vector<PenaltySample>{{Vector<double>{{1, 2, 3, 4}}, Vector<double>::Zero(4)}}, candidates);
  CHECK(none.coefficients == Vector<double>::Zero(3));
  CHECK(none.residual == 0);
  CHECK(none.cosine == 0);
  const ImplicitPenalty full =
      estimate_penalty(std::vector<PenaltySample>{{Vector<double>{{1, 2, 4}}, Vector<double>{{1, 0, 0}}}}, candidates);
  CHECK(full.determined());
  CHECK(full.residual < 1e-14);
  for (Index i = 0; i < 3; ++i) CHECK(std::isnan(full.standard_errors[i]));
}
TEST_CASE("implicit penalty: bad input is refused with the numbers") {
  const auto candidates = three_penalties();
  const Vector<double> two{{1, 2}};
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{two, two}}, candidates);
        }) ==
        "estimate_penalty: 3 candidates, but 1 sample of 2 parameters give 2 equations; that many coefficients at most can be estimated");
  CHECK(estimate_penalty(std::vector<PenaltySample>{{two, two}, {Vector<double>{{3, -1}}, two}}, candidates).determined());
  CHECK(thrown([&] { estimate_penalty(std::vector<PenaltySample>{}, candidates); }) == "estimate_penalty: there are no samples");
  CHECK(thrown([&] { estimate_penalty(std::vector<PenaltySample>{{two, two}}, {}); }) == "estimate_penalty: there are no candidates");
  const Vector<double> five = Vector<double>::Ones(5), bad = five * std::numeric_limits<double>::infinity();
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, five}, {two, five}}, candidates);
        }) == "estimate_penalty: theta of sample 1 has 2 entries, that of sample 0 5");
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, two}}, candidates);
        }) == "estimate_penalty: the gradient of sample 0 has 2 entries, theta 5");
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, five, two}}, candidates);
        }) == "estimate_penalty: the velocity of sample 0 has 2 entries, theta 5");
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, five}, {five, bad}}, candidates);
        }) == "estimate_penalty: sample 1 holds a number that is not finite");
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, five}}, {candidates[0], candidates[0]});
        }) == "estimate_penalty: two candidates are named 'ridge'");
  const auto wrong = penalty_candidate("wrong", [&](const Vector<double>&) { return two; });
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, five}}, {wrong});
        }) == "estimate_penalty: the gradient of candidate 'wrong' has 2 entries, theta 5");
  const auto infinite = penalty_candidate("infinite", [&](const Vector<double>&) { return bad; });
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, five}}, {infinite});
        }) == "estimate_penalty: the gradient of candidate 'infinite' at sample 0 is not finite");
  CHECK(thrown([&] {
          estimate_penalty(std::vector<PenaltySample>{{five, five}}, candidates, {.rank_tolerance = 1});
        }).find(".rank_tolerance is 1") != std::string::npos);
  const auto problem = example::problem();
  CHECK(thrown([&] { estimate_penalty(problem, {two}, candidates); }).find("2") != std::string::npos);
}
TEST_CASE("implicit penalty: of a problem's thetas the gradient is that of its objective") {
  const auto problem = example::problem();
  auto ws = problem.workspace();
  const Vector<double> theta = example::start();
  Vector<double> g(theta.size());
  problem.value_and_gradient(theta, ws, g);
  const auto candidates = three_penalties();
  const ImplicitPenalty found = estimate_penalty(problem, {theta}, candidates),
                        direct = estimate_penalty(std::vector<PenaltySample>{{theta, g}}, candidates);
  CHECK(found.coefficients == direct.coefficients);
  CHECK(found.residual == direct.residual);
  CHECK(found.residual > 0.1);
}
