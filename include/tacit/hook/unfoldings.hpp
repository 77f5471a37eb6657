// SPDX-License-Identifier: MIT
#pragma once
// Probes on the matricisations of a tensor W, from the dense W. Singular values are computed once per Snapshot and matricisation, for all probes that ask; the
// transposed matricisation has the same ones, so that cut 1..2 of order 3 and the unfolding at mode 2 are one computation.
//   unfolding_singular_values(n, k)   of W_(n)            unfolding_effective_ranks(), mean_effective_rank     entropy form, one a mode, and their mean
//   unfolding_ranks(t)                how many exceed t, one a mode (the multilinear rank)       unfolding_nuclear_sum     sum_n |W_(n)|_*
//   tt_ranks(t), tt_effective_ranks() of the cuts W_(1..k | k+1..d), k = 1 ... d - 1
//   hierarchical_ranks(t), hierarchical_effective_ranks()    of the nodes of a mode tree below its root, children first               [Razin et al. 2022]
//   matricised_singular_values(modes, k), matricised_effective_rank(modes)          of any matricisation
//   cp_rank(settings) is in solver/cp_als.hpp.

#include <deque>

#include "../model/mode_tree.hpp"
#include "spectrum.hpp"

namespace tacit {

template <Scalar S>
struct MatricisedSpectra {
  struct One {
    std::vector<Index> rows;
    std::uint64_t moment = 0;  ///< when sigma was computed; 0: never
    Vector<S> sigma = {};
  };
  std::deque<One> all;  // references stay good
  Matrix<S> unfolded;
};

namespace detail {

/// Ascending, and with mode 0: of two transposed matricisations always the same one.
inline std::vector<Index> with_mode_0(const Shape& shape, std::vector<Index> rows) {
  std::sort(rows.begin(), rows.end());
  for (Index n : rows) require(n >= 0 && n < shape.order(), "sigma: mode ", n, " is asked for, W is ", shape);
  require(!rows.empty() && static_cast<Index>(rows.size()) < shape.order() && std::adjacent_find(rows.begin(), rows.end()) == rows.end(),
          "sigma: a matricisation of W of shape ", shape, " has some of its modes as rows, each once, and not all; got ", rows.size());
  if (rows.front() == 0) return rows;
  std::vector<Index> others;
  for (Index n = 0; n < shape.order(); ++n)
    if (!std::binary_search(rows.begin(), rows.end(), n)) others.push_back(n);
  return others;
}

}  // namespace detail

/// Singular values, descending, of the matricisation of W with these modes as rows.
template <class P>
const auto& sigma(const Snapshot<P>& now, const std::vector<Index>& modes) {
  using S = typename P::scalar_type;
  auto& memo = now.memo();
  const Shape shape = now.shape();
  std::vector<Index> rows = detail::with_mode_0(shape, modes);
  if (rows.size() == 1) return sigma(now);
  if (!memo.matricised) memo.matricised = std::make_shared<MatricisedSpectra<S>>();
  if (!memo.spectrum) memo.spectrum = std::make_shared<SpectrumWorkspace<S>>();
  auto& all = memo.matricised->all;
  auto one = std::find_if(all.begin(), all.end(), [&](const auto& known) { return known.rows == rows; });
  if (one == all.end()) one = all.insert(all.end(), {std::move(rows)});
  if (one->moment == memo.moment) return one->sigma;
  const Matrix<S>& W = now.end_to_end();
  const bool leading = one->rows.back() + 1 == static_cast<Index>(one->rows.size());
  if (leading) {  // vec(W) as it stands
    Index count = 1;
    for (Index n : one->rows) count *= shape[n];
    singular_values(ConstMatrixMap<S>(W.data(), count, W.size() / count), *memo.spectrum, one->sigma);
  } else {
    matricise(shape, W.data(), one->rows, memo.matricised->unfolded);
    singular_values(memo.matricised->unfolded, *memo.spectrum, one->sigma);
  }
  one->moment = memo.moment;
  return one->sigma;
}

namespace detail {

using Matricisations = std::vector<std::vector<Index>>;
inline Matricisations all_unfoldings(const Shape& shape) {
  Matricisations all;
  for (Index n = 0; n < shape.order(); ++n) all.push_back({n});
  return all;
}
inline Matricisations all_cuts(const Shape& shape) {
  Matricisations all;
  for (Index k = 1; k < shape.order(); ++k) {
    all.emplace_back();
    for (Index n = 0; n < k; ++n) all.back().push_back(n);
  }
  return all;
}
inline void add_below(const ModeTree& tree, Matricisations& all) {
  for (const ModeTree& child : tree.children()) {
    add_below(child, all);
    all.push_back(child.modes());
  }
}
/// Of the tree given, or of the model's own.
inline auto all_nodes(std::optional<ModeTree> tree) {
  return [tree = std::move(tree)](const auto& now) {
    Matricisations all;
    if (tree) {
      tree->require_covers(now.shape().order(), "hierarchical rank");
      add_below(*tree, all);
    } else if constexpr (requires { now.model().tree(); }) {
      add_below(now.model().tree(), all);
    } else {
      require(false, "hierarchical rank: the model has no mode tree, give one");
    }
    return all;
  };
}

struct EffectiveRank {
  double operator()(const auto& s) const { return effective_rank_of(s); }
};
struct NumericalRank {
  double threshold;
  double operator()(const auto& s) const { return static_cast<double>((s.template cast<double>().array() > threshold).count()); }
};
/// rank(sigma) of each of the matricisations that which(now) lists.
template <class Which, class Rank>
auto each_rank(std::string name, Which which, Rank rank) {
  return probe(std::move(name), [which, rank](const auto& now) {
    const Matricisations all = which(now);
    Vector<double> ranks(static_cast<Index>(all.size()));
    for (std::size_t k = 0; k < all.size(); ++k) ranks[static_cast<Index>(k)] = rank(sigma(now, all[k]));
    return ranks;
  });
}
struct Unfoldings {
  auto operator()(const auto& now) const { return all_unfoldings(now.shape()); }
};
struct Cuts {
  auto operator()(const auto& now) const { return all_cuts(now.shape()); }
};

struct MeanEffectiveRankDefinition {
  static constexpr const char* name = "mean_effective_rank";
  static double of(const auto& now) {
    double sum = 0;
    for (const auto& rows : all_unfoldings(now.shape())) sum += effective_rank_of(sigma(now, rows));
    return sum / static_cast<double>(now.shape().order());
  }
};
struct UnfoldingNuclearSumDefinition {
  static constexpr const char* name = "unfolding_nuclear_sum";
  static double of(const auto& now) {
    double sum = 0;
    for (const auto& rows : all_unfoldings(now.shape())) sum += static_cast<double>(sigma(now, rows).sum());
    return sum;
  }
};

inline std::string names_of(const std::vector<Index>& modes) {
  std::string text;
  for (Index n : modes) text += "_" + std::to_string(n);
  return text;
}

}  // namespace detail

inline auto matricised_singular_values(std::vector<Index> modes, Index k) {
  require(k > 0, "matricised_singular_values: k is ", k, ", it needs to be at least 1");
  return probe("sigma_of" + detail::names_of(modes), [modes, k](const auto& now) {
    const auto& s = sigma(now, modes);
    return s.head(std::min(k, s.size())).eval();
  });
}
inline auto matricised_effective_rank(std::vector<Index> modes) {
  return probe("effective_rank_of" + detail::names_of(modes), [modes](const auto& now) { return effective_rank_of(sigma(now, modes)); });
}
inline auto unfolding_singular_values(Index mode, Index k) { return matricised_singular_values({mode}, k); }
inline auto unfolding_effective_ranks() {
  return detail::each_rank("unfolding_effective_rank", detail::Unfoldings{}, detail::EffectiveRank{});
}
inline auto unfolding_ranks(double threshold) {
  return detail::each_rank("unfolding_rank", detail::Unfoldings{}, detail::NumericalRank{threshold});
}
inline auto tt_effective_ranks() { return detail::each_rank("tt_effective_rank", detail::Cuts{}, detail::EffectiveRank{}); }
inline auto tt_ranks(double threshold) { return detail::each_rank("tt_rank", detail::Cuts{}, detail::NumericalRank{threshold}); }
inline auto hierarchical_effective_ranks(std::optional<ModeTree> tree = {}) {
  return detail::each_rank("hierarchical_effective_rank", detail::all_nodes(std::move(tree)), detail::EffectiveRank{});
}
inline auto hierarchical_ranks(double threshold, std::optional<ModeTree> tree = {}) {
  return detail::each_rank("hierarchical_rank", detail::all_nodes(std::move(tree)), detail::NumericalRank{threshold});
}
inline constexpr detail::FixedProbe<detail::MeanEffectiveRankDefinition> mean_effective_rank{};
inline constexpr detail::FixedProbe<detail::UnfoldingNuclearSumDefinition> unfolding_nuclear_sum{};

}  // namespace tacit
