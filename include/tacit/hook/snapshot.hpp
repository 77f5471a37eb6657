// SPDX-License-Identifier: MIT
#pragma once
// What a hook sees: one theta_t and everything that belongs to it. loss(), objective() and gradient() are those of all observations, also in
// a minibatch run, where they are computed when the first hook asks; so are norms, W and spectra: once for all hooks, into buffers that the
// run reuses. drawn() is what the optimizer's source saw (a minibatch's loss, in such a run).

#include <chrono>
#include <memory>
#include <optional>

#include "../core/norm.hpp"
#include "../core/tensor.hpp"
#include "../observation/all_entries.hpp"
#include "../optimizer/step.hpp"

namespace tacit {

/// What a hook may answer; one that returns nothing goes on.
enum class Flow { proceed, stop };

/// Buffers of the spectrum solver, known to core/singular_values.hpp alone.
template <Scalar S>
struct SpectrumWorkspace;
/// Singular values of a tensor's matricisations, known to hook/unfoldings.hpp alone.
template <Scalar S>
struct MatricisedSpectra;

namespace detail {
/// What forming W needs: the model's workspace on all entries, or nothing where a user's own problem has no model.
template <class P>
struct DenseWorkspace {
  using type = Nothing;
};
template <class P>
requires requires(const P& p) { p.model().workspace(std::declval<const AllEntries&>()); }
struct DenseWorkspace<P> {
  using type = decltype(std::declval<const P&>().model().workspace(std::declval<const AllEntries&>()));
};
}  // namespace detail

/// Derived quantities at theta_t and the buffers that they live in. A run owns one.
template <class P>
struct Memo {
  using S = typename P::scalar_type;
  std::optional<Value<S>> full;
  std::optional<S> gradient_norm, parameter_norm;
  bool has_W = false, has_sigma = false;
  Vector<S> gradient;  ///< of all observations, in a minibatch run
  Matrix<S> W, unfolded;
  std::optional<AllEntries> all;
  std::optional<typename detail::DenseWorkspace<P>::type> dense;
  Vector<S> sigma;  ///< filled by hook/spectrum.hpp
  Matrix<S> left, right;
  std::shared_ptr<SpectrumWorkspace<S>> spectrum;
  std::shared_ptr<MatricisedSpectra<S>> matricised;
  bool used_workspace = false;   ///< a hook had the problem evaluated at another theta, or on other data, than the optimizer did
  std::uint64_t moment = 0;      ///< another one at every theta
  std::uint64_t linearized = 0;  ///< the moment for whose theta the workspace serves Hessian-vector products

  void forget() {
    ++moment;
    full.reset();
    gradient_norm.reset();
    parameter_norm.reset();
    has_W = has_sigma = false;
  }
};

/// How far a run has come, apart from theta.
struct Progress {
  double flow_time = 0;  ///< sum of the rates applied so far: the time of the gradient flow that the run discretises
  double seconds = 0;    ///< wall time of finished calls
  std::chrono::steady_clock::time_point since;
  Index until = 0;  ///< iterations that the run was asked for so far
};

template <class P>
class Snapshot {
 public:
  using problem_type = P;
  using S = typename P::scalar_type;
  using scalar_type = S;

  /// `theta` is what is shown: step.theta, or what a stage reports in its place.
  Snapshot(const P& problem, typename P::Workspace& ws, const Step<S>& step, const Vector<S>& theta, Memo<P>& memo,
           const Progress& progress, bool closing)
      : problem_(problem), ws_(ws), step_(step), theta_(theta), memo_(memo), progress_(progress), closing_(closing) {}

  Index iteration() const { return step_.iteration; }
  /// True once, at the end, at the theta that is returned.
  bool closing() const { return closing_; }
  const Vector<S>& theta() const { return theta_; }
  /// theta_t at which the optimizer stands; theta() but where a stage reports another one.
  const Vector<S>& iterate() const { return step_.theta; }
  const P& problem() const { return problem_; }
  const auto& model() const { return problem_.model(); }
  const Layout& layout() const { return problem_.layout(); }

  S loss() const { return full().loss; }
  S objective() const { return full().objective; }
  Value<S> drawn() const { return step_.value; }
  /// Whether that was all data: then loss() and gradient() cost nothing more.
  bool drawn_all() const { return step_.full; }
  /// Gradient of the objective.
  const Vector<S>& gradient() const {
    if (seen()) return step_.gradient;
    full();
    return memo_.gradient;
  }
  S gradient_norm() const {
    return remember(memo_.gradient_norm, [&] { return detail::norm(gradient().data(), gradient().size()); });
  }
  S parameter_norm() const {
    return remember(memo_.parameter_norm, [&] { return detail::norm(theta().data(), theta().size()); });
  }

  /// hv = H v, the Hessian of the objective at theta() on all observations: on what the optimizer's evaluation has left in the workspace
  /// where it stands there, else after one gradient. Not counted as work.
  void hessian_times(In<S> v, Out<S> hv) const {
    const double gradients = ws_.gradients, products = ws_.hessian_products;
    if (memo_.linearized != memo_.moment) {
      if (!seen() || step_.linearized != Linearized::here || memo_.used_workspace) {
        memo_.gradient.resize(theta_.size());
        problem_.value_and_gradient(theta_, ws_, memo_.gradient);
        memo_.used_workspace = true;
      }
      memo_.linearized = memo_.moment;
    }
    problem_.hessian_times_linearized(theta_, v, ws_, hv);
    ws_.gradients = gradients;
    ws_.hessian_products = products;
  }

  /// The scalar that multiplies the direction in this step: lr, or lr/s under GroupRMSprop. In the closing snapshot, which makes no step, the last one shown.
  double rate() const { return step_.rate; }
  double flow_time() const { return progress_.flow_time; }
  double wall_time() const {
    return progress_.seconds + std::chrono::duration<double>(std::chrono::steady_clock::now() - progress_.since).count();
  }
  double gradient_evaluations() const { return ws_.gradients; }
  double hessian_products() const { return ws_.hessian_products; }
  /// Iterations that the run has been asked for, for progress reports.
  Index until() const { return progress_.until; }

  Shape shape() const { return model().shape(); }
  /// W(theta), formed when first asked for; refused with a sentence where it would not fit. A tensor shows its unfolding at mode 0.
  const Matrix<S>& end_to_end() const {
    if (!memo_.has_W) {
      if (!memo_.dense) {
        shape().require_dense("Snapshot::end_to_end");
        memo_.all.emplace(shape());
        memo_.dense = model().workspace(*memo_.all);
      }
      const AllEntries& all = *memo_.all;
      memo_.W.resize(all.rows(), all.cols());
      Eigen::Map<Vector<S>> flat(memo_.W.data(), memo_.W.size());
      model().evaluate(theta(), all, *memo_.dense, flat);
      memo_.has_W = true;
    }
    return memo_.W;
  }
  /// W flat, first index fastest (column-major).
  Eigen::Map<const Vector<S>> values() const {
    const Matrix<S>& W = end_to_end();
    return {W.data(), W.size()};
  }
  /// W with the given mode as rows (core/tensor.hpp); a matrix is its own unfolding at mode 0. Of another mode, it is good until the next call.
  ConstMatrixMap<S> unfolding(Index mode) const {
    require(mode >= 0 && mode < shape().order(), "Snapshot::unfolding: asked for mode ", mode, ", W is ", shape());
    const Matrix<S>& W = end_to_end();
    if (mode == 0) return {W.data(), W.rows(), W.cols()};
    unfold(shape(), W.data(), mode, memo_.unfolded);
    return {memo_.unfolded.data(), memo_.unfolded.rows(), memo_.unfolded.cols()};
  }

  /// Where probes keep derived quantities for each other.
  Memo<P>& memo() const { return memo_; }

 private:
  /// Whether the optimizer's source has seen this theta on all data.
  bool seen() const { return step_.full && &theta_ == &step_.theta; }
  const Value<S>& full() const {
    if (!memo_.full) {
      if (seen()) {
        memo_.full = step_.value;
      } else {
        const double gradients = ws_.gradients;  // watching does not count as work
        memo_.gradient.resize(theta_.size());
        memo_.full = problem_.value_and_gradient(theta_, ws_, memo_.gradient);
        ws_.gradients = gradients;
        memo_.used_workspace = true;
      }
    }
    return *memo_.full;
  }
  template <class F>
  static S remember(std::optional<S>& slot, F&& compute) {
    if (!slot) slot = compute();
    return *slot;
  }

  const P& problem_;
  typename P::Workspace& ws_;
  const Step<S>& step_;
  const Vector<S>& theta_;
  Memo<P>& memo_;
  const Progress& progress_;
  bool closing_;
};

}  // namespace tacit
