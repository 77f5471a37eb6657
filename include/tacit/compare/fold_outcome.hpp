// SPDX-License-Identifier: MIT
#pragma once
// A fold of a comparison (folds.hpp) while methods are tuned and tested on it, and how each did.

#include <cmath>
#include <memory>
#include <mutex>
#include <string>

#include "../observation/data.hpp"
#include "../observation/tensor_entries.hpp"

namespace tacit::detail {

inline Vector<double> in_units(const Vector<double>& residual, const Vector<double>& units) {
  return units.size() ? Vector<double>(residual.cwiseQuotient(units)) : residual;
}

/// One method on one fold. Not done: the budget was over before it began; no predictions: left out, `settings` says why.
struct FoldOutcome {
  bool done = false;
  double validation_rmse = std::nan(""), test_rmse = std::nan(""), seconds = 0;
  std::string settings = {};
  Vector<double> z = {};                    ///< of the test entries that are kept
  Vector<double> validation_residual = {};  ///< of the first fold alone, in units
};

/// Every step-th of x.
inline Vector<double> thinned(const Vector<double>& x, Index step) {
  if (step == 1) return x;
  return Vector<double>::NullaryExpr((x.size() + step - 1) / step, [&](Index k) { return x[k * step]; });
}

/// A fold while methods are tuned and tested on it, made for the first of them and gone after the last; what is kept of its test entries.
template <class O>
struct FoldAtWork {
  struct Parts {
    Data<double, O> train, validation, test;
    Vector<double> units;
  };
  std::mutex guard;
  std::shared_ptr<const Parts> parts;
  std::weak_ptr<const Data<double, O>> whole;  ///< train and validation together, while someone fits them
  Index left = 0;                              ///< methods that still come
  Index tested = 0, step = 1;                  ///< test entries, and which of them are kept
  Vector<double> y, units;
  TensorEntryList at = TensorEntryList();
};

}  // namespace tacit::detail
