// SPDX-License-Identifier: MIT
#pragma once
// AnyOptimizer<S>: an optimizer whose type is forgotten, for programs that choose it at run time, from a value or from a name with settings as text:
//
//   AnyOptimizer<double> optimizer("adam({.rate = 1e-3})");             or   any_optimizer<double>(adam({.rate = 1e-3}))
//   train(problem, theta, optimizer, {.iterations = 1000});
//
// It is a source that sets its own rate, so it stands alone, under on_batches({...}, optimizer), or before an average; it works on problems of every type, since what
// is inside is compiled once against AnyOracle. A step costs one virtual call, and one for each question to the oracle. Names: named_optimizers.hpp.

#include <memory>
#include <string>
#include <utility>

#include "../any_problem.hpp"
#include "../core/settings.hpp"
#include "full_gradient.hpp"

namespace tacit {

namespace detail {

/// The state of an optimizer of forgotten type.
template <Scalar S>
class AnyState {
 public:
  virtual ~AnyState() = default;
  virtual std::unique_ptr<AnyState> copy() const = 0;
  virtual void step(const AnyOracle<S>& oracle, typename AnyOracle<S>::Workspace& ws, Step<S>& step) = 0;
  virtual bool report(const Step<S>& step, Vector<S>& out) const = 0;
  virtual void persist(OutputArchive& archive) = 0;
  virtual void persist(InputArchive& archive) = 0;
  virtual void persist(HashArchive& archive) = 0;
};

template <Scalar S>
class ErasedOptimizer {
 public:
  virtual ~ErasedOptimizer() = default;
  virtual std::unique_ptr<AnyState<S>> start(const AnyOracle<S>& oracle) const = 0;
  virtual std::string text() const = 0;
  virtual std::vector<SettingText> settings() const = 0;
  virtual bool reports() const = 0;
};

template <Scalar S, class C>
class OptimizerOn final : public ErasedOptimizer<S>, public std::enable_shared_from_this<OptimizerOn<S, C>> {
 public:
  explicit OptimizerOn(C chain) : chain_(std::move(chain)) {}
  std::unique_ptr<AnyState<S>> start(const AnyOracle<S>& oracle) const override {
    return std::make_unique<State>(this->shared_from_this(), chain_.start(oracle));
  }
  std::string text() const override { return sentence(chain_); }
  std::vector<SettingText> settings() const override { return settings_of(chain_); }
  bool reports() const override {
    if constexpr (perhaps_reports<std::remove_const_t<decltype(chain_.source)>>)
      return chain_.source.inside_reports() || C::Rules::reporters > 0;
    else return C::reports;
  }

 private:
  using Inner = decltype(std::declval<const C&>().start(std::declval<const AnyOracle<S>&>()));
  class State final : public AnyState<S> {
   public:
    State(std::shared_ptr<const OptimizerOn> of, Inner inner) : of_(std::move(of)), inner_(std::move(inner)) {}
    std::unique_ptr<AnyState<S>> copy() const override { return std::make_unique<State>(*this); }
    void step(const AnyOracle<S>& oracle, typename AnyOracle<S>::Workspace& ws, Step<S>& step) override {
      of_->chain_.step(oracle, ws, step, inner_);
    }
    bool report(const Step<S>& step, Vector<S>& out) const override { return of_->chain_.report(step, inner_, out); }
    void persist(OutputArchive& archive) override { inner_.persist(archive); }
    void persist(InputArchive& archive) override { inner_.persist(archive); }
    void persist(HashArchive& archive) override { inner_.persist(archive); }

   private:
    std::shared_ptr<const OptimizerOn> of_;
    Inner inner_;
  };
  C chain_;
};

}  // namespace detail

template <Scalar S>
class AnyOptimizer;
/// In named_optimizers.hpp.
template <Scalar S>
AnyOptimizer<S> optimizer_named(const std::string& text);

template <Scalar S>
class AnyOptimizer {
 public:
  using stage = SourceTag;
  static constexpr std::string_view name = "AnyOptimizer";
  static constexpr bool sets_rate = true, perhaps_reports = true;

  explicit AnyOptimizer(std::shared_ptr<const detail::ErasedOptimizer<S>> inside) : inside_(std::move(inside)) {}
  /// By name: "adam({.rate = 1e-3})"; include named_optimizers.hpp. Throws where the name or a setting is not known, naming those that are near.
  explicit AnyOptimizer(const std::string& text) : AnyOptimizer(optimizer_named<S>(text)) {}

  /// What a checkpoint compares; the optimizer itself is not changed by it.
  template <class Archive>
  void persist(Archive& archive) {
    for (SettingText& setting : inside_->settings()) archive(setting.name, setting.text);
    std::string text = inside_->text();
    archive("text", text);
  }

  /// The state, and what this problem's oracle looks like once its type is forgotten.
  struct State {
    std::unique_ptr<detail::AnyState<S>> inner;

    explicit State(std::unique_ptr<detail::AnyState<S>> of) : inner(std::move(of)) {}
    State(const State& other) : inner(other.inner->copy()) {}
    State(State&&) noexcept = default;
    State& operator=(State other) {
      inner = std::move(other.inner);
      return *this;
    }
    template <class Archive>
    void persist(Archive& archive) {
      inner->persist(archive);
    }
  };
  template <class P>
  State start(const P& problem) const {
    if constexpr (std::derived_from<P, AnyOracle<S>>) return State(inside_->start(problem));
    else return State(inside_->start(AnyOracle<S>(detail::ErasedOn<P>(problem))));
  }
  template <class P>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State& state) const {
    if constexpr (std::derived_from<P, AnyOracle<S>>) {
      state.inner->step(problem, ws, step);
    } else {
      const detail::ErasedOn<P> erased(problem);
      detail::BoundOn<P, typename P::Workspace*> bound(problem, &ws);
      typename AnyOracle<S>::Workspace any(bound);
      state.inner->step(AnyOracle<S>(erased), any, step);
      any.hand_down();
    }
  }
  bool report(const Step<S>& step, const State& state, Vector<S>& out) const { return state.inner->report(step, out); }
  /// Whether it reports another theta than the iterate.
  bool inside_reports() const { return inside_->reports(); }

  friend std::ostream& operator<<(std::ostream& out, const AnyOptimizer& optimizer) { return out << optimizer.inside_->text(); }

 private:
  std::shared_ptr<const detail::ErasedOptimizer<S>> inside_;
};

/// Forgets the type of an optimizer.
template <Scalar S, class Optimizer>
AnyOptimizer<S> any_optimizer(Optimizer optimizer) {
  auto chain = [&] {
    if constexpr (is_chain<Optimizer>) return std::move(optimizer);
    else if constexpr (SearchLike<Optimizer>) return FullGradient{} | std::move(optimizer);
    else return Chain<Optimizer>{std::move(optimizer), {}};
  }();
  static_assert(sets_rate<decltype(chain)>, "any_optimizer: no stage of this optimizer sets a rate; end it with LearningRate{rate}");
  return AnyOptimizer<S>(std::make_shared<const detail::OptimizerOn<S, decltype(chain)>>(std::move(chain)));
}

}  // namespace tacit
