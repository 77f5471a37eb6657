// SPDX-License-Identifier: MIT
#pragma once
// The minimum nuclear norm as a completion of noisy entries:   min ||X||_*   over   ||A(X) - y||_2 <= share ||y||_2,
// y with the best means of tune_means taken off; the share of y that counts as noise is chosen on validation entries, falling while that helps. Share 0 takes
// every entry at its word. Solved to a relative duality gap of 1e-2, far below what validation entries can tell apart. X is dense: for matrices whose smaller
// side is at most 1000. Cost a share: some 100 iterations of nuclear_norm.hpp, 4 n1 n2 min(n1, n2) + 10 min(n1, n2)^3 flops each.

#include <limits>

#include "../core/budget.hpp"
#include "../solver/means.hpp"

namespace tacit {

struct NuclearFit {
  Matrix<double> X;
  Centre centre;
  double share = 0;  ///< of ||y||_2 that counts as noise
  double norm = 0, gap = 0;

  std::string name() const {
    return sentence("minimum nuclear norm, ", 100 * share, " % of y counts as noise", centre.form == "zero" ? "" : ", centred");
  }
  Vector<double> predict(const Entries& at) const {
    require(at.rows() == X.rows() && at.cols() == X.cols(), "NuclearFit: fitted to a ", X.rows(), " x ", X.cols(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    Vector<double> z = centre.predict(at);
    for (Index k = 0; k < z.size(); ++k) z[k] += X(at.row()[k], at.col()[k]);
    return z;
  }
};

struct NuclearPath {
  double first = 0.5, factor = 0.7, smallest = 0.005;
  Index patience = 2;      ///< shares in a row that do not lower the error, after which the path ends
  Index iterations = 300;  ///< at most, for each share
  double seconds = std::numeric_limits<double>::infinity();
  Pace pace = {};  ///< what `seconds` are counted in
};

struct NuclearTrial {
  double share, validation_rmse;
};

Tuned<NuclearFit, NuclearTrial> tune_nuclear_norm(const Data<double>& train, const Data<double>& validation, const NuclearPath& path = {});

/// The chosen share of noise, and means, on other data.
NuclearFit refit(const NuclearFit& chosen, const Data<double>& data, const NuclearPath& path = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/tune_nuclear_norm.hpp"
#endif
