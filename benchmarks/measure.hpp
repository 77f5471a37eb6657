// SPDX-License-Identifier: MIT
#pragma once
// How the benchmarks compare two things on a machine that others use too: in one process, pinned to one core, in short blocks that take turns
// (ours, theirs, theirs, ours, ...), by the CPU time of the thread. Neighbours slow both sides down alike; each side's figure is the lower
// quartile of its blocks, so it is neither one lucky block nor the average with everybody else's work.

#include <sched.h>

#include <algorithm>
#include <ctime>
#include <vector>

namespace bench {

/// CPU seconds of this thread so far.
inline double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}
inline double wall_seconds() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Keeps this process, and the processes it starts from now on, on the core that it runs on.
inline void pin_to_this_core() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one);
}
inline void unpin() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (int core = 0; core < CPU_SETSIZE; ++core) CPU_SET(core, &all);
  sched_setaffinity(0, sizeof all, &all);
}

inline double lower_quartile(std::vector<double> x) {
  const auto at = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 4);
  std::nth_element(x.begin(), at, x.end());
  return *at;
}

struct Figures {
  double ours_us, theirs_us;
  double ratio() const { return ours_us / theirs_us; }
};

/// The figures of the median ratio.
inline Figures median_by_ratio(std::vector<Figures> x) {
  std::sort(x.begin(), x.end(), [](const Figures& a, const Figures& b) { return a.ratio() < b.ratio(); });
  return x[x.size() / 2];
}

struct Effort {
  double block_seconds = 2e-3;  ///< a block is as many calls as take about this long
  int blocks = 60;              ///< of each side
};

/// Calls of f that fill a block.
template <class F>
long calls_for(F& f, double block_seconds) {
  f(1);
  for (long calls = 1;; calls *= 2) {
    const double start = cpu_seconds();
    f(calls);
    const double spent = cpu_seconds() - start;
    if (spent > block_seconds / 4) return std::max(1L, static_cast<long>(static_cast<double>(calls) * block_seconds / spent));
  }
}
/// Microseconds a call, in one block.
template <class F>
double block_us(F& f, long calls) {
  const double start = cpu_seconds();
  f(calls);
  return (cpu_seconds() - start) / static_cast<double>(calls) * 1e6;
}

/// Where there is nothing to compare with: microseconds a call.
template <class F>
double alone(F&& f, Effort effort = {}) {
  const long calls = calls_for(f, effort.block_seconds);
  std::vector<double> x;
  for (int k = 0; k < effort.blocks; ++k) x.push_back(block_us(f, calls));
  return lower_quartile(x);
}

/// ours(n) and theirs(n) do their work n times.
template <class A, class B>
Figures in_turns(A&& ours, B&& theirs, Effort effort = {}) {
  const long a = calls_for(ours, effort.block_seconds), b = calls_for(theirs, effort.block_seconds);
  std::vector<double> x, y;
  for (int k = 0; k < effort.blocks; ++k) {
    if (k % 2 == 0) x.push_back(block_us(ours, a));
    y.push_back(block_us(theirs, b));
    if (k % 2 == 1) x.push_back(block_us(ours, a));
  }
  return {lower_quartile(x), lower_quartile(y)};
}

}  // namespace bench
