// SPDX-License-Identifier: MIT
#pragma once
// Minimum of a function of a few numbers by coordinate search: one number after the other moves up or down by a step while that lowers
// the cost; steps are 2, 1, 1/2 and 1/4,
// three rounds of each. Numbers stay between -10 and their most. Cost: some hundred evaluations.

#include <algorithm>
#include <vector>

namespace tacit::detail {

template <class Cost>
void coordinate_search(const Cost& cost, std::vector<double>& x, const std::vector<double>& most) {
  double least = cost(x);
  for (const double by : {2.0, 1.0, 0.5, 0.25})
    for (int round = 0; round < 3; ++round)
      for (std::size_t c = 0; c < x.size(); ++c)
        for (const double direction : {by, -by})
          for (;;) {
            std::vector<double> next = x;
            next[c] = std::clamp(next[c] + direction, -10.0, most[c]);
            const double there = next == x ? least : cost(next);
            if (!(there < least)) break;
            least = there, x = next;
          }
}

}  // namespace tacit::detail
