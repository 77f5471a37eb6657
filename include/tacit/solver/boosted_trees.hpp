// SPDX-License-Identifier: MIT
#pragma once
// Gradient boosting of small regression trees on binned features, for squared errors:  f = mean + rate sum_t tree_t,  each tree fitted to what the earlier ones left.
// A feature is cut at its quantiles into at most 64 bins. A tree grows level by level: every node is cut at the feature and bin that lower the squared error the most,
//   gain = S_l^2 / (n_l + ridge) + S_r^2 / (n_r + ridge) - S^2 / (n + ridge),      S sums of residuals, n counts, at least `leaf` rows on either side,
// and predicts S / (n + ridge). All trees see all rows; nothing is drawn.
// Cost of a tree of depth d: n F d additions, 2^d F 64 for the cuts.
// Source: Friedman 2001; histograms as in Chen & Guestrin 2016, Ke et al. 2017.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct BoostingSettings {
  Index trees = 100;
  Index depth = 6;
  double rate = 0.1;
  double ridge = 1;  ///< in rows
  Index leaf = 20;   ///< fewest rows of a leaf
};

namespace detail {

/// Features of rows as numbers of bins, feature by feature.
class BinnedFeatures {
 public:
  static constexpr int most_bins = 64;

  /// X: a row a row of data, a column a feature.
  explicit BinnedFeatures(const Matrix<double>& X) : rows_(X.rows()), bins_(static_cast<std::size_t>(X.size())) {
    std::vector<double> sorted;
    for (Index f = 0; f < X.cols(); ++f) {
      sorted.assign(X.col(f).data(), X.col(f).data() + rows_);
      std::sort(sorted.begin(), sorted.end());
      std::vector<double> cuts;  // bin b holds what is above cuts[b - 1] and at most cuts[b]
      for (int b = 1; b < most_bins; ++b) {
        const double at = sorted[static_cast<std::size_t>(rows_ * b / most_bins)];
        if ((cuts.empty() || at > cuts.back()) && at < sorted.back()) cuts.push_back(at);
      }
      for (Index i = 0; i < rows_; ++i)
        bins_[static_cast<std::size_t>(f * rows_ + i)] =
            static_cast<std::uint8_t>(std::lower_bound(cuts.begin(), cuts.end(), X(i, f)) - cuts.begin());
    }
  }
  const std::uint8_t* of(Index feature) const { return bins_.data() + feature * rows_; }
  Index rows() const { return rows_; }
  Index features() const { return rows_ ? static_cast<Index>(bins_.size()) / rows_ : 0; }

 private:
  Index rows_;
  std::vector<std::uint8_t> bins_;
};

/// Predictions for all rows of `at`, by trees grown on the rows `from` with targets y, without the feature `without`.
class BoostedTrees {
 public:
  BoostedTrees(const BinnedFeatures& at, std::vector<Index> from, const Vector<double>& y, Index without, const BoostingSettings& settings)
      : at_(at), settings_(settings), without_(without), from_(std::move(from)), left_(y) {
    require(settings.trees >= 0 && settings.depth >= 1 && settings.depth <= 12 && settings.leaf >= 1, "BoostedTrees: trees ",
            settings.trees, ", depth ", settings.depth, ", leaf ", settings.leaf, "; the depth lies in 1 ... 12");
    mean_ = y.size() ? y.mean() : 0;
    left_.array() -= mean_;
    predicted_ = Vector<double>::Constant(at.rows(), mean_);
    node_.resize(static_cast<std::size_t>(at.rows()));
    for (Index t = 0; t < settings.trees && y.size() >= 2 * settings.leaf; ++t) grow();
  }
  const Vector<double>& predictions() const { return predicted_; }

 private:
  struct Cut {
    Index feature = -1;
    int bin = 0;
    double gain = 0;
  };
  struct Sum {
    double residual = 0, count = 0;
  };

  void grow() {
    std::fill(node_.begin(), node_.end(), std::uint16_t(0));
    std::vector<Sum> total(1);
    for (Index s = 0; s < left_.size(); ++s) total[0].residual += left_[s], ++total[0].count;
    for (Index level = 0; level < settings_.depth; ++level) {
      const std::size_t nodes = total.size();
      std::vector<Cut> cuts(nodes);
      std::vector<Sum> bins(nodes * BinnedFeatures::most_bins);
      for (Index f = 0; f < at_.features(); ++f) {
        if (f == without_) continue;
        std::fill(bins.begin(), bins.end(), Sum{});
        const std::uint8_t* bin = at_.of(f);
        for (std::size_t s = 0; s < from_.size(); ++s) {
          const Index i = from_[s];
          Sum& sum = bins[static_cast<std::size_t>(node_[static_cast<std::size_t>(i)]) * BinnedFeatures::most_bins + bin[i]];
          sum.residual += left_[static_cast<Index>(s)], ++sum.count;
        }
        for (std::size_t n = 0; n < nodes; ++n) best_cut(bins.data() + n * BinnedFeatures::most_bins, total[n], f, cuts[n]);
      }
      // Both children of every node; an uncut one hands all of its rows to the first.
      std::vector<Sum> children(2 * nodes);
      for (Index i = 0; i < at_.rows(); ++i) {
        std::uint16_t& node = node_[static_cast<std::size_t>(i)];
        const Cut& cut = cuts[node];
        node = static_cast<std::uint16_t>(2 * node + (cut.feature >= 0 && at_.of(cut.feature)[i] > cut.bin ? 1 : 0));
      }
      for (std::size_t s = 0; s < from_.size(); ++s) {
        Sum& sum = children[node_[static_cast<std::size_t>(from_[s])]];
        sum.residual += left_[static_cast<Index>(s)], ++sum.count;
      }
      total = std::move(children);
    }
    for (Index i = 0; i < at_.rows(); ++i) predicted_[i] += step(total[node_[static_cast<std::size_t>(i)]]);
    for (std::size_t s = 0; s < from_.size(); ++s) left_[static_cast<Index>(s)] -= step(total[node_[static_cast<std::size_t>(from_[s])]]);
  }
  double step(const Sum& sum) const { return sum.count > 0 ? settings_.rate * sum.residual / (sum.count + settings_.ridge) : 0; }
  double score(const Sum& sum) const { return sum.residual * sum.residual / (sum.count + settings_.ridge); }
  void best_cut(const Sum* bins, const Sum& total, Index feature, Cut& cut) const {
    Sum low;
    const auto least = static_cast<double>(settings_.leaf);
    for (int b = 0; b + 1 < BinnedFeatures::most_bins; ++b) {
      low.residual += bins[b].residual, low.count += bins[b].count;
      const Sum high{total.residual - low.residual, total.count - low.count};
      if (bins[b].count == 0 || low.count < least) continue;
      if (high.count < least) break;
      const double gain = score(low) + score(high) - score(total);
      if (gain > cut.gain) cut = {feature, b, gain};
    }
  }

  const BinnedFeatures& at_;
  BoostingSettings settings_;
  Index without_;
  std::vector<Index> from_;
  Vector<double> left_, predicted_;
  std::vector<std::uint16_t> node_;
  double mean_ = 0;
};

}  // namespace detail
}  // namespace tacit
