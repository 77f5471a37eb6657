// SPDX-License-Identifier: MIT
#include <tacit/sweep/pool.hpp>

#include <set>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

TEST_CASE("every piece is done once, whatever the number of threads") {
  const unsigned threads = GENERATE(0u, 1u, 2u, 8u, 100u);
  for (Index count : {0, 1, 2, 50}) {
    std::vector<int> done(static_cast<std::size_t>(count));
    detail::on_threads(count, threads, [&](Index k) { ++done[static_cast<std::size_t>(k)]; });
    CHECK(done == std::vector<int>(static_cast<std::size_t>(count), 1));
  }
}

TEST_CASE("one thread is the caller's, and it works in order") {
  std::vector<Index> order;
  std::set<std::thread::id> who;
  detail::on_threads(5, 1, [&](Index k) { order.push_back(k), who.insert(std::this_thread::get_id()); });
  CHECK(order == std::vector<Index>{0, 1, 2, 3, 4});
  CHECK(who == std::set<std::thread::id>{std::this_thread::get_id()});
}

TEST_CASE("two threads work at the same time") {
  std::atomic<int> here = 0;  // both wait for each other: with one thread this would never end
  detail::on_threads(2, 2, [&](Index) {
    ++here;
    while (here < 2) std::this_thread::yield();
  });
  CHECK(here == 2);
}

TEST_CASE("an exception ends the work and comes out, after all threads came home") {
  const unsigned threads = GENERATE(1u, 4u);
  std::atomic<Index> done = 0;
  const auto work = [&](Index k) {
    if (k == 3) throw std::runtime_error("piece 3");
    ++done;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  CHECK(scratch::error_of([&] { detail::on_threads(10'000, threads, work); }) == "piece 3");
  CHECK(done < 9'000);
}
