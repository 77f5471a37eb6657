// SPDX-License-Identifier: MIT
#pragma once
// When a hook is called. every and log_spaced pass the closing Snapshot on, too, so that records end where the run ended.
//   every(n, hook)              at iterations 0, n, 2n, ...
//   log_spaced(k, hook)         about k times per decade: 0, 1, ... , equidistant on a logarithmic axis
//   once(t, hook)               at iteration t alone
//   at_the_end(hook)            at the closing Snapshot alone
// A hook given as an lvalue is referred to, a temporary is kept.

#include <algorithm>
#include <cmath>

#include "../train.hpp"

namespace tacit {

namespace detail {

template <class When, class Hook>
struct Scheduled {
  When when;
  Hook hook;

  template <class P>
  Flow operator()(const Snapshot<P>& now) {
    if (!when(now)) return Flow::proceed;
    return notify(hook, now);
  }
  void prepare(Index iterations) { prepare_hook(hook, when.calls(iterations)); }
  std::string sentence() const { return stop_sentence(hook); }
  template <class Archive>
  void persist(Archive& archive) {
    persist_hook(hook, archive);
  }
};

struct Every {
  Index n;
  bool operator()(const auto& now) const { return now.closing() || now.iteration() % n == 0; }
  Index calls(Index iterations) const { return iterations / n + 2; }
};
struct LogSpaced {
  double per_decade;
  // Iteration t is due when it is the first integer past one of the points 10^(i / k).
  bool operator()(const auto& now) const {
    if (now.closing() || now.iteration() < 2) return true;
    const double k = per_decade, t = static_cast<double>(now.iteration());
    return std::floor(k * std::log10(t) + 1e-9) > std::floor(k * std::log10(t - 1) + 1e-9);
  }
  Index calls(Index iterations) const { return static_cast<Index>(per_decade * std::log10(static_cast<double>(iterations) + 10)) + 3; }
};
struct Once {
  Index t;
  bool operator()(const auto& now) const { return !now.closing() && now.iteration() == t; }
  Index calls(Index) const { return 1; }
};
struct AtTheEnd {
  bool operator()(const auto& now) const { return now.closing(); }
  Index calls(Index) const { return 1; }
};

}  // namespace detail

template <class Hook>
detail::Scheduled<detail::Every, Hook> every(Index n, Hook&& hook) {
  require(n > 0, "every: the interval is ", n, ", it needs to be at least 1");
  return {{n}, std::forward<Hook>(hook)};
}
template <class Hook>
detail::Scheduled<detail::LogSpaced, Hook> log_spaced(double per_decade, Hook&& hook) {
  require(per_decade > 0, "log_spaced: ", per_decade, " points a decade, needs a positive number");
  return {{per_decade}, std::forward<Hook>(hook)};
}
template <class Hook>
detail::Scheduled<detail::Once, Hook> once(Index iteration, Hook&& hook) {
  return {{iteration}, std::forward<Hook>(hook)};
}
template <class Hook>
detail::Scheduled<detail::AtTheEnd, Hook> at_the_end(Hook&& hook) {
  return {{}, std::forward<Hook>(hook)};
}

}  // namespace tacit
