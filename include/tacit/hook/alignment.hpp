// SPDX-License-Identifier: MIT
#pragma once
// Alignment of the loss gradient with W's singular bases:  |U^T G V| with W = U diag(sigma) V^T and G = dl/dW for the data term's loss.
// Columns: mean and standard deviation of the diagonal, mean and standard deviation off it, all of absolute values.  [Arora et al. 2019, dynamics figure,
// who leave out the factor 2 of the mean squares: divide by it to compare.]  Needs a full singular value decomposition (Eigen's), hence its own header.

#include <Eigen/SVD>
#include <array>

#include "end_to_end_gradient.hpp"
#include "probe.hpp"

namespace tacit {

inline auto gradient_alignment_with_bases() {
  return probe("gradient_alignment", [](const auto& now) {
    using S = typename std::decay_t<decltype(now)>::scalar_type;
    const Matrix<S>& W = now.end_to_end();
    const Matrix<S> G = detail::end_to_end_gradient(now);
    const Eigen::JacobiSVD<Matrix<S>> svd(W, Eigen::ComputeThinU | Eigen::ComputeThinV);
    Matrix<S> core = (svd.matrixU().transpose() * G * svd.matrixV()).cwiseAbs();
    const bool in_range = detail::squares_in_range(core.squaredNorm()) || !(core.maxCoeff() > 0) || !core.allFinite();
    const S scale = in_range ? S(1) : core.maxCoeff();  // squares leave the range: of core / scale, and scaled back
    core /= scale;
    const double k = static_cast<double>(core.rows()), others = k * (k - 1);
    const double on = static_cast<double>(core.diagonal().sum()), on2 = static_cast<double>(core.diagonal().squaredNorm());
    const double off = static_cast<double>(core.sum()) - on, off2 = static_cast<double>(core.squaredNorm()) - on2;
    const auto deviation = [](double sum, double squares, double n) {
      return n > 0 ? std::sqrt(std::max(0.0, squares / n - sum * sum / (n * n))) : 0.0;
    };
    const double s = static_cast<double>(scale);
    return std::array<double, 4>{s * on / k, s * deviation(on, on2, k), others > 0 ? s * off / others : 0.0,
                                 s * deviation(off, off2, others)};
  });
}

}  // namespace tacit
