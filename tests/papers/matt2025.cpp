// SPDX-License-Identifier: MIT
// Matt & Stoeger 2025, Linear regression with overparameterized linear neural networks: Tight upper and lower bounds for implicit l1-regularization.
#include <tacit/solver/basis_pursuit.hpp>
#include <tacit/solver/null_space_constant.hpp>

#include <algorithm>

#include "catch.hpp"
#include "diagonal.hpp"
#include "sanitized.hpp"

using namespace diagonal;
using Catch::Matchers::WithinAbs;

namespace {

constexpr int draws = sanitized ? 2 : 11;

/// Over the last decade down to `scale`.
double slope(const Linear& problem, const Vector<double>& minimiser, double depth, double scale) {
  return std::log10(relative_error(problem, minimiser, depth, 10 * scale) / relative_error(problem, minimiser, depth, scale));
}

}  // namespace

// Item 1. Over alpha in [1e-9, 1e-8].
TEST_CASE("two columns: the slope at depth two is 1 - rho") {
  for (const double eps : {0.3, 0.5}) {
    const Linear problem = two(eps);
    const Vector<double> minimiser = basis_pursuit(problem.A, problem.y).x;
    const double rho = null_space_constant(problem.A, minimiser).rho();
    CHECK_THAT(rho, WithinAbs(1 - eps, 1e-12));
    CHECK_THAT(slope(problem, minimiser, 2, 1e-9), WithinAbs(1 - rho, 0.02));
  }
}

// Item 2. The minimiser is not unique: the error is that to the point selected.
TEST_CASE("plane: slope 1/2 at depth two, 1 at depths three and four") {
  for (const auto& [depth, expected] : {std::pair{2.0, 0.5}, {3.0, 1.0}, {4.0, 1.0}}) {
    const auto error = [&, p = depth](double scale) { return static_cast<double>((limit_at(plane(), p, scale) - selected(p, 4)).norm()); };
    CHECK_THAT(std::log10(error(1e-8) / error(1e-9)), WithinAbs(expected, 0.02));
  }
}

// Item 3.
TEST_CASE("sparse instances without noise: slope 1 - rho at depth two, 1 at depths three and four") {
  int recovered = 0;
  for (std::uint64_t seed = 1; seed <= draws; ++seed) {
    const Sparse instance = sparse_instance(seed, 0);
    const BasisPursuit least = basis_pursuit(instance.A, instance.y);
    if ((least.x - instance.truth).norm() > 1e-9) continue;
    ++recovered;
    const NullSpaceConstant constant = null_space_constant(instance.A, least.x);
    CAPTURE(seed, constant.rho());
    CHECK(constant.upper - constant.lower <= 1e-10);
    CHECK_THAT(slope(instance, least.x, 2, 1e-8), WithinAbs(1 - constant.rho(), 0.05));
    for (const double depth : {3.0, 4.0}) CHECK_THAT(slope(instance, least.x, depth, 1e-8), WithinAbs(1, 0.02));
  }
  CHECK(recovered > draws / 2);
}

// The table of the reference runs, to its digits, and item 4 on that instance.
TEST_CASE("the reference instance: errors at alpha = 1e-8 to three digits, slopes, and depth two 50 times as far as depth three") {
  struct Row {
    double eta;
    Index support;
    double errors[3], slope;  // depths 2, 3, 4; slope at depth two
  };
  for (const auto& [eta, support, errors, expected] : {Row{0, 3, {1.78e-3, 1.90e-6, 8.87e-7}, 0.495},
                                                       {0.03, 30, {2.22e-2, 6.09e-4, 2.94e-5}, 0.018},
                                                       {0.1, 30, {6.18e-2, 4.18e-4, 2.47e-5}, 0.005},
                                                       {0.4, 30, {1.04e-1, 2.47e-4, 1.51e-5}, 0.030}}) {
    const Sparse instance = reference_instance(eta);
    const Vector<double> minimiser = basis_pursuit(instance.A, instance.y).x;
    const NullSpaceConstant constant = null_space_constant(instance.A, minimiser);
    CAPTURE(eta, constant.rho());
    CHECK(static_cast<Index>(constant.support.size()) == support);
    for (int depth = 2; depth <= 4; ++depth) {
      const double printed = errors[depth - 2], digit = std::pow(10, std::floor(std::log10(printed)) - 2);
      CHECK_THAT(relative_error(instance, minimiser, depth, 1e-8), WithinAbs(printed, digit / 2));
    }
    CHECK_THAT(slope(instance, minimiser, 2, 1e-8), WithinAbs(expected, 5e-4));
    if (eta == 0) continue;
    CHECK_THAT(constant.rho(), WithinAbs(0.9598, 5e-5));
    if (eta == 0.1) CHECK(relative_error(instance, minimiser, 2, 1e-8) >= 50 * relative_error(instance, minimiser, 3, 1e-8));
  }
}
// Item 4 on other instances. The factor 50 is a property of the draw: of 60 to calibrate (seeds 1001 ... 1060) the middle 80 % have 6.0 to 897, the median 29.5, the
// least 2.5. What holds for each: depth two is farther; and three goes on falling where two stalls.
TEST_CASE("with noise depth two stalls, and depth three does not") {
  std::vector<double> ratios, later;
  for (std::uint64_t seed = 2001; seed <= 2000 + draws; ++seed) {
    const Sparse instance = sparse_instance(seed, 0.1);
    const BasisPursuit least = basis_pursuit(instance.A, instance.y);
    const auto ratio = [&](double scale) {
      return relative_error(instance, least.x, 2, scale) / relative_error(instance, least.x, 3, scale);
    };
    ratios.push_back(ratio(1e-8));
    later.push_back(ratio(1e-11));
    CHECK(null_space_constant(instance.A, least.x).support.size() == 30);
  }
  CAPTURE(ratios, later);
  CHECK(*std::min_element(ratios.begin(), ratios.end()) > 1);
  for (auto* list : {&ratios, &later}) std::nth_element(list->begin(), list->begin() + draws / 2, list->end());
  CHECK(ratios[draws / 2] >= 6.0);
  CHECK(ratios[draws / 2] <= 897);
  CHECK(later[draws / 2] >= 50);
}
