// SPDX-License-Identifier: MIT
#pragma once
// Any source on minibatches:
//
//   on_batches({.size = 64, .seed = 1}, FullGradient{}) | LearningRate{0.1}
//   on_batches({.size = 64}, GradientPenalty{.lambda = 0.1}) | AdamScale{} | LearningRate{1e-3}
//
// Each step draws a batch and shows the problem on it to the source as an oracle, Hessian-vector products included; a search asks the same
// batch. Batches
// come in seeded order: epochs of a fresh shuffle (or of one shuffle), whose last batch may be shorter or be dropped, or independent draws
// with
// replacement. The stream is (seed, "minibatch"): the order does not depend on the start. With .groups, whole groups of observations are
// drawn, such as
// all outputs of a sample (observation/partition.hpp), and .size counts groups. A batch that is all of the data is the problem itself, in
// its own order
// of summation: full batch is bit for bit what no batches are.

#include <numeric>
#include <span>

#include "../core/random.hpp"
#include "../observation/partition.hpp"
#include "chain.hpp"

namespace tacit {

/// What becomes of the last batch of an epoch, where the size does not divide the data.
enum class LastBatch { kept, dropped };
template <>
inline constexpr std::array names_of<LastBatch>{"kept", "dropped"};
/// Whether every epoch has an order of its own.
enum class Shuffle { every_epoch, once };
template <>
inline constexpr std::array names_of<Shuffle>{"every_epoch", "once"};

struct BatchSettings {
  Index size = 0;  ///< observations a batch, or groups; to be given
  std::uint64_t seed = 1;
  bool with_replacement = false;
  LastBatch last = LastBatch::kept;
  Shuffle shuffle = Shuffle::every_epoch;
  Partition groups = {};  ///< empty: single observations

  template <class Archive>
  void persist(Archive& archive) {
    archive("size", size);
    archive("seed", seed);
    archive("with_replacement", with_replacement);
    archive("last", last);
    archive("shuffle", shuffle);
    archive("groups", groups);
  }
};

/// A problem on the observations `which`, as an oracle with the problem's own workspace.
template <class P>
class OnBatch {
 public:
  using scalar_type = typename P::scalar_type;
  using Workspace = typename P::Workspace;
  using S = scalar_type;
  static constexpr bool is_view = true;  ///< a few words that refer to a problem: copied where it is kept

  /// No `which`: all observations, by the problem's own verbs.
  OnBatch(const P& problem, std::span<const Index> which) : problem_(&problem), which_(which) {}

  Workspace workspace() const { return problem_->workspace(); }
  bool can_curve() const {
    if constexpr (requires { problem_->can_curve(); }) return problem_->can_curve();
    else return true;
  }
  bool has_targets() const {
    if constexpr (requires { problem_->has_targets(); }) return problem_->has_targets();
    else return requires(const P& p, Workspace& ws, const Vector<S>* shift) {
        p.shift_targets(ws, shift);
      };
  }
  Index dimension() const { return problem_->dimension(); }
  const Layout& layout() const { return problem_->layout(); }
  decltype(auto) model() const requires requires(const P& p) { p.model(); }
  { return problem_->model(); }
  Index count() const { return whole() ? problem_->count() : static_cast<Index>(which_.size()); }
  /// How many targets they have; OnBatch is made of problems that do not know, too.
  Index target_count() const {
    if constexpr (requires { problem_->target_count(which_); }) return whole() ? problem_->target_count() : problem_->target_count(which_);
    else return count();
  }
  bool whole() const { return which_.empty(); }

  Value<S> value(In<S> theta, Workspace& ws) const {
    if (whole()) return problem_->value(theta, ws);
    return problem_->value(theta, which_, ws);
  }
  Value<S> value_and_gradient(In<S> theta, Workspace& ws, Out<S> g) const {
    if (whole()) return problem_->value_and_gradient(theta, ws, g);
    return problem_->value_and_gradient(theta, which_, ws, g);
  }
  void hessian_times_linearized(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const requires
      requires(const P& p, std::span<const Index> which) {
    p.hessian_times_linearized(theta, which, v, ws, hv);
  }
  {
    if (whole()) problem_->hessian_times_linearized(theta, v, ws, hv);
    else problem_->hessian_times_linearized(theta, which_, v, ws, hv);
  }
  void gauss_newton_times_linearized(In<S> theta, In<S> v, Workspace& ws, Out<S> cv) const requires
      requires(const P& p, std::span<const Index> which) {
    p.gauss_newton_times_linearized(theta, which, v, ws, cv);
  }
  {
    if (whole()) problem_->gauss_newton_times_linearized(theta, v, ws, cv);
    else problem_->gauss_newton_times_linearized(theta, which_, v, ws, cv);
  }
  Index degree_along_lines() const requires requires(const P& p) { p.degree_along_lines(); }
  { return problem_->degree_along_lines(); }
  void hessian_times(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const requires requires(const OnBatch& self) {
    self.hessian_times_linearized(theta, v, ws, hv);
  }
  {
    value_and_gradient(theta, ws, hv);
    hessian_times_linearized(theta, v, ws, hv);
  }
  void shift_targets(Workspace& ws, const Vector<S>* shift) const requires requires(const P& p) { p.shift_targets(ws, shift); }
  { problem_->shift_targets(ws, shift); }

 private:
  const P* problem_;
  std::span<const Index> which_;
};

template <class Source>
struct OnBatches {
  using stage = SourceTag;
  static constexpr std::string_view name = "on_batches";
  static constexpr bool sets_rate = tacit::sets_rate<Source>;
  static constexpr bool reports = reports_theta<Source>, perhaps_reports = tacit::perhaps_reports<Source>;
  BatchSettings batches;
  Source source;

  template <class Archive>
  void persist(Archive& archive) {
    archive("batches", batches);
    archive("source", source);
  }

  bool inside_reports() const requires tacit::perhaps_reports<Source> { return source.inside_reports(); }

  template <class Inner>
  struct State {
    std::vector<Index> order;  ///< this epoch's permutation of observations or groups, or the drawn batch
    Index next = 0;
    Random random;
    Inner inner;
    std::vector<Index> members;    ///< the observations of the batch, where groups are drawn
    std::span<const Index> which;  ///< empty: all

    template <class Archive>
    void persist(Archive& archive) {
      archive("order", order);
      archive("next", next);
      archive("random", random);
      archive("inner", inner);
    }
  };

  template <class P>
  auto start(const P& problem) const {
    constexpr bool possible = requires(typename P::Workspace & ws, const Vector<typename P::scalar_type>& theta,
                                       Vector<typename P::scalar_type>& g, std::span<const Index> which) {
      problem.count();
      problem.value_and_gradient(theta, which, ws, g);
    };
    static_assert(possible, "on_batches: the problem needs count() and value_and_gradient(theta, which, ws, g)");
    if constexpr (possible) {
      if constexpr (requires { problem.can_batch(); }) require(problem.can_batch(), "on_batches: this problem has no minibatches");
      const Partition& groups = batches.groups;
      const Index units = groups.empty() ? problem.count() : groups.size();
      require(groups.empty() || groups.count() == problem.count(), "on_batches: the groups are of ", groups.count(),
              " observations, the data have ", problem.count());
      require(batches.size > 0 && batches.size <= units, "on_batches: .size is ", batches.size,
              ", it needs to be at least 1 and at most the ", units, groups.empty() ? " observations" : " groups", " of the data");
      auto inner = source.start(OnBatch<P>(problem, {}));
      State<decltype(inner)> state{std::vector<Index>(static_cast<std::size_t>(batches.with_replacement ? batches.size : units)),
                                   0,
                                   Random(batches.seed, "minibatch"),
                                   std::move(inner),
                                   {},
                                   {}};
      std::iota(state.order.begin(), state.order.end(), Index(0));
      if (!batches.with_replacement && batches.size < units) state.random.shuffle(state.order);
      if (!groups.empty()) state.members.reserve(static_cast<std::size_t>(problem.count()));
      return state;
    }
  }

  template <class P, Scalar S, class Inner>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<Inner>& state) const {
    next_batch(problem.count(), state);
    if (!state.which.empty()) step.ahead.known = false;  // what was evaluated ahead belongs to another batch
    source.draw(OnBatch<P>(problem, state.which), ws, step, state.inner);
    if (!state.which.empty()) step.full = false;
  }
  /// The problem on the batch of this step, as the source showed it to itself.
  template <class P, class Inner>
  auto oracle(const P& problem, State<Inner>& state) const {
    const OnBatch<P> batch(problem, state.which);
    if constexpr (requires { source.oracle(batch, state.inner); }) return source.oracle(batch, state.inner);
    else return batch;
  }
  template <Scalar S, class Inner>
  bool report(const Step<S>& step, const State<Inner>& state, Vector<S>& out) const {
    return source.report(step, state.inner, out);
  }

  friend std::ostream& operator<<(std::ostream& out, const OnBatches& s) {
    const BatchSettings &b = s.batches, usual;
    out << "on_batches({.size = " << b.size << ", .seed = " << b.seed;
    if (b.with_replacement) out << ", .with_replacement = true";
    if (b.last != usual.last) out << ", .last = LastBatch::dropped";
    if (b.shuffle != usual.shuffle) out << ", .shuffle = Shuffle::once";
    if (!b.groups.empty()) out << ", .groups = " << b.groups;
    return out << "}, " << s.source << ')';
  }

 private:
  template <class Inner>
  void next_batch(Index count, State<Inner>& state) const {
    const Index units = batches.groups.empty() ? count : batches.groups.size();
    Index b = batches.size;
    if (batches.with_replacement) {
      for (Index& k : state.order) k = static_cast<Index>(state.random.below(static_cast<std::uint64_t>(units)));
      state.next = 0;
    } else if (b == units) {  // always the whole
      state.which = {};
      return;
    } else {
      if (state.next + (batches.last == LastBatch::dropped ? b : 1) > units) {
        if (batches.shuffle == Shuffle::every_epoch) state.random.shuffle(state.order);
        state.next = 0;
      }
      b = std::min(b, units - state.next);
    }
    state.which = std::span<const Index>(state.order).subspan(static_cast<std::size_t>(state.next), static_cast<std::size_t>(b));
    state.next += b;
    if (batches.groups.empty()) return;
    state.members.clear();
    for (const Index group : state.which)
      state.members.insert(state.members.end(), batches.groups[group].begin(), batches.groups[group].end());
    state.which = state.members;
  }
};

/// See the top of this file. The source is a source or a chain of one alone; transforms stand behind, outside.
template <class Source>
OnBatches<Source> on_batches(BatchSettings batches, Source source) {
  static_assert(
      SourceLike<Source>,
      "on_batches: its second argument is a source, such as FullGradient{}; transforms stand behind:  on_batches({...}, source) | ...");
  return {std::move(batches), std::move(source)};
}

}  // namespace tacit
