// SPDX-License-Identifier: MIT
#pragma once
// The average of extremely randomised regression trees:  f = mean_t tree_t.  Each tree sees all rows. At a node every feature gets one
// cut, drawn uniformly between its least and largest value there; the node is cut where that lowers the squared error the most,
//   gain = S_l^2 / n_l + S_r^2 / n_r - S^2 / n,      S sums of targets, n counts, at least `leaf` rows on either side,
// until no cut lowers it, and a leaf predicts the mean of its targets. On tables of few rows such averages are smoother than boosted trees
// (boosted_trees.hpp). Draws come from one stream a seed.
// Cost of a tree: about 2 n F log2(n / leaf) operations for n rows and F features.
// Source: Geurts, Ernst & Wehenkel 2006.

#include <algorithm>
#include <utility>
#include <vector>

#include "../core/check.hpp"
#include "../core/random.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct RandomisedTreesSettings {
  Index trees = 100;
  Index leaf = 2;  ///< fewest rows of a leaf
  std::uint64_t seed = 1;
};

namespace detail {

/// Predictions for all rows of X (a row a row of data, a column a feature), by trees grown on the rows `from` with targets y, without the
/// feature `without`.
class RandomisedTrees {
 public:
  RandomisedTrees(const Matrix<double>& X, std::vector<Index> from, const Vector<double>& y, Index without,
                  const RandomisedTreesSettings& settings)
      : X_(X), y_(y), settings_(settings), without_(without), from_(std::move(from)), random_(settings.seed, "randomised trees") {
    require(settings.trees >= 1 && settings.leaf >= 1, "RandomisedTrees: trees ", settings.trees, " and leaf ", settings.leaf,
            " need to be positive");
    predicted_ = Vector<double>::Zero(X.rows());
    for (Index s = 0; s < y.size(); ++s) seen_.push_back(s);
    for (Index i = 0; i < X.rows(); ++i) all_.push_back(i);
    for (Index t = 0; t < settings.trees && y.size() > 0; ++t) grow();
    predicted_ /= static_cast<double>(settings.trees);
  }
  const Vector<double>& predictions() const { return predicted_; }

 private:
  /// Rows of `seen_`, and of `all_`, that have come to a node.
  struct Node {
    std::size_t seen, seen_end, all, all_end;
  };
  struct Cut {
    Index feature = -1;
    double at = 0, gain = 0;
  };

  void grow() {
    std::vector<Node> open{{0, seen_.size(), 0, all_.size()}};
    while (!open.empty()) {
      const Node node = open.back();
      open.pop_back();
      const Cut cut = best_cut(node);
      if (cut.feature < 0) {
        double sum = 0;
        for (std::size_t s = node.seen; s < node.seen_end; ++s) sum += y_[seen_[s]];
        for (std::size_t i = node.all; i < node.all_end; ++i) predicted_[all_[i]] += sum / static_cast<double>(node.seen_end - node.seen);
        continue;
      }
      const auto x = X_.col(cut.feature);
      const auto seen = std::partition(at(seen_, node.seen), at(seen_, node.seen_end),
                                       [&](Index s) { return x[from_[static_cast<std::size_t>(s)]] <= cut.at; });
      const auto all = std::partition(at(all_, node.all), at(all_, node.all_end), [&](Index i) { return x[i] <= cut.at; });
      const auto s = static_cast<std::size_t>(seen - seen_.begin()), i = static_cast<std::size_t>(all - all_.begin());
      open.push_back({node.seen, s, node.all, i});
      open.push_back({s, node.seen_end, i, node.all_end});
    }
  }
  static std::vector<Index>::iterator at(std::vector<Index>& x, std::size_t k) { return x.begin() + static_cast<std::ptrdiff_t>(k); }

  Cut best_cut(const Node& node) {
    Cut best;
    const auto rows = static_cast<double>(node.seen_end - node.seen), least = static_cast<double>(settings_.leaf);
    if (rows < 2 * least) return best;
    double sum = 0, squares = 0;
    for (std::size_t s = node.seen; s < node.seen_end; ++s) sum += y_[seen_[s]], squares += y_[seen_[s]] * y_[seen_[s]];
    best.gain = 1e-12 * squares;  // what rounding leaves of equal targets is no gain
    for (Index f = 0; f < X_.cols(); ++f) {
      if (f == without_) continue;
      const double* x = X_.data() + f * X_.rows();
      const auto value = [&](std::size_t s) { return x[from_[static_cast<std::size_t>(seen_[s])]]; };
      double low = value(node.seen), high = low;
      for (std::size_t s = node.seen + 1; s < node.seen_end; ++s) low = std::min(low, value(s)), high = std::max(high, value(s));
      if (!(low < high)) continue;
      const double cut = random_.uniform(low, high);
      double below = 0, count = 0;
      for (std::size_t s = node.seen; s < node.seen_end; ++s)
        if (value(s) <= cut) below += y_[seen_[s]], ++count;
      if (count < least || rows - count < least) continue;
      const double gain = below * below / count + (sum - below) * (sum - below) / (rows - count) - sum * sum / rows;
      if (gain > best.gain) best = {f, cut, gain};
    }
    return best;
  }

  const Matrix<double>& X_;
  const Vector<double>& y_;
  RandomisedTreesSettings settings_;
  Index without_;
  std::vector<Index> from_, seen_, all_;  ///< rows of the targets; targets, and all rows, in the order of the nodes
  Vector<double> predicted_;
  Random random_;
};

}  // namespace detail
}  // namespace tacit
