// SPDX-License-Identifier: MIT
#pragma once
// Probes of the Hessian of the objective along a run, on Hessian-vector products alone; each with its error in a column of its own:
//   sharpness()           sharpness, sharpness_residual                    lambda_max; some eigenvalue lies within the residual of it
//   stability_margin()    stability_margin, stability_margin_error         2 / (rate lambda_max): gradient descent is stable above 1;
//                                                                          infinite where no eigenvalue is positive
//   hessian_spectrum(k)   hessian_eigenvalue_1, hessian_residual_1, ...    the k largest, largest first
//   least_eigenvalue()    least_eigenvalue, least_eigenvalue_residual      negative at a strict saddle: a negative value is a proof
//   hessian_trace()       hessian_trace, hessian_trace_error               by XTrace or, on flat spectra, Hutchinson's estimator,
//                                                                          with its standard error (analysis/trace.hpp)
//
//   Trajectory history(loss, stability_margin(), hessian_spectrum(3));     train(..., every(100, history));
//
// The pairs are followed: each call starts from the last vectors and from the Ritz vector behind them, which draws near to the next
// eigenvector from call to call, so that one that overtakes is not missed. A call then takes a few products instead of some forty, on what
// the optimizer's evaluation left in the run's workspace. A pair that does not converge in `.products` shows it by its residual. The rate
// is that of the step, lr/s under GroupRMSprop; for momentum and for Adam's metric see optimizer/preconditioner.hpp. A probe keeps
// 2 P (2 k + 40) numbers.

#include <array>

#include "../analysis/eigenpairs.hpp"
#include "../analysis/trace.hpp"
#include "../optimizer/chain.hpp"
#include "probe.hpp"

namespace tacit {

struct TrackingSettings {
  double tolerance = 1e-3;  ///< on residuals, relative to the largest |eigenvalue| seen
  Index products = 200;     ///< at most this many at a call
  Index basis = 0;          ///< vectors kept; 0: 2 k + 40
  std::uint64_t seed = 1;   ///< of random vectors
};

namespace detail {

/// The Hessian at a Snapshot for solvers in double, whatever the run computes in.
template <class P>
struct SnapshotHessian {
  using S = typename P::scalar_type;
  using Scalar = double;
  const Snapshot<P>& now;
  Index rows() const { return now.theta().size(); }
  void perform_op(const double* x, double* y) const {
    const Eigen::Map<const Vector<double>> v(x, rows());
    Eigen::Map<Vector<double>> hv(y, rows());
    if constexpr (std::is_same_v<S, double>) {
      now.hessian_times(v, hv);
    } else {
      Vector<S> out(rows());
      now.hessian_times(v.template cast<S>(), out);
      hv = out.template cast<double>();
    }
  }
};
template <class P>
SnapshotHessian<P> hessian_of(const char* who, const Snapshot<P>& now) {
  if constexpr (has_hessian_products<P>) {
    require(offers_hessian_products(now.problem()), who, ": it needs Hessian-vector products, which this problem does not offer");
    return {now};
  } else {
    return refuse_model<SnapshotHessian<P>>(who, "Hessian-vector products (hessian_times_linearized)");
  }
}

/// The k largest eigenpairs of sign * H, followed along a run.
class TrackedPairs {
 public:
  TrackedPairs(const char* who, Index k, const TrackingSettings& settings, double sign = 1)
      : who_(who), k_(k), settings_(settings), sign_(sign) {
    require(k >= 1, who, ": ", k, " pairs are asked for, it needs to be at least 1");
    require(settings.tolerance >= 0, who, ": .tolerance is ", settings.tolerance, ", it needs to be 0 or more");
    require(settings.products >= 1, who, ": .products is ", settings.products, ", it needs to be at least 1");
  }
  template <class P>
  const LanczosPairs<double>& at(const Snapshot<P>& now) {
    const auto hessian = hessian_of(who_, now);
    require(k_ <= hessian.rows(), who_, ": ", k_, " pairs are asked for, the model has ", hessian.rows(), " parameters");
    begin(hessian.rows());
    if constexpr (has_hessian_products<P>)
      pairs_.improve(
          [&](In<double> v, Out<double> hv) {
            hessian.perform_op(v.data(), hv.data());
            if (sign_ < 0) hv = -hv;
          },
          std::max(settings_.tolerance, 64.0 * static_cast<double>(std::numeric_limits<typename P::scalar_type>::epsilon())),
          settings_.products);
    return pairs_;
  }
  template <class Archive>
  void persist(Archive& archive) {
    Index parameters = pairs_.parameters();
    archive("parameters", parameters);
    if (parameters == 0) pairs_ = {};
    else begin(parameters), archive("pairs", pairs_);
  }

 private:
  void begin(Index parameters) {
    if (pairs_.parameters() != parameters)
      pairs_ = LanczosPairs<double>(
          parameters, k_, LanczosPairs<double>::room(parameters, k_, settings_.basis ? settings_.basis : 2 * k_ + 40), settings_.seed);
  }
  const char* who_;
  Index k_;
  TrackingSettings settings_;
  double sign_;
  LanczosPairs<double> pairs_;
};

}  // namespace detail

/// One end of the spectrum, in the columns `name` and `name`_residual.
class ExtremeEigenvalueProbe {
 public:
  ExtremeEigenvalueProbe(const char* name, double sign, const TrackingSettings& settings)
      : name_(name), sign_(sign), pairs_(name, 1, settings, sign) {}
  std::string name() const { return name_; }
  std::string column(Index k) const { return k == 0 ? name() : name() + "_residual"; }
  std::array<double, 2> operator()(const auto& now) {
    const auto& pairs = pairs_.at(now);
    return {sign_ * pairs.value(0), pairs.residual(0)};
  }
  template <class Archive>
  void persist(Archive& archive) {
    archive("pairs", pairs_);
  }

 private:
  const char* name_;
  double sign_;
  detail::TrackedPairs pairs_;
};
inline ExtremeEigenvalueProbe sharpness(const TrackingSettings& settings = {}) { return {"sharpness", 1, settings}; }
inline ExtremeEigenvalueProbe least_eigenvalue(const TrackingSettings& settings = {}) { return {"least_eigenvalue", -1, settings}; }

class StabilityMarginProbe {
 public:
  explicit StabilityMarginProbe(const TrackingSettings& settings) : pairs_("stability_margin", 1, settings) {}
  std::string name() const { return "stability_margin"; }
  std::string column(Index k) const { return k == 0 ? "stability_margin" : "stability_margin_error"; }
  std::array<double, 2> operator()(const auto& now) {
    const auto& pairs = pairs_.at(now);
    const double sharpest = pairs.value(0), step = now.rate();
    if (!(sharpest > 0) || !(step > 0)) return {std::numeric_limits<double>::infinity(), 0};
    const double margin = 2 / (step * sharpest);
    return {margin, margin * pairs.residual(0) / sharpest};
  }
  template <class Archive>
  void persist(Archive& archive) {
    archive("pairs", pairs_);
  }

 private:
  detail::TrackedPairs pairs_;
};
inline StabilityMarginProbe stability_margin(const TrackingSettings& settings = {}) { return StabilityMarginProbe(settings); }

class HessianSpectrumProbe {
 public:
  HessianSpectrumProbe(Index k, const TrackingSettings& settings) : k_(k), pairs_("hessian_spectrum", k, settings) {}
  std::string name() const { return "hessian_spectrum"; }
  std::string column(Index c) const { return sentence(c % 2 == 0 ? "hessian_eigenvalue_" : "hessian_residual_", c / 2 + 1); }
  std::vector<double> operator()(const auto& now) {
    const auto& pairs = pairs_.at(now);
    std::vector<double> row;
    for (Index i = 0; i < k_; ++i) row.push_back(pairs.value(i)), row.push_back(pairs.residual(i));
    return row;
  }
  template <class Archive>
  void persist(Archive& archive) {
    archive("pairs", pairs_);
  }

 private:
  Index k_;
  detail::TrackedPairs pairs_;
};
inline HessianSpectrumProbe hessian_spectrum(Index k, const TrackingSettings& settings = {}) { return {k, settings}; }

/// The same signs at every call: what changes along a run is then not their noise.
class HessianTraceProbe {
 public:
  explicit HessianTraceProbe(const TraceSettings& settings) : settings_(settings) {}
  std::string name() const { return "hessian_trace"; }
  std::string column(Index k) const { return k == 0 ? "hessian_trace" : "hessian_trace_error"; }
  template <class P>
  std::array<double, 2> operator()(const Snapshot<P>& now) const {
    const auto hessian = detail::hessian_of("hessian_trace", now);
    if constexpr (detail::has_hessian_products<P>) {
      const TraceEstimate trace = hessian_trace(hessian, settings_);
      return {trace.value, trace.standard_error};
    }
    return {};
  }

 private:
  TraceSettings settings_;
};
inline HessianTraceProbe hessian_trace(const TraceSettings& settings = {}) { return HessianTraceProbe(settings); }

}  // namespace tacit
