// SPDX-License-Identifier: MIT
#pragma once
// An oracle made of a function, for tests of line searches: value(x, g) returns the value and writes the gradient.

#include <tacit/core/layout.hpp>
#include <tacit/core/value.hpp>

#include <functional>

namespace functions {

using namespace tacit;

class Function {
 public:
  using scalar_type = double;
  using Formula = std::function<double(const Vector<double>&, Vector<double>&)>;
  struct Workspace {
    double gradients = 0, hessian_products = 0, values = 0;
  };
  /// `degree`: of the polynomial along a line, where it is one.
  Function(Index size, Formula formula, Index degree = 0) : formula_(std::move(formula)), degree_(degree) { layout_.add("x", {size}); }

  Workspace workspace() const { return {}; }
  Index dimension() const { return layout_.parameter_count(); }
  const Layout& layout() const { return layout_; }
  Index degree_along_lines() const { return degree_; }
  Value<double> value(In<double> x, Workspace& ws) const {
    ++ws.values;
    Vector<double> g(x.size());
    const double f = formula_(x, g);
    return {f, f};
  }
  Value<double> value_and_gradient(In<double> x, Workspace& ws, Out<double> g) const {
    ++ws.gradients;
    Vector<double> slope(x.size());
    const double f = formula_(x, slope);
    g = slope;
    return {f, f};
  }

 private:
  Layout layout_;
  Formula formula_;
  Index degree_;
};

/// A chain driven by hand: theta, the step and what the oracle was asked.
template <class Optimizer>
struct Drive {
  const Function& f;
  Optimizer optimizer;
  Function::Workspace ws;
  decltype(std::declval<const Optimizer&>().start(std::declval<const Function&>())) state;
  Step<double> step;

  Drive(const Function& function, Vector<double> x, Optimizer o)
      : f(function), optimizer(std::move(o)), state(optimizer.start(function)), step(function.dimension()) {
    step.theta = std::move(x);
  }
  /// False where no step is taken.
  bool operator()() {
    optimizer.step(f, ws, step, state);
    if (step.stalled) return false;
    Vector<double> next;
    step.apply(next);
    step.theta = next;
    ++step.iteration;
    return true;
  }
  /// Gradient at theta, not counted.
  Vector<double> gradient_at(const Vector<double>& x, double* value = nullptr) const {
    Function::Workspace apart;
    Vector<double> g(x.size());
    const double v = f.value_and_gradient(x, apart, g).objective;
    if (value) *value = v;
    return g;
  }
};

}  // namespace functions
