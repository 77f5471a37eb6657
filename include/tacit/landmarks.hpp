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
    if (count_ > 0 && ((t & (t - 1)) != 0 || last().iteration == t)) return;
    if (kept_.empty()) kept_.assign(3, {0, 0, theta});  // all of them now, so that no later step allocates
    if (count_ == 3) std::swap(kept_[1], kept_[2]);
    else ++count_;
    last().iteration = t;
    last().flow_time = flow_time;
    last().theta = theta;
  }
  bool empty() const { return count_ == 0; }
  Landmark& last() { return kept_[count_ - 1]; }
  void drop_last() { --count_; }

  template <class Archive>
  void persist(Archive& archive) {
    archive("kept", kept_);
    archive("count", count_);
  }

 private:
  std::vector<Landmark> kept_;
  std::size_t count_ = 0;
};

}  // namespace tacit::detail
