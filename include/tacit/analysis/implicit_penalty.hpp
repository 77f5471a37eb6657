// SPDX-License-Identifier: MIT
#pragma once
// The penalty that training behaves as if it minimised, estimated by matching gradients.                    [Rudoler, Tan, Hooker & Kording 2026]
// Where  theta' = -grad L - grad R,  R = sum_i lambda_i R_i,  each sample (theta, grad L, theta') gives P equations in the lambda_i,
//   sum_i lambda_i grad R_i(theta) = -(grad L(theta) + theta'),            theta' = 0 where training has come to rest,
// and the coefficients are the least-squares solution over all samples:
//
//   const ImplicitPenalty found = estimate_penalty(problem, {theta}, {penalty_candidate(WeightDecayPenalty{2}), mean_squared_gradient(problem)});
//   std::cout << found;
//
// The loss is that of `problem`: leave a penalty whose coefficient is sought out of it. Samples of recorded runs: hook/penalty_samples.hpp.
// The columns are scaled to norm one before they are solved for [the paper's multi-penalty fit]; condition is that of the scaled columns.
// What the fit is worth is told by residual |A lambda - b| / |b| and cosine of A lambda with b (residual = sqrt(1 - cosine^2) at the
// least-squares solution), and by the condition: candidates whose gradients nearly agree share their coefficients in an arbitrary way.
// Standard errors are those of ordinary least squares, s^2 = |A lambda - b|^2 / (equations - rank): right for independent noise of one
// variance in the equations, such as sampling noise; a misfit that is systematic shows in the residual alone.
// Cost: a gradient of each candidate at each sample, and 2 P k^2 flops a sample for k candidates; O(P k) memory beside the samples.

#include <cmath>
#include <limits>
#include <ostream>
#include <vector>

#include "../core/thin_svd.hpp"
#include "penalty_candidate.hpp"

namespace tacit {

/// What is known at one theta.
struct PenaltySample {
  Vector<double> theta;
  Vector<double> gradient;       ///< of the loss, without the penalty that is sought
  Vector<double> velocity = {};  ///< d theta / dt of the training that was observed; empty: at rest
};

struct ImplicitPenalty {
  std::vector<std::string> names;
  Vector<double> coefficients;     ///< lambda_i; of the smallest scaled norm where they are not determined
  Vector<double> standard_errors;  ///< infinite where not determined, NaN where there are as many equations as candidates
  Vector<double> norms;            ///< |grad R_i| over all samples
  Matrix<double> cosines;          ///< between the candidates' gradients
  double residual = 0;             ///< |A lambda - b| / |b|; 0 where b = 0
  double cosine = 0;               ///< of A lambda with b; 0 where either is 0
  double condition = 1;            ///< of the scaled columns; infinite where they are singular to rounding
  Index equations = 0, rank = 0;
  std::string why;  ///< what is not determined, and from which numbers that is seen; empty where all is

  /// Whether every coefficient is determined by the samples.
  bool determined() const { return rank == coefficients.size(); }

  friend std::ostream& operator<<(std::ostream& out, const ImplicitPenalty& p) {
    for (Index i = 0; i < p.coefficients.size(); ++i)
      out << p.names[static_cast<std::size_t>(i)] << ": " << p.coefficients[i] << " +- " << p.standard_errors[i] << '\n';
    out << "residual " << p.residual << ", cosine " << p.cosine << ", condition " << p.condition << ", " << p.equations << " equations\n";
    return p.why.empty() ? out : out << p.why << '\n';
  }
};

struct PenaltyEstimateSettings {
  double rank_tolerance = 1e-10;  ///< singular values of the scaled columns below this times the largest count as zero
};

namespace detail {
/// The factor R of A = Q R, its rows folded in block after block; no row is kept. Each column is scaled on its own: none is too small.
class TriangularFactor {
 public:
  explicit TriangularFactor(Index cols) : R_(Matrix<double>::Zero(cols, cols)) {}
  /// The block is overwritten.
  void fold(Matrix<double>& block) {
    for (Index j = 0; j < R_.cols(); ++j) {
      const double below = block.col(j).stableNorm();
      if (below == 0) continue;
      const double head = R_(j, j), beta = -std::copysign(std::hypot(head, below), head), tau = (beta - head) / beta;
      block.col(j) /= head - beta;
      R_(j, j) = beta;
      for (Index l = j + 1; l < R_.cols(); ++l) {
        const double sum = tau * (R_(j, l) + block.col(j).dot(block.col(l)));
        R_(j, l) -= sum;
        block.col(l) -= sum * block.col(j);
      }
    }
  }
  const Matrix<double>& R() const { return R_; }

 private:
  Matrix<double> R_;
};
}  // namespace detail

/// Throws std::invalid_argument where there are no samples or candidates, more candidates than equations (the sentence names both), sizes
/// that differ, two candidates of one name, or numbers that are not finite. Candidates whose gradients depend on each other are a status:
/// determined(), and which of them in `why`.
inline ImplicitPenalty estimate_penalty(const std::vector<PenaltySample>& samples, const std::vector<PenaltyCandidate>& candidates,
                                        const PenaltyEstimateSettings& settings = {}) {
  const char* who = "estimate_penalty";
  require(!samples.empty(), who, ": there are no samples");
  require(!candidates.empty(), who, ": there are no candidates");
  require(settings.rank_tolerance >= 0 && settings.rank_tolerance < 1, who, ": .rank_tolerance is ", settings.rank_tolerance,
          ", it needs to be in [0, 1)");
  const Index P = samples[0].theta.size(), k = static_cast<Index>(candidates.size()), count = static_cast<Index>(samples.size());
  require(P > 0, who, ": theta of sample 0 is empty");
  require(k <= P * count, who, ": ", k, " candidates, but ", count, count == 1 ? " sample" : " samples", " of ", P,
          P == 1 ? " parameter" : " parameters", " give ", P * count, P * count == 1 ? " equation" : " equations",
          "; that many coefficients at most can be estimated");
  for (Index i = 0; i < k; ++i)
    for (Index j = 0; j < i; ++j)
      require(candidates[static_cast<std::size_t>(i)].name != candidates[static_cast<std::size_t>(j)].name, who,
              ": two candidates are named '", candidates[static_cast<std::size_t>(i)].name, "'");
  detail::TriangularFactor factor(k + 1);
  Matrix<double> block(P, k + 1);
  for (Index s = 0; s < count; ++s) {
    const PenaltySample& sample = samples[static_cast<std::size_t>(s)];
    require(sample.theta.size() == P, who, ": theta of sample ", s, " has ", sample.theta.size(), " entries, that of sample 0 ", P);
    require(sample.gradient.size() == P, who, ": the gradient of sample ", s, " has ", sample.gradient.size(), " entries, theta ", P);
    require(sample.velocity.size() == P || sample.velocity.size() == 0, who, ": the velocity of sample ", s, " has ",
            sample.velocity.size(), " entries, theta ", P);
    block.col(k) = -sample.gradient;
    if (sample.velocity.size()) block.col(k) -= sample.velocity;
    require(sample.theta.allFinite() && block.col(k).allFinite(), who, ": sample ", s, " holds a number that is not finite");
    for (Index i = 0; i < k; ++i) {
      const PenaltyCandidate& candidate = candidates[static_cast<std::size_t>(i)];
      const Vector<double> gradient = candidate.gradient(sample.theta);
      require(gradient.size() == P, who, ": the gradient of candidate '", candidate.name, "' has ", gradient.size(), " entries, theta ", P);
      require(gradient.allFinite(), who, ": the gradient of candidate '", candidate.name, "' at sample ", s, " is not finite");
      block.col(i) = gradient;
    }
    factor.fold(block);
  }
  const Matrix<double>& R = factor.R();
  ImplicitPenalty found;
  for (const PenaltyCandidate& candidate : candidates) found.names.push_back(candidate.name);
  found.equations = P * count;
  found.norms.resize(k);
  Matrix<double> scaled = R.topLeftCorner(k, k);
  for (Index i = 0; i < k; ++i) {
    found.norms[i] = scaled.col(i).stableNorm();
    if (found.norms[i] > 0) scaled.col(i) /= found.norms[i];
  }
  found.cosines = detail::product_tn(scaled, scaled);
  detail::ThinSvd<double> svd(k, k);
  svd.compute(ConstMatrixMap<double>(scaled.data(), k, k));
  const Vector<double> sigma = svd.values();
  const Matrix<double>&U = svd.left(), &V = svd.right();
  const double target = R.col(k).stableNorm(), infinite = std::numeric_limits<double>::infinity();
  found.condition = sigma[k - 1] > 0 ? sigma[0] / sigma[k - 1] : infinite;
  double inside = 0;
  Vector<double> solution = Vector<double>::Zero(k), variances = Vector<double>::Zero(k), open = Vector<double>::Zero(k);
  Vector<double> outside = R.col(k).head(k);  // what is left of b, of which `inside` is the norm of the part in the candidates' span
  for (Index j = 0; j < k; ++j) {
    if (!(sigma[j] > settings.rank_tolerance * sigma[0])) {
      open += V.col(j).cwiseAbs2();
      continue;
    }
    ++found.rank;
    const double along = U.col(j).dot(outside);
    outside -= along * U.col(j);
    inside = std::hypot(inside, along);
    solution += along / sigma[j] * V.col(j);
    variances += V.col(j).cwiseAbs2() / (sigma[j] * sigma[j]);
  }
  const double missed = std::hypot(outside.norm(), R(k, k));
  if (target > 0) {
    found.residual = missed / target;
    found.cosine = inside / target;
  }
  const double freedom = static_cast<double>(found.equations - found.rank);
  const double s = freedom > 0 ? missed / std::sqrt(freedom) : std::numeric_limits<double>::quiet_NaN();
  found.coefficients.resize(k);
  found.standard_errors.resize(k);
  std::string undetermined;
  for (Index i = 0; i < k; ++i) {
    const bool free = open[i] > 1e-12;  // it takes part in a combination of candidates that has no gradient
    found.coefficients[i] = found.norms[i] > 0 ? solution[i] / found.norms[i] : 0;
    found.standard_errors[i] = free ? infinite : s * std::sqrt(variances[i]) / found.norms[i];
    if (free) undetermined += (undetermined.empty() ? "'" : ", '") + found.names[static_cast<std::size_t>(i)] + "'";
  }
  if (!found.determined())
    found.why = sentence("the gradients of the ", k, " candidates have rank ", found.rank, " over ", found.equations,
                         " equations (condition ", found.condition, "): the coefficients of ", undetermined, " are not determined");
  return found;
}

/// Of thetas where training came to rest: the gradient that the problem's loss has left there is what the penalty balances.
template <class P>
ImplicitPenalty estimate_penalty(const P& problem, const std::vector<Vector<typename P::scalar_type>>& thetas,
                                 const std::vector<PenaltyCandidate>& candidates, const PenaltyEstimateSettings& settings = {}) {
  auto ws = problem.workspace();
  std::vector<PenaltySample> samples;
  for (const auto& theta : thetas) {
    problem.layout().require_size(theta.size(), "estimate_penalty");
    Vector<typename P::scalar_type> g(theta.size());
    problem.value_and_gradient(theta, ws, g);
    samples.push_back({theta.template cast<double>(), g.template cast<double>()});
  }
  return estimate_penalty(samples, candidates, settings);
}

}  // namespace tacit
