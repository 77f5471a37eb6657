// SPDX-License-Identifier: MIT
#pragma once
// A named check: a statement of a paper that takes minutes of training to look at. It has a bound that must hold and returns what was measured.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <tacit/core/check.hpp>

struct Finding {
  bool holds;
  std::string measured;
};
struct Check {
  std::string name;   ///< paper/item
  std::string bound;  ///< what must hold, in words
  std::function<Finding()> run;
};

std::vector<Check> arora2019();
std::vector<Check> cohen2025();
std::vector<Check> gunasekar2017();
std::vector<Check> hariz2022();
std::vector<Check> karakida2023();
std::vector<Check> razin2020();
std::vector<Check> razin2021();
std::vector<Check> razin2022();
std::vector<Check> zhao2022();

/// task(0) ... task(count - 1), in order, computed by two threads.
template <class F>
auto in_parallel(int count, F task) {
  std::vector<std::optional<decltype(task(0))>> slots(static_cast<std::size_t>(count));
  std::atomic<int> next = 0;
  std::exception_ptr failure;
  std::mutex guard;
  const auto work = [&] {
    for (int k = next++; k < count; k = next++) try {
        slots[static_cast<std::size_t>(k)].emplace(task(k));
      } catch (...) {
        const std::lock_guard lock(guard);
        failure = std::current_exception();
        next = count;
      }
  };
  std::thread other(work);
  work();
  other.join();
  if (failure) std::rethrow_exception(failure);
  std::vector<decltype(task(0))> results;
  for (auto& slot : slots) results.push_back(std::move(*slot));
  return results;
}

/// f of each run.
template <class Run, class F>
auto column(const std::vector<Run>& runs, F f) {
  std::vector<decltype(f(runs.front()))> values;
  for (const Run& run : runs) values.push_back(f(run));
  return values;
}
inline double median(std::vector<double> values) {  // the upper one of an even number
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}
inline double largest(const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); }
inline double smallest(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }
/// Four significant digits.
inline std::string figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}
template <class T>
std::string list(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) {
    if (!text.empty()) text += ' ';
    if constexpr (std::is_integral_v<T>) text += std::to_string(value);
    else text += figure(value);
  }
  return text;
}

/// A computation that several checks share: made when first asked for.
template <class F>
auto shared(F compute) {
  using Result = decltype(compute());
  return [compute, memo = std::make_shared<std::optional<Result>>()]() -> const Result& {
    if (!*memo) memo->emplace(compute());
    return **memo;
  };
}
