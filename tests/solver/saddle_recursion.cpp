// SPDX-License-Identifier: MIT
#include <tacit/solver/saddle_recursion.hpp>

#include <Eigen/Cholesky>
#include <sstream>

#include "catch.hpp"
#include "normal.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// What every saddle claims, by its optimality conditions: nothing here trusts the solver.
void certify_path(const Matrix<double>& A, const Vector<double>& y, const SaddlePath& path) {
  const double unit = (A.transpose() * y).lpNorm<Eigen::Infinity>();
  Vector<double> s = Vector<double>::Zero(A.cols());
  double time = 0;
  REQUIRE(path.list.size() >= 2);
  CHECK(path.arrived);
  for (std::size_t k = 0; k < path.list.size(); ++k) {
    const Saddle& saddle = path.list[k];
    INFO("jump " << k << ": " << saddle);
    const Vector<double> g = A.transpose() * (A * saddle.x - y);
    CHECK_THAT(saddle.loss, WithinAbs((A * saddle.x - y).squaredNorm() / 2, 1e-12 * y.squaredNorm()));
    CHECK(saddle.s.lpNorm<Eigen::Infinity>() <= 1);
    if (k > 0) {
      CHECK(saddle.time > time);
      CHECK(saddle.loss < path.list[k - 1].loss);
      // s has moved against the gradient of the saddle before.
      const Vector<double> before = A.transpose() * (A * path.list[k - 1].x - y);
      CHECK((saddle.s - (s - (saddle.time - time) * before)).norm() < 1e-11);
      CHECK(std::abs(saddle.s[saddle.entered]) == 1);
      CHECK_THAT(saddle.drive, WithinAbs(std::abs(before[saddle.entered]), 1e-12 * unit));
    }
    for (Index i = 0; i < A.cols(); ++i) {
      const bool border = std::abs(saddle.s[i]) >= 1 - 1e-13;
      if (saddle.x[i] != 0) {
        CHECK(std::abs(g[i]) <= 1e-10 * unit);
        CHECK(border);
        CHECK(saddle.x[i] * saddle.s[i] > 0);
      } else if (border) {
        CHECK(g[i] * saddle.s[i] >= -1e-10 * unit);  // pushed back where x would grow with the sign of s
      }
    }
    s = saddle.s;
    time = saddle.time;
  }
  CHECK((A.transpose() * (A * path.last().x - y)).lpNorm<Eigen::Infinity>() <= 1e-11 * unit);
}

}  // namespace

TEST_CASE(
    "saddle recursion: every saddle meets its optimality conditions, over shapes and seeds; where the data are fitted, s certifies the "
    "least l1 norm") {
  Index jumps = 0, left = 0;
  for (const auto& [m, d] : {std::pair<Index, Index>{1, 1}, {1, 5}, {3, 5}, {6, 10}, {10, 40}, {8, 8}, {12, 5}})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      CAPTURE(m, d, seed);
      const Matrix<double> A = normal(m, d, seed);
      const Vector<double> y = normal(m, 1, seed + 100);
      const SaddlePath path = saddle_recursion(A, y);
      certify_path(A, y, path);
      CHECK(path.why.empty());
      jumps += path.jumps();
      for (std::size_t k = 1; k < path.list.size(); ++k) left += path.list[k].active() < path.list[k - 1].active() + 1;
      if (m > d) continue;
      // s = A^T nu with |s| <= 1 and <s, x> = |x|_1: no x' with A x' = y has a smaller norm.
      const Vector<double>&x = path.last().x, &s = path.last().s;
      CHECK((A * x - y).norm() <= 1e-10 * y.norm());
      const Vector<double> nu = (A * A.transpose()).ldlt().solve(A * s);
      CHECK((A.transpose() * nu - s).norm() < 1e-8);
      CHECK_THAT(s.dot(x), WithinRel(x.lpNorm<1>(), 1e-10));
    }
  CHECK(jumps > 100);
  CHECK(left > 0);  // coordinates leave, too
}
TEST_CASE("saddle recursion: orthonormal columns enter one by one, at 1 / |A^T y|_i; scaling A or y scales times as it should") {
  const Vector<double> y{{3, -2, 0, 0.5}};
  const SaddlePath path = saddle_recursion(Matrix<double>::Identity(4, 4), y);
  REQUIRE(path.jumps() == 3);
  for (const auto& [k, i] : {std::pair<std::size_t, Index>{1, 0}, {2, 1}, {3, 3}}) {
    CHECK(path.list[k].entered == i);
    CHECK_THAT(path.list[k].time, WithinRel(1 / std::abs(y[i]), 1e-14));
    CHECK_THAT(path.list[k].x[i], WithinRel(y[i], 1e-14));
    CHECK(path.list[k].active() == static_cast<Index>(k));
  }
  const Matrix<double> A = normal(5, 9, 3);
  const Vector<double> b = normal(5, 1, 4);
  const SaddlePath one = saddle_recursion(A, b), other = saddle_recursion(1e-3 * A, 1e6 * b);
  REQUIRE(one.jumps() == other.jumps());
  for (std::size_t k = 0; k < one.list.size(); ++k) {
    CHECK_THAT(other.list[k].time, WithinRel(one.list[k].time / 1e3, 1e-10));
    CHECK((other.list[k].x - 1e9 * one.list[k].x).norm() <= 1e9 * 1e-10 * (1 + one.list[k].x.norm()));
  }
  CHECK(saddle_recursion(A, Vector<double>::Zero(5)).jumps() == 0);
  CHECK(saddle_recursion(A, Vector<double>::Zero(5)).arrived);
}
TEST_CASE("saddle recursion: columns that are alike enter together, and the path says that its saddle is not unique") {
  Matrix<double> A(2, 3);
  A << 1, 1, 0, 0, 0, 1;
  const SaddlePath path = saddle_recursion(A, Vector<double>{{2, 1}});
  CHECK(path.arrived);
  REQUIRE(path.jumps() == 2);
  CHECK_THAT(path.list[1].x[0] + path.list[1].x[1], WithinAbs(2, 1e-14));
  CHECK(path.why ==
        "the saddle of jump 1 is not unique: the 2 coordinates at |s| = 1 whose gradient is zero have columns of rank 1; one of the "
        "minimisers is taken");
}
TEST_CASE("saddle recursion: limits are a status, bad input is refused, data of a problem are the same") {
  const Matrix<double> A = normal(5, 9, 3);
  const Vector<double> y = normal(5, 1, 4);
  const SaddlePath short_path = saddle_recursion(A, y, {.jumps = 1});
  CHECK(short_path.jumps() == 1);
  CHECK_FALSE(short_path.arrived);
  CHECK(short_path.why.find("after 1 jumps the gradient is ") == 0);
  CHECK(thrown([&] { saddle_recursion(A, y.head(4)); }) == "saddle_recursion: A has 5 rows, y 4 entries");
  CHECK(thrown([&] { saddle_recursion(Matrix<double>(0, 3), Vector<double>(0)); }) ==
        "saddle_recursion: A is 0 x 3, it needs a row and a column");
  CHECK(thrown([&] { saddle_recursion(A, y * INFINITY); }) == "saddle_recursion: A or y holds a number that is not finite");
  CHECK(thrown([&] { saddle_recursion(A, y, {.tolerance = 0}); }).find(".tolerance is 0") != std::string::npos);
  CHECK(thrown([&] { saddle_recursion(A, y, {.jumps = 0}); }).find(".jumps is 0") != std::string::npos);
  const Data<double, LinearMap<double>> data(LinearMap<double>(9, 1, A.transpose()), y);
  const SaddlePath same = saddle_recursion(data), path = saddle_recursion(A, y);
  REQUIRE(same.jumps() == path.jumps());
  CHECK(same.last().x == path.last().x);
  std::ostringstream out;
  out << path;
  CHECK(out.str().find("tau = 0: loss ") == 0);
  Data<double, LinearMap<double>> weighted = data;
  weighted.weight = Vector<double>::Ones(5);
  CHECK(thrown([&] { saddle_recursion(weighted); }).find("weights") != std::string::npos);
}
