// SPDX-License-Identifier: MIT
// Every probe that squares, at scales whose squares leave the range: homogeneous of its degree all the same.
#include <tacit/hook/alignment.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/factors.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/sparsity.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/loss/pointwise.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/model/hierarchical_tensor.hpp>
#include <tacit/model/tucker.hpp>

#include "catch.hpp"
#include "example.hpp"

using namespace example;
using Catch::Matchers::WithinRel;

namespace {

/// sum |z - y|: finite wherever z and y are.
const auto absolute = pointwise([](auto z, auto y) { return abs(z - y); });

/// What the probe says of the model at theta, under a loss that is finite at any scale; all its columns.
template <class M, class Probe, class L>
std::vector<double> looked_at(const M& model, const Vector<typename M::scalar_type>& theta, const Vector<typename M::scalar_type>& y,
                              Probe& probe, L loss) {
  using S = typename M::scalar_type;
  const AllEntries all(model.shape());
  const Problem problem(model, Data<S, AllEntries>(all, y), loss);
  Trajectory row(probe);
  Vector<S> copy = theta;
  train(problem, copy, gradient_descent({.rate = 1e-30}), {.iterations = 1}, once(0, row));
  std::vector<double> values;
  for (Index c = 1; c < row.cols(); ++c) values.push_back(row(0, c));
  return values;
}

/// make(c) makes the probe for data at scale c; of c theta and c y it is c^degree times that of theta and y.
template <class S, class M, class Make, class L>
void follows_the_scale(const M& model, std::initializer_list<double> scales, double degree, Make&& make, L loss) {
  const Vector<S> theta = normal<S>(model.parameter_count(), 3, 1), y = normal<S>(model.shape().count(), 4, 1);
  auto one = make(S(1));
  const auto expected = looked_at(model, theta, y, one, loss);
  for (const double c : scales) {
    auto probe = make(static_cast<S>(c));
    INFO(probe.name() << " of " << scalar_name<S>() << " at scale " << c);
    const auto seen = looked_at(model, Vector<S>(static_cast<S>(c) * theta), Vector<S>(static_cast<S>(c) * y), probe, loss);
    REQUIRE(seen.size() == expected.size());
    for (std::size_t k = 0; k < seen.size(); ++k)
      CHECK_THAT(seen[k] / std::pow(c, degree), WithinRel(expected[k], 300.0 * std::numeric_limits<S>::epsilon()));
  }
}

template <class S>
void every_norm_follows(std::initializer_list<double> scales) {
  const DeepMatrix<S> matrix({5, 4});
  const Matrix<S> truth = Eigen::Map<const Matrix<S>>(normal<S>(20, 8, 1).data(), 4, 5);
  const Vector<S> reference = normal<S>(20, 9, 1);
  const auto check = [&](double degree, auto&& make) { follows_the_scale<S>(matrix, scales, degree, make, absolute); };
  const auto fixed = [&](double degree, const auto& probe) { check(degree, [&](S) { return probe; }); };
  fixed(1, parameter_norm);
  fixed(1, parameter_rms);
  fixed(1, frobenius_norm);
  fixed(0, stable_rank);
  fixed(0, nuclear_over_frobenius);
  fixed(0, nuclear_over_spectral);
  fixed(0, effective_rank);
  fixed(1, nuclear_norm);
  for (const double p : {0.5, 2.0, 3.0}) {
    fixed(1, schatten(p));
    fixed(1, lp_norm(p));
    fixed(1, quasi_norm(p));
  }
  fixed(1, factor_norms());
  check(0, [&](S c) { return error_to(Matrix<S>(c * truth)); });
  check(1, [&](S c) { return distance_to(Vector<S>(c * reference)); });
  check(1, [&](S c) { return distance_to(Tensor<S>({4, 5}, Vector<S>(c * reference))); });
  check(1, [&](S c) { return rmse_on("rmse", matrix, fully_observed(Matrix<S>(c * truth))); });
  check(1, [&](S c) { return distance_of_x(Vector<S>(c * reference)); });
  check(1, [&](S c) { return residual_norm(Problem(matrix, fully_observed(Matrix<S>(c * truth)), MeanSquares{})); });
  // Columns and slices of factors, asked of the model: W itself, of third degree, would not be finite.
  const CP<S> cp({.shape = {3, 4, 2}, .rank = 3});
  const Tucker<S> tucker({.shape = {3, 4, 2}, .ranks = {2, 3, 2}});
  const HierarchicalTensor<S> tree({.shape = {3, 4, 2, 2}, .widths = {3, 2}});
  for (const double c : scales) {
    const auto same = [&](const auto& norms_of, const auto& model) {
      const Vector<S> theta = normal<S>(model.parameter_count(), 3, 1), scaled = static_cast<S>(c) * theta;
      const Vector<S> expected = norms_of(model, theta), seen = norms_of(model, scaled);
      CHECK((seen / static_cast<S>(c) - expected).norm() <= 100 * std::numeric_limits<S>::epsilon() * expected.norm());
    };
    same([](const auto& model, const auto& theta) { return model.column_norms(theta, 1); }, cp);
    same([](const auto& model, const auto& theta) { return model.column_norms(theta, 1); }, tucker);
    same([](const auto& model, const auto& theta) { return model.slice_norms(theta, 1); }, tucker);
    same(
        [](const auto& model, const auto& theta) {  // of theta whose other blocks are of order one: the product of norms is of first degree
          Vector<S> mixed = theta;
          const Index block = model.nodes()[static_cast<std::size_t>(model.root())].block;
          mixed /= theta.cwiseAbs().maxCoeff();
          model.layout().flat(mixed, block) *= theta.cwiseAbs().maxCoeff();
          return model.local_component_norms(mixed, model.root());
        },
        tree);
  }
  follows_the_scale<S>(
      DeepMatrix<S>({5, 3, 4}), scales, 0, [](S) { return relative_balancedness; }, absolute);
  follows_the_scale<S>(
      DiagonalNet<S>({.size = 4, .depth = 2}), scales, 1, [](S) { return effective_scale; }, absolute);
  follows_the_scale<S>(
      DiagonalNet<S>({.size = 4, .depth = 2}), scales, 0, [](S c) { return invariant_drift(Vector<S>(c * normal<S>(8, 11, 1))); },
      absolute);
  for (const double depth : {4.0})
    follows_the_scale<S>(
        DiagonalNet<S>({.size = 4, .depth = depth}), {*scales.begin()}, 0,  // a large x = u^4 - v^4 is not finite
        [](S c) { return invariant_drift(Vector<S>(c * normal<S>(8, 11, 1))); }, absolute);
}

}  // namespace

TEST_CASE("norms of W, theta and what they are compared with are right where their squares leave the range, double") {
  every_norm_follows<double>({1e-160, 1e150});
}
TEST_CASE("norms of W, theta and what they are compared with are right where their squares leave the range, float") {
  every_norm_follows<float>({1e-30, 1e18});
}
TEST_CASE("norms of gradients are right where their squares leave the range") {
  const auto of = [](auto scalar, std::initializer_list<double> scales) {
    using S = decltype(scalar);
    for (const double c : scales)  // the slope of c |z - y| is c
      for (const bool rms : {false, true}) {
        const auto at = [&](double s) {
          const auto scaled = pointwise([s](auto z, auto y) { return static_cast<S>(s) * abs(z - y); });
          const DeepMatrix<S> model({5, 4});
          auto norm = gradient_norm;
          auto mean = gradient_rms;
          const Vector<S> theta = normal<S>(20, 3, 1), y = normal<S>(20, 4, 1);
          return rms ? looked_at(model, theta, y, mean, scaled)[0] : looked_at(model, theta, y, norm, scaled)[0];
        };
        CHECK_THAT(at(c) / c, WithinRel(at(1), 100.0 * std::numeric_limits<S>::epsilon()));
        auto alignment = gradient_alignment_with_bases();
        const auto aligned = [&](double s) {
          const auto scaled = pointwise([s](auto z, auto y) { return static_cast<S>(s) * abs(z - y); });
          return looked_at(DeepMatrix<S>({4, 4}), normal<S>(16, 3, 1), normal<S>(16, 4, 1), alignment, scaled);
        };
        const auto large = aligned(c), one = aligned(1);
        for (std::size_t k = 0; k < 4; ++k) CHECK_THAT(large[k] / c, WithinRel(one[k], 1000.0 * std::numeric_limits<S>::epsilon()));
      }
  };
  of(double(), {1e-160, 1e150});
  of(float(), {1e-30f, 1e18f});
}
