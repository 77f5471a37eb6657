// SPDX-License-Identifier: MIT
#pragma once
// A problem whose values alone count as work, too: a workspace counts gradients, and each value adds its cost to them (race/cost.hpp).
// All else passes through.

#include "../../any_problem.hpp"

namespace tacit::detail {

class CountedBound final : public BoundOracle<double> {
 public:
  using Which = std::span<const Index>;
  CountedBound(std::unique_ptr<BoundOracle<double>> inner, double cost, Index count)
      : inner_(std::move(inner)), cost_(cost), count_(count) {}

  Value<double> value(In<double> theta) override {
    inner_->gradients() += cost_;
    return inner_->value(theta);
  }
  Value<double> value(In<double> theta, Which which) override {
    inner_->gradients() += cost_ * static_cast<double>(which.size()) / static_cast<double>(std::max<Index>(count_, 1));
    return inner_->value(theta, which);
  }
  Value<double> value_and_gradient(In<double> theta, Out<double> g) override { return inner_->value_and_gradient(theta, g); }
  Value<double> value_and_gradient(In<double> theta, Which which, Out<double> g) override {
    return inner_->value_and_gradient(theta, which, g);
  }
  void hessian_times_linearized(In<double> theta, In<double> v, Out<double> hv) override { inner_->hessian_times_linearized(theta, v, hv); }
  void hessian_times_linearized(In<double> theta, Which which, In<double> v, Out<double> hv) override {
    inner_->hessian_times_linearized(theta, which, v, hv);
  }
  void gauss_newton_times_linearized(In<double> theta, In<double> v, Out<double> cv) override {
    inner_->gauss_newton_times_linearized(theta, v, cv);
  }
  void gauss_newton_times_linearized(In<double> theta, Which which, In<double> v, Out<double> cv) override {
    inner_->gauss_newton_times_linearized(theta, which, v, cv);
  }
  void shift_targets(const Vector<double>* shift) override { inner_->shift_targets(shift); }
  std::string explain() const override { return inner_->explain(); }
  double& gradients() override { return inner_->gradients(); }
  double& hessian_products() override { return inner_->hessian_products(); }

 private:
  std::unique_ptr<BoundOracle<double>> inner_;
  double cost_;
  Index count_;
};

/// Refers to a problem, which must outlive it.
class CountedProblem final : public ErasedProblem<double> {
 public:
  CountedProblem(const ErasedProblem<double>& inner, double cost) : inner_(&inner), cost_(cost) {}

  std::unique_ptr<BoundOracle<double>> bind() const override { return std::make_unique<CountedBound>(inner_->bind(), cost_, count()); }
  Index dimension() const override { return inner_->dimension(); }
  const Layout& layout() const override { return inner_->layout(); }
  Index count() const override { return inner_->count(); }
  Index target_count() const override { return inner_->target_count(); }
  Index target_count(std::span<const Index> which) const override { return inner_->target_count(which); }
  const AnyModel<double>& model() const override { return inner_->model(); }
  bool can_batch() const override { return inner_->can_batch(); }
  bool can_curve() const override { return inner_->can_curve(); }
  bool can_gauss_newton() const override { return inner_->can_gauss_newton(); }
  bool has_targets() const override { return inner_->has_targets(); }
  Index degree_along_lines() const override { return inner_->degree_along_lines(); }
  std::uint64_t fingerprint() const override { return inner_->fingerprint(); }

 private:
  const ErasedProblem<double>* inner_;
  double cost_;
};

}  // namespace tacit::detail
