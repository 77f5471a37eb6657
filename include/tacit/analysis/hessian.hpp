// SPDX-License-Identifier: MIT
#pragma once
// The Hessian of the objective at one theta as a linear operator, P x P and never formed: rows(), cols() and perform_op(x, y), y = H x, are what
// Spectra's solvers ask for (Spectra/SymEigsSolver.h); apply() and dense() serve the rest. The gradient at theta is computed once; a product costs
// about two gradients. An operator has buffers of its own and is for one thread at a time. Spectra can return fewer values than asked for, without
// an error, where the spectrum is clustered: always test what compute() returns. sharpness.hpp has a solver for lambda_max that reports its residual.
//
//   HessianOperator hessian(problem, theta);
//   Spectra::SymEigsSolver<decltype(hessian)> solver(hessian, 5, 20);

#include "../problem.hpp"

namespace tacit {

template <class P>
class HessianOperator {
 public:
  using S = typename P::scalar_type;
  using Scalar = S;  ///< the name that Spectra asks for

  /// The problem must outlive the operator; theta is copied.
  HessianOperator(const P& problem, Vector<S> theta) : problem_(problem), theta_(std::move(theta)), ws_(problem.workspace()) {
    static_assert(
        requires(Out<S> hv) { problem.hessian_times_linearized(theta_, theta_, ws_, hv); },
        "HessianOperator: the problem needs hessian_times_linearized(theta, v, ws, hv)");
    problem.layout().require_size(theta_.size(), "HessianOperator");
    gradient_.resize(theta_.size());
    value_ = problem.value_and_gradient(theta_, ws_, gradient_);
    require(std::isfinite(value_.objective) && gradient_.allFinite(), "HessianOperator: the objective at theta is ", value_.objective,
            gradient_.allFinite() ? "" : " and its gradient not finite", ", so there is no Hessian");
  }
  HessianOperator(const P&&, const Vector<S>&) = delete;  // a temporary problem would be gone before the first product

  Index rows() const { return theta_.size(); }
  Index cols() const { return theta_.size(); }
  /// y = H x; x and y have P numbers and do not overlap.
  void perform_op(const S* x, S* y) const {
    Eigen::Map<Vector<S>> out(y, rows());
    problem_.hessian_times_linearized(theta_, Eigen::Map<const Vector<S>>(x, rows()), ws_, out);
    ++products_;
  }
  Vector<S> apply(const Vector<S>& v) const {
    problem_.layout().require_size(v.size(), "HessianOperator::apply");
    Vector<S> hv(rows());
    perform_op(v.data(), hv.data());
    return hv;
  }
  /// H itself, from P products, not symmetrised: for small P only (refused above 10^8 entries).
  Matrix<S> dense() const {
    Shape{rows(), rows()}.require_dense("HessianOperator::dense");
    Matrix<S> H(rows(), rows());
    Vector<S> unit = Vector<S>::Zero(rows());
    for (Index j = 0; j < rows(); ++j) {
      unit[j] = 1;
      perform_op(unit.data(), H.col(j).data());
      unit[j] = 0;
    }
    return H;
  }

  const Vector<S>& theta() const { return theta_; }
  const Vector<S>& gradient() const { return gradient_; }
  Value<S> value() const { return value_; }
  /// How many products were asked for so far.
  Index products() const { return products_; }

 private:
  const P& problem_;
  Vector<S> theta_, gradient_;
  Value<S> value_;
  mutable typename P::Workspace ws_;
  mutable Index products_ = 0;
};

}  // namespace tacit
