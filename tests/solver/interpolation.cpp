// SPDX-License-Identifier: MIT
#include <tacit/observation/split.hpp>
#include <tacit/solver/interpolation.hpp>

#include "../thrown.hpp"
#include "catch.hpp"

using namespace tacit;

TEST_CASE("interpolation along rows: linear between neighbours, held at the ends, by where the rows stand") {
  const auto data = observed<double>(5, 2, {{1, 0, 1.0}, {4, 0, 7.0}, {2, 1, 5.0}});
  const Entries gaps(5, 2, {0, 2, 3, 4}, {0, 0, 0, 1});
  const Interpolation<Entries> even(data, {{0}});
  CHECK((even.predict(gaps) - (Vector<double>(4) << 1, 3, 5, 5).finished()).norm() < 1e-12);
  CHECK((even.predict(data.where) - data.y).norm() < 1e-9);
  const Interpolation<Entries> uneven(data, {{0, {0, 10, 20, 60, 70}}});
  CHECK((uneven.predict(gaps) - (Vector<double>(4) << 1, 2, 6, 5).finished()).norm() < 1e-12);
}

TEST_CASE("along both modes each counts by how near its neighbours are, and speaks alone where the other has none") {
  // Row 1 holds 0 and 8 at columns 0 and 4, column 1 holds 4 at rows 0 and 2.
  const auto data = observed<double>(3, 5, {{1, 0, 0.0}, {1, 4, 8.0}, {0, 1, 4.0}, {2, 1, 4.0}});
  const Interpolation<Entries> both(data, {{0}, {1}});
  const Vector<double> z = both.predict(Entries(3, 5, {1, 1}, {1, 2}));
  const double by_row = 2, by_column = 4, w_row = 1 / 0.75, w_column = 1 / 0.5;
  CHECK(std::abs(z[0] - (w_row * by_row + w_column * by_column) / (w_row + w_column)) < 1e-12);
  CHECK(std::abs(z[1] - 4) < 1e-12);  // column 2 is empty: the row alone
}

TEST_CASE("interpolation of a tensor along its middle mode; modes and places that do not fit are refused") {
  const auto data = observed<double>({2, 4, 2}, {{0, 0, 1}, {0, 3, 2}, {1, 1, 0}}, (Vector<double>(3) << 1, 4, 9).finished());
  const Interpolation<TensorEntries> fit(data, {{1}});
  const TensorEntries at({2, 4, 2}, {{0, 0, 1}, {1, 2, 0}, {1, 1, 0}});
  CHECK((fit.predict(at) - (Vector<double>(3) << 2, 3, 9).finished()).norm() < 1e-12);
  CHECK(fit.name() == "along mode 2");
  CHECK(thrown([&] { Interpolation<TensorEntries>(data, {{3}}); }).find("mode 3") != std::string::npos);
  CHECK(thrown([&] {
          Interpolation<TensorEntries>(data, {{1, {1, 2, 2, 3}}});
        }).find("two lines of mode 1 stand at 2") != std::string::npos);
}

TEST_CASE("neighbours of a slow course are alike, those of the same shuffled are not") {
  Random random(1, "neighbours");
  std::vector<Triplet<double>> slow, shuffled;
  std::vector<double> at(300);
  const auto order = detail::shuffled(300, 2);
  for (Index j = 0; j < 3; ++j) {
    double x = 0;
    for (Index i = 0; i < 300; ++i) {
      x = 0.9 * x + random.normal();
      if (random.uniform() < 0.2) continue;
      slow.push_back({i, j, 100.0 * static_cast<double>(j) + x}), shuffled.push_back({order[static_cast<std::size_t>(i)], j, x});
    }
  }
  for (Index i = 0; i < 300; ++i) at[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = static_cast<double>(i);
  CHECK(neighbour_ratio(observed<double>(300, 3, slow), {0}) < 0.25);
  CHECK(std::abs(neighbour_ratio(observed<double>(300, 3, shuffled), {0}) - 1) < 0.15);
  CHECK(neighbour_ratio(observed<double>(300, 3, shuffled), {0, at}) < 0.25);  // places tell
  CHECK(std::isnan(neighbour_ratio(observed<double>(2, 2, {{0, 0, 1.0}, {1, 1, 2.0}}), {0})));
}
