// SPDX-License-Identifier: MIT
#pragma once
// Factors of a table of counts under the Poisson distribution with a logarithmic link:
//   y_ij ~ Poisson(mu_ij),   log mu_ij = c + r_i + s_j + <a_i, b_j>,   A n1 x k, B n2 x k,
//   min over c, r, s, A, B   sum_observed (mu - y log mu) + kappa/2 (|r|^2 + |s|^2) + lambda/2 (|A|^2 + |B|^2).
// Given the columns' side, each row's (r_i, a_i) has a convex problem of its own: a Newton step, halved until the objective falls; columns alike; c in closed form. So no
// sweep raises the objective. A draw by seed starts B^T; then sweeps, Cost 2 m (k + 1)^2 + (n1 + n2) k^3 flops and some 2 m exponentials each.
//   PoissonSweeps   the sweeps       poisson_factors   one setting       (fit/tune_poisson.hpp: rank, kappa, lambda and sweeps on validation)
// Source: Collins, Dasgupta & Schapire 2001 (principal components of exponential families); Townes et al. 2019 (GLM-PCA).

#include "../core/budget.hpp"
#include "../core/random.hpp"
#include "../observation/centre.hpp"
#include "als_sweep.hpp"
#include "validation.hpp"

namespace tacit {

/// So many sweeps at a lambda.
struct PoissonStep {
  double lambda = 1;
  Index sweeps = 0;
};

struct PoissonFactors {
  Matrix<double> A, B;
  Vector<double> row, col;             ///< r and s
  double constant = 0;                 ///< c
  double effects_ridge = 1;            ///< kappa
  std::vector<PoissonStep> path = {};  ///< the lambdas that led here, this one last

  Index rank() const { return A.cols(); }
  std::string name() const {
    return rank() == 0 ? sentence("Poisson, row + column effects, ridge ", effects_ridge)
                       : sentence("Poisson, rank ", rank(), ", lambda ", path.back().lambda);
  }
  /// log mu at these entries.
  Vector<double> log_means(const Entries& at) const {
    require(at.rows() == A.rows() && at.cols() == B.rows(), "PoissonFactors: fitted to a ", A.rows(), " x ", B.rows(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    Vector<double> z = Vector<double>::Zero(at.count());
    if (rank() > 0) detail::product_at(A.transpose(), B.transpose(), at, z);
    for (Index k = 0; k < z.size(); ++k) z[k] += constant + row[at.row()[k]] + col[at.col()[k]];
    return z;
  }
  /// mu
  Vector<double> predict(const Entries& at) const { return log_means(at).array().min(largest).exp(); }

  static constexpr double largest = 690;  // exp of which is finite
};

namespace detail {

inline constexpr double poisson_start = 0.05;  ///< size of the normal numbers that are added to B at each lambda

/// sum (mu - y log mu), the negative logarithm of the likelihood but for what depends on y alone; half the deviance but for the same.
inline double poisson_loss(const Vector<double>& log_mean, const Vector<double>& y) {
  double sum = 0;
  for (Index k = 0; k < y.size(); ++k) sum += std::exp(std::min(log_mean[k], PoissonFactors::largest)) - y[k] * log_mean[k];
  return sum;
}

class PoissonSweeps {
 public:
  PoissonSweeps(const Data<double>& data, Index rank, double effects_ridge)
      : where_(data.where), y_(data.y), y_by_col_(transposed(data.where, data.y)), kappa_(effects_ridge),
        rows_(start(data.where.rows(), rank)), cols_(start(data.where.cols(), rank)) {
    constant_ = std::log(std::max(data.y.mean(), 1e-300));
  }
  /// Normal numbers of this size on B: components that a large lambda has extinguished come back from them.
  void stir(double size, Random& random) {
    for (Index j = 0; j < cols_.cols(); ++j)
      for (Index q = 1; q < cols_.rows(); ++q) cols_(q, j) += size * random.normal();
  }
  void operator()(double lambda) {
    half(where_.row_start(), where_.col(), y_.data(), cols_, lambda, rows_);
    half(where_.col_start(), where_.row_by_col(), y_by_col_.data(), rows_, lambda, cols_);
    constant_ += std::log(std::max(y_.sum(), 1e-300)) - std::log(at_entries(where_).array().min(PoissonFactors::largest).exp().sum());
  }
  Vector<double> at_entries(const Entries& at) const {
    Vector<double> z = Vector<double>::Constant(at.count(), constant_);
    for (Index k = 0; k < z.size(); ++k) z[k] += between(rows_.col(at.row()[k]), cols_.col(at.col()[k]));
    return z;
  }
  double objective(double lambda) const {
    const auto penalty = [&](const Matrix<double>& X) {
      return kappa_ / 2 * X.row(0).squaredNorm() + lambda / 2 * X.bottomRows(X.rows() - 1).squaredNorm();
    };
    return poisson_loss(at_entries(where_), y_) + penalty(rows_) + penalty(cols_);
  }
  PoissonFactors fit(std::vector<PoissonStep> path) const {
    const Index k = rows_.rows() - 1;
    return {rows_.bottomRows(k).transpose(),
            cols_.bottomRows(k).transpose(),
            rows_.row(0).transpose(),
            cols_.row(0).transpose(),
            constant_,
            kappa_,
            std::move(path)};
  }
  static double cost(const Entries& where, Index rank) {
    const auto k = static_cast<double>(rank + 1), m = static_cast<double>(where.count());
    return m * (2 * k * k + 60) + static_cast<double>(where.rows() + where.cols()) * k * k * k;
  }

 private:
  static Matrix<double> start(Index lines, Index rank) { return Matrix<double>::Zero(rank + 1, lines); }
  /// Of a row (r, a) and a column (s, b): r + s + <a, b>.
  template <class X, class Y>
  static double between(const X& x, const Y& y) {
    double sum = x[0] + y[0];
    for (Index q = 1; q < x.size(); ++q) sum += x[q] * y[q];
    return sum;
  }
  /// A Newton step for every line of X given Y.
  void half(const Index* start, const std::int32_t* other, const double* y, const Matrix<double>& Y, double lambda, Matrix<double>& X) {
    const Index k = X.rows();
    Matrix<double> hessian(k, k);
    Vector<double> slope(k), now(k), next(k), ridge = Vector<double>::Constant(k, lambda), h(k);
    ridge[0] = kappa_;
    for (Index i = 0; i < X.cols(); ++i) {
      const Index first = start[i], count = start[i + 1] - first;
      if (count == 0) {
        X.col(i).setZero();
        continue;
      }
      now = X.col(i);
      const auto objective = [&](const Vector<double>& x) {
        double sum = x.cwiseAbs2().dot(ridge) / 2;
        for (Index s = first; s < first + count; ++s) {
          const double z = constant_ + between(x, Y.col(other[s]));
          sum += std::exp(std::min(z, PoissonFactors::largest)) - y[s] * z;
        }
        return sum;
      };
      hessian.setZero();
      slope = -ridge.cwiseProduct(now);
      double before = now.cwiseAbs2().dot(ridge) / 2;
      for (Index s = first; s < first + count; ++s) {
        h = Y.col(other[s]);
        const double z = constant_ + between(now, h), mu = std::exp(std::min(z, PoissonFactors::largest));
        h[0] = 1;
        before += mu - y[s] * z;
        slope += (y[s] - mu) * h;
        for (Index q = 0; q < k; ++q)
          for (Index p = q; p < k; ++p) hessian(p, q) += mu * h[p] * h[q];
      }
      hessian.diagonal() += ridge;
      solve_normal_equations(hessian, slope.data());
      for (double step = 1; step > 1e-3; step /= 2) {
        next = now + step * slope;
        if (const double after = objective(next); after <= before) {
          X.col(i) = next;
          break;
        }
      }
    }
  }

  const Entries& where_;
  const Vector<double>& y_;
  Vector<double> y_by_col_;
  double kappa_, constant_ = 0;
  Matrix<double> rows_, cols_;  // (r, A)^T and (s, B)^T
};

}  // namespace detail

/// Whether this is a table of counts: whole numbers from 0, without an upper end: ratings often are at theirs, the largest count is rare (one in fifty at most).
inline bool are_counts(const Vector<double>& y) {
  double largest = 0;
  for (const double x : y) {
    if (!(x >= 0) || x != std::floor(x) || x > 1e9) return false;
    largest = std::max(largest, x);
  }
  const auto often = static_cast<double>((y.array() == largest).count()) / static_cast<double>(y.size());
  return largest >= 3 && often <= 0.02 && (y.minCoeff() == 0 || largest > 20);
}

/// Along this path of lambdas. The data are counts, not all 0.
inline PoissonFactors poisson_factors(const Data<double>& data, Index rank, double effects_ridge, const std::vector<PoissonStep>& path,
                                      std::uint64_t seed, const Pace& pace = {}) {
  detail::require_unweighted("poisson_factors", data);
  require(data.count() > 0 && data.y.minCoeff() >= 0 && data.y.maxCoeff() > 0,
          "poisson_factors: the data are no counts with at least one above 0");
  require(rank >= 0 && effects_ridge > 0, "poisson_factors: rank ", rank, " and the ridge of effects ", effects_ridge,
          " need to be positive");
  detail::PoissonSweeps sweep(data, rank, effects_ridge);
  Random random(seed, "Poisson factors");
  for (const PoissonStep& step : path) {
    require(step.lambda > 0, "poisson_factors: lambda is ", step.lambda, ", it needs to be positive");
    sweep.stir(detail::poisson_start, random);
    for (Index s = 0; s < step.sweeps; ++s) pace.ask(), sweep(step.lambda);
  }
  return sweep.fit(path);
}

}  // namespace tacit
