// SPDX-License-Identifier: MIT
#pragma once
// The runs of Vasudeva, Deora, Zhao, Sharan & Thrampoulidis 2025 (and of Beneventano et al. 2026, Rhee et al. 2026) that the test and the checks share: spectral
// descent beside plain, normalised and norm-matched descent and Muon without momentum. Numbers are those of reference runs of the notes on the papers.
#include <tacit/core/singular_values.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/moments.hpp>
#include <tacit/optimizer/muon.hpp>
#include <tacit/optimizer/normalised_gradient.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/schedule.hpp>
#include <tacit/optimizer/spectral_descent.hpp>
#include <tacit/train.hpp>

namespace vasudeva2025 {

using namespace tacit;

enum class Rule { gradient, normalised, spectral, muon };
/// Calls f with the optimizer; its rate may be a schedule.
template <class Schedule, class F>
auto with(Rule rule, Schedule rate, F f) {
  switch (rule) {
    case Rule::gradient:
      return f(FullGradient{} | LearningRate{rate});
    case Rule::normalised:
      return f(FullGradient{} | NormalisedGradient{} | LearningRate{rate});
    case Rule::spectral:
      return f(FullGradient{} | SpectralDescent{} | LearningRate{rate});
    default:
      return f(FullGradient{} | Muon{.mu = 0, .nesterov = false} | LearningRate{rate});
  }
}
inline DeepMatrix<double> model_of(Index depth, Index in, Index out) {
  std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, std::max(in, out));
  widths.front() = in, widths.back() = out;
  return DeepMatrix<double>(widths);
}

/// The modes u_i^T W v_i along a run, step by step, in time = rate * iteration.
struct Modes {
  double rate = 0;
  std::vector<Vector<double>> at;  ///< from iteration 0 on
  Index steps() const { return static_cast<Index>(at.size()); }
  const Vector<double>& operator[](Index t) const { return at[static_cast<std::size_t>(t)]; }
  /// When mode i first reaches the level, interpolated; NaN if never.
  double crossing(Index i, double level) const {
    for (Index t = 0; t < steps(); ++t) {
      const double now = (*this)[t][i];
      if (now < level) continue;
      const double before = t ? (*this)[t - 1][i] : now;
      return rate * (static_cast<double>(t) - (now > before ? (now - level) / (now - before) : 0));
    }
    return std::nan("");
  }
  /// The first iteration at which a mode reaches that share of its target; -1 if none does.
  Index first_at(const Vector<double>& target, double share) const {
    for (Index t = 0; t < steps(); ++t)
      if (((*this)[t].array() >= share * target.array()).any()) return t;
    return -1;
  }
};
/// Until every mode has reached `share` of its target.
template <class P>
Modes follow(const P& problem, Vector<double> theta, Rule rule, double rate, const Matrix<double>& U, const Matrix<double>& V,
             const Vector<double>& target, double share, Index most) {
  Modes modes{rate, {}};
  Vector<double> peak = Vector<double>::Constant(target.size(), -1e300);
  with(rule, ConstantRate{rate}, [&](auto optimizer) {
    train(problem, theta, optimizer, {.iterations = most}, [&](const auto& now) {
      if (now.closing() && now.iteration() < modes.steps()) return Flow::proceed;
      const Matrix<double> WV = detail::product<double>(now.end_to_end(), V);
      modes.at.push_back((U.array() * WV.array()).colwise().sum().transpose());
      peak = peak.cwiseMax(modes.at.back());
      return (peak.array() >= share * target.array()).all() ? Flow::stop : Flow::proceed;
    });
    return 0;
  });
  return modes;
}

/// Classes of these priors with orthogonal means of norm mu and noise sigma: x in R^d, y = e_c.
struct Mixture {
  Vector<double> priors;
  double mu = 1, sigma = 1;
  Index classes() const { return priors.size(); }
  /// Second moments of x and of y against x in the basis of the means, and the targets r_c.
  Vector<double> xx() const { return (mu * mu * priors.array() + sigma * sigma).matrix(); }
  Vector<double> yx() const { return mu * priors; }
  Vector<double> target() const { return yx().cwiseQuotient(xx()); }
  Data<double, Features<double>> population() const {
    return regression_from_moments({Matrix<double>(xx().asDiagonal()), Matrix<double>(yx().asDiagonal())});
  }
  /// 1/2 E |y - W x|^2 within each class, means along the axes; W may act on noise only in further columns.
  Vector<double> class_losses(const Matrix<double>& W) const {
    Vector<double> losses(classes());
    for (Index c = 0; c < classes(); ++c)
      losses[c] = ((Vector<double>::Unit(classes(), c) - mu * W.col(c)).squaredNorm() + sigma * sigma * W.squaredNorm()) / 2;
    return losses;
  }
  /// n samples with means along the columns of `means`, d x k.
  struct Samples {
    Matrix<double> X;
    std::vector<Index> labels;
  };
  Samples samples(Index n, const Matrix<double>& means, Random& random) const {
    Samples drawn{Matrix<double>(n, means.rows()), {}};
    for (Index s = 0; s < n; ++s) {
      double left = random.uniform() * priors.sum();
      Index c = 0;
      while (c + 1 < classes() && left >= priors[c]) left -= priors[c++];
      drawn.labels.push_back(c);
      for (Index j = 0; j < means.rows(); ++j) drawn.X(s, j) = mu * means(j, c) + sigma * random.normal();
    }
    return drawn;
  }
};
inline Vector<double> inverse_priors(Index k) {
  Vector<double> p(k);
  for (Index c = 0; c < k; ++c) p[c] = 1 / static_cast<double>(c + 1);
  return p / p.sum();
}

/// Saturation: times of the classes to 99 % of their targets, priors (0.5, 0.3, 0.2), mu = sigma = 1, from factors start * I.
inline Vector<double> saturation_times(Index depth, Rule rule, double rate, double start) {
  const Mixture mixture{Vector<double>{{0.5, 0.3, 0.2}}};
  const DeepMatrix<double> model = model_of(depth, 3, 3);
  const Problem problem(model, mixture.population(), HalfMeanRegression{});
  const Matrix<double> I = Matrix<double>::Identity(3, 3);
  const Modes modes =
      follow(problem, start > 0 ? model.identity({.factor_scale = start}) : Vector<double>(Vector<double>::Zero(model.parameter_count())),
             rule, rate, I, I, mixture.target(), 0.99, 100'000);
  Vector<double> times(3);
  for (Index c = 0; c < 3; ++c) times[c] = modes.crossing(c, 0.99 * mixture.target()[c]);
  return times;
}

/// Eight classes of priors ~ 1 / c in 16 dimensions, 20,000 samples, mu = 1, sigma = 0.3, from entries of standard deviation 1e-3.
struct Growth {
  double relative;    ///< growth of the rarest class over that of the most common, when the first class reaches 25 % of its target
  double half_times;  ///< time of the rarest class to half its target over that of the most common
};
inline Growth growth(Rule rule, Index depth, std::uint64_t seed) {
  const Mixture mixture{inverse_priors(8), 1, 0.3};
  Random random(seed, "vasudeva2025");
  const Matrix<double> means = detail::random_isometry<double>(16, 8, random);
  const auto [X, labels] = mixture.samples(20'000, means, random);
  const DeepMatrix<double> model = model_of(depth, 16, 8);
  const Problem problem(model, regression_from_moments(moments_of(classification_data(X, labels, 8))), HalfMeanRegression{});
  const Vector<double> target = mixture.target();
  const double rate = rule == Rule::gradient ? 0.05 : 2e-3;
  const Modes modes = follow(problem, model.near_zero({.entry_std = 1e-3, .seed = seed}), rule, rate, Matrix<double>::Identity(8, 8), means,
                             target, 0.5, 200'000);
  const Index first = modes.first_at(target, 0.25);
  if (first < 0) return {std::nan(""), std::nan("")};
  const Vector<double> grown = modes[first] - modes[0];
  return {grown[7] / grown[0], modes.crossing(7, target[7] / 2) / modes.crossing(0, target[0] / 2)};
}

/// The full target diag(sigma) from Gaussian factors of standard deviation 1e-2: times at which the modes reach half.
inline Vector<double> half_times(const Vector<double>& sigma, Rule rule, Index depth, double rate, std::uint64_t seed, double start = 1e-2,
                                 Index most = 200'000) {
  const Index d = sigma.size();
  const DeepMatrix<double> model = model_of(depth, d, d);
  const Problem problem(model, fully_observed(Matrix<double>(sigma.asDiagonal())), HalfSumOfSquares{});
  const Matrix<double> I = Matrix<double>::Identity(d, d);
  const Modes modes = follow(problem, model.near_zero({.entry_std = start, .seed = seed}), rule, rate, I, I, sigma, 0.5, most);
  Vector<double> times(d);
  for (Index i = 0; i < d; ++i) times[i] = modes.crossing(i, sigma[i] / 2);
  return times;
}

/// Theorem: with t* = r_m, the smallest over t <= t* of (loss of the other rule - loss of spectral descent) / (mu t), for the rarest class and for the mean
/// over classes.
struct Gaps {
  double minority = 1e300, balanced = 1e300;
};
struct TheoremGaps {
  Gaps gradient, normalised;
  Gaps late;  ///< of gradient descent once all is learned, not divided by mu t
};
/// k classes, one of prior p_m at the bound 1 / (5 SNR + 6 k), the others random.
inline Mixture theorem_mixture(std::uint64_t seed) {
  Random random(seed, "vasudeva2025 theorem");
  const double mu = random.uniform(1, 2), snr = random.uniform(0.5, 4);
  const Index k = static_cast<Index>(std::ceil(3 * mu)) + static_cast<Index>(random.below(4));
  const double rarest = 1 / (5 * snr + 6 * static_cast<double>(k));
  Vector<double> p(k);
  for (double& x : p) x = random.uniform(0.5, 1.5);
  p.head(k - 1) *= (1 - rarest) / p.head(k - 1).sum();
  p[k - 1] = rarest;
  return {p, mu, mu / std::sqrt(snr)};
}
inline TheoremGaps theorem_gaps(const Mixture& mixture) {
  const Index k = mixture.classes();
  const DeepMatrix<double> model = model_of(1, k, k);
  const Problem problem(model, mixture.population(), HalfMeanRegression{});
  const double end = mixture.target()[k - 1], rate = end / 500;
  const auto losses = [&](Rule rule, Index steps) {  // a column a step
    Matrix<double> all(k, steps + 1);
    Vector<double> theta = Vector<double>::Zero(k * k);
    with(rule, ConstantRate{rate}, [&](auto optimizer) {
      train(problem, theta, optimizer, {.iterations = steps},
            [&](const auto& now) { all.col(now.iteration()) = mixture.class_losses(now.end_to_end()); });
      return 0;
    });
    return all;
  };
  const Matrix<double> spectral = losses(Rule::spectral, 500), gradient = losses(Rule::gradient, 500),
                       normalised = losses(Rule::normalised, 500);
  TheoremGaps gaps;
  for (Index t = 1; t <= 500; ++t)
    for (const auto& [other, gap] : {std::pair{&gradient, &gaps.gradient}, {&normalised, &gaps.normalised}}) {
      const Vector<double> difference = (other->col(t) - spectral.col(t)) / (mixture.mu * rate * static_cast<double>(t));
      gap->minority = std::min(gap->minority, difference[k - 1]);
      gap->balanced = std::min(gap->balanced, difference.mean());
    }
  const Vector<double> target = mixture.target();
  const double slowest = mixture.xx().minCoeff(), spent = std::max(target.maxCoeff(), 20 / slowest);
  const Vector<double> left = target.array() * (-mixture.xx().array() * spent).exp();  // gradient flow, in closed form
  const Matrix<double> done = target.asDiagonal(), late = (target - left).asDiagonal();
  const Vector<double> difference = mixture.class_losses(late) - mixture.class_losses(done);
  gaps.late = {difference[k - 1], difference.mean()};
  return gaps;
}

/// Completion of a 20 x 20 matrix of rank 2 and sigma_1 = 10 from half of its entries, factors of standard deviation 1e-2, until the loss is 1e-4.
enum class Completion { gradient, norm_matched, spectral };
struct Completed {
  double effective_rank, truth_rank, error, loss;
  Index steps;
};
inline Completed completion(Completion rule, Index depth, std::uint64_t seed) {
  const Index n = 20;
  Random random(seed, "vasudeva2025 completion");
  Matrix<double> A(n, 2), B(2, n);
  for (Matrix<double>* factor : {&A, &B})
    for (double& x : factor->reshaped()) x = random.normal();
  Matrix<double> truth = detail::product<double>(A, B);
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values<double>(truth, ws, sigma);
  truth *= 10 / sigma[0];
  const double truth_rank = effective_rank_of(sigma);
  std::vector<Index> places(static_cast<std::size_t>(n * n));
  std::iota(places.begin(), places.end(), Index(0));
  random.shuffle(places);
  Matrix<double> seen = Matrix<double>::Constant(n, n, std::nan(""));
  for (Index k = 0; k < n * n / 2; ++k)
    seen.data()[places[static_cast<std::size_t>(k)]] = truth.data()[places[static_cast<std::size_t>(k)]];
  const DeepMatrix<double> model = model_of(depth, n, n);
  const Problem problem(model, observed(seen), HalfSumOfSquares{});
  Vector<double> theta = model.near_zero({.entry_std = 1e-2, .seed = seed});
  const auto run = [&](auto optimizer) {
    return train(problem, theta, optimizer, {.iterations = 100'000}, every(20, stop_when(loss_below(1e-4))));
  };
  // Steps of constant length do not settle: they are halved again and again.
  const StepRate falling{.rate = 1e-2, .factor = 0.5, .every = 500};
  // A block of full rank n has a polar factor of norm sqrt(n).
  const StepRate matched{.rate = 1e-2 * std::sqrt(static_cast<double>(n)), .factor = 0.5, .every = 500};
  const auto outcome = rule == Completion::gradient ? run(gradient_descent({.rate = 1e-2}))
                       : rule == Completion::spectral
                           ? run(FullGradient{} | SpectralDescent{} | LearningRate{falling})
                           : run(FullGradient{} | NormalisedGradient{.norm_of = NormOf::block} | LearningRate{matched});
  const Matrix<double> W = [&] {
    Matrix<double> P = model.layer(theta, 0);
    for (Index l = 1; l < depth; ++l) P = detail::product<double>(model.layer(theta, l), P);
    return P;
  }();
  singular_values<double>(W, ws, sigma);
  return {effective_rank_of(sigma), truth_rank, (W - truth).norm() / truth.norm(), outcome.loss, outcome.iterations};
}

}  // namespace vasudeva2025
