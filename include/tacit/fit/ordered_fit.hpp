// SPDX-License-Identifier: MIT
#pragma once
// Matrices whose rows, or columns, or both come in an order that means something (LineOrder), completed by the average over the posterior of
//   y_ij = c_j + <a_i, b_j> + u_ij + noise,      a, b and u autoregressions along the ordered modes (solver/ordered_posterior.hpp).
// On validation entries are chosen: the width, doubled while that helps, or none, so that every column is by itself; how many sweeps a start goes; further starts while
// these help. Residuals u are there wherever a dense matrix can stand as a model: where columns have none of their own, their variance vanishes. Validation entries should be missing as the gaps are: with runs along the order, runs. Where columns alone are ordered, the same of the transposed matrix.
// The means c are those of the mode without order, or one where both have one.

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "../core/budget.hpp"
#include "../observation/line_order.hpp"
#include "../solver/standardised.hpp"
#include "../solver/validation.hpp"

namespace tacit {

struct OrderedFit {
  Centre centre = {};
  Index width = 0;                  ///< of each start
  bool residual = false;            ///< u
  std::vector<Index> sweeps = {};   ///< of every start
  Matrix<double> At = {}, Bt = {};  ///< the factors of all starts, side by side: k x n1, k x n2; A divided by their number
  Matrix<double> u = {};            ///< n1 x n2, or empty

  std::string name() const;
  Vector<double> predict(const Entries& at) const;
  /// A B^T + u, dense.
  Matrix<double> whole() const;
};

struct OrderedGrid {
  std::vector<LineOrder> order = {};  ///< of one mode or both
  Index width = 0;                    ///< 0: chosen, at most min(n1, n2, 100)
  Index sweeps = 300;                 ///< of a start, at most
  Index patience = 12;                ///< sweeps without an improvement by 1/2000 after which a start is given up
  Index starts = 4;
  double seconds = std::numeric_limits<double>::infinity();
  std::uint64_t seed = 1;
  Pace pace = {};  ///< what `seconds` are counted in
};

/// Cost: some hundred sweeps of solver/ordered_posterior.hpp.
Tuned<OrderedFit, Trial> tune_ordered(const Data<double>& train, const Data<double>& validation, const OrderedGrid& grid);
/// The chosen width, residual and sweeps on other data.
OrderedFit refit(const OrderedFit& chosen, const Data<double>& train, const OrderedGrid& grid);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/ordered_fit.hpp"
#endif
