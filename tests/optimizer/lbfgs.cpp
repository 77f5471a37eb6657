// SPDX-License-Identifier: MIT
// L-BFGS: PyTorch's iterates and evaluation counts, its two loops against the matrix they stand for, where it ends, what it refuses.
#include <tacit/optimizer/armijo.hpp>
#include <tacit/optimizer/lbfgs.hpp>
#include <tacit/train.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "bitwise/example.hpp"
#include "catch.hpp"
#include "functions.hpp"
#include "thrown.hpp"

using namespace tacit;
using functions::Drive;
using functions::Function;

namespace {

/// sum a_k x_k^2 / 2 + c (x_k - x_{k+1})^4 + e x_k^4, a_k from 1 to the condition: see reference/torch_lbfgs.py.
Function reference_function(Index n, double condition, double c, double e) {
  return {n, [=](const Vector<double>& x, Vector<double>& g) {
            double f = 0;
            for (Index k = 0; k < n; ++k) {
              const double a = std::pow(condition, static_cast<double>(k) / static_cast<double>(n - 1));
              f += a * x[k] * x[k] / 2 + e * std::pow(x[k], 4);
              g[k] = a * x[k] + 4 * e * std::pow(x[k], 3);
            }
            for (Index k = 0; k + 1 < n; ++k) {
              const double d = x[k] - x[k + 1];
              f += c * std::pow(d, 4);
              g[k] += 4 * c * d * d * d;
              g[k + 1] -= 4 * c * d * d * d;
            }
            return f;
          }};
}
std::ifstream torch_reference() {
  std::ifstream in(std::filesystem::path(TACIT_TESTS) / "optimizer/reference/torch_lbfgs.txt");
  REQUIRE(in.good());
  return in;
}

}  // namespace

TEST_CASE("L-BFGS with strong Wolfe takes PyTorch's steps, with as many evaluations") {
  std::ifstream in = torch_reference();
  int settings = 0;
  for (std::string line; std::getline(in, line); ++settings) {
    std::istringstream head(line);
    std::string name;
    Index n, memory, steps;
    double condition, c, e, scale, rate;
    head >> name >> n >> condition >> c >> e >> scale >> rate >> memory >> steps;
    REQUIRE(head);
    INFO(name);
    const Function f = reference_function(n, condition, c, e);
    Vector<double> x(n);
    for (Index k = 0; k < n; ++k) x[k] = scale * std::cos(1 + 2 * static_cast<double>(k));
    Drive drive(f, x, lbfgs({.rate = rate, .memory = memory}));
    double worst = 0;
    bool equal_counts = true;
    for (Index t = 0; t < steps; ++t) {
      REQUIRE(drive());
      std::getline(in, line);
      std::istringstream row(line);
      double evaluations = 0;
      row >> evaluations;
      for (double& entry : x) row >> entry;
      REQUIRE(row);
      worst = std::max(worst, (drive.step.theta - x).norm() / scale);
      equal_counts = equal_counts && drive.ws.gradients == evaluations;
    }
    CHECK(worst <= 1e-12);
    CHECK(equal_counts);
    CHECK(drive.ws.values == 0);
  }
  CHECK(settings == 5);
}

TEST_CASE("the two loops apply the inverse Hessian that the BFGS updates build") {
  const Index n = 5;
  const Function f = reference_function(n, 20, 0.3, 0.1);
  for (const Index memory : {Index(1), Index(3), Index(50)}) {
    Vector<double> x(n);
    for (Index k = 0; k < n; ++k) x[k] = std::sin(1 + 3 * static_cast<double>(k));
    Drive drive(f, x, FullGradient{} | LBFGSDirection{.memory = memory} | Armijo{.largest = 1});
    std::vector<Vector<double>> s, y;
    Vector<double> last_x, last_g;
    for (int t = 0; t < 12; ++t) {
      const Vector<double> at = drive.step.theta, g = drive.gradient_at(at);
      if (t > 0) {
        s.push_back(at - last_x), y.push_back(g - last_g);
        if (static_cast<Index>(s.size()) > memory) s.erase(s.begin()), y.erase(y.begin());
      }
      last_x = at, last_g = g;
      REQUIRE(drive());
      Matrix<double> H = Matrix<double>::Identity(n, n);
      if (!s.empty()) H *= s.back().dot(y.back()) / y.back().squaredNorm();
      for (std::size_t k = 0; k < s.size(); ++k) {
        const double rho = 1 / s[k].dot(y[k]);
        const Matrix<double> V = Matrix<double>::Identity(n, n) - rho * y[k] * s[k].transpose();
        H = V.transpose() * H * V + rho * s[k] * s[k].transpose();
      }
      CHECK((drive.step.direction() - H * g).norm() <= 1e-12 * (H * g).norm());
    }
  }
}

TEST_CASE("L-BFGS ends where a tolerance says, and tells which") {
  const Function f = reference_function(6, 20, 0.5, 0.1);
  const auto end = [&](const LBFGSDirection& direction) {
    Drive drive(f, Vector<double>::Ones(6), FullGradient{} | direction | StrongWolfe{});
    while (drive()) REQUIRE(drive.step.iteration < 200);
    return std::pair{drive.step.arrived, drive.step.why};
  };
  CHECK(end({.gradient_tolerance = 1e-3, .change_tolerance = 0}) ==
        std::pair{true, std::string("L-BFGS: no entry of the gradient is above 0.001")});
  CHECK(end({.gradient_tolerance = 0, .change_tolerance = 1e-3}).second == "L-BFGS: the slope along the direction is above minus 0.001");
  const auto p = bitwise::problem<double>();
  Vector<double> theta = bitwise::start<double>();
  const auto outcome = train(p, theta, lbfgs(), {.iterations = 5000});
  CHECK(outcome.reason == Reason::reached_limit);
  CHECK(outcome.iterations < 200);
  CHECK(outcome.why.find("L-BFGS: ") == 0);
}

TEST_CASE("a pair without curvature is left out") {
  // On a saddle's falling side y^T s < 0: PyTorch keeps no pair, so the direction stays the gradient.
  const Function f(2, [](const Vector<double>& x, Vector<double>& g) {
    g[0] = -x[0], g[1] = -x[1] / 2;
    return -(x[0] * x[0] + x[1] * x[1] / 2) / 2;
  });
  Drive drive(f, Vector<double>::Ones(2), FullGradient{} | LBFGSDirection{} | Armijo{});
  for (int t = 0; t < 5; ++t) {
    REQUIRE(drive());
    CHECK(drive.step.direction() == drive.step.gradient);
  }
}

TEST_CASE("L-BFGS refuses settings that cannot be") {
  const Function f = reference_function(3, 2, 0, 0);
  const auto refusal = [&](const LBFGSDirection& d) { return thrown([&] { (FullGradient{} | d | StrongWolfe{}).start(f); }); };
  CHECK(refusal({.memory = 0}) == "LBFGSDirection: .memory is 0, it needs to be at least 1");
  CHECK(refusal({.gradient_tolerance = -1}) == "LBFGSDirection: .gradient_tolerance is -1, it needs to be at least 0");
  CHECK(refusal({.change_tolerance = std::nan("")}) == "LBFGSDirection: .change_tolerance is nan, it needs to be at least 0");
  CHECK(refusal({.curvature = -1}) == "LBFGSDirection: .curvature is -1, it needs to be at least 0");
}
