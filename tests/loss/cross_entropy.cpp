// SPDX-License-Identifier: MIT
#include <tacit/loss/cross_entropy.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/problem.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
auto classes_of(const auto& loss, Vector<double> y, Vector<double> weight = {}) {
  return Problem(DeepMatrix<double>({3, 2}), Data<double, AllEntries>(AllEntries(2, 3), std::move(y), std::move(weight)), loss);
}
}  // namespace

TEST_CASE("cross-entropy of a group is -log of the softmax at its label, in long double to 1e-13, and finite at +-1000") {
  const Vector<double> z{{1.5, -2, 0.25, 30, 0, -7}}, y{{0, 0, 1, 0.5, 0.5, 0}}, none;
  Vector<double> slope(6);
  auto loss = cross_entropy({.reduction = Reduction::sum, .classes = 3});
  loss.arrange(6, 1);
  const double value = loss.value_and_slope<double>(z, y, none, 1, slope);
  long double expected = 0;
  for (Index g = 0; g < 6; g += 3) {
    long double sum = 0;
    for (Index c = 0; c < 3; ++c) sum += std::exp(static_cast<long double>(z[g + c]));
    for (Index c = 0; c < 3; ++c) {
      const long double p = std::exp(static_cast<long double>(z[g + c])) / sum;
      expected -= y[g + c] * std::log(p);
      CHECK_THAT(slope[g + c], WithinAbs(static_cast<double>(p - y[g + c]), 1e-15));
    }
  }
  CHECK_THAT(value, WithinRel(static_cast<double>(expected), 1e-13));

  const Vector<double> far{{1000, -1000, 0, -1000, 1000, 1000}}, dz = Vector<double>::Ones(6);
  CHECK_THAT(loss.value_and_slope<double>(far, y, none, 1, slope), WithinRel(1000.0 + 1000 + std::log(2.0), 1e-13));
  CHECK(slope.allFinite());
  Vector<double> curved(6);
  loss.curvature_times<double>(far, y, none, 1, dz, curved);
  CHECK(curved.norm() == 0);  // a constant added to a group changes nothing
  const Vector<double> right{{40, 0, 0, 0, 0, 0}}, label{{1, 0, 0, 0, 1, 0}};
  CHECK_THAT(loss.value_and_slope<double>(right, label, none, 1, slope) - std::log(3.0), WithinAbs(0, 1e-15));
  const Vector<double> one = right.head(3), first = label.head(3);
  Vector<double> one_slope(3);
  CHECK_THAT(loss.value_and_slope<double>(one, first, none, 1, one_slope), WithinRel(2 * std::exp(-40.0), 1e-12));  // keeps its digits
}

TEST_CASE("groups that overlap, leave entries out or do not fit are refused, and so are targets that are no shares") {
  const Vector<double> y{{1, 0, 0, 1, 1, 0}};
  CHECK(thrown([&] {
          classes_of(cross_entropy({.groups = partition(6, {{0, 1}, {1, 2}, {3, 4, 5}})}), y);
        }) == "partition: observation 1 stands in group 0 and in group 1");
  CHECK(thrown([&] {
          classes_of(cross_entropy({.groups = partition(6, {{0, 1}, {3, 4, 5}})}), y);
        }) == "partition: observation 2 stands in no group");
  CHECK(thrown([&] {
          classes_of(cross_entropy({.groups = partition(4, {{0, 1}, {2, 3}})}), y);
        }) == "cross_entropy: the groups are of 4 entries, the data have 6");
  CHECK(thrown([&] { classes_of(cross_entropy({.classes = 4}), y); }) == "cross_entropy: groups of 4 leave 2 of the 6 entries out");
  CHECK(thrown([&] { classes_of(cross_entropy(), y); }) ==
        "cross_entropy: which entries are the classes of a sample? Give .classes or .groups");
  CHECK(thrown([&] {
          classes_of(cross_entropy({.classes = 2}), Vector<double>{{1, 0, 0, 1, 1, 1}});
        }) == "cross_entropy: the targets of the group of entry (0, 2) have the sum 2, allowed is 1");
  CHECK(thrown([&] {
          classes_of(cross_entropy({.classes = 2}), Vector<double>{{1, 0, 0, 1, 2, -1}});
        }) == "cross_entropy: the target of entry (1, 2) is -1, allowed are shares of 0 or more");
  CHECK(thrown([&] {
          classes_of(cross_entropy({.classes = 2}), y, Vector<double>{{1, 1, 2, 2, 3, 4}});
        }) == "cross_entropy: the weight of entry (1, 2) is 4, that of entry (0, 2) in the same group 3");
  const Matrix<double> X = Matrix<double>::Random(4, 3);
  const auto samples = classification_data(X, {0, 3, 1, 2}, 4);
  CHECK(thrown([&] {
          Problem(DeepMatrix<double>({3, 4}), samples, cross_entropy({.classes = 8}));
        }) == "cross_entropy: groups of 8 overlap samples of 4 outputs");
  CHECK(thrown([&] {
          Problem(DeepMatrix<double>({3, 4}), samples, cross_entropy({.groups = partition(16, {{0}})}));
        }).substr(0, 9) == "partition");
}

TEST_CASE("problems of cross-entropy with other groups differ in their fingerprints") {
  const Vector<double> y{{1, 0, 0, 1, 1, 0}}, same{{0.5, 0.5, 0.5, 0.5, 0.5, 0.5}};
  const auto one = classes_of(cross_entropy({.groups = partition(6, {{0, 1}, {2, 3}, {4, 5}})}), same);
  const auto two = classes_of(cross_entropy({.groups = partition(6, {{0, 2}, {1, 3}, {4, 5}})}), same);
  CHECK(one.fingerprint() != two.fingerprint());
  CHECK(one.fingerprint() == classes_of(cross_entropy({.groups = partition(6, {{0, 1}, {2, 3}, {4, 5}})}), same).fingerprint());
}
