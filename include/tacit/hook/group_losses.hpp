// SPDX-License-Identifier: MIT
#pragma once
// The loss of each group of observations (classes, clients, blocks), their mean, which counts every group alike, and the largest: what imbalanced data hide in
// one number.
//
//   GroupLosses classes(problem, groups_by(labels));           classes.at(theta)      a number a group
//   Trajectory history(loss, group_losses(problem, groups_by(labels)));       columns group_loss_1 ..., balanced_loss, worst_group_loss
//
// Groups are of what batches draw: observations, samples where several outputs belong to one. A group's loss is that of a minibatch of it: under a mean its own
// mean, under a sum scaled to all observations. Penalties are left out. One pass over the data a call, on a workspace of its own, which does not count as work
// of a run. The problem must outlive it.

#include "../observation/partition.hpp"
#include "probe.hpp"

namespace tacit {

template <class P>
class GroupLosses {
 public:
  using S = typename P::scalar_type;
  GroupLosses(const P& problem, Partition groups) : problem_(problem), groups_(std::move(groups)), ws_(problem.workspace()) {
    require(!groups_.empty(), "group_losses: there are no groups");
    require(groups_.count() == problem.count(), "group_losses: the groups hold ", groups_.count(),
            " observations, batches of the problem draw from ", problem.count());
  }
  GroupLosses(const P&&, Partition) = delete;  // a temporary problem would be gone

  /// At theta, in the order of the groups.
  std::vector<double> at(const Vector<S>& theta) {
    problem_.layout().require_size(theta.size(), "group_losses");
    std::vector<double> losses;
    for (Index g = 0; g < groups_.size(); ++g) losses.push_back(static_cast<double>(problem_.value(theta, groups_[g], ws_).loss));
    return losses;
  }

  std::string name() const { return "group_losses"; }
  std::string column(Index k) const {
    return k < groups_.size() ? sentence("group_loss_", k + 1) : k == groups_.size() ? "balanced_loss" : "worst_group_loss";
  }
  std::vector<double> operator()(const auto& now) {
    std::vector<double> row = at(now.theta());
    double sum = 0;
    for (const double loss : row) sum += loss;
    const double worst = *std::max_element(row.begin(), row.end());
    row.push_back(sum / static_cast<double>(groups_.size()));
    row.push_back(worst);
    return row;
  }

 private:
  const P& problem_;
  Partition groups_;
  typename P::Workspace ws_;
};

template <class P>
GroupLosses<P> group_losses(const P& problem, Partition groups) {
  return {problem, std::move(groups)};
}
template <class P>
void group_losses(const P&&, Partition) = delete;  // a temporary problem would be gone

}  // namespace tacit
