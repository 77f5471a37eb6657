// SPDX-License-Identifier: MIT
#pragma once
// A probe is a named function of a Snapshot that returns a number or a vector of numbers: one column of a Trajectory, or several.
//   probe("gap", [&](const auto& now) { return now.loss() - floor; })
// makes one from a lambda. The probes that need nothing but the Snapshot are here; spectra are in spectrum.hpp, structure of factors in factors.hpp.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../observation/data.hpp"
#include "snapshot.hpp"

namespace tacit {

template <class T>
concept Named = requires(const T t) {
  { t.name() } -> std::convertible_to<std::string>;
};

template <class F>
class Probe {
 public:
  Probe(std::string name, F f) : name_(std::move(name)), f_(std::move(f)) {}
  const std::string& name() const { return name_; }
  decltype(auto) operator()(const auto& now) { return f_(now); }

 private:
  std::string name_;
  F f_;
};

/// One's own column.
template <class F>
Probe<F> probe(std::string name, F f) {
  require(!name.empty(), "probe: the name is empty, a column needs one");
  return {std::move(name), std::move(f)};
}

/// Several columns, with names of their own: f returns as many numbers.
template <class F>
class ColumnsProbe {
 public:
  ColumnsProbe(std::string name, std::vector<std::string> columns, F f)
      : name_(std::move(name)), columns_(std::move(columns)), f_(std::move(f)) {}
  const std::string& name() const { return name_; }
  const std::string& column(Index k) const {
    require(k < static_cast<Index>(columns_.size()), "probe: ", name_, " returned more numbers than its ", columns_.size(), " columns");
    return columns_[static_cast<std::size_t>(k)];
  }
  decltype(auto) operator()(const auto& now) { return f_(now); }

 private:
  std::string name_;
  std::vector<std::string> columns_;
  F f_;
};
template <class F>
ColumnsProbe<F> probe(std::string name, std::vector<std::string> columns, F f) {
  require(!name.empty(), "probe: the name is empty, a column needs one");
  return {std::move(name), std::move(columns), std::move(f)};
}

namespace detail {
/// A probe without state, so that it can be a constant: name and function from a type.
template <class Def>
struct FixedProbe {
  std::string name() const { return Def::name; }
  auto operator()(const auto& now) const { return Def::of(now); }
};
}  // namespace detail

namespace detail {
/// A probe that looks at a part of a model refuses, when it is asked, a model without it:  return refuse_model("slice_norms", "core tensor").
template <class T = Vector<double>>
[[noreturn]] T refuse_model(const char* who, const char* what) {
  throw std::invalid_argument(sentence(who, ": the model of this run has no ", what, ", which the probe looks at"));
}
}  // namespace detail

// Each line: the name of the column, and its formula.
#define TACIT_PROBE(id, expression)                        \
  namespace detail {                                       \
  struct id##_definition {                                 \
    static constexpr const char* name = #id;               \
    static auto of(const auto& now) { return expression; } \
  };                                                       \
  }                                                        \
  inline constexpr detail::FixedProbe<detail::id##_definition> id {}

TACIT_PROBE(loss, now.loss());                    ///< data loss on all observations
TACIT_PROBE(objective, now.objective());          ///< data loss and penalties
TACIT_PROBE(drawn_loss, now.drawn().loss);        ///< what the source saw: a minibatch's loss
TACIT_PROBE(gradient_norm, now.gradient_norm());  ///< |grad objective|
TACIT_PROBE(gradient_rms, now.gradient_norm() / std::sqrt(static_cast<double>(now.theta().size())));
TACIT_PROBE(parameter_norm, now.parameter_norm());  ///< |theta|
TACIT_PROBE(parameter_rms, now.parameter_norm() / std::sqrt(static_cast<double>(now.theta().size())));
TACIT_PROBE(frobenius_norm, detail::norm(now.values()));        ///< |W|_F, from the dense W
TACIT_PROBE(rate, now.rate());                                  ///< the applied rate (lr/s under GroupRMSprop)
TACIT_PROBE(flow_time, now.flow_time());                        ///< sum of the applied rates
TACIT_PROBE(wall_time, now.wall_time());                        ///< seconds
TACIT_PROBE(gradient_evaluations, now.gradient_evaluations());  ///< in passes over the data
TACIT_PROBE(hessian_products, now.hessian_products());
#undef TACIT_PROBE

/// |W - truth|_F / |truth|_F, the normalised reconstruction error.                                    [Razin et al. 2020-2022]
template <Scalar S>
auto error_to(const Matrix<S>& truth) {
  const S norm_of_truth = detail::norm(truth.data(), truth.size());
  require(truth.size() > 0 && norm_of_truth > 0, "error_to: the truth is empty or zero");
  return probe("relative_error", [truth = std::make_shared<const Matrix<S>>(truth), norm = norm_of_truth](const auto& now) {
    const auto& W = now.end_to_end();
    require(W.rows() == truth->rows() && W.cols() == truth->cols(), "error_to: the truth is ", truth->rows(), " x ", truth->cols(),
            ", W is ", W.rows(), " x ", W.cols());
    return detail::distance(W.data(), truth->data(), W.size()) / norm;
  });
}
/// Mean over all entries, observed included, of (W - truth)^2.                                 [Arora et al. 2019, "test MSE"]
template <Scalar S>
auto mean_square_error_to(const Matrix<S>& truth) {
  return probe("mean_square_error", [truth = std::make_shared<const Matrix<S>>(truth)](const auto& now) {
    const auto& W = now.end_to_end();
    require(W.rows() == truth->rows() && W.cols() == truth->cols(), "mean_square_error_to: the truth is ", truth->rows(), " x ",
            truth->cols(), ", W is ", W.rows(), " x ", W.cols());
    return detail::mean_square(W - *truth);
  });
}

/// Root mean square error on held-out data, at observed entries only.
template <class Model, Scalar S, class O>
auto rmse_on(std::string name, const Model& model, Data<S, O> data) {
  // A copy of the probe shares the data, but has buffers of its own: it may belong to a run on another thread.
  auto held = std::make_shared<const Data<S, O>>(std::move(data));
  return probe(std::move(name), [model, held, ws = model.workspace(held->where), z = Vector<S>(held->count())](const auto& now) mutable {
    require(now.theta().size() == model.parameter_count(), "rmse_on: its model has ", model.parameter_count(), " parameters, theta ",
            now.theta().size());
    model.evaluate(now.theta(), held->where, ws, z);
    return detail::root_mean_square(z - held->y);
  });
}

/// W(i, j) along the run, from the dense W.
inline auto entry(Index row, Index col) {
  return probe(sentence("W_", row, "_", col), [row, col](const auto& now) {
    const auto& W = now.end_to_end();
    require(row >= 0 && row < W.rows() && col >= 0 && col < W.cols(), "entry: (", row, ", ", col, ") lies outside the ", W.rows(), " x ",
            W.cols(), " matrix");
    return W(row, col);
  });
}

/// (sum |W_i|^p)^(1/p) over all entries of W, p > 0: a norm for p >= 1 (l1: p = 1), a quasi-norm below.
inline auto lp_norm(double p) {
  require(p > 0 && std::isfinite(p), "lp_norm: p is ", p, ", it needs to be positive and finite");
  return probe(sentence("lp_norm_", p), [p](const auto& now) { return detail::p_norm(now.values(), p); });
}

/// |theta - reference|.
template <Scalar S>
auto distance_to(const Vector<S>& reference) {
  return probe("distance", [reference](const auto& now) {
    require(reference.size() == now.theta().size(), "distance_to: the reference has ", reference.size(), " parameters, theta ",
            now.theta().size());
    return detail::distance(now.theta().data(), reference.data(), reference.size());
  });
}

}  // namespace tacit
