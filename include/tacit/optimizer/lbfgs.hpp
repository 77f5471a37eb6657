// SPDX-License-Identifier: MIT
#pragma once
// L-BFGS: the direction H g, where H is the inverse Hessian that the last m pairs  s = theta_t - theta_{t-1}, y = g_t - g_{t-1}  tell, by the two loops
//   q = g;  newest to oldest  a_i = s_i^T q / y_i^T s_i, q -= a_i y_i;   r = gamma q;   oldest to newest  r += s_i (a_i - y_i^T r / y_i^T s_i)
// with gamma = y^T s / y^T y of the newest pair, 1 before there is one. A pair counts where y^T s > .curvature; others leave pairs and gamma as they are.
// A search behind it sets the rate: StrongWolfe, as PyTorch's torch.optim.LBFGS (step for step, 26 evaluations a step at most), Armijo or ExactLineSearch.
// The run ends where max |g| <= .gradient_tolerance, or where the slope along the direction, the step or the change of the objective are below
// .change_tolerance in size; PyTorch looks at the same numbers, so runs end at the same theta. 0 turns a tolerance off.
// [Nocedal & Wright, algorithm 7.4; Liu & Nocedal 1989]
// State: 2 (m + 1) numbers a parameter, in one ring: the slot in front of the oldest pair holds theta_{t-1} and g_{t-1}, and becomes the next pair.
// A step costs 4 m passes over theta beside the search: 8 m P flops.

#include <limits>
#include <vector>

#include "strong_wolfe.hpp"

namespace tacit {

struct LBFGSDirection {
  using stage = TransformTag;
  static constexpr std::string_view name = "LBFGSDirection";
  Index memory = 100;                ///< m, pairs kept
  double gradient_tolerance = 1e-7;  ///< in the largest entry
  double change_tolerance = 1e-9;
  double curvature = 1e-10;  ///< least y^T s of a pair

  template <class Archive>
  void persist(Archive& archive) {
    archive("memory", memory);
    archive("gradient_tolerance", gradient_tolerance);
    archive("change_tolerance", change_tolerance);
    archive("curvature", curvature);
  }

  template <Scalar S>
  struct State {
    Matrix<S> ring;             ///< P x 2 (m + 1): s and y of slot k in the columns 2 k and 2 k + 1
    std::vector<double> rho;    ///< 1 / y^T s of each slot
    std::vector<double> a;      ///< of the first loop
    Index pairs = 0, slot = 0;  ///< how many count; the slot of the last theta and gradient
    double gamma = 1, objective = 0;
    bool started = false;

    Index slots() const { return static_cast<Index>(rho.size()); }
    /// The slot of the pair that is `age` pairs older than the newest.
    Index older(Index age) const { return (slot - 1 - age + 2 * slots()) % slots(); }
    S* s(Index k) { return ring.col(2 * k).data(); }
    S* y(Index k) { return ring.col(2 * k + 1).data(); }

    template <class Archive>
    void persist(Archive& archive) {
      archive("pairs", pairs);
      archive("slot", slot);
      archive("gamma", gamma);
      archive("objective", objective);
      archive("started", started);
      archive("rho", rho);
      for (Index age = -1; age < (started ? pairs : -1); ++age)  // age -1: the last theta and gradient
        for (const Index column : {2 * older(age), 2 * older(age) + 1}) {
          Vector<S> numbers = ring.col(column);
          archive("pair", numbers);
          ring.col(column) = numbers;
        }
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(memory > 0, "LBFGSDirection: .memory is ", memory, ", it needs to be at least 1");
    require(gradient_tolerance >= 0, "LBFGSDirection: .gradient_tolerance is ", gradient_tolerance, ", it needs to be at least 0");
    require(change_tolerance >= 0, "LBFGSDirection: .change_tolerance is ", change_tolerance, ", it needs to be at least 0");
    require(curvature >= 0, "LBFGSDirection: .curvature is ", curvature, ", it needs to be at least 0");
    State<S> state;
    state.ring.resize(layout.parameter_count(), 2 * (memory + 1));
    state.rho.resize(static_cast<std::size_t>(memory + 1));
    state.a.resize(static_cast<std::size_t>(memory));
    return state;
  }

  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& u = step.own();
    const double objective = static_cast<double>(step.value.objective);
    double largest = 0;
    if (state.started) {
      const Change change = remember(step.theta, u, state);
      largest = change.gradient;
      if (!(largest <= gradient_tolerance)) {
        if (change.theta <= change_tolerance) return arrive(step, "the last step moved no entry of theta by more than", change_tolerance);
        if (std::abs(objective - state.objective) < change_tolerance)
          return arrive(step, "the last step changed the objective by less than", change_tolerance);
      }
    } else {
      largest = static_cast<double>(u.template lpNorm<Eigen::Infinity>());
    }
    if (largest <= gradient_tolerance) return arrive(step, "no entry of the gradient is above", gradient_tolerance);
    Eigen::Map<Vector<S>>(state.s(state.slot), u.size()) = step.theta;
    Eigen::Map<Vector<S>>(state.y(state.slot), u.size()) = u;
    state.started = true;
    state.objective = objective;
    const double slope = -two_loops(u, step.gradient, state);
    if (slope <= 0 && slope > -change_tolerance) return arrive(step, "the slope along the direction is above minus", change_tolerance);
  }

 private:
  struct Change {
    double theta = 0, gradient = 0;  ///< the largest entries of the last step and of the gradient
  };
  static constexpr Index chunk = 1024;  // numbers that stay in the first-level cache from one operation to the next

  template <Scalar S>
  static void arrive(Step<S>& step, const char* what, double tolerance) {
    step.stall(sentence("L-BFGS: ", what, ' ', tolerance));
    step.arrived = true;
  }

  /// Makes a pair of the slot that holds the last theta and gradient; where it does not count, the slot is free again.
  template <Scalar S>
  Change remember(const Vector<S>& theta, const Vector<S>& g, State<S>& state) const {
    Change change;
    double ys = 0, yy = 0;
    for (Index at = 0; at < g.size(); at += chunk) {
      const Index n = std::min(chunk, g.size() - at);
      Eigen::Map<Vector<S>> s(state.s(state.slot) + at, n), y(state.y(state.slot) + at, n);
      const Eigen::Map<const Vector<S>> now(g.data() + at, n);
      s = theta.segment(at, n) - s;
      y = now - y;
      ys += static_cast<double>(y.dot(s));
      yy += static_cast<double>(y.squaredNorm());
      change.theta = std::max(change.theta, static_cast<double>(s.template lpNorm<Eigen::Infinity>()));
      change.gradient = std::max(change.gradient, static_cast<double>(now.template lpNorm<Eigen::Infinity>()));
    }
    if (!(ys > curvature)) return change;
    state.rho[static_cast<std::size_t>(state.slot)] = 1 / ys;
    state.gamma = ys / yy;
    state.pairs = std::min(state.pairs + 1, memory);
    state.slot = (state.slot + 1) % state.slots();
    return change;
  }
  /// x <- scale * x + c * v, and the new x times w: one pass.
  template <Scalar S>
  static double combine(S scale, Vector<S>& x, double c, const S* v, const S* w) {
    S sum = 0;
    for (Index at = 0; at < x.size(); at += chunk) {
      const Index n = std::min(chunk, x.size() - at);
      const Eigen::Map<const Vector<S>> along(v + at, n), with(w + at, n);
      auto part = x.segment(at, n);
      if (scale != S(1)) part = scale * (part + static_cast<S>(c) * along);
      else part += static_cast<S>(c) * along;
      sum += part.dot(with);
    }
    return static_cast<double>(sum);
  }
  /// u = g becomes H g; returns its product with the gradient.
  template <Scalar S>
  double two_loops(Vector<S>& u, const Vector<S>& gradient, State<S>& state) const {
    const Index m = state.pairs;
    if (m == 0) return static_cast<double>(u.dot(gradient));
    const auto rho = [&](Index age) { return state.rho[static_cast<std::size_t>(state.older(age))]; };
    const auto a = [&](Index age) -> double& { return state.a[static_cast<std::size_t>(age)]; };
    double product = static_cast<double>(u.dot(Eigen::Map<const Vector<S>>(state.s(state.older(0)), u.size())));
    for (Index age = 0; age < m; ++age) {
      a(age) = rho(age) * product;
      const bool last = age + 1 == m;  // then comes gamma, and the second loop
      product = combine(last ? static_cast<S>(state.gamma) : S(1), u, -a(age), state.y(state.older(age)),
                        last ? state.y(state.older(age)) : state.s(state.older(age + 1)));
    }
    for (Index age = m - 1; age >= 0; --age)
      product = combine(S(1), u, a(age) - rho(age) * product, state.s(state.older(age)),
                        age > 0 ? state.y(state.older(age - 1)) : gradient.data());
    return product;
  }
};

struct LBFGSSettings {
  double rate = 1;     ///< first trial of each line search
  Index memory = 100;  ///< pairs kept
  double gradient_tolerance = 1e-7, change_tolerance = 1e-9;
};
/// L-BFGS with a line search for the strong Wolfe conditions, as PyTorch's.
inline auto lbfgs(LBFGSSettings o = {}) {
  return FullGradient{} |
         LBFGSDirection{.memory = o.memory, .gradient_tolerance = o.gradient_tolerance, .change_tolerance = o.change_tolerance} |
         StrongWolfe{.first = o.rate};
}

}  // namespace tacit
