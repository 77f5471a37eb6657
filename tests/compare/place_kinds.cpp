// SPDX-License-Identifier: MIT
// Intervals in runs of gaps: kinds of places, widths that grow with the distance to the next entry, and what models save of them.
#include <tacit/compare/local_widths.hpp>
#include <tacit/observation/data.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using detail::PlaceKinds;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// 600 x 4 with noise of 1, and runs of 20 gaps in each column; the first 30 rows after row 300 are empty but for one column.
Matrix<double> in_runs() {
  Random random(1, "runs");
  Matrix<double> y(600, 4);
  for (double& x : y.reshaped()) x = random.normal();
  for (Index j = 0; j < 4; ++j)
    for (Index from = 10 + 13 * j; from + 20 < 600; from += 90) y.col(j).segment(from, 20).setConstant(not_a_number);
  return y;
}
/// Rows to the nearest entry of the column.
Index distance(const Matrix<double>& y, Index i, Index j) {
  for (Index d = 1;; ++d)
    for (const Index at : {i - d, i + d})
      if (at >= 0 && at < y.rows() && !std::isnan(y(at, j))) return d;
}
/// The size of an error there.
double size_of(Index d, Index j) { return 0.1 * static_cast<double>(1 + j) * std::sqrt(static_cast<double>(d)); }

/// Errors on a tenth of the entries in each of ten parts, and on the gaps of the table, moved, in four more.
detail::HeldOutErrors held_out(const Data<double>& data, const Matrix<double>& y) {
  detail::HeldOutErrors held(data.where.shape());
  Random random(2, "errors");
  const auto number = detail::shuffled(data.count(), 3);
  for (Index part = 0; part < 14; ++part) {
    const std::vector<bool> moved = detail::moved_gaps(data.where, static_cast<std::uint64_t>(part), 0.5);
    Matrix<double> left = y;
    std::vector<Index> out;
    for (Index k = 0; k < data.count(); ++k)
      if (part < 10 ? number[static_cast<std::size_t>(k)] % 10 == part : moved[static_cast<std::size_t>(k)])
        out.push_back(k), left(data.where[k].row, data.where[k].col) = not_a_number;
    for (const Index k : out) {
      const auto [i, j] = data.where[k];
      held.add(data.where, k, std::abs(random.normal()) * size_of(distance(left, i, j), j), part);
    }
    if (part == 9) held.at_random = held.error.size();
  }
  return held;
}

}  // namespace

TEST_CASE("a place has its distance to the next entry of its column, along the order of rows, and whether its row is nearly empty") {
  Matrix<double> y = Matrix<double>::Ones(9, 3);
  y.col(0).segment(1, 7).setConstant(not_a_number);
  y.row(4).setConstant(not_a_number);
  const auto kinds = [&](const LineOrder* order) { return PlaceKinds(observed(y).where, order).of_all(); };
  const LineOrder as_they_are, turned{.mode = 0, .at = {5, 4, 3, 2, 1, 0, 8, 7, 6}};
  const PlaceKinds::Table none = kinds(nullptr), along = kinds(&as_they_are), other = kinds(&turned);
  for (Index i = 0; i < 9; ++i) CHECK(int(none(i, 0)) == (i == 4));
  for (Index i = 0; i < 9; ++i) CHECK(int(along(i, 0)) == 2 * std::vector<int>{0, 0, 1, 1, 2, 1, 1, 0, 0}[std::size_t(i)] + (i == 4));
  CHECK(int(along(4, 1)) == 1);
  CHECK(int(other(5, 0)) == 2 * 2);  // at 0; entries of the column stand at 5 and 6
  CHECK(int(other(1, 0)) == 0);
}

TEST_CASE("a held-out entry has the kind of its place while its part is out") {
  Matrix<double> y = Matrix<double>::Ones(12, 2);
  const Data<double> data = observed(y);
  detail::HeldOutErrors held(data.where.shape());
  for (Index k = 0; k < data.count(); ++k)
    if (data.where[k].col == 0 && data.where[k].row >= 3 && data.where[k].row < 8) held.add(data.where, k, 1, 0);
  for (Index k = 0; k < data.count(); ++k)
    if (data.where[k].col == 0 && data.where[k].row == 5) held.add(data.where, k, 1, 1);
  const LineOrder order;
  const auto kinds = PlaceKinds(data.where, &order).of(held);
  CHECK(std::vector<int>(kinds.begin(), kinds.end()) == std::vector<int>{0, 2, 2, 2, 0, 0});
}

TEST_CASE(
    "where errors grow along a run, intervals by kinds of places hold near its ends, in its middle and in every column; those without do "
    "not") {
  const Matrix<double> y = in_runs();
  const Data<double> data = observed(y);
  const detail::HeldOutErrors held = held_out(data, y);
  const LineOrder order;
  const Scales none;
  REQUIRE(PlaceKinds::wanted(data.where));
  const HalfWidths with = detail::LocalWidths<Entries>(data, none, held, 0.9, &order).widths(),
                   without = detail::LocalWidths<Entries>(data, none, held, 0.9).widths();
  Random random(4, "fresh errors");
  Matrix<double> inside = Matrix<double>::Zero(4, 2), count = inside, plain = inside;  // of each column, near and far
  for (Index i = 0; i < y.rows(); ++i)
    for (Index j = 0; j < 4; ++j) {
      if (!std::isnan(y(i, j))) continue;
      const Index d = distance(y, i, j);
      for (int draw = 0; draw < 20; ++draw) {
        const double e = std::abs(random.normal()) * size_of(d, j);
        inside(j, d >= 4) += e <= with.at(i, j), plain(j, d >= 4) += e <= without.at(i, j), ++count(j, d >= 4);
      }
    }
  INFO("with kinds\n" << inside.cwiseQuotient(count) << "\nwithout\n" << plain.cwiseQuotient(count));
  CHECK((inside.array() > 0.8 * count.array()).all());
  CHECK((inside.array() < 0.97 * count.array()).all());
  CHECK((plain.col(1).array() < 0.75 * count.col(1).array()).all());

  SECTION("a saved model keeps them") {
    scratch::Folder folder;
    const DeepMatrix<double> model({4, 1, 600});
    save_model(folder / "model", model, Vector<double>::Zero(model.parameter_count()), {.half_widths = with});
    const HalfWidths saved = load_model(folder / "model").info.half_widths;
    for (Index i = 0; i < 600; i += 7) CHECK(saved.at(i, i % 4) == with.at(i, i % 4));
    CHECK(saved.of_new_row(nullptr, 0) == with.of_new_row(nullptr, 0));
  }
  SECTION("a new row is far from all others") {
    HalfWidths one_kind = with;
    one_kind.kinds = {};
    const std::vector<Index> three{0, 1, 2};
    const Vector<double> ratio = with.of_new_row(three.data(), 3).cwiseQuotient(one_kind.of_new_row(three.data(), 3));
    CHECK((ratio - with.kinds.factor.col(PlaceKinds::distances * 2 - 2)).norm() < 1e-12);
  }
}
