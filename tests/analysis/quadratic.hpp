// SPDX-License-Identifier: MIT
#pragma once
// A problem of one's own whose Hessian is what a test wants:  objective(theta) = theta^T H theta / 2,  H = Q diag(lambda) Q^T with Q a random rotation.

#include <tacit/model/initial.hpp>
#include <tacit/problem.hpp>

namespace {

template <tacit::Scalar S>
class Quadratic {
 public:
  using scalar_type = S;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };

  explicit Quadratic(const tacit::Vector<double>& lambda, std::uint64_t seed = 1) {
    const tacit::Index n = lambda.size();
    tacit::Random random(seed, "rotation");
    const tacit::Matrix<double> Q = tacit::detail::random_isometry<double>(n, n, random), H = Q * lambda.asDiagonal() * Q.transpose();
    H_ = H.template cast<S>();
    layout_.add("theta", {n});
  }
  explicit Quadratic(tacit::Matrix<S> H) : H_(std::move(H)) { layout_.add("theta", {H_.rows()}); }

  Workspace workspace() const { return {}; }
  tacit::Index dimension() const { return H_.rows(); }
  const tacit::Layout& layout() const { return layout_; }
  const tacit::Matrix<S>& hessian() const { return H_; }
  tacit::Value<S> value_and_gradient(tacit::In<S> theta, Workspace&, tacit::Out<S> g) const {
    g = H_ * theta;
    const S value = theta.dot(g) / 2;
    return {value, value};
  }
  void hessian_times_linearized(tacit::In<S>, tacit::In<S> v, Workspace& ws, tacit::Out<S> hv) const {
    ws.hessian_products += 1;
    ++products;
    hv = H_ * v;
  }
  void hessian_times(tacit::In<S> theta, tacit::In<S> v, Workspace& ws, tacit::Out<S> hv) const {
    hessian_times_linearized(theta, v, ws, hv);
  }

  mutable int products = 0;

 private:
  tacit::Matrix<S> H_;
  tacit::Layout layout_;
};

}  // namespace
