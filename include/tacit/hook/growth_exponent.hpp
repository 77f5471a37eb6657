// SPDX-License-Identifier: MIT
#pragma once
// How fast a component grows for how large it is: the exponent e of  d|T_r|/dt = c |T_r|^e <-grad l, T_r / |T_r|>, fitted to a run by least squares of
// log| (d|T_r|/dt) / <-grad l, T_r / |T_r|> | on log|T_r|. Under balance the flow has e = 2 - 2/K, K the blocks multiplied in a component, and c = K.
//                                                                               [Razin et al. 2021, 2022; Hariz et al. 2022 leave e open, hence the fit]
//   GrowthExponent growth(component_growth, {.from = 1e-3, .to = 0.1});     train(..., every(10, growth));     std::cout << growth.fit();
// fits the component that ends as the largest, growth.fit(r) component r. Of a recorded run, a Trajectory or its CSV file read back, that has the columns:
//   Trajectory history(flow_time, growth_columns(component_growth));
//   fit_growth(history, {.norm = "growth_norm_1", .alignment = "growth_alignment_1"}, {.from = 1e-3, .to = 0.1});
// and so for singular values with the alignments of hook/singular_value_velocity.hpp, {.norm = "sigma_1", .alignment = "sigma_alignment_1"}.
//
// The growth is the difference of two records over their flow time, set beside the means of both; records where a norm lies outside (from, to), or where the
// alignment changes sign, are left out. Records are what it is called with: fine enough for differences, coarse enough for rounding.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "probe.hpp"
#include "trajectory_columns.hpp"

namespace tacit {

/// log y = exponent log x + log prefactor, with the exponent's standard error.
struct PowerLaw {
  double exponent = 0, standard_error = 0, prefactor = 0;
  Index points = 0;
  friend std::ostream& operator<<(std::ostream& out, const PowerLaw& fit) {
    return out << "exponent " << fit.exponent << " +- " << fit.standard_error << ", prefactor " << fit.prefactor << " (" << fit.points
               << " points)";
  }
};
/// Least squares in logarithms; needs three points of positive numbers.
inline PowerLaw fit_power_law(const std::vector<double>& x, const std::vector<double>& y) {
  require(x.size() == y.size(), "fit_power_law: got ", x.size(), " and ", y.size(), " numbers");
  require(x.size() >= 3, "fit_power_law: ", x.size(), " points, an exponent with its error needs at least 3");
  const double n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, residual = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    require(x[k] > 0 && y[k] > 0, "fit_power_law: point ", k, " is (", x[k], ", ", y[k], "), a power law has positive numbers");
    mean_x += std::log(x[k]) / n;
    mean_y += std::log(y[k]) / n;
  }
  for (std::size_t k = 0; k < x.size(); ++k) {
    xx += std::pow(std::log(x[k]) - mean_x, 2);
    xy += (std::log(x[k]) - mean_x) * (std::log(y[k]) - mean_y);
  }
  require(xx > 0, "fit_power_law: all x are equal");
  const double slope = xy / xx;
  for (std::size_t k = 0; k < x.size(); ++k) residual += std::pow(std::log(y[k]) - mean_y - slope * (std::log(x[k]) - mean_x), 2);
  return {slope, std::sqrt(residual / (n - 2) / xx), std::exp(mean_y - slope * mean_x), static_cast<Index>(x.size())};
}

struct GrowthWindow {
  double from = 0, to = std::numeric_limits<double>::infinity();  ///< of the component's norm
};

namespace detail {
/// Of the records of one component.
inline PowerLaw fit_growth(const std::vector<double>& time, const std::vector<double>& norms, const std::vector<double>& alignments,
                           const GrowthWindow& window) {
  std::vector<double> x, y;
  for (std::size_t k = 1; k < time.size(); ++k) {
    const double before = norms[k - 1], after = norms[k], pull = alignments[k - 1], push = alignments[k];
    if (!(std::min(before, after) > window.from && std::max(before, after) < window.to) || !(pull * push > 0) || before == after) continue;
    x.push_back((before + after) / 2);
    y.push_back(std::abs((after - before) / (time[k] - time[k - 1]) / ((pull + push) / 2)));
  }
  return fit_power_law(x, y);
}
}  // namespace detail

/// The columns of a recorded run that hold a component's norm and its alignment <-grad l, unit component>.
struct GrowthColumns {
  std::string norm = "growth_norm_1", alignment = "growth_alignment_1";
  std::string time = "flow_time";  ///< of the flow: iterations where the rate is constant, the prefactor is then c times the rate
};
template <class Record>
PowerLaw fit_growth(const Record& record, const GrowthColumns& columns = {}, const GrowthWindow& window = {}) {
  detail::require_columns("fit_growth", record, {columns.time, columns.norm, columns.alignment});
  return detail::fit_growth(detail::time_of("fit_growth", record, columns.time), detail::column_of(record, columns.norm),
                            detail::column_of(record, columns.alignment), window);
}

/// `components` returns the pair of Vectors norms, alignments <-grad l, unit component> of a Snapshot.
template <class Components>
class GrowthExponent {
 public:
  explicit GrowthExponent(Components components, GrowthWindow window = {}) : components_(std::move(components)), window_(window) {}

  void operator()(const auto& now) {
    if (!time_.empty() && time_.back() == now.flow_time()) return;  // the closing Snapshot of the same theta
    const auto [norms, alignments] = components_(now);
    count_ = static_cast<std::size_t>(norms.size());
    time_.push_back(now.flow_time());
    for (auto norm : norms) norms_.push_back(static_cast<double>(norm));
    for (auto alignment : alignments) alignments_.push_back(static_cast<double>(alignment));
  }
  /// Of the component that ends as the largest.
  PowerLaw fit() const {
    require(count_ > 0, "GrowthExponent: nothing was recorded");
    return fit(static_cast<Index>(std::max_element(norms_.end() - static_cast<std::ptrdiff_t>(count_), norms_.end()) - norms_.begin()) %
               static_cast<Index>(count_));
  }
  PowerLaw fit(Index r) const {
    require(r >= 0 && r < static_cast<Index>(count_), "GrowthExponent: component ", r, " is asked for, ", count_, " were recorded");
    std::vector<double> norms, alignments;
    for (std::size_t at = static_cast<std::size_t>(r); at < norms_.size(); at += count_) {
      norms.push_back(norms_[at]);
      alignments.push_back(alignments_[at]);
    }
    return detail::fit_growth(time_, norms, alignments, window_);
  }
  template <class Archive>
  void persist(Archive& archive) {
    std::int64_t count = static_cast<std::int64_t>(count_);
    archive("count", count);
    count_ = static_cast<std::size_t>(count);
    archive("time", time_);
    archive("norms", norms_);
    archive("alignments", alignments_);
  }

 private:
  Components components_;
  GrowthWindow window_;
  std::size_t count_ = 0;
  std::vector<double> time_, norms_, alignments_;  // a row a call
};

namespace detail {
struct ComponentGrowth {
  auto operator()(const auto& now) const {
    if constexpr (requires { now.model().component_alignments(now.theta(), now.gradient()); })
      return std::pair(now.model().component_norms(now.theta()), now.model().component_alignments(now.theta(), now.gradient()));
    else return refuse_model<std::pair<Vector<double>, Vector<double>>>("component_growth", "components");
  }
};
}  // namespace detail
/// Components of a CP or deep CP.
inline constexpr detail::ComponentGrowth component_growth{};
/// Local components of a hierarchical factorization, at the node above these modes.
inline auto local_component_growth(std::vector<Index> modes) {
  return [modes = std::move(modes)](const auto& now) {
    if constexpr (requires { now.model().node_of(modes); }) {
      const Index v = now.model().node_of(modes);
      return std::pair(now.model().local_component_norms(now.theta(), v),
                       now.model().local_component_alignments(now.theta(), now.gradient(), v));
    } else {
      return detail::refuse_model<std::pair<Vector<double>, Vector<double>>>("local_component_growth", "tree of modes");
    }
  };
}

/// The same as columns of a Trajectory, growth_norm_1, growth_alignment_1, growth_norm_2, ..., every component in its place; fit_growth reads them.
template <class Components>
class GrowthProbe {
 public:
  explicit GrowthProbe(Components components) : components_(std::move(components)) {}
  std::string name() const { return "growth"; }
  std::string column(Index c) const { return sentence(c % 2 == 0 ? "growth_norm_" : "growth_alignment_", c / 2 + 1); }
  std::vector<double> operator()(const auto& now) const {
    const auto [norms, alignments] = components_(now);
    std::vector<double> row;
    for (Index r = 0; r < norms.size(); ++r) row.insert(row.end(), {static_cast<double>(norms[r]), static_cast<double>(alignments[r])});
    return row;
  }

 private:
  Components components_;
};
template <class Components>
GrowthProbe<Components> growth_columns(Components components) {
  return GrowthProbe<Components>(std::move(components));
}

}  // namespace tacit
