// SPDX-License-Identifier: MIT
#pragma once
// Whether the end of a run repeats itself, after how many steps, and in which directions: beyond the edge of stability descent on a
// factorization oscillates for ever with period two, in a few directions.                                       [Ghosh et al. 2025]
// A function of a recorded run, a Trajectory or its CSV file read back, in which every step of the window is a row:
//
//   Trajectory history(probe("mode", ...));                                     train(..., every(1, history));
//   const Oscillation end = find_oscillation(history, {"mode_1", "mode_2"});     end.period, end.amplitudes, end.directions
//
// With x_t the columns in the last `window` rows, the period is the smallest p <= most with  max |x_{t+p} - x_t| <= tolerance * max |x|;
// 0 where none is. Amplitudes are half the difference of a column's largest and smallest value. Directions are the principal ones of x_t
// about its mean, with root-mean-square amplitudes, largest first: an oscillation in a subspace of dimension d has d of them above
// rounding.

#include <cmath>

#include "../core/small_symmetric_eigen.hpp"
#include "trajectory_columns.hpp"

namespace tacit {

struct OscillationSettings {
  Index window = 64;        ///< rows at the end
  Index most = 16;          ///< the longest period looked for
  double tolerance = 1e-8;  ///< relative to the largest |x|
};

struct Oscillation {
  Index period = 0;           ///< 1: at rest; 0: none up to `most`
  double mismatch = 0;        ///< max |x_{t+p} - x_t| at that period; the smallest over all periods where none is
  Vector<double> amplitudes;  ///< a column each
  Vector<double> rms;         ///< root mean square along each direction, largest first
  Matrix<double> directions;  ///< their unit vectors, as columns, in the order of the columns asked for

  /// Directions with an amplitude above `least`.
  Index dimension(double least) const { return (rms.array() > least).count(); }
};

template <class Record>
Oscillation find_oscillation(const Record& record, const std::vector<std::string>& columns, const OscillationSettings& settings = {}) {
  require(!columns.empty(), "find_oscillation: no columns are named");
  require(settings.most >= 1, "find_oscillation: .most is ", settings.most, ", it needs to be at least 1");
  require(settings.window >= 2 * settings.most, "find_oscillation: .window is ", settings.window, ", a period of ", settings.most,
          " needs at least ", 2 * settings.most, " rows");
  std::vector<std::string> wanted = columns;
  wanted.insert(wanted.begin(), "iteration");
  detail::require_columns("find_oscillation", record, wanted);
  const std::vector<double> time = detail::column_of(record, "iteration");
  const Index rows = static_cast<Index>(time.size()), n = static_cast<Index>(columns.size()), w = settings.window;
  require(rows >= w, "find_oscillation: the trajectory has ", rows, " rows, the window ", w);
  const std::size_t first = static_cast<std::size_t>(rows - w);
  for (std::size_t r = first + 1; r < time.size(); ++r)
    require(time[r] == time[r - 1] + 1, "find_oscillation: iteration ", time[r], " follows ", time[r - 1],
            "; the window needs every step, record with every(1, ...)");
  Matrix<double> x(w, n);
  for (Index j = 0; j < n; ++j) {
    const std::vector<double> values = detail::column_of(record, columns[static_cast<std::size_t>(j)]);
    for (Index r = 0; r < w; ++r) x(r, j) = values[first + static_cast<std::size_t>(r)];
  }
  require(x.allFinite(), "find_oscillation: the window holds a number that is not finite");
  Oscillation found;
  double best = std::numeric_limits<double>::infinity();
  const double allowed = settings.tolerance * x.cwiseAbs().maxCoeff();
  for (Index p = 1; p <= settings.most; ++p) {
    double mismatch = 0;
    for (Index j = 0; j < n; ++j)
      for (Index r = p; r < w; ++r) mismatch = std::max(mismatch, std::abs(x(r, j) - x(r - p, j)));
    best = std::min(best, mismatch);
    if (mismatch > allowed) continue;
    found.period = p;
    best = mismatch;
    break;
  }
  found.mismatch = best;
  found.amplitudes.resize(n);
  for (Index j = 0; j < n; ++j) {
    found.amplitudes[j] = (x.col(j).maxCoeff() - x.col(j).minCoeff()) / 2;
    x.col(j).array() -= x.col(j).mean();
  }
  Matrix<double> scatter(n, n);
  for (Index j = 0; j < n; ++j)
    for (Index i = j; i < n; ++i) scatter(i, j) = x.col(i).dot(x.col(j)) / static_cast<double>(w);
  SmallSymmetricEigen eigen(n);
  eigen.compute(scatter, n);
  found.rms.resize(n);
  found.directions.resize(n, n);
  for (Index k = 0; k < n; ++k) {
    found.rms[k] = std::sqrt(std::max(0.0, eigen.value(k)));
    for (Index i = 0; i < n; ++i) found.directions(i, k) = eigen.vector(i, k);
  }
  return found;
}

}  // namespace tacit
