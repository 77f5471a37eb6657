// SPDX-License-Identifier: MIT
#pragma once
// AnyProblem<S>: a problem whose type is forgotten, for programs that choose it at run time. It is an oracle like any other:
//
//   AnyProblem<double> problem(Problem(model, data, MeanSquares{}));
//   train(problem, theta, adam({.rate = 1e-3}), {.iterations = 1000});
//
// and whatever is compiled for it (an optimizer, a run, hooks) serves every problem. A question costs one virtual call. Verbs that the
// problem
// inside does not offer (minibatches, Hessian-vector products) are refused with a sentence where an optimizer is made for it: `can_batch`,
// `can_curve`,
// `has_targets`.
// data/named_problem.hpp makes one from a name and settings as text.

#include <span>
#include <utility>

#include "core/archive.hpp"
#include "core/value.hpp"
#include "model/any_model.hpp"

namespace tacit {

namespace detail {

/// A problem and one workspace of it, types forgotten.
template <Scalar S>
class BoundOracle {
 public:
  virtual ~BoundOracle() = default;
  virtual Value<S> value(In<S> theta) = 0;
  virtual Value<S> value_and_gradient(In<S> theta, Out<S> g) = 0;
  virtual void hessian_times_linearized(In<S> theta, In<S> v, Out<S> hv) = 0;
  virtual Value<S> value(In<S> theta, std::span<const Index> which) = 0;
  virtual Value<S> value_and_gradient(In<S> theta, std::span<const Index> which, Out<S> g) = 0;
  virtual void hessian_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Out<S> hv) = 0;
  virtual void shift_targets(const Vector<S>* shift) = 0;
  virtual void gauss_newton_times_linearized(In<S> theta, In<S> v, Out<S> cv) = 0;
  virtual void gauss_newton_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Out<S> cv) = 0;
  virtual std::string explain() const = 0;
  virtual double& gradients() = 0;
  virtual double& hessian_products() = 0;
};

/// A problem, its type forgotten.
template <Scalar S>
class ErasedProblem {
 public:
  virtual ~ErasedProblem() = default;
  virtual std::unique_ptr<BoundOracle<S>> bind() const = 0;
  virtual Index dimension() const = 0;
  virtual const Layout& layout() const = 0;
  virtual Index count() const = 0;
  virtual Index target_count() const = 0;
  virtual Index target_count(std::span<const Index> which) const = 0;
  virtual const AnyModel<S>& model() const = 0;
  virtual bool can_batch() const = 0;
  virtual bool can_curve() const = 0;
  virtual bool can_gauss_newton() const = 0;
  virtual bool has_targets() const = 0;
  virtual Index degree_along_lines() const = 0;
  virtual std::uint64_t fingerprint() const = 0;
};

/// HeldWorkspace is the workspace itself, or a pointer to one that somebody else owns.
template <class P, class HeldWorkspace>
class BoundOn final : public BoundOracle<typename P::scalar_type> {
 public:
  using S = typename P::scalar_type;
  BoundOn(const P& problem, HeldWorkspace ws) : problem_(&problem), ws_(std::move(ws)) {}

  Value<S> value(In<S> theta) override {
    if constexpr (requires { problem_->value(theta, ws()); }) return problem_->value(theta, ws());
    else return {};
  }
  Value<S> value_and_gradient(In<S> theta, Out<S> g) override { return problem_->value_and_gradient(theta, ws(), g); }
  void hessian_times_linearized(In<S> theta, In<S> v, Out<S> hv) override {
    if constexpr (requires { problem_->hessian_times_linearized(theta, v, ws(), hv); })
      problem_->hessian_times_linearized(theta, v, ws(), hv);
  }
  Value<S> value(In<S> theta, std::span<const Index> which) override {
    if constexpr (requires { problem_->value(theta, which, ws()); }) return problem_->value(theta, which, ws());
    else return {};
  }
  Value<S> value_and_gradient(In<S> theta, std::span<const Index> which, Out<S> g) override {
    if constexpr (requires { problem_->value_and_gradient(theta, which, ws(), g); })
      return problem_->value_and_gradient(theta, which, ws(), g);
    else return {};
  }
  void hessian_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Out<S> hv) override {
    if constexpr (requires { problem_->hessian_times_linearized(theta, which, v, ws(), hv); })
      problem_->hessian_times_linearized(theta, which, v, ws(), hv);
  }
  void shift_targets(const Vector<S>* shift) override {
    if constexpr (requires { problem_->shift_targets(ws(), shift); }) problem_->shift_targets(ws(), shift);
  }
  void gauss_newton_times_linearized(In<S> theta, In<S> v, Out<S> cv) override {
    if constexpr (requires { problem_->gauss_newton_times_linearized(theta, v, ws(), cv); })
      problem_->gauss_newton_times_linearized(theta, v, ws(), cv);
  }
  void gauss_newton_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Out<S> cv) override {
    if constexpr (requires { problem_->gauss_newton_times_linearized(theta, which, v, ws(), cv); })
      problem_->gauss_newton_times_linearized(theta, which, v, ws(), cv);
  }
  std::string explain() const override {
    if constexpr (requires { problem_->explain(ws()); }) return problem_->explain(ws());
    else return {};
  }
  double& gradients() override { return ws().gradients; }
  double& hessian_products() override { return ws().hessian_products; }

 private:
  using Workspace = typename P::Workspace;
  Workspace& ws() {
    if constexpr (std::is_pointer_v<HeldWorkspace>) return *ws_;
    else return ws_;
  }
  const Workspace& ws() const { return const_cast<BoundOn*>(this)->ws(); }
  const P* problem_;
  HeldWorkspace ws_;
};

/// Stands in for the model of an oracle that has none.
template <Scalar S>
struct NoModel {
  using scalar_type = S;
  const Layout* of;
  Shape shape() const { return Shape{of->parameter_count()}; }
  const Layout& layout() const { return *of; }
};

template <class P>
class ErasedOn : public ErasedProblem<typename P::scalar_type> {
 public:
  using S = typename P::scalar_type;
  explicit ErasedOn(const P& problem) : problem_(&problem), none_{&problem.layout()}, model_(model_of(problem, none_)) {}
  ErasedOn(const ErasedOn&) = delete;
  ErasedOn& operator=(const ErasedOn&) = delete;

  std::unique_ptr<BoundOracle<S>> bind() const override {
    return std::make_unique<BoundOn<P, typename P::Workspace>>(*problem_, problem_->workspace());
  }
  Index dimension() const override { return problem_->dimension(); }
  const Layout& layout() const override { return problem_->layout(); }
  Index count() const override {
    if constexpr (requires { problem_->count(); }) return problem_->count();
    else return 0;
  }
  Index target_count() const override {
    if constexpr (requires { problem_->target_count(); }) return problem_->target_count();
    else return count();
  }
  Index target_count(std::span<const Index> which) const override {
    if constexpr (requires { problem_->target_count(which); }) return problem_->target_count(which);
    else return static_cast<Index>(which.size());
  }
  const AnyModel<S>& model() const override { return model_; }
  bool can_batch() const override {
    return requires(const P& p, typename P::Workspace& ws, In<S> theta, std::span<const Index> which, Out<S> g) {
      p.value_and_gradient(theta, which, ws, g);
    };
  }
  bool can_curve() const override {
    return requires(const P& p, typename P::Workspace& ws, In<S> theta, Out<S> hv) { p.hessian_times_linearized(theta, theta, ws, hv); };
  }
  bool has_targets() const override {
    return requires(const P& p, typename P::Workspace& ws, const Vector<S>* shift) { p.shift_targets(ws, shift); };
  }
  bool can_gauss_newton() const override {
    return requires(const P& p, typename P::Workspace& ws, Vector<S>& v) { p.gauss_newton_times_linearized(v, v, ws, v); };
  }
  Index degree_along_lines() const override {
    if constexpr (requires { problem_->degree_along_lines(); }) return problem_->degree_along_lines();
    require(false,
            "this problem's objective along a line is not known to be a polynomial: that takes a squared loss and a model with a degree");
    return 0;
  }
  std::uint64_t fingerprint() const override {
    if constexpr (requires { problem_->fingerprint(); }) return problem_->fingerprint();
    else return 0;
  }

 private:
  static const auto& model_of(const P& problem, const NoModel<S>& none) {
    if constexpr (requires { problem.model(); }) return problem.model();
    else return none;
  }
  const P* problem_;
  NoModel<S> none_;
  ErasedModel<std::remove_cvref_t<decltype(model_of(std::declval<const P&>(), std::declval<const NoModel<S>&>()))>> model_;
};

}  // namespace detail

/// Refers to a problem; what optimizers of forgotten type are compiled against.
template <Scalar S>
class AnyOracle {
 public:
  using scalar_type = S;
  explicit AnyOracle(const detail::ErasedProblem<S>& problem) : problem_(&problem) {}

  struct Workspace {
    explicit Workspace(detail::BoundOracle<S>& oracle)
        : bound(&oracle), gradients(oracle.gradients()), hessian_products(oracle.hessian_products()) {}
    explicit Workspace(std::unique_ptr<detail::BoundOracle<S>> oracle) : Workspace(*oracle) { owned = std::move(oracle); }
    std::unique_ptr<detail::BoundOracle<S>> owned;
    detail::BoundOracle<S>* bound;
    double gradients, hessian_products;

    /// Work that a caller has struck out here is struck out inside, too.
    void hand_down() { bound->gradients() = gradients, bound->hessian_products() = hessian_products; }
    void take_up() { gradients = bound->gradients(), hessian_products = bound->hessian_products(); }
  };
  Workspace workspace() const { return Workspace(problem_->bind()); }
  Index dimension() const { return problem_->dimension(); }
  const Layout& layout() const { return problem_->layout(); }
  Index count() const { return problem_->count(); }
  Index target_count() const { return problem_->target_count(); }
  Index target_count(std::span<const Index> which) const { return problem_->target_count(which); }
  const AnyModel<S>& model() const { return problem_->model(); }
  bool can_batch() const { return problem_->can_batch(); }
  bool can_curve() const { return problem_->can_curve(); }
  bool can_gauss_newton() const { return problem_->can_gauss_newton(); }
  bool has_targets() const { return problem_->has_targets(); }
  Index degree_along_lines() const { return problem_->degree_along_lines(); }
  const detail::ErasedProblem<S>& erased() const { return *problem_; }

  Value<S> value(In<S> theta, Workspace& ws) const {
    return counted(ws, [&] { return ws.bound->value(theta); });
  }
  Value<S> value_and_gradient(In<S> theta, Workspace& ws, Out<S> g) const {
    return counted(ws, [&] { return ws.bound->value_and_gradient(theta, g); });
  }
  void hessian_times_linearized(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const {
    counted(ws, [&] { return ws.bound->hessian_times_linearized(theta, v, hv), 0; });
  }
  void hessian_times(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const {
    value_and_gradient(theta, ws, hv);
    hessian_times_linearized(theta, v, ws, hv);
  }
  Value<S> value(In<S> theta, std::span<const Index> which, Workspace& ws) const {
    return counted(ws, [&] { return ws.bound->value(theta, which); });
  }
  Value<S> value_and_gradient(In<S> theta, std::span<const Index> which, Workspace& ws, Out<S> g) const {
    return counted(ws, [&] { return ws.bound->value_and_gradient(theta, which, g); });
  }
  void hessian_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Workspace& ws, Out<S> hv) const {
    counted(ws, [&] { return ws.bound->hessian_times_linearized(theta, which, v, hv), 0; });
  }
  void shift_targets(Workspace& ws, const Vector<S>* shift) const { ws.bound->shift_targets(shift); }
  void gauss_newton_times_linearized(In<S> theta, In<S> v, Workspace& ws, Out<S> cv) const {
    counted(ws, [&] { return ws.bound->gauss_newton_times_linearized(theta, v, cv), 0; });
  }
  void gauss_newton_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Workspace& ws, Out<S> cv) const {
    counted(ws, [&] { return ws.bound->gauss_newton_times_linearized(theta, which, v, cv), 0; });
  }
  std::string explain(const Workspace& ws) const { return ws.bound->explain(); }
  std::uint64_t fingerprint() const { return problem_->fingerprint(); }

 private:
  template <class F>
  static auto counted(Workspace& ws, F&& ask) {
    ws.hand_down();
    const auto answer = ask();
    ws.take_up();
    return answer;
  }
  const detail::ErasedProblem<S>* problem_;
};

/// Owns the problem; copies share it.
template <Scalar S>
class AnyProblem : public AnyOracle<S> {
 public:
  template <class P>
  requires(!std::derived_from<P, AnyOracle<S>> && requires { typename P::Workspace; }) explicit AnyProblem(P problem)
      : AnyProblem(std::make_shared<const Owner<P>>(std::move(problem))) {}

 private:
  template <class P>
  struct Owner {
    explicit Owner(P given) : problem(std::move(given)), erased(problem) {}
    P problem;
    detail::ErasedOn<P> erased;
  };
  template <class P>
  explicit AnyProblem(std::shared_ptr<const Owner<P>> owner) : AnyOracle<S>(owner->erased), owner_(std::move(owner)) {}
  std::shared_ptr<const void> owner_;
};
template <class P>
AnyProblem(P) -> AnyProblem<typename P::scalar_type>;

}  // namespace tacit
