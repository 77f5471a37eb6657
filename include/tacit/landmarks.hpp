// SPDX-License-Identifier: MIT
#pragma once
// Landmarks of a minibatch run. A minibatch's finite loss does not tell whether the loss of all data is finite, so such a run keeps a few thetas on its
// way: the first one, and those at the last two powers of two. They cost three copies of theta, and nothing else until the run diverges and looks back.

#include <utility>
#include <vector>

#include "core/scalar.hpp"

namespace tacit::detail {

template <Scalar S>
class Landmarks {
 public:
  struct Landmark {
    Index iteration = 0;
    double flow_time = 0;
    Vector<S> theta;
    template <class Archive>
    void persist(Archive& archive) {
      archive("iteration", iteration);
      archive("flow_time", flow_time);
      archive("theta", theta);
    }
  };

  void keep(Index t, double flow_time, const Vector<S>& theta) {
    if (!kept_.empty() && ((t & (t - 1)) != 0 || kept_.back().iteration == t)) return;
    if (kept_.size() == 3) {
      std::swap(kept_[1], kept_[2]);
      kept_[2].iteration = t;
      kept_[2].flow_time = flow_time;
      kept_[2].theta = theta;
    } else {
      kept_.reserve(3);
      kept_.push_back({t, flow_time, theta});
    }
  }
  bool empty() const { return kept_.empty(); }
  Landmark& last() { return kept_.back(); }
  void drop_last() { kept_.pop_back(); }

  template <class Archive>
  void persist(Archive& archive) {
    archive("kept", kept_);
  }

 private:
  std::vector<Landmark> kept_;
};

}  // namespace tacit::detail
