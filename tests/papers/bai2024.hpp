// SPDX-License-Identifier: MIT
#pragma once
// The runs of Bai, Zhao & Zhang 2024 that the test and the checks share: two square factors, half the sum of squares, constant step 0.2, targets scaled to
// spectral norm 1. Sizes, step, thresholds and numbers are those of reference runs of the notes on the paper, not the authors'.
#include <tacit/core/singular_values.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/connectivity.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/solver/lowest_rank.hpp>
#include <tacit/solver/nuclear_norm.hpp>
#include <tacit/train.hpp>

namespace bai2024 {

using namespace tacit;

inline Vector<double> singular_values_of(const Matrix<double>& W) {
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values<double>(W, ws, sigma);
  return sigma;
}
/// A product of Gaussian factors, scaled to spectral norm 1.
inline Matrix<double> target(Index n, Index rank, Random& random) {
  Matrix<double> A(n, rank), B(rank, n);
  for (Matrix<double>* factor : {&A, &B})
    for (double& x : factor->reshaped()) x = random.normal();
  const Matrix<double> M = detail::product<double>(A, B);
  return M / singular_values_of(M)[0];
}
/// M where the mask is 1.
inline Data<double> seen(const Matrix<double>& M, const Eigen::MatrixXi& mask) {
  return observed((mask.array() == 1).select(M.array(), std::nan("")).matrix());
}
/// A random pattern of 4 x 4 in which every row and column is seen, of the kind wanted: connected with 8 to 14 entries, two complete blocks, or disconnected
/// otherwise. Numbers and places of entries are drawn until one comes.
inline Eigen::MatrixXi pattern(Pattern wanted, Random& random) {
  for (;;) {
    Eigen::MatrixXi mask = Eigen::MatrixXi::Zero(4, 4);
    std::vector<Index> places(16);
    std::iota(places.begin(), places.end(), Index(0));
    random.shuffle(places);
    const Index fewest = wanted == Pattern::connected ? 8 : 4, most = wanted == Pattern::connected ? 14 : 10;
    const Index count = fewest + static_cast<Index>(random.below(static_cast<std::uint64_t>(most - fewest + 1)));
    for (Index k = 0; k < count; ++k) mask.data()[places[static_cast<std::size_t>(k)]] = 1;
    if ((mask.rowwise().sum().array() == 0).any() || (mask.colwise().sum().array() == 0).any()) continue;
    const Connectivity graph = connectivity(seen(Matrix<double>::Ones(4, 4), mask).where);
    if (graph.pattern() == wanted && (wanted != Pattern::complete_components || graph.count() == 2)) return mask;
  }
}

/// Components and completeness of all 512 patterns of 3 x 3, against which rows and columns can be reached from which: on how many a count or a completeness
/// is another; and if the pattern looked at has an entry more or less than the one compared with.
struct Disagreements {
  int counts = 0, completeness = 0, with_one_entry_changed = 0;
};
inline Disagreements classifier_disagreements() {
  Disagreements found;
  for (unsigned bits = 0; bits < 512; ++bits) {
    const auto list = [](unsigned from) {
      EntryList at(3, 3);
      for (Index k = 0; k < 9; ++k)
        if (from >> k & 1u) at.resize(at.count() + 1), at.set(at.count() - 1, k / 3, k % 3);
      return at;
    };
    bool reach[6][6] = {};  // rows, then columns
    for (int v = 0; v < 6; ++v) reach[v][v] = true;
    for (int k = 0; k < 9; ++k)
      if (bits >> k & 1u) reach[k / 3][3 + k % 3] = reach[3 + k % 3][k / 3] = true;
    for (int via = 0; via < 6; ++via)
      for (int v = 0; v < 6; ++v)
        for (int w = 0; w < 6; ++w) reach[v][w] = reach[v][w] || (reach[v][via] && reach[via][w]);
    Index count = 0;
    bool complete = true;
    for (int v = 0; v < 6; ++v) count += std::none_of(reach[v], reach[v] + v, [](bool is) { return is; });
    for (int k = 0; k < 9; ++k) complete = complete && (!reach[k / 3][3 + k % 3] || (bits >> k & 1u));
    const Connectivity graph = connectivity(list(bits)), other = connectivity(list(bits ^ 16u));
    found.counts += graph.count() != count;
    found.completeness += graph.complete() != complete;
    found.with_one_entry_changed += other.count() != count || other.complete() != complete;
  }
  return found;
}

struct End {
  Matrix<double> W;
  Vector<double> sigma;
  bool fitted;  ///< loss below 1e-18
  Index steps;
  /// sigma_i > threshold sigma_1.
  Index rank(double threshold = 1e-3) const { return (sigma.array() > threshold * sigma[0]).count(); }
};
/// Descent on W = A B from Gaussian factors of standard deviation alpha.
inline End descent(const Data<double>& data, double alpha, std::uint64_t seed, Index most = 3'000'000) {
  const Index n = data.where.rows();
  const DeepMatrix<double> model({n, n, n});
  const Problem problem(model, data, HalfSumOfSquares{});
  Vector<double> theta = model.near_zero({.entry_std = alpha, .seed = seed});
  const auto outcome =
      train(problem, theta, gradient_descent({.rate = 0.2}), {.iterations = most}, every(100, stop_when(loss_below(1e-18))));
  const Matrix<double> W = detail::product<double>(model.layer(theta, 1), model.layer(theta, 0));
  return {W, singular_values_of(W), outcome.loss < 1e-18, outcome.iterations};
}
/// sum_k ||M_k||_* over the blocks of a pattern of complete components: no completion has a smaller nuclear norm.
inline double nuclear_norm_of_blocks(const Data<double>& data) {
  const Connectivity graph = connectivity(data.where);
  double sum = 0;
  for (const Component& component : graph.components) {
    Matrix<double> M(component.rows.size(), component.cols.size());
    for (Index k = 0; k < data.count(); ++k) {
      const auto [i, j] = data.where[k];
      const auto at = std::find(component.rows.begin(), component.rows.end(), i);
      if (at == component.rows.end()) continue;
      M(at - component.rows.begin(), std::find(component.cols.begin(), component.cols.end(), j) - component.cols.begin()) = data.y[k];
    }
    sum += singular_values_of(M).sum();
  }
  return sum;
}

struct Counts {
  Index all = 0, lowest_rank = 0, least_norm = 0, fitted = 0, steps = 0;
  double worst_norm = 0;  ///< the largest ||W||_* / minimum - 1 in absolute value
};
/// Patterns of one kind, seeds first ... first + all - 1, of targets of rank 1, 2, 3 in turn: how many ends have the lowest rank, and how many a nuclear norm
/// below 1.001 times the minimum, after `most` steps where the loss is not below 1e-18 before. For complete components the minimum is that of the blocks, else the certified one.
inline Counts counts(Pattern kind, double alpha, std::uint64_t first, Index all, Index most = 3'000'000) {
  Counts c;
  c.all = all;
  for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(all); ++seed) {
    Random random(seed, "bai2024");
    const Matrix<double> M = target(4, 1 + static_cast<Index>(seed % 3), random);
    const Data<double> data = seen(M, pattern(kind, random));
    const End end = descent(data, alpha, seed, most);
    const double least = kind == Pattern::complete_components ? nuclear_norm_of_blocks(data) : minimum_nuclear_norm(data).norm;
    const double off = end.sigma.sum() / least - 1;
    c.fitted += end.fitted;
    c.steps += end.steps;
    c.lowest_rank += end.rank() <= lowest_rank(data, {.seed = seed}).rank;
    c.least_norm += off < 1e-3;
    c.worst_norm = std::max(c.worst_norm, std::abs(off));
  }
  return c;
}

/// Two complete blocks: the certified minimum of the nuclear norm beside the sum over the blocks, and the norm of the target.
struct OracleOff {
  double relative;     ///< |minimum / sum over the blocks - 1|
  double lower;        ///< its certified lower bound over the sum over the blocks - 1
  double target_norm;  ///< that of the target over the sum over the blocks - 1
  bool converged;
};
inline OracleOff oracle_off(std::uint64_t seed) {
  Random random(seed, "bai2024");
  const Matrix<double> M = target(4, 1 + static_cast<Index>(seed % 3), random);
  const Data<double> data = seen(M, pattern(Pattern::complete_components, random));
  const MinimumNorm least = minimum_nuclear_norm(data, {.gap = 1e-9, .residual = 1e-10});
  const double blocks = nuclear_norm_of_blocks(data);
  return {std::abs(least.norm / blocks - 1), least.lower / blocks - 1, singular_values_of(M).sum() / blocks - 1,
          least.reason == MinimumNorm::Reason::converged};
}

/// Rank-one targets of 3 x 3 under the nine patterns "2 x 2 block plus one entry" [their figure 4]; bridged: with one entry more, which joins the components.
/// Factors of the targets are +-U(0.5, 1.5): between entries of very different size, a small sigma_2 would say nothing about the rank.
struct BlockAndEntry {
  Index rank_one = 0;     ///< of nine: sigma_2 / sigma_1 < 1e-4
  double worst_norm = 0;  ///< the largest ||W||_* over the sum of the blocks' minus 1, where not bridged
};
inline BlockAndEntry block_and_entry(std::uint64_t seed, bool bridged) {
  Random random(seed, "bai2024 figure 4");
  Matrix<double> M(3, 3);
  Vector<double> a(3), b(3);
  for (Vector<double>* factor : {&a, &b})
    for (double& x : *factor) x = (random.below(2) == 1 ? 1 : -1) * random.uniform(0.5, 1.5);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) M(i, j) = a[i] * b[j] / (a.norm() * b.norm());
  BlockAndEntry found;
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) {
      Eigen::MatrixXi mask = Eigen::MatrixXi::Ones(3, 3);
      mask.row(i).setZero(), mask.col(j).setZero();
      mask(i, j) = 1;
      if (bridged) mask(i, (j + 1) % 3) = 1;
      const Data<double> data = seen(M, mask);
      const End end = descent(data, 1e-10, seed * 9 + static_cast<std::uint64_t>(3 * i + j));
      found.rank_one += end.sigma[1] < 1e-4 * end.sigma[0];
      if (!bridged) found.worst_norm = std::max(found.worst_norm, std::abs(end.sigma.sum() / nuclear_norm_of_blocks(data) - 1));
    }
  return found;
}

/// All but one of the entries of targets of rank 3, 4 x 4, each of the 16 hidden in turn [their figure 3]: how many ends have sigma_4 / sigma_1 < 1e-4.
inline Index one_hidden(double alpha, std::uint64_t seed) {
  Random random(seed, "bai2024 figure 3");
  const Matrix<double> M = target(4, 3, random);
  Index count = 0;
  for (Index hidden = 0; hidden < 16; ++hidden) {
    Eigen::MatrixXi mask = Eigen::MatrixXi::Ones(4, 4);
    mask.data()[hidden] = 0;
    const End end = descent(seen(M, mask), alpha, seed * 16 + static_cast<std::uint64_t>(hidden));
    count += end.sigma[3] < 1e-4 * end.sigma[0];
  }
  return count;
}

}  // namespace bai2024
