// SPDX-License-Identifier: MIT
// Block-wise optimizers against numpy programs written from the formulas: reference/numpy_blocks.py, whose output stands beside it.
#include <tacit/optimizer/muon.hpp>
#include <tacit/optimizer/scaled_gd.hpp>
#include <tacit/optimizer/shampoo.hpp>
#include <tacit/optimizer/soap.hpp>
#include <tacit/optimizer/spectral_descent.hpp>
#include <tacit/optimizer/spectral_mirror_descent.hpp>
#include <tacit/optimizer/weight_decay.hpp>

#include <tacit/tacit.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "block_examples.hpp"

using namespace tacit;

namespace {

/// A 4 x 4 matrix of f(offset + row i + column j), as in the script.
Matrix<double> wave(double (*f)(double), double offset, double row, double column) {
  Matrix<double> M(4, 4);
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 4; ++j) M(i, j) = f(offset + row * static_cast<double>(i) + column * static_cast<double>(j));
  return M;
}
double sine(double x) { return std::sin(x); }
double cosine_of(double x) { return std::cos(x); }

/// 1/2 |A W - B|^2 + quartic/4 sum W^4 of W, or of W = L R^T for ScaledGD: an oracle of one's own.
struct Quartic {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  Matrix<double> A = Matrix<double>::Identity(4, 4) + 0.3 * wave(sine, 1, 3, 5), B = wave(cosine_of, 2, 7, 2);
  DeepMatrix<double> shape;
  double quartic;

  Quartic(std::vector<Index> widths, double fourth) : shape(std::move(widths)), quartic(fourth) {}
  const DeepMatrix<double>& model() const { return shape; }
  const Layout& layout() const { return shape.layout(); }
  Index dimension() const { return shape.parameter_count(); }
  Workspace workspace() const { return {}; }
  Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const {
    ++ws.gradients;
    const Vector<double> at = theta;
    Vector<double> slope(theta.size());
    Matrix<double> W = shape.layer(at, 0);
    if (shape.depth() == 2) W = shape.layer(at, 1) * W;
    const Matrix<double> residual = A * W - B, G = A.transpose() * residual + quartic * W.cwiseProduct(W).cwiseProduct(W);
    if (shape.depth() == 1) {
      shape.layout().matrix(slope, 0) = G;
    } else {
      shape.layout().matrix(slope, 0) = shape.layer(at, 1).transpose() * G;
      shape.layout().matrix(slope, 1) = G * shape.layer(at, 0).transpose();
    }
    g = slope;
    const double value = residual.squaredNorm() / 2 + quartic / 4 * W.array().pow(4).sum();
    return {value, value};
  }
};

/// W, row by row, after 100 steps.
template <class O>
Vector<double> after_100(const O& optimizer, bool two_factors = false) {
  const Quartic oracle(two_factors ? std::vector<Index>{4, 2, 4} : std::vector<Index>{4, 4}, two_factors ? 0 : 1);
  Vector<double> theta(oracle.dimension());
  if (two_factors) {
    oracle.layout().matrix(theta, 1) = 0.7 * wave(cosine_of, 1, 3, 4).leftCols(2);
    oracle.layout().matrix(theta, 0) = 0.7 * wave(sine, 2, 5, 3).leftCols(2).transpose();
  } else {
    oracle.layout().matrix(theta, 0) = 0.5 * wave(sine, 3, 2, 11);
  }
  auto ws = oracle.workspace();
  auto state = optimizer.start(oracle);
  Step<double> step(theta.size());
  step.theta = theta;
  for (step.iteration = 0; step.iteration < 100; ++step.iteration) {
    optimizer.step(oracle, ws, step, state);
    REQUIRE_FALSE(step.stalled);
    step.apply(theta);
    step.theta = theta;
  }
  Matrix<double> W = oracle.shape.layer(theta, 0);
  if (two_factors) W = oracle.shape.layer(theta, 1) * W;
  return Vector<double>(W.transpose().reshaped());
}
std::map<std::string, Vector<double>> numpy_results() {
  std::ifstream file(std::filesystem::path(TACIT_TESTS) / "optimizer/reference" / "numpy_blocks.txt");
  std::map<std::string, Vector<double>> results;
  for (std::string line; std::getline(file, line);) {
    std::istringstream in(line);
    std::string name;
    in >> name;
    Vector<double> W(16);
    for (double& w : W) in >> w;
    REQUIRE(in);
    results[name] = W;
  }
  return results;
}

}  // namespace

TEST_CASE("100 steps agree with numpy programs written from the formulas: to 1e-12, SOAP to 1e-7") {
  const auto numpy = numpy_results();
  REQUIRE(numpy.size() == 12);
  std::size_t compared = 0;
  const auto agree = [&](const std::string& name, const Vector<double>& ours, double tolerance = 1e-12) {
    CAPTURE(name);
    ++compared;
    CHECK((numpy.at(name) - ours).norm() < tolerance);
  };
  agree("spectral_descent", after_100(spectral_descent({.rate = 0.003})));
  agree("spectral_descent_dual", after_100(spectral_descent({.rate = 0.02, .dual = SpectralDual::block})));
  agree("muon", after_100(muon({.rate = 0.003, .weight_decay = 0.1})));
  agree("muon_plain", after_100(muon({.rate = 0.003, .nesterov = false})));
  agree("muon_match_rms_adamw", after_100(muon({.rate = 0.003, .scale = MuonScale::match_rms_adamw, .weight_decay = 0.1})));
  agree("shampoo", after_100(shampoo({.rate = 0.05})));
  agree("shampoo_every_7", after_100(shampoo({.rate = 0.05, .root_every = 7})));
  agree("soap", after_100(soap()), 1e-7);
  agree("scaled_gd", after_100(scaled_gd({.rate = 0.1}), true));
  agree("scaled_gd_damped", after_100(scaled_gd({.rate = 0.1, .delta = 0.2}), true));
  agree("hypentropy", after_100(mirror_descent({.rate = 0.05, .beta = 0.3})));
  agree("spectral_hypentropy", after_100(spectral_mirror_descent({.rate = 0.05, .beta = 0.3})));
  CHECK(compared == numpy.size());
  CHECK((numpy.at("muon") - after_100(muon({.rate = 0.003}))).norm() > 1e-3);  // without the decay
}
