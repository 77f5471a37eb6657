// SPDX-License-Identifier: MIT
#pragma once
// Rows, columns and slices of which a fit has seen nothing: what belongs to them becomes the average of the others, so that they are predicted as the average line, whatever
// the fit left where it started. Not so in modes whose order the fit has used.

#include "deep_fit.hpp"
#include "tensor_fit.hpp"

namespace tacit::detail {

/// Rows of W_N without entries become the average of the others, and so do columns of W_1; unless their features say what they are.
inline void average_unobserved(DeepFit& fit, const Entries& where) {
  const Unobserved missing = unobserved(where);
  if (missing.rows.empty() && missing.cols.empty()) return;
  const Layout& layout = fit.model->layout();
  auto last = layout.matrix(fit.theta, fit.model->depth() - 1), first = layout.matrix(fit.theta, 0);
  const auto set = [](auto line_of, const std::vector<Index>& empty, Index lines, Index size) {
    std::vector<char> is_empty(static_cast<std::size_t>(lines), 0);
    for (const Index k : empty) is_empty[static_cast<std::size_t>(k)] = 1;
    Vector<double> sum = Vector<double>::Zero(size);
    for (Index k = 0; k < lines; ++k)
      if (!is_empty[static_cast<std::size_t>(k)]) sum += line_of(k);
    sum /= static_cast<double>(lines - static_cast<Index>(empty.size()));
    for (const Index k : empty) line_of(k) = sum;
  };
  if (!missing.rows.empty() && !fit.from_features[0])
    set([&](Index i) { return last.row(i).transpose(); }, missing.rows, last.rows(), last.cols());
  if (!missing.cols.empty() && !fit.from_features[1]) set([&](Index j) { return first.col(j); }, missing.cols, first.cols(), first.rows());
}
inline void average_unobserved(TensorFit& fit, const TensorEntries& where) {
  const std::vector<std::vector<Index>> missing = unobserved(where);
  for (Index n = 0; n < fit.model->order(); ++n)
    if (std::find(fit.in_order.begin(), fit.in_order.end(), n) == fit.in_order.end())
      fit.model->average_slices(fit.theta, n, missing[static_cast<std::size_t>(n)]);
}

}  // namespace tacit::detail
