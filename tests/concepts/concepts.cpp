// SPDX-License-Identifier: MIT
// Every concept says yes to what it describes, and no to what comes close.
#include <tacit/concepts.hpp>
#include <tacit/hook/best.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/loss/huber.hpp>
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

using Deep = DeepMatrix<double>;
using P = decltype(Problem(std::declval<Deep>(), std::declval<Data<double>>(), MeanSquares{}));

// ---- Scalar
static_assert(Scalar<float> && Scalar<double>);
static_assert(!Scalar<int> && !Scalar<Dual<double>> && !Scalar<double&>);

// ---- Observation
static_assert(Observation<AllEntries> && Observation<Entries> && Observation<LinearMap<float>>);
struct NoBatch {
  Index rows() const { return 1; }
  Index cols() const { return 1; }
  Index count() const { return 1; }
  std::string where(Index) const { return ""; }
};
struct NoPlace : NoBatch {
  using batch_type = EntryList;
  void gather(const Index*, Index, EntryList&) const {}
  void where() const {}
};
static_assert(!Observation<NoBatch> && !Observation<NoPlace> && !Observation<Matrix<double>>);

// ---- Factorization, Observable, TwiceObservable
static_assert(Factorization<Deep> && Factorization<SymmetricMatrix<float>>);
static_assert(Observable<Deep, Entries> && Observable<Deep, EntryList> && Observable<SymmetricMatrix<double>, LinearMap<double>>);
static_assert(TwiceObservable<Deep, AllEntries> && TwiceObservable<SymmetricMatrix<float>, Entries>);
struct NoLayout {
  using scalar_type = double;
  Index parameter_count() const { return 1; }
  Shape shape() const { return {1, 1}; }
};
/// Trainable, without the second tier.
struct FirstTier : NoLayout {
  struct Workspace {};
  const Layout& layout() const;
  Workspace workspace(const AllEntries&) const { return {}; }
  void evaluate(In<double>, const AllEntries&, Workspace&, Out<double>) const;
  void pullback(In<double>, const AllEntries&, Workspace&, In<double>, Write, Out<double>) const;
};
struct WholeNumbers : FirstTier {
  using scalar_type = int;
};
struct NoPullback : NoLayout {
  struct Workspace {};
  const Layout& layout() const;
  Workspace workspace(const AllEntries&) const { return {}; }
  void evaluate(In<double>, const AllEntries&, Workspace&, Out<double>) const;
};
static_assert(Factorization<FirstTier> && Observable<FirstTier, AllEntries>);
static_assert(!Factorization<NoLayout> && !Factorization<WholeNumbers> && !Factorization<Layout>);
static_assert(!Observable<FirstTier, Entries> && !Observable<NoPullback, AllEntries> && !TwiceObservable<FirstTier, AllEntries>);

// ---- Loss
using Own = decltype(pointwise([](auto z, auto y) { return z - y; }));
static_assert(TwiceLossOn<MeanSquares, double> && TwiceLossOn<SumOfSquares, float> && TwiceLossOn<Own, float>);
struct FirstOrder {
  Reduction reduction = Reduction::mean;
  std::string name() const { return ""; }
  template <Scalar S>
  S value_and_slope(In<S>, In<S>, In<S>, S, Out<S>) const;
};
struct Unnamed {
  Reduction reduction = Reduction::mean;
  template <Scalar S>
  S value_and_slope(In<S>, In<S>, In<S>, S, Out<S>) const;
};
struct Unreduced {
  std::string name() const { return ""; }
  template <Scalar S>
  S value_and_slope(In<S>, In<S>, In<S>, S, Out<S>) const;
};
struct Mute : FirstOrder {
  template <Scalar S>
  void value_and_slope(In<S>, In<S>, In<S>, S, Out<S>) const;
};
constexpr auto bare = [](auto z, auto y) { return z - y; };
static_assert(LossOn<FirstOrder, double> && !TwiceLossOn<FirstOrder, double>);
static_assert(!LossOn<Unnamed, double> && !LossOn<Unreduced, double> && !LossOn<Mute, double> && !LossOn<decltype(bare), double>);

// ---- Penalties
static_assert(ThetaPenalty<WeightDecayPenalty, double> && ThetaPenalty<WeightDecayPenalty, float>);
struct OnDoubles {
  double value_and_gradient(In<double>, Out<double>) const;
};
struct NoValue {
  void value_and_gradient(In<double>, Out<double>) const;
};
struct Mutable {
  double value_and_gradient(In<double>, Out<double>);
};
static_assert(ThetaPenalty<OnDoubles, double>);
static_assert(!ThetaPenalty<OnDoubles, float> && !ThetaPenalty<NoValue, double> && !ThetaPenalty<Mutable, double> &&
              !ThetaPenalty<MeanSquares, double>);

struct OnMatrix {
  template <Scalar S>
  Nothing start(Index, Index) const {
    return {};
  }
  template <Scalar S>
  S value_and_slope(ConstMatrixMap<S>, Nothing&, MatrixMap<S>) const;
};
struct NoStart {
  double value_and_slope(ConstMatrixMap<double>, Nothing&, MatrixMap<double>) const;
};
struct NoSlope {
  template <Scalar S>
  Nothing start(Index, Index) const {
    return {};
  }
  template <Scalar S>
  S value(ConstMatrixMap<S>, Nothing&) const;
};
static_assert(MatrixPenalty<OnMatrix, double> && MatrixPenalty<OnMatrix, float>);
static_assert(!MatrixPenalty<NoStart, double> && !MatrixPenalty<NoSlope, double> && !MatrixPenalty<WeightDecayPenalty, double>);
static_assert(!ThetaPenalty<OnMatrix, double>);

// ---- Oracles
static_assert(Oracle<P> && SecondOrderOracle<P> && BatchOracle<P>);
struct Bowl {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  Workspace workspace() const { return {}; }
  Index dimension() const { return 1; }
  const Layout& layout() const;
  Value<double> value_and_gradient(In<double>, Workspace&, Out<double>) const;
};
struct NumbersOnly : Bowl {
  double value_and_gradient(In<double>, Workspace&, Out<double>) const;
};
struct NoCounters : Bowl {
  struct Workspace {};
  Workspace workspace() const { return {}; }
  Value<double> value_and_gradient(In<double>, Workspace&, Out<double>) const;
};
struct NoDimension {
  using scalar_type = double;
  using Workspace = Bowl::Workspace;
  Workspace workspace() const { return {}; }
  const Layout& layout() const;
  Value<double> value_and_gradient(In<double>, Workspace&, Out<double>) const;
};
static_assert(Oracle<Bowl> && !SecondOrderOracle<Bowl> && !BatchOracle<Bowl>);
static_assert(!Oracle<NumbersOnly> && !Oracle<NoCounters> && !Oracle<NoDimension> && !Oracle<Deep>);

// ---- Sources, transforms, chains
static_assert(SourceLike<FullGradient> && SourceLike<OnBatches<FullGradient>> && SourceLike<GradientPenalty> && SearchLike<SharpnessRate>);
static_assert(TransformLike<LearningRate<>> && TransformLike<AdamScale> && TransformLike<HeavyBall> && TransformLike<WeightDecay>);
static_assert(!SourceLike<LearningRate<>> && !SourceLike<HeavyBall> && !SourceLike<WeightDecayPenalty> && !SourceLike<int>);
static_assert(!TransformLike<FullGradient> && !TransformLike<WeightDecayPenalty> && !TransformLike<ConstantRate>);
static_assert(SourceFor<FullGradient, P> && SourceFor<OnBatches<FullGradient>, P> && SourceFor<FullGradient, Bowl>);
static_assert(TransformFor<Clip, float> && TransformFor<GroupRmsScale, double> && TransformFor<Nesterov, float>);
struct Quadratic {
  using stage = SearchTag;
  Nothing start(const auto&) const { return {}; }
  template <class P, Scalar S>
  void search(const P&, typename P::Workspace&, Step<S>&, Nothing&) const {}
};
static_assert(SearchFor<SharpnessRate, P> && SearchFor<Quadratic, Bowl> && !SearchFor<FullGradient, P> && !SearchFor<LearningRate<>, P>);
struct NoDraw {
  using stage = SourceTag;
  Nothing start(const auto&) const { return {}; }
};
struct NoApply {
  using stage = TransformTag;
  template <Scalar S>
  Nothing start(const Layout&) const {
    return {};
  }
};
static_assert(!SourceFor<NoDraw, P> && !SourceFor<LearningRate<>, P> && !TransformFor<NoApply, double> &&
              !TransformFor<FullGradient, double>);
static_assert(is_chain<decltype(adam())> && is_chain<decltype(FullGradient{} | Clip{1})>);
static_assert(!is_chain<FullGradient> && !is_chain<LearningRate<>>);

// ---- Schedules of rates
static_assert(RateSchedule<ConstantRate> && RateSchedule<WarmUp<Cosine>> && RateSchedule<decltype([](Index) { return 1.0; })>);
static_assert(!RateSchedule<double> && !RateSchedule<decltype([] { return 1.0; })> &&
              !RateSchedule<decltype([](Index) { return "fast"; })>);

// ---- Hooks
constexpr auto watches = [](const auto&) {};
constexpr auto stops = [](const auto&) { return Flow::stop; };
constexpr auto answers = [](const auto&) { return true; };
constexpr auto copies_theta = [](Vector<double>) {};
constexpr auto two = [](const auto&, const auto&) {};
constexpr auto would_change = [](Snapshot<P>&) {};
using History = decltype(Trajectory(loss, gradient_norm));
static_assert(HookFor<decltype(watches), P> && HookFor<decltype(stops), P> && HookFor<History, P>);
static_assert(HookFor<decltype(every(2, watches)), P> && HookFor<decltype(stop_when(loss_below(1))), P> &&
              HookFor<decltype(keep_best(loss)), P>);
static_assert(!HookFor<decltype(answers), P> && !HookFor<decltype(copies_theta), P> && !HookFor<decltype(two), P>);
static_assert(!HookFor<decltype(would_change), P> && !HookFor<decltype(loss), P> && !HookFor<const History, P>);

// ---- Columns
static_assert(Named<decltype(loss)> && Named<decltype(probe("gap", watches))>);
static_assert(!Named<decltype(watches)> && !Named<double> && !Named<MeanSquares*>);

// ---- Duals: constants of any arithmetic type, and nothing else
static_assert(std::constructible_from<Dual<double>, int> && std::constructible_from<Dual<float>, double>);
static_assert(!std::constructible_from<Dual<double>, std::string> && !std::constructible_from<Dual<float>, Dual<double>>);

}  // namespace

TEST_CASE("the concepts hold, or this file does not compile") { SUCCEED(); }
