// SPDX-License-Identifier: MIT
#pragma once
// Independent pieces of work on a few threads. Pieces are handed out in order, each to the first thread that is free; what they compute must not depend
// on where or when they run. An exception from one stops the handing out and is thrown again here, once every thread has come home.

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "../core/scalar.hpp"

namespace tacit::detail {

/// work(k) once for each k < count, on `threads` threads of which the caller's is one; 0 threads: one for each core.
template <class Work>
void on_threads(Index count, unsigned threads, const Work& work) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  std::atomic<Index> next = 0;
  std::atomic<bool> stop = false;
  std::mutex guard;
  std::exception_ptr first;
  const auto worker = [&] {
    try {
      while (!stop) {
        const Index k = next++;
        if (k >= count) return;
        work(k);
      }
    } catch (...) {
      const std::scoped_lock lock(guard);
      if (!first) first = std::current_exception();
      stop = true;
    }
  };
  std::vector<std::thread> pool;
  const auto helpers = static_cast<std::size_t>(std::max<Index>(std::min<Index>(threads, count), 1) - 1);
  pool.reserve(helpers);
  try {
    while (pool.size() < helpers) pool.emplace_back(worker);
  } catch (const std::exception&) {  // the system has no more threads to give: go on with these
  }
  worker();
  for (std::thread& thread : pool) thread.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace tacit::detail
