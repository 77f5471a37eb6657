// SPDX-License-Identifier: MIT
// Slices of a tensor in different units have scales; weak ones in one unit have none.
#include <tacit/compare/choose_tensor_scaling.hpp>

#include "catch.hpp"

using namespace tacit;

namespace choose_tensor_scaling_test {

/// CP of rank 2 of 12 x 10 x 6; slice k of the last mode is multiplied by ratio^(k / 5), noise included; or, in one unit, the last two slices hold the noise of all alone.
Data<double, TensorEntries> tensor(std::uint64_t seed, double ratio, bool one_unit) {
  Random random(seed, "slices in units");
  const Shape shape{12, 10, 6};
  std::vector<Matrix<double>> factors;
  for (Index n = 0; n < 3; ++n) factors.emplace_back(Matrix<double>::NullaryExpr(shape[n], 2, [&](Index) { return random.normal(); }));
  std::vector<Entries::Indices> at(3);
  std::vector<double> y;
  for (Index i = 0; i < 12; ++i)
    for (Index j = 0; j < 10; ++j)
      for (Index k = 0; k < 6; ++k) {
        const double size = !one_unit ? std::pow(ratio, static_cast<double>(k) / 5) : k < 4 ? ratio : 0;
        const double signal = factors[0].row(i).cwiseProduct(factors[1].row(j)).dot(factors[2].row(k) / factors[2].row(k).norm());
        const double value = size * signal + (one_unit ? 1 : 0.3 * size) * random.normal();
        if (random.uniform() < 0.3) continue;
        const Index place[] = {i, j, k};
        for (std::size_t n = 0; n < 3; ++n) at[n].push_back(static_cast<std::int32_t>(place[n]));
        y.push_back(value);
      }
  return observed<double>(shape, at, Vector<double>::Map(y.data(), static_cast<Index>(y.size())));
}
ScalingChoice chosen(const Data<double, TensorEntries>& data) { return choose_tensor_scaling(data, Scaling::automatic, {}, 0.1, 1); }

}  // namespace choose_tensor_scaling_test

using namespace choose_tensor_scaling_test;

TEST_CASE("slices in different units have scales of that mode, errors being relative to their spreads") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    for (const double ratio : {1e3, 1e4, 1e9}) {
      INFO("seed " << seed << ", ratio " << ratio);
      const ScalingChoice choice = chosen(tensor(seed, ratio, false));
      CHECK(choice.modes == std::vector<Index>{2});
      CHECK(choice.lines == 2);
      CHECK(choice.by_spread);
      CHECK(choice.relative);
    }
}

TEST_CASE("slices in one unit have none, whether they are alike or some hold noise alone, and none are taken where it is said") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    INFO("seed " << seed);
    CHECK(chosen(tensor(seed, 1, false)).modes.empty());
    CHECK(chosen(tensor(seed, 300, true)).modes.empty());
    CHECK(spread_ratio(tensor(seed, 300, true), 2) > 100);
    CHECK(choose_tensor_scaling(tensor(seed, 1e4, false), Scaling::none, {}, 0.1, 1).modes.empty());
    CHECK(choose_tensor_scaling(tensor(seed, 1e4, false), Scaling::automatic, {0}, 0.1, 1).modes == std::vector<Index>{0});
  }
}
