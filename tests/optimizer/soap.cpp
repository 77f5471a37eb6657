// SPDX-License-Identifier: MIT
#include <tacit/optimizer/soap.hpp>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;

namespace {

/// The directions that SOAP makes of these gradients.
std::vector<Matrix<double>> soap_steps(const Soap& soap, const std::vector<Matrix<double>>& gradients) {
  const Index rows = gradients[0].rows(), cols = gradients[0].cols();
  auto state = soap.start<double>(one_block(rows, cols));
  Step<double> step(rows * cols);
  step.theta = Vector<double>::Zero(rows * cols);
  std::vector<Matrix<double>> directions;
  for (const Matrix<double>& G : gradients) {
    step.begin();
    step.full = false;
    step.gradient = flat(G);
    soap.apply(step, state);
    directions.push_back(step.own().reshaped(rows, cols));
  }
  return directions;
}

}  // namespace

TEST_CASE("SOAP commutes with orthogonal changes of both sides to 1e-7: Adam, entry by entry, does not") {
  const Matrix<double> Q = orthogonal(4, 1), R = orthogonal(4, 2);
  std::vector<Matrix<double>> plain, changed;
  for (std::uint64_t t = 0; t < 60; ++t) {
    plain.push_back(gaussian(4, 4, 10 + t) + 2 * gaussian(4, 4, 9));
    changed.push_back(Q * plain.back() * R);
  }
  const auto u = soap_steps({}, plain), v = soap_steps({}, changed);
  CHECK(u[0].norm() == 0);
  for (std::size_t t = 1; t < plain.size(); ++t) CHECK((v[t] - Q * u[t] * R).norm() < 1e-7 * u[t].norm());
  const Matrix<double> adam = plain[5].cwiseSign(), changed_adam = changed[5].cwiseSign();  // of beta1 = beta2 = 0
  CHECK((changed_adam - Q * adam * R).norm() > 1);
}

TEST_CASE("the first step divides each entry by its size in the eigenbasis: at b1 = b2 = 0 it is the polar factor") {
  const Matrix<double> G = gaussian(4, 4, 3);
  const auto svd = G.jacobiSvd(Eigen::ComputeThinU | Eigen::ComputeThinV);
  const auto u = soap_steps({.beta1 = 0, .beta2 = 0, .eps = 1e-300}, {G, G});
  // G is diagonal in its singular basis up to rounding, whose signs the division would show: compare along the basis.
  const Matrix<double> inner = svd.matrixU().transpose() * soap_steps({.beta1 = 0, .beta2 = 0}, {G, G})[1] * svd.matrixV();
  for (Index i = 0; i < 4; ++i) CHECK(std::abs(inner(i, i) - 1) < 1e-6);
  CHECK(u[0].norm() == 0);
}

TEST_CASE("a basis refreshed by orthogonal iteration stays orthonormal and near the eigenvectors") {
  std::vector<Matrix<double>> gradients;
  for (std::uint64_t t = 0; t < 40; ++t) gradients.push_back(gaussian(5, 5, 100 + t) + 3 * gaussian(5, 5, 99));
  const Soap soap{.every = 2};
  auto state = soap.start<double>(one_block(5, 5));
  Step<double> step(25);
  step.theta = Vector<double>::Zero(25);
  for (const Matrix<double>& G : gradients) {
    step.begin();
    step.gradient = flat(G);
    soap.apply(step, state);
  }
  auto& side = state.blocks[0].left;
  const Matrix<double> Q = side.Q(), L = side.L();
  CHECK((Q.transpose() * Q - Matrix<double>::Identity(5, 5)).norm() < 1e-14);
  Matrix<double> inner = Q.transpose() * L * Q;
  const double scale = inner.diagonal().norm();
  inner.diagonal().setZero();
  CHECK(inner.norm() < 0.3 * scale);
  CHECK(state.blocks[0].k == 39);
}

TEST_CASE("a block of deficient rank waits, stalls where it would wait for ever, or begins at once if asked to") {
  const Matrix<double> wide = gaussian(3, 5, 4), other = gaussian(3, 5, 5);
  const auto changing = soap_steps({}, {wide, other, wide, other});  // 5 x 5 from gradients of rank 3: the second completes it
  CHECK(changing[0].norm() == 0);
  CHECK(changing[1].norm() == 0);
  CHECK(changing[2].norm() > 1);
  CHECK(soap_steps({.begin = SoapStart::first_gradient}, {wide, wide})[1].norm() > 1);

  const Soap soap;
  auto state = soap.start<double>(one_block(3, 5));
  Step<double> step(15);
  step.theta = Vector<double>::Zero(15);
  for (int t = 0; t < 2; ++t) {
    step.begin();
    step.gradient = flat(wide);
    soap.apply(step, state);
    CHECK(step.stalled == (t == 1));
  }
  CHECK(step.why.find("SoapStart::first_gradient") != std::string::npos);
  CHECK(thrown([&] { Soap{.every = 0}.start<double>(one_block(2, 2)); }) == "Soap: .every is 0, it needs to be at least 1");
}

TEST_CASE("decay behind the step acts on the stepped theta, and not where nothing was stepped") {
  Layout layout;
  layout.add("A", {2}).add("B", {2});
  Step<double> step(4);
  step.begin();
  step.theta << 1, 2, 3, 4;
  step.gradient << 1, 0, 0, 0;
  step.scale(-0.5);
  step.rate = 0.5;
  const DecayAfterStep decay{.lambda = 0.1};
  auto state = decay.start<double>(layout);
  decay.apply(step, state);
  Vector<double> next(4), expected(4);
  step.apply(next);
  expected << 0.95 * 0.5, 0.95 * 2, 3, 4;
  CHECK((next - expected).norm() < 1e-15);
}
