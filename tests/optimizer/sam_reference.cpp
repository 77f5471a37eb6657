// SPDX-License-Identifier: MIT
// A hundred steps of SAM, normalised and not, and of ASAM equal those of reference/numpy_sam.py to 1e-12.
#include <tacit/optimizer/sharpness_aware.hpp>
#include <tacit/train.hpp>

#include <filesystem>
#include <fstream>
#include <map>

#include "catch.hpp"

using namespace tacit;

namespace {

constexpr Index sam_parameters = 6;

/// The problem of numpy_sam.py.
struct SamProblem {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  Layout blocks = [] {
    Layout layout;
    layout.add("x", {sam_parameters});
    return layout;
  }();
  Workspace workspace() const { return {}; }
  Index dimension() const { return sam_parameters; }
  const Layout& layout() const { return blocks; }
  Value<double> value_and_gradient(In<double> x, Workspace&, Out<double> g) const {
    double f = 0;
    const auto off = [&](Index j) { return x[j] - (static_cast<double>(5 * j % 6) / 3 - 1); };
    for (Index k = 0; k < sam_parameters; ++k) {
      const double q = 0.1 * static_cast<double>(1 + k % 3);
      const double a =
          (0.5 + 0.5 * static_cast<double>(k)) * off(k) + (k > 0 ? 0.2 * off(k - 1) : 0) + (k + 1 < sam_parameters ? 0.2 * off(k + 1) : 0);
      g[k] = a + q * x[k] * x[k] * x[k];
      f += 0.5 * off(k) * a + 0.25 * q * std::pow(x[k], 4);
    }
    return {f, f};
  }
};
Vector<double> sam_start() {
  Vector<double> x(sam_parameters);
  for (Index k = 0; k < sam_parameters; ++k) x[k] = static_cast<double>((3 * k + 2) % 5) / 2 - 0.9;
  return x;
}
/// theta after the steps 1 to 100 of each case.
std::map<std::string, std::vector<Vector<double>>> sam_reference() {
  std::ifstream in(std::filesystem::path(TACIT_TESTS) / "optimizer/reference" / "numpy_sam.txt");
  REQUIRE(in.good());
  std::map<std::string, std::vector<Vector<double>>> paths;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string name;
    std::size_t t = 0;
    Vector<double> x(sam_parameters);
    words >> name >> t;
    for (double& entry : x) words >> entry;
    REQUIRE_FALSE(words.fail());
    paths[name].push_back(x);
    REQUIRE(paths[name].size() == t);
  }
  return paths;
}
template <class Optimizer>
double largest_distance(const std::vector<Vector<double>>& path, const Optimizer& optimizer) {
  const SamProblem problem;
  Run run(problem, sam_start(), optimizer);
  double largest = 0;
  REQUIRE(path.size() == 100);
  for (const Vector<double>& there : path) {
    run.advance(1);
    largest = std::max(largest, (run.theta() - there).cwiseAbs().maxCoeff());
  }
  CHECK((run.theta() - sam_start()).norm() > 0.1);
  return largest;
}

}  // namespace

TEST_CASE("a hundred steps of SAM and ASAM equal those in numpy to 1e-12, and those of the other settings do not") {
  const auto paths = sam_reference();
  CHECK(paths.size() == 3);
  CHECK(largest_distance(paths.at("sam"), sam({.rate = 0.02, .rho = 0.05})) <= 1e-12);
  CHECK(largest_distance(paths.at("sam_plain"), sam({.rate = 0.1, .rho = 0.1, .normalised = false})) <= 1e-12);
  CHECK(largest_distance(paths.at("asam"), asam({.rate = 0.1, .rho = 0.5, .floor = 0.01})) <= 1e-12);
  CHECK(largest_distance(paths.at("sam"), sam({.rate = 0.02, .rho = 0.05, .normalised = false})) > 1e-3);
  CHECK(largest_distance(paths.at("asam"), asam({.rate = 0.1, .rho = 0.5, .floor = 0})) > 1e-5);
}
