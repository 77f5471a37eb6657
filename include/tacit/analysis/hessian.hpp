// SPDX-License-Identifier: MIT
#pragma once
// The Hessian of the objective at one theta as a linear operator, P x P and never formed: rows(), cols() and perform_op(x, y), y = H x,
// are what Spectra's solvers ask for (Spectra/SymEigsSolver.h); apply() and dense() serve the rest. The gradient at theta is computed
// once; a product costs about two gradients. An operator has buffers of its own and is for one thread at a time. Spectra can return
// fewer values than asked for, without an error, where the spectrum is clustered: always test what compute() returns. eigenpairs.hpp,
// sharpness.hpp, trace.hpp and spectral_density.hpp have what reports its errors.
//
//   HessianOperator hessian(problem, theta), C(problem, theta, HessianPart::gauss_newton);
//   Spectra::SymEigsSolver<decltype(hessian)> solver(hessian, 5, 20);
//
// Its parts: the Gauss-Newton matrix  C = J^T diag(l'') J, the curvature of the loss, positive semidefinite for a convex one, and the rest
// H - C = sum_k l'_k grad^2 z_k, the curvature of the model, which is small where the data are fitted. A product with the rest costs both.
// PreconditionedOperator(op, r) is  diag(r) H diag(r): with r = P^-1/2, P an optimizer's preconditioner, the Hessian in its metric
// (optimizer/preconditioner.hpp).

#include <optional>

#include "../problem.hpp"

namespace tacit {

/// Of the Hessian: all of it, the curvature of the loss, or that of the model.
enum class HessianPart { whole, gauss_newton, rest };

template <class P>
class HessianOperator {
 public:
  using S = typename P::scalar_type;
  using Scalar = S;  ///< the name that Spectra asks for

  /// The problem must outlive the operator; theta is copied.
  HessianOperator(const P& problem, Vector<S> theta, HessianPart part = HessianPart::whole)
      : problem_(problem), theta_(std::move(theta)), part_(part), ws_(problem.workspace()) {
    static_assert(
        requires(Out<S> hv) { problem.hessian_times_linearized(theta_, theta_, ws_, hv); },
        "HessianOperator: the problem needs hessian_times_linearized(theta, v, ws, hv)");
    problem.layout().require_size(theta_.size(), "HessianOperator");
    gradient_.resize(theta_.size());
    value_ = problem.value_and_gradient(theta_, ws_, gradient_);
    require(std::isfinite(value_.objective) && gradient_.allFinite(), "HessianOperator: the objective at theta is ", value_.objective,
            gradient_.allFinite() ? "" : " and its gradient not finite", ", so there is no Hessian");
    if constexpr (requires { problem.can_curve(); })
      require(problem.can_curve(), "HessianOperator: this problem has no Hessian-vector products (hessian_times_linearized)");
    if (part == HessianPart::whole) return;
    bool offered = has_gauss_newton;
    if constexpr (requires { problem.can_gauss_newton(); }) offered = offered && problem.can_gauss_newton();
    require(offered, "HessianOperator: this problem has no Gauss-Newton products (gauss_newton_times_linearized)");
    if (part == HessianPart::rest) {  // each product leaves the workspace unfit for the other
      other_.emplace(problem.workspace());
      Vector<S> g(rows());
      problem.value_and_gradient(theta_, *other_, g);
      scratch_.resize(rows());
    }
  }
  HessianOperator(const P&&, const Vector<S>&,
                  HessianPart = HessianPart::whole) = delete;  // a temporary problem would be gone before the first product

  Index rows() const { return theta_.size(); }
  Index cols() const { return theta_.size(); }
  /// y = H x; x and y have P numbers and do not overlap.
  void perform_op(const S* x, S* y) const {
    const Eigen::Map<const Vector<S>> v(x, rows());
    Eigen::Map<Vector<S>> out(y, rows());
    ++products_;
    if constexpr (has_gauss_newton) {
      if (part_ == HessianPart::gauss_newton) return problem_.gauss_newton_times_linearized(theta_, v, ws_, out);
      if (part_ == HessianPart::rest) problem_.gauss_newton_times_linearized(theta_, v, *other_, scratch_);
    }
    problem_.hessian_times_linearized(theta_, v, ws_, out);
    if (part_ == HessianPart::rest) out -= scratch_;
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
  static constexpr bool has_gauss_newton = requires(const P& p, typename P::Workspace& ws, Vector<S>& v) {
    p.gauss_newton_times_linearized(v, v, ws, v);
  };
  const P& problem_;
  Vector<S> theta_, gradient_;
  HessianPart part_;
  Value<S> value_;
  mutable typename P::Workspace ws_;
  mutable std::optional<typename P::Workspace> other_;
  mutable Vector<S> scratch_;
  mutable Index products_ = 0;
};

/// diag(root) A diag(root); A must outlive it.
template <class Op>
class PreconditionedOperator {
 public:
  using S = typename Op::Scalar;
  using Scalar = S;

  PreconditionedOperator(const Op& op, Vector<S> root) : op_(op), root_(std::move(root)), scratch_(op.rows()) {
    require(root_.size() == op.rows(), "PreconditionedOperator: the root has ", root_.size(), " entries, the operator ", op.rows(),
            " rows");
    require(root_.allFinite(), "PreconditionedOperator: the root holds a number that is not finite");
  }
  PreconditionedOperator(const Op&&, const Vector<S>&) = delete;

  Index rows() const { return op_.rows(); }
  Index cols() const { return op_.rows(); }
  void perform_op(const S* x, S* y) const {
    scratch_ = root_.cwiseProduct(Eigen::Map<const Vector<S>>(x, rows()));
    op_.perform_op(scratch_.data(), y);
    Eigen::Map<Vector<S>>(y, rows()).array() *= root_.array();
  }

 private:
  const Op& op_;
  Vector<S> root_;
  mutable Vector<S> scratch_;
};

}  // namespace tacit
