// SPDX-License-Identifier: MIT
#pragma once
// Which columns of a matrix are fitted by their logarithm or logit (observation/transform.hpp)? One decision for all methods, after that on scales (choose_scaling.hpp).
// Candidates are columns of at least 20 entries: by the logarithm, of values above 0 (log1p where there are zeros) that differ by 3 x at least and are less skew on that
// scale; by the logit, of values inside a range that is known, or (0, 10^k) where they come within a tenth of both its ends, as shares and percentages do.
// The pilot of choose_scaling.hpp fits the columns as they are and by each candidate, on up to ten parts as validation entries; errors are in the units of the data. A
// column is transformed where that lowers its mean absolute error by more than two standard errors of the paired difference and its mean square error, which hangs on a
// few large values, by more than half of one. In the end these together, or else those of two standard errors in both alone, have to lower both errors of the whole
// table by more than two, else there are none.
// Duan's smearing factor is used in a column where predictions of entries that it was not taken from have a lower square error with it.
// All of this is the same for a column in other units (a factor; for the logit a power of ten). Tables of more than 200,000 entries are judged by a part of their rows.

#include "choose_scaling.hpp"
#include "completion_result.hpp"

namespace tacit {

namespace detail {

/// Third central moment over the cube of the standard deviation.
inline double skewness(const std::vector<double>& x) {
  double mean = 0, second = 0, third = 0;
  for (const double v : x) mean += v / static_cast<double>(x.size());
  for (const double v : x) second += (v - mean) * (v - mean), third += (v - mean) * (v - mean) * (v - mean);
  const auto n = static_cast<double>(x.size());
  return second > 0 ? third / n / std::pow(second / n, 1.5) : 0;
}

/// Transforms that the values of one column, sorted, allow.
struct ColumnValues {
  std::vector<double> sorted;

  bool between(double low, double high) const { return !sorted.empty() && sorted.front() > low && sorted.back() < high; }
  Transform log() const {
    if (sorted.empty() || sorted.front() < 0 || sorted.back() == 0) return {};
    if (sorted.front() > 0) return {.kind = TransformKind::log};
    const auto first = static_cast<std::size_t>(std::upper_bound(sorted.begin(), sorted.end(), 0.0) - sorted.begin());
    return {.kind = TransformKind::log1p, .unit = sorted[first + (sorted.size() - first) / 10]};
  }
  Transform logit(double low, double high) const {
    return between(low, high) ? Transform{.kind = TransformKind::logit, .low = low, .high = high} : Transform{};
  }
  /// The logarithm, where it is worth a trial.
  Transform likely_log() const {
    const Transform by = log();
    const auto positive = std::upper_bound(sorted.begin(), sorted.end(), 0.0);
    if (by.kind == TransformKind::none || sorted.size() < 20 || sorted.back() < 3 * *positive) return {};
    std::vector<double> t;
    for (const double x : sorted) t.push_back(by.to(x));
    return std::abs(skewness(t)) < std::abs(skewness(sorted)) ? by : Transform{};
  }
  Transform likely_logit() const {
    if (sorted.size() < 20 || !(sorted.front() > 0)) return {};
    const double high = std::pow(10.0, std::ceil(std::log10(sorted.back())));
    const double some = 0.02 * static_cast<double>(sorted.size());
    const auto low_end = static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), 0.1 * high) - sorted.begin()),
               high_end = static_cast<double>(sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), 0.9 * high));
    return low_end >= some && high_end >= some ? logit(0, high) : Transform{};
  }
};
inline std::vector<ColumnValues> values_of_columns(const Data<double>& data) {
  std::vector<ColumnValues> columns(static_cast<std::size_t>(data.where.cols()));
  for (Index k = 0; k < data.count(); ++k) columns[static_cast<std::size_t>(data.where.col()[k])].sorted.push_back(data.y[k]);
  for (ColumnValues& column : columns) std::sort(column.sorted.begin(), column.sorted.end());
  return columns;
}
inline const ColumnRange* range_of(const TransformSettings& asked, Index column) {
  for (const ColumnRange& range : asked.ranges)
    if (range.column == column) return &range;
  return nullptr;
}

/// What a column is asked for, whose values have to allow it; and all of them, where theirs do.
inline std::vector<Transform> asked_transforms(const std::vector<ColumnValues>& values, const TransformSettings& asked) {
  std::vector<Transform> by(values.size());
  const auto logit_of = [&](std::size_t j) {
    if (const ColumnRange* range = range_of(asked, static_cast<Index>(j))) return values[j].logit(range->low, range->high);
    return values[j].between(0, 1) ? values[j].logit(0, 1) : values[j].logit(0, 100);
  };
  for (std::size_t j = 0; j < values.size(); ++j) {
    if (asked.all == TransformSettings::Which::log) by[j] = values[j].log();
    if (asked.all == TransformSettings::Which::logit) by[j] = logit_of(j);
  }
  for (const auto& [column, kind] : asked.columns) {
    require(column >= 0 && column < static_cast<Index>(values.size()), "complete: a transform is asked for column ", column,
            ", there are 0 to ", values.size() - 1);
    const auto j = static_cast<std::size_t>(column);
    by[j] = kind == TransformKind::none ? Transform{} : kind == TransformKind::logit ? logit_of(j) : values[j].log();
    if (kind == TransformKind::none || by[j].kind != TransformKind::none) continue;
    const ColumnRange* range = range_of(asked, column);
    const std::string name = j < asked.names.size() ? asked.names[j] : std::to_string(column);
    require(!values[j].sorted.empty(), "complete: column ", name, " is to be fitted by its ", name_of(kind), ", but it has no entries");
    require(false, "complete: column ", name, " cannot be fitted by its ", name_of(kind), ": its values lie between ",
            values[j].sorted.front(), " and ", values[j].sorted.back(),
            kind != TransformKind::logit ? std::string(", and all need to be at least 0, one above it")
            : range                      ? sentence(", and all need to lie inside of its range, ", range->low, " to ", range->high)
                                         : std::string(", and no range is known in which all lie, as 0 to 1 or 0 to 100 for shares"));
  }
  return by;
}

/// Predictions of the pilot on all validation parts.
struct PilotTrial {
  std::vector<Transform> by;   // of columns
  std::vector<Index> column;   // of each validation entry
  std::vector<double> y, t;    // its value, and its prediction as transformed
  std::vector<double> square;  // of its error over the spread of its column

  /// Smearing factors where they help, and errors.
  void finish(const Vector<double>& spread) {
    std::vector<double> sum(by.size(), 0), count(by.size(), 0), without(by.size(), 0), with(by.size(), 0);
    const auto smeared = [&](std::size_t j) {
      return (by[j].kind == TransformKind::log || by[j].kind == TransformKind::log1p) && count[j] >= 10;
    };
    std::vector<double> factor;
    for (std::size_t k = 0; k < y.size(); ++k) {
      const auto j = static_cast<std::size_t>(column[k]);
      factor.push_back(std::exp(std::clamp(by[j].to(y[k]) - t[k], -15.0, 15.0)));
      sum[j] += factor[k], ++count[j];
    }
    for (std::size_t k = 0; k < y.size(); ++k) {
      const auto j = static_cast<std::size_t>(column[k]);
      if (!smeared(j)) continue;
      without[j] += std::pow(y[k] - by[j].from(t[k]), 2);
      with[j] += std::pow(y[k] - by[j].from(t[k] + std::log((sum[j] - factor[k]) / (count[j] - 1))), 2);
    }
    for (std::size_t j = 0; j < by.size(); ++j) by[j].shift = smeared(j) && with[j] < without[j] ? std::log(sum[j] / count[j]) : 0;
    for (std::size_t k = 0; k < y.size(); ++k) {
      const auto j = static_cast<std::size_t>(column[k]);
      const double own = by[j].shift == 0 ? 0 : std::log((sum[j] - factor[k]) / (count[j] - 1));
      square.push_back(std::pow((y[k] - by[j].from(t[k] + own)) / spread[column[k]], 2));
    }
  }
};

class TransformChoice {
 public:
  TransformChoice(const Data<double>& data, const ScalingChoice& choice, const Holdout& holdout, double share, std::uint64_t seed,
                  const Pace& pace)
      : choice_(choice), seed_(seed), pace_(pace), parts_(pilot_parts(some_rows(data, 200'000, seed), 1, holdout, share, seed)) {
    Vector<double> centre;
    centre_and_scale(data, 1, centre, spread_);
  }

  PilotTrial trial(const std::vector<Transform>& by) const {
    PilotTrial trial{by, {}, {}, {}, {}};
    const bool any = std::any_of(by.begin(), by.end(), [](const Transform& one) { return one.kind != TransformKind::none; });
    const std::vector<Index> modes = any && choice_.modes.empty() ? std::vector<Index>{1} : choice_.modes;
    for (std::size_t d = 0; d < parts_.size(); ++d) {
      const auto& [train, test] = parts_[d];
      const Scales scales = any ? scales_of(train, modes, by) : scales_of(train, modes);
      const Vector<double> residual = pilot_residuals(train, test, scales, seed_ + d, pace_);
      for (Index k = 0; k < residual.size(); ++k) {
        const Scales::Unit u = scales.unit(test.where, k);
        const double t = u.by ? u.by->to(test.y[k]) : test.y[k];
        trial.column.push_back(test.where.col()[k]);
        trial.y.push_back(test.y[k]);
        trial.t.push_back(t - u.scale * residual[k]);
      }
    }
    trial.finish(spread_);
    return trial;
  }
  /// How clearly a trial is better than another one in the whole table, by the errors that methods are judged by.
  double gain(const PilotTrial& now, const PilotTrial& other) const {
    Significance square, absolute;
    for (std::size_t k = 0; k < now.square.size(); ++k) {
      const double unit = choice_.by_spread ? 1 : spread_[now.column[k]];
      square.add(unit * unit * (now.square[k] - other.square[k]));
      absolute.add(unit * (std::sqrt(now.square[k]) - std::sqrt(other.square[k])));
    }
    return absolute.ratio() > 2 ? square.ratio() : 0;
  }

 private:
  const ScalingChoice& choice_;
  std::uint64_t seed_;
  const Pace& pace_;
  std::vector<TrainTest<double>> parts_;
  Vector<double> spread_;
};

}  // namespace detail

/// `data` without constant columns, and everything else as choose_scaling has it, whose `choice` gets the transforms, and scales of columns where it had none.
inline void choose_transforms(const Data<double>& data, const TransformSettings& asked, ScalingChoice& choice, bool keep_plain,
                              const Holdout& holdout, double validation, std::uint64_t seed, const Pace& pace = {}) {
  using Which = TransformSettings::Which;
  if (asked.columns.empty() && (asked.all == Which::none || (keep_plain && asked.all == Which::automatic))) return;
  const std::vector<detail::ColumnValues> values = detail::values_of_columns(data);
  std::vector<Transform> by = detail::asked_transforms(values, asked);
  std::vector<char> fixed(by.size(), asked.all != Which::automatic);
  for (const auto& column : asked.columns) fixed[static_cast<std::size_t>(column.first)] = 1;
  const auto any = [](const std::vector<Transform>& list) {
    return std::any_of(list.begin(), list.end(), [](const Transform& one) { return one.kind != TransformKind::none; });
  };
  std::vector<std::vector<Transform>> families(2, by);  // logarithms, and logits
  std::vector<char> candidate(by.size(), 0);
  for (std::size_t j = 0; j < by.size() && !keep_plain; ++j) {
    if (fixed[j]) continue;
    const ColumnRange* range = detail::range_of(asked, static_cast<Index>(j));
    families[0][j] = values[j].likely_log();
    families[1][j] = range && values[j].sorted.size() >= 20 ? values[j].logit(range->low, range->high) : values[j].likely_logit();
    candidate[j] = families[0][j].kind != TransformKind::none || families[1][j].kind != TransformKind::none;
  }
  const bool tried = std::find(candidate.begin(), candidate.end(), 1) != candidate.end();
  if (!tried && !any(by)) return;
  const detail::TransformChoice pilot(data, choice, holdout, validation, seed, pace);
  detail::PilotTrial now = pilot.trial(by);
  std::vector<Transform> chosen = now.by;
  if (tried) {
    std::vector<Transform> likely = now.by, clear = now.by;
    std::vector<double> best(by.size(), 0);
    for (const auto& family : families) {
      if (!any(family)) continue;
      const detail::PilotTrial other = pilot.trial(family);
      std::vector<detail::Significance> gain(by.size()), absolute(by.size());
      for (std::size_t k = 0; k < now.square.size(); ++k) {
        const auto j = static_cast<std::size_t>(now.column[k]);
        gain[j].add(now.square[k] - other.square[k]);
        absolute[j].add(std::sqrt(now.square[k]) - std::sqrt(other.square[k]));
      }
      for (std::size_t j = 0; j < by.size(); ++j) {
        if (!candidate[j] || family[j].kind == TransformKind::none) continue;
        const double ratio = gain[j].ratio();
        if (!(ratio > std::max(best[j], 0.5) && absolute[j].ratio() > 2)) continue;
        best[j] = ratio, likely[j] = other.by[j];
        if (ratio > 2) clear[j] = other.by[j];
      }
    }
    double most = 2;
    chosen = now.by;
    for (const auto* set : {&likely, &clear}) {
      if (!any(*set) || most > 2) continue;
      const detail::PilotTrial trial = pilot.trial(*set);
      if (const double gain = pilot.gain(now, trial); gain > most) most = gain, chosen = trial.by;
    }
  }
  if (!any(chosen)) return;
  choice.transforms = std::move(chosen);
  choice.noise = {};  // it is of the columns as they are
  if (choice.modes.empty()) choice.modes = {1}, choice.lines = 1;
}

}  // namespace tacit
