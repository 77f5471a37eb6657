// SPDX-License-Identifier: MIT
#include <tacit/core/archive.hpp>
#include <tacit/core/random.hpp>

#include <numeric>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

// The numbers come from an independent implementation of the generators in Python, from their definitions.
TEST_CASE("streams give the numbers that they gave when they were defined") {
  Random uniform(1, "initial");
  CHECK(uniform.uniform() == 0.2809224954505577);
  CHECK(uniform.uniform() == 0.8170781354801856);
  CHECK(uniform.uniform() == 0.042036869567978474);

  Random normal(1, "initial");  // up to the last bits of std::log, which libraries round differently
  for (double expected : {-0.5800610308761602, 0.839541560933831, -0.4917465333789307, -0.1098512528699186})
    CHECK_THAT(normal.normal(), WithinRel(expected, 1e-14));

  Random below(7, "minibatch");
  for (std::uint64_t expected : {6, 4, 3, 6, 7, 5, 2, 8, 0, 5, 9, 0}) CHECK(below.below(10) == expected);
  Random large(7, "minibatch");
  for (std::uint64_t expected : {6904470877095620998u, 1123412950495044866u, 8378364766916125521u})
    CHECK(large.below((std::uint64_t(1) << 63) + 1) == expected);

  Random shuffle(3, "shuffle");
  std::vector<int> items(10);
  std::iota(items.begin(), items.end(), 0);
  shuffle.shuffle(items);
  CHECK(items == std::vector<int>{5, 6, 8, 0, 1, 3, 2, 9, 7, 4});
}

TEST_CASE("streams of another seed or purpose are other streams") {
  const double one = Random(1, "initial").uniform();
  CHECK(Random(1, "initial").uniform() == one);
  CHECK(Random(2, "initial").uniform() != one);
  CHECK(Random(1, "minibatch").uniform() != one);
  CHECK(Random(1, "initial") == Random(1, "initial"));
  CHECK_FALSE(Random(1, "initial") == Random(1, "sharpness"));
}

TEST_CASE("uniform and normal draws have their moments") {
  constexpr int n = 200'000;
  Random random(5, "moments");
  double mean = 0, square = 0, low = 1, high = 0;
  for (int k = 0; k < n; ++k) {
    const double u = random.uniform();
    low = std::min(low, u), high = std::max(high, u);
    mean += u / n, square += u * u / n;
  }
  CHECK(low >= 0);
  CHECK(high < 1);
  CHECK_THAT(mean, WithinAbs(0.5, 5 * std::sqrt(1.0 / 12 / n)));  // five standard errors
  CHECK_THAT(square, WithinAbs(1.0 / 3, 5 * std::sqrt(4.0 / 45 / n)));

  double sum[5] = {};
  for (int k = 0; k < n; ++k) {
    const double x = random.normal();
    for (int p = 1; p <= 4; ++p) sum[p] += std::pow(x, p) / n;
  }
  CHECK_THAT(sum[1], WithinAbs(0, 5 * std::sqrt(1.0 / n)));
  CHECK_THAT(sum[2], WithinAbs(1, 5 * std::sqrt(2.0 / n)));
  CHECK_THAT(sum[3], WithinAbs(0, 5 * std::sqrt(15.0 / n)));
  CHECK_THAT(sum[4], WithinAbs(3, 5 * std::sqrt(96.0 / n)));

  const double between = random.uniform(-3, -2);
  CHECK((between >= -3 && between < -2));
}

TEST_CASE("both numbers of a normal pair are independent of each other") {
  constexpr int n = 100'000;
  Random random(6, "pairs");
  double product = 0, of_squares = 0;
  for (int k = 0; k < n; ++k) {
    const double a = random.normal(), b = random.normal();
    product += a * b / n;
    of_squares += (a * a - 1) * (b * b - 1) / n;
  }
  CHECK_THAT(product, WithinAbs(0, 5 * std::sqrt(1.0 / n)));
  CHECK_THAT(of_squares, WithinAbs(0, 5 * std::sqrt(4.0 / n)));
}

TEST_CASE("integers below n are unbiased, also where n does not divide 2^64") {
  constexpr int n = 120'000;
  Random random(8, "below");
  std::vector<double> count(6, 0);
  for (int k = 0; k < n; ++k) ++count[static_cast<std::size_t>(random.below(6))];
  double chi2 = 0;
  for (double c : count) chi2 += (c - n / 6.0) * (c - n / 6.0) / (n / 6.0);
  CHECK(chi2 < 25);  // 5 degrees of freedom: p = 1e-4

  // 3/4 of 2^64: taken modulo, the lower half of the numbers would come twice as often as the upper half.
  const std::uint64_t bound = std::uint64_t(3) << 62;
  int lower = 0;
  for (int k = 0; k < 20'000; ++k) lower += random.below(bound) < bound / 3;
  CHECK_THAT(lower / 20'000.0, WithinAbs(1.0 / 3, 5 * std::sqrt(2.0 / 9 / 20'000)));

  CHECK(random.below(1) == 0);
  CHECK(thrown([&] { random.below(0); }) == "Random::below: n is 0, there is nothing to draw from");
}

TEST_CASE("a shuffle is a permutation, every one as likely") {
  Random random(9, "shuffle");
  std::vector<int> seen(6, 0);
  for (int k = 0; k < 12'000; ++k) {
    std::vector<int> items{0, 1, 2};
    random.shuffle(items);
    CHECK(items[0] + items[1] + items[2] == 3);
    ++seen[static_cast<std::size_t>(2 * items[0] + (items[1] > items[2]))];
  }
  for (int count : seen) CHECK_THAT(count / 12'000.0, WithinAbs(1.0 / 6, 5 * std::sqrt(5.0 / 36 / 12'000)));
  std::vector<int> none;
  random.shuffle(none);
  CHECK(none.empty());
}

TEST_CASE("a stream goes on through an archive, between the two normals of a pair, too") {
  for (const int drawn : {0, 1, 2, 5}) {
    Random before(3, "stream"), after(4, "another");
    for (int k = 0; k < drawn; ++k) before.normal();
    tacit::OutputArchive out;
    out("random", before);
    tacit::InputArchive in(out.bytes(), "archive");
    in("random", after);
    for (int k = 0; k < 4; ++k) CHECK(after.normal() == before.normal());
    CHECK(after == before);
  }
}
