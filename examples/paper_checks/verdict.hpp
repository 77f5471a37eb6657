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
/// The draws that have the figure: the others do not meet a condition of the claim. One at least must.
inline std::vector<Values> draws_with(const Bound& bound, const std::vector<Figures>& draws) {
  std::vector<Values> all;
  for (const Figures& draw : draws)
    if (const Values* values = draw.find(bound.figure)) all.push_back(*values);
  tacit::require(!all.empty(), "there is no figure '", bound.figure, "', which a bound is on");
  return all;
}
inline bool holds_for(const Bound& bound, const Values& values) {
  return std::all_of(values.begin(), values.end(), [&](double x) { return bound.admits(x); });
}
/// The median over the draws of every value of the figure. NaN counts as the worst.
inline bool holds_in_median(const Bound& bound, const std::vector<Values>& draws) {
  std::vector<Values> columns;
  for (const Values& values : draws) {
    columns.resize(std::max(columns.size(), values.size()));
    for (std::size_t k = 0; k < values.size(); ++k)
      columns[k].push_back(!std::isnan(values[k]) ? values[k] : bound.high < infinity ? infinity : -infinity);
  }
  return std::all_of(columns.begin(), columns.end(), [&](const Values& column) { return bound.admits(median(column)); });
}
}  // namespace detail

inline Judgement judge(const std::vector<Bound>& bounds, bool control, const std::vector<Figures>& draws, const Figures& summary = {}) {
  tacit::require(!draws.empty() && !bounds.empty(), "a check needs a draw and a bound");
  Judgement result{Verdict::holds, ""};
  for (const Bound& bound : bounds) {
    const std::vector<Values> measured = detail::draws_with(bound, bound.of == Bound::Of::summary ? std::vector<Figures>{summary} : draws);
    const auto count =
        std::count_if(measured.begin(), measured.end(), [&](const Values& values) { return detail::holds_for(bound, values); });
    const double share = static_cast<double>(count) / static_cast<double>(measured.size());
    bool holds = share == 1, in_the_median = false;
    if (bound.of == Bound::Of::share) holds = share >= bound.share - 1e-9;
    else if (bound.of != Bound::Of::summary) in_the_median = detail::holds_in_median(bound, measured);
    if (bound.of == Bound::Of::median) holds = in_the_median;
    if (holds) continue;
    result.off += (result.off.empty() ? "" : "; ") + bound.text();
    if (bound.of == Bound::Of::every_draw) result.off += sentence(" (in ", count, " of ", measured.size(), " draws)");
    if (!in_the_median) result.verdict = control ? Verdict::control_failed : Verdict::fails;
    else if (result.verdict == Verdict::holds) result.verdict = Verdict::holds_in_the_median;
  }
  return result;
}

}  // namespace paper_checks
