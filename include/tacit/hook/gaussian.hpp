// SPDX-License-Identifier: MIT
#pragma once
// What a run of a Gaussian over parameters (model/gaussian.hpp) is watched by:                                                 [Wenger et al. 2025]
//   wasserstein2_to(model, prior)     W2^2 to the prior, itself a theta of the model       column "wasserstein2"
//   variance_along("null_space", Q)   tr(Q^T S S^T Q), the variance along the orthonormal columns of Q: of the null space of the data, or of what they span
// and, as functions, wasserstein2(model, theta, prior) and variance_along(model, theta, Q). Independent blocks are compared one by one, diagonal ones
// entry by entry; blocks without variance by their means alone. Costs: analysis/wasserstein.hpp for each block of scales; 2 P R k flops for k columns.

#include "../analysis/wasserstein.hpp"
#include "../model/gaussian.hpp"
#include "probe.hpp"

namespace tacit {

namespace detail {
template <class M, class S>
Matrix<S> block_of_scales(const typename Gaussian<M>::Scales& part, const Vector<S>& theta) {
  return Eigen::Map<const Matrix<S>>(theta.data() + part.offset, part.rows, part.rank);
}
template <class M, class S>
void require_regular_prior(const Gaussian<M>& model, const Vector<S>& prior) {
  for (const auto& part : model.scales()) {
    if (!part.diagonal) {
      require_regular(block_of_scales<M>(part, prior), part.name);
      continue;
    }
    for (Index i = 0; i < part.rows; ++i)
      require(prior[part.offset + i] != 0, "wasserstein2: entry ", i, " of the scales ", part.name,
              " of the reference is 0: their covariance is singular (or SingularReference::allowed)");
  }
}
}  // namespace detail

/// W2^2 between the Gaussians at theta and at the prior. Throws where one has another length than the model's theta or is not finite, and where a block of
/// the prior's scales is singular, naming it.
template <class M, Scalar S>
S wasserstein2(const Gaussian<M>& model, const Vector<S>& theta, const Vector<S>& prior,
               SingularReference singular = SingularReference::refused) {
  model.layout().require_size(theta.size(), "wasserstein2");
  model.layout().require_size(prior.size(), "wasserstein2 (the reference)");
  require(theta.allFinite() && prior.allFinite(), "wasserstein2: a mean or a scale is not finite");
  if (singular == SingularReference::refused) detail::require_regular_prior(model, prior);
  S sum = (theta - prior).head(model.mean_count()).squaredNorm();
  for (const auto& part : model.scales()) {
    if (part.diagonal)
      sum += (theta.segment(part.offset, part.rows).cwiseAbs() - prior.segment(part.offset, part.rows).cwiseAbs()).squaredNorm();
    else sum += detail::scale_distance2(detail::block_of_scales<M>(part, theta), detail::block_of_scales<M>(part, prior));
  }
  return sum;
}

/// tr(Q^T S S^T Q) at theta. Throws where Q has not a row for each parameter, or its columns are not orthonormal to 1e-6 (float: 1e-3).
template <class M, Scalar S>
S variance_along(const Gaussian<M>& model, const Vector<S>& theta, const Matrix<S>& Q) {
  require(Q.rows() == model.mean_count() && Q.cols() > 0, "variance_along: Q is ", Q.rows(), " x ", Q.cols(),
          ", it needs a row for each of the ", model.mean_count(), " parameters");
  const Matrix<S> gram = detail::product_tn(Q, Q);
  const S off = (gram - Matrix<S>::Identity(Q.cols(), Q.cols())).cwiseAbs().maxCoeff();
  require(off <= static_cast<S>(sizeof(S) == 4 ? 1e-3 : 1e-6),
          "variance_along: the columns of Q are not orthonormal, Q^T Q differs from I by ", off);
  return detail::product_tn(Q, model.scale(theta)).squaredNorm();
}

/// The probe; the prior is checked here, before the run.
template <class M, Scalar S>
auto wasserstein2_to(const Gaussian<M>& model, const Vector<S>& prior, SingularReference singular = SingularReference::refused) {
  wasserstein2(model, prior, prior, singular);
  return probe("wasserstein2", [prior, count = model.scales().size()](const auto& now) {
    if constexpr (requires { wasserstein2(now.model(), now.theta(), prior); }) {
      require(now.model().scales().size() == count, "wasserstein2_to: the prior has ", count, " blocks of scales, the model of this run ",
              now.model().scales().size());
      return wasserstein2(now.model(), now.theta(), prior, SingularReference::allowed);
    } else {
      return detail::refuse_model<double>("wasserstein2_to", "Gaussian over its parameters");
    }
  });
}
/// The probe of one's own name.
template <Scalar S>
auto variance_along(std::string name, const Matrix<S>& Q) {
  return probe(std::move(name), [Q](const auto& now) {
    if constexpr (requires { variance_along(now.model(), now.theta(), Q); }) return variance_along(now.model(), now.theta(), Q);
    else return detail::refuse_model<double>("variance_along", "Gaussian over its parameters");
  });
}

}  // namespace tacit
