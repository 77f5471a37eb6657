// SPDX-License-Identifier: MIT
#pragma once
// How much the gradients of clients (groups of observations) disagree at theta, with g_i = grad f_i and g = sum_i p_i g_i:
//   variance     r = (1/2) sum_i p_i |g_i - g|^2, what gradient alignment lowers                       [Dandi, Barba & Jaggi 2022]
//   normalised   r / |g|^2
//   cosine       mean over the pairs i < j of  g_i . g_j / (|g_i| |g_j|); pairs with a zero gradient count as 0
//
//   ClientGradients disagreement(problem, equal_groups(problem.count(), 5));
//   double r = disagreement.at(theta).variance;
//   Trajectory history(loss, client_gradients(disagreement));          columns client_variance, client_normalised_variance, client_cosine
//
// Groups, weights and losses are those of optimizer/clients.hpp. It has a workspace of its own, so watching does not count as work of a
// run; it keeps n P numbers, and
// evaluates again only where theta has changed. An evaluation costs one pass over the data. The problem must outlive it.

#include <array>

#include "../optimizer/clients.hpp"
#include "probe.hpp"

namespace tacit {

struct GradientDisagreement {
  double variance = 0, normalised = 0, cosine = 0;
};

template <class P>
class ClientGradients {
 public:
  using S = typename P::scalar_type;

  ClientGradients(const P& problem, Partition clients, ClientWeights weights = ClientWeights::uniform)
      : problem_(problem), settings_{std::move(clients), weights}, clients_("ClientGradients", problem, settings_),
        ws_(problem.workspace()), gradients_(problem.dimension(), settings_.partition.size()), mean_(problem.dimension()) {}
  ClientGradients(const P&&, const Partition&, ClientWeights = ClientWeights::uniform) = delete;  // a temporary problem would be gone

  /// At theta.
  const GradientDisagreement& at(const Vector<S>& theta) {
    problem_.layout().require_size(theta.size(), "ClientGradients::at");
    if (theta_.size() == theta.size() && theta_ == theta) return result_;
    theta_ = theta;
    const Index n = settings_.partition.size();
    mean_.setZero();
    for (Index i = 0; i < n; ++i) {
      problem_.value_and_gradient(theta, settings_.partition[i], ws_, gradients_.col(i));
      mean_ += clients_.p(i) * gradients_.col(i);
    }
    result_ = {};
    for (Index i = 0; i < n; ++i) {
      result_.variance += static_cast<double>(clients_.p(i)) * static_cast<double>((gradients_.col(i) - mean_).squaredNorm()) / 2;
      for (Index j = 0; j < i; ++j) result_.cosine += cosine(i, j);
    }
    if (n > 1) result_.cosine /= static_cast<double>(n * (n - 1)) / 2;
    const double square = static_cast<double>(mean_.squaredNorm());
    result_.normalised = result_.variance > 0 ? result_.variance / square : 0;
    return result_;
  }
  /// Of the last at(): the gradient of client i is column i.
  const Matrix<S>& gradients() const { return gradients_; }
  /// Of the last at(): sum_i p_i g_i.
  const Vector<S>& mean() const { return mean_; }
  /// Of clients i and j, at the theta of the last at().
  double cosine(Index i, Index j) const {
    const double lengths = static_cast<double>(gradients_.col(i).norm()) * static_cast<double>(gradients_.col(j).norm());
    return lengths > 0 ? static_cast<double>(gradients_.col(i).dot(gradients_.col(j))) / lengths : 0;
  }

 private:
  const P& problem_;
  ClientSettings settings_;
  detail::Clients<S> clients_;
  typename P::Workspace ws_;
  Matrix<S> gradients_;
  Vector<S> mean_, theta_;
  GradientDisagreement result_;
};

/// The same as columns of a Trajectory; `gradients` is referred to. Between random batches of all observations: hook/gradient_variance.hpp.
template <class P>
auto client_gradients(ClientGradients<P>& gradients) {
  return probe("client_gradients", {"client_variance", "client_normalised_variance", "client_cosine"}, [&gradients](const auto& now) {
    const GradientDisagreement& found = gradients.at(now.theta());
    return std::array<double, 3>{found.variance, found.normalised, found.cosine};
  });
}

}  // namespace tacit
