// SPDX-License-Identifier: MIT
#pragma once
// The verdict on a row of the table: holds, where every bound does (a bound on each draw: in all of them); holds in the median, where those
// on each draw that do not hold in all do so for the median over the draws; fails; and for a negative control that does not hold in either
// sense: control failed.

#include <algorithm>

#include "check.hpp"

namespace paper_checks {

enum class Verdict { holds, holds_in_the_median, fails, control_failed };
inline std::string text_of(Verdict verdict) {
  const char* texts[] = {"holds", "holds in the median", "fails", "control failed"};
  return texts[static_cast<int>(verdict)];
}

struct Judgement {
  Verdict verdict = Verdict::fails;
  std::string off;  ///< the bounds that do not hold in every draw, as text
};

namespace detail {
inline bool holds_in(const Bound& bound, const Figures& draw) {
  const Values* values = draw.find(bound.figure);
  tacit::require(values, "there is no figure '", bound.figure, "', which a bound is on");
  return std::all_of(values->begin(), values->end(), [&](double x) { return bound.admits(x); });
}
/// The median over the draws of every value of the figure. NaN counts as the worst.
inline bool holds_in_median(const Bound& bound, const std::vector<Figures>& draws) {
  std::vector<Values> columns;
  for (const Figures& draw : draws) {
    const Values* values = draw.find(bound.figure);
    tacit::require(values, "there is no figure '", bound.figure, "', which a bound is on");
    columns.resize(std::max(columns.size(), values->size()));
    for (std::size_t k = 0; k < values->size(); ++k) {
      const double x = (*values)[k];
      columns[k].push_back(!std::isnan(x) ? x : bound.high < infinity ? infinity : -infinity);
    }
  }
  return std::all_of(columns.begin(), columns.end(), [&](const Values& column) { return bound.admits(median(column)); });
}
}  // namespace detail

inline Judgement judge(const std::vector<Bound>& bounds, bool control, const std::vector<Figures>& draws, const Figures& summary = {}) {
  tacit::require(!draws.empty() && !bounds.empty(), "a check needs a draw and a bound");
  Judgement result{Verdict::holds, ""};
  for (const Bound& bound : bounds) {
    const auto count = std::count_if(draws.begin(), draws.end(),
                                     [&](const Figures& draw) { return bound.of == Bound::Of::summary || detail::holds_in(bound, draw); });
    const double share = static_cast<double>(count) / static_cast<double>(draws.size());
    bool holds = true, in_the_median = false;
    switch (bound.of) {
      case Bound::Of::every_draw:
        holds = share == 1;
        in_the_median = detail::holds_in_median(bound, draws);
        break;
      case Bound::Of::median:
        holds = detail::holds_in_median(bound, draws);
        break;
      case Bound::Of::share:
        holds = share >= bound.share - 1e-9;
        break;
      case Bound::Of::summary:
        holds = detail::holds_in(bound, summary);
        break;
    }
    if (holds) continue;
    result.off += (result.off.empty() ? "" : "; ") + bound.text();
    if (bound.of == Bound::Of::every_draw) result.off += sentence(" (in ", count, " of ", draws.size(), " draws)");
    if (!in_the_median) result.verdict = control ? Verdict::control_failed : Verdict::fails;
    else if (result.verdict == Verdict::holds) result.verdict = Verdict::holds_in_the_median;
  }
  return result;
}

}  // namespace paper_checks
