// SPDX-License-Identifier: MIT
#include <tacit/core/archive.hpp>
#include <tacit/observation/data.hpp>

#include <limits>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {
const double none = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();

Vector<double> column(std::initializer_list<double> values) {
  Vector<double> v(static_cast<Index>(values.size()));
  std::copy(values.begin(), values.end(), v.begin());
  return v;
}
template <class D>
std::uint64_t fingerprint(D data) {
  HashArchive hash;
  hash("data", data);
  return hash.value();
}
}  // namespace

TEST_CASE("data sort entries, values and weights together") {
  const auto data = observed<double>(3, 4, {2, 0, 2, 0}, {1, 3, 0, 1}, column({21, 3, 20, 1}), column({0.21, 0.3, 0.2, 0.1}));
  REQUIRE(data.count() == 4);
  for (Index k = 0; k < 4; ++k) {
    CHECK(data.y[k] == static_cast<double>(10 * data.where[k].row + data.where[k].col));
    CHECK(data.weight[k] == data.y[k] / (data.where[k].row ? 100 : 10));
  }
  CHECK(data.where[0] == Entry{0, 1});
  CHECK(data.where[3] == Entry{2, 1});
}

TEST_CASE("triplets, a matrix with gaps, and a product give data, zeros included") {
  const auto listed = observed<float>(2, 3, std::vector<Triplet<float>>{{1, 2, 0.0f}, {0, 0, 5.0f}});
  CHECK(listed.count() == 2);
  CHECK(listed.y[1] == 0);
  Matrix<double> W(2, 2);
  W << 1, none, 0, 4;
  const auto gaps = observed(W);
  CHECK(gaps.count() == 3);
  CHECK(gaps.where[1] == Entry{1, 0});
  CHECK(gaps.y[1] == 0);
  const auto product = observed(Matrix<double>(Matrix<double>::Identity(2, 2)) * Matrix<double>(Matrix<double>::Ones(2, 3)));
  CHECK(product.count() == 6);
  CHECK(product.y.sum() == 6);
  const auto full = fully_observed(2 * Matrix<double>::Identity(2, 2));
  CHECK(full.count() == 4);
  CHECK(full.y == column({2, 0, 0, 2}));
}

TEST_CASE("targets and weights that do not fit are refused with a sentence") {
  const Entries at(2, 3, {0, 1}, {2, 0});
  CHECK(thrown([&] { Data<double>(at, column({1})); }) == "Data: got 1 targets for 2 observations");
  CHECK(thrown([&] { Data<double>(at, column({1, 2}), column({1})); }) == "Data: got 1 weights for 2 observations");
  CHECK(thrown([&] { Data<double>(at, column({1, none})); }) == "Data: the target of entry (1, 0) is nan; leave missing entries out");
  CHECK(thrown([&] { Data<double>(at, column({-inf, 1})); }) == "Data: the target of entry (0, 2) is -inf; leave missing entries out");
  CHECK(thrown([&] {
          Data<double>(at, column({1, 2}), column({1, -1}));
        }) == "Data: the weight of entry (1, 0) is -1, it needs to be finite and not negative");
  CHECK(thrown([&] {
          Data<double>(at, column({1, 2}), column({none, 1}));
        }) == "Data: the weight of entry (0, 2) is nan, it needs to be finite and not negative");
  CHECK(thrown([&] { fully_observed(Matrix<double>::Constant(2, 2, inf)); }) ==
        "Data: the target of entry (0, 0) is inf; leave missing entries out");
  CHECK(thrown([&] {
          observed<double>(2, 3, {0, 1}, {0}, column({1, 2}));
        }) == "observed: got 2 row indices, 1 column indices and 2 values");
  CHECK(thrown([&] {
          observed<double>(2, 3, {0, 1}, {0, 1}, column({1, 2}), column({1}));
        }) == "observed: got 1 weights for 2 observations");
  CHECK(thrown([&] {
          observed<double>(2, 3, std::vector<Triplet<double>>{{0, 0, 1}, {2, 1, 1}});
        }) == "observed: (2, 1) lies outside the 2 x 3 matrix (indices start at 0)");
  CHECK(thrown([&] {
          observed<double>(2, 3, std::vector<Triplet<double>>{{0, Index(1) << 32, 1}});
        }) == "observed: (0, 4294967296) lies outside the 2 x 3 matrix (indices start at 0)");
  CHECK(thrown([&] {
          observed<double>(2, 3, {1, 2}, {0, 1}, column({1, 2}));
        }) == "observed: observation 1 is at (2, 1), outside the 2 x 3 matrix (indices start at 0)");
  CHECK(thrown([&] {
          observed<double>(2, 3, {1, 0}, {0, -1}, column({1, 2}));
        }) == "observed: observation 1 is at (0, -1), outside the 2 x 3 matrix (indices start at 0)");
  CHECK(thrown([&] { observed<double>(2, 3, {1, 0, 1}, {1, 0, 1}, column({1, 2, 1})); }) == "Entries: (1, 1) is observed twice");
  CHECK(thrown([&] { observed(Matrix<double>::Constant(2, 2, none)); }) == "Entries: no entry of the 2 x 2 matrix is observed");
}

TEST_CASE("a subset keeps entries, values, weights and path together") {
  const auto data = observed<double>(3, 3, {0, 1, 1, 2}, {2, 0, 1, 2}, column({2, 10, 11, 22}), column({2, 1, 1.1, 2.2}));
  auto through = data;
  through.where = data.where.through(Path::dense);
  const auto part = subset(through, {1, 3});
  CHECK(part.count() == 2);
  CHECK(part.where[0] == Entry{1, 0});
  CHECK(part.y == column({10, 22}));
  CHECK(part.weight == column({1, 2.2}));
  CHECK(part.where.path() == Path::dense);
  CHECK(part.where.rows() == 3);
  CHECK(subset(observed<double>(3, 3, {0, 1}, {0, 1}, column({1, 2})), {1}).weight.size() == 0);
}

TEST_CASE("rows and columns without observations are named") {
  const auto missing = unobserved(Entries(4, 3, {0, 0, 3}, {0, 2, 2}));
  CHECK(missing.rows == std::vector<Index>{1, 2});
  CHECK(missing.cols == std::vector<Index>{1});
}

TEST_CASE("a fingerprint sees places, values and weights") {
  const Entries at(2, 3, {0, 1}, {2, 0});
  const Data<double> data(at, column({1, 2}));
  CHECK(fingerprint(data) == fingerprint(Data<double>(at, column({1, 2}))));
  CHECK(fingerprint(data) != fingerprint(Data<double>(at, column({1, 2.5}))));
  CHECK(fingerprint(data) != fingerprint(Data<double>(at, column({1, 2}), column({1, 1}))));
  CHECK(fingerprint(data) != fingerprint(Data<double>(Entries(2, 3, {0, 1}, {2, 1}), column({1, 2}))));
  CHECK(fingerprint(data) != fingerprint(Data<double>(Entries(3, 3, {0, 1}, {2, 0}), column({1, 2}))));
  const Matrix<double> A = Matrix<double>::Identity(6, 2);
  CHECK(fingerprint(Data<double, LinearMap<double>>(LinearMap<double>(2, 3, A), column({1, 2}))) !=
        fingerprint(Data<double, LinearMap<double>>(LinearMap<double>(2, 3, 2 * A), column({1, 2}))));
}
