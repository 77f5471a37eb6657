// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/solver/line_chain.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("a chain of lines in another order, with steps of two kinds") {
  const detail::LineChain even(4, {});
  CHECK(even.line == std::vector<Index>{0, 1, 2, 3});
  CHECK(even.kind == std::vector<std::size_t>{0, 0, 0});
  CHECK(even.length == std::vector<double>{1});
  const detail::LineChain uneven(5, {30, 10, 20, 90, 40});  // 10 20 30 40 90
  CHECK(uneven.line == std::vector<Index>{1, 2, 0, 4, 3});
  CHECK(uneven.kind == std::vector<std::size_t>{0, 0, 0, 1});
  REQUIRE(uneven.length.size() == 2);
  CHECK(uneven.length[0] == 1);
  CHECK(uneven.length[1] == 5);
}

TEST_CASE("variance and correlation length of a long chain are found from its squares and products, whatever the steps") {
  for (const bool even : {true, false}) {
    Random random(3, "chain");
    std::vector<double> at{0};
    for (int t = 1; t < 20'000; ++t) at.push_back(at.back() + (even || t % 5 ? 1 : 6));
    const detail::LineChain chain(static_cast<Index>(at.size()), at);
    const detail::Autoregression truth{4, 12};
    detail::ChainMoments m(chain.length.size());
    double x = 2 * random.normal();
    m.start(x * x);
    for (const std::size_t kind : chain.kind) {
      const double f = truth.phi(chain.length[kind]), next = f * x + std::sqrt(truth.variance * (1 - f * f)) * random.normal();
      m.step(kind, x * x, next * next, x * next);
      x = next;
    }
    detail::Autoregression found;
    found.update(m, chain.length, 4 * static_cast<double>(at.size()));
    CHECK(std::abs(found.variance - 4) < 0.6);
    CHECK(std::abs(found.tau - 12) < 1.8);
  }
}
