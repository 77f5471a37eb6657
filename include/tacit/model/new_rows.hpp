// SPDX-License-Identifier: MIT
#pragma once
// Rows that were not there when a factorization was fitted:  row = average row of the fit + scale (w P + b),  P = W_{N-1} ... W_1, w and its
// own effect b from its known entries alone, by ridge regression (fold_in.hpp, where a constant stands in P as one more basis vector if rows
// had effects). The ridge is the one that best predicts entries held out of rows that were fitted.
//   const double ridge = best_ridge(factors, data, seed);      Vector<double> row = NewRows(factors, ridge).row({3, 17}, y);

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "../core/random.hpp"
#include "fold_in.hpp"

namespace tacit {

/// A fitted factorization, apart from what fitted it.
struct FittedFactors {
  std::vector<Matrix<double>> factors;  ///< W_1, ..., W_N
  Centre centre;

  Index rows() const { return factors.back().rows(); }
  Index cols() const { return factors.front().cols(); }
  /// P = W_{N-1} ... W_1
  Matrix<double> basis() const {
    Matrix<double> P = factors[0];
    for (std::size_t l = 1; l + 1 < factors.size(); ++l) P = factors[l] * P;
    return P;
  }
};

/// The same W with the effects of rows, where there are some, among its factors:  W = A P,  A of n1 x r.
struct RowFactors {
  Matrix<double> A, P;

  explicit RowFactors(const FittedFactors& of) : A(of.factors.back()), P(of.basis()) {
    const Vector<double>& effects = of.centre.effects_of(0);
    if (effects.size() == 0) return;
    const double norm = std::sqrt(P.squaredNorm() / static_cast<double>(P.cols()));
    const double size = norm > 0 ? norm : 1;  // as strong as all the others together
    P.conservativeResize(P.rows() + 1, Eigen::NoChange);
    P.row(P.rows() - 1).setConstant(size);
    A.conservativeResize(Eigen::NoChange, P.rows());
    A.col(P.rows() - 1) = effects / (of.centre.scale * size);
  }
};

class NewRows {
 public:
  NewRows(const FittedFactors& of, double ridge) : NewRows(of.centre, RowFactors(of), ridge) {}
  NewRows(const Centre& centre, const RowFactors& of, double ridge) : fold_(fold(centre, of, ridge)) {}

  /// The whole row, of whose column cols[k] the value y[k] is known.
  Vector<double> row(const std::vector<Index>& cols, const Vector<double>& y) const { return fold_.row(cols, y); }
  /// Where it would be without entries: its row of A less the average one.
  Vector<double> row(const std::vector<Index>& cols, const Vector<double>& y, const Vector<double>& start) const {
    return fold_.row(cols, y, start);
  }

 private:
  static FoldIn fold(const Centre& before, const RowFactors& of, double ridge) {
    // Rows are counted from the average row of the fit, which a row without known entries then is.
    Vector<double> col_effects = before.scale * (of.P.transpose() * of.A.colwise().mean().transpose());
    if (before.effects_of(1).size()) col_effects += before.effects_of(1);
    const DeepMatrix<double> model({of.P.cols(), of.P.rows(), of.A.rows()});
    Vector<double> theta(model.layout().parameter_count());
    model.layout().matrix(theta, 0) = of.P;
    model.layout().matrix(theta, 1) = of.A;
    return FoldIn(model, theta, {"", before.mean, {{}, std::move(col_effects)}, before.scale, before.lines}, {.ridge = ridge});
  }

  FoldIn fold_;
};

/// The ridge of a short list with the least squared error on a fifth of the entries of up to 100 fitted rows. Cost: 9 solves of r x r, and
/// whole rows, for each of them.
inline double best_ridge(const FittedFactors& of, const Data<double>& data, std::uint64_t seed) {
  const std::vector<double> ridges = {1e-3, 1e-2, 0.1, 0.3, 1, 3, 10, 30, 100};
  const double r = static_cast<double>(of.factors.back().cols());
  const auto most = static_cast<std::size_t>(std::clamp(2e8 / (r * r * r + r * static_cast<double>(of.cols()) + 1), 10.0, 100.0));
  struct Held {
    std::vector<Index> known, hidden;
    Vector<double> known_y, hidden_y;
  };
  std::vector<Held> rows;
  Random random(seed, "ridge of new rows");
  std::vector<Index> lines(static_cast<std::size_t>(data.where.rows()));
  std::iota(lines.begin(), lines.end(), Index(0));
  random.shuffle(lines);
  for (const Index i : lines) {
    if (rows.size() == most) break;
    const Index begin = data.where.row_start()[i], count = data.where.row_start()[i + 1] - begin;
    if (count < 2) continue;
    std::vector<Index> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), begin);
    random.shuffle(order);
    const Index hidden = (count + 4) / 5;
    Held held{{}, {}, Vector<double>(count - hidden), Vector<double>(hidden)};
    for (Index k = 0; k < count; ++k) {
      const Index at = order[static_cast<std::size_t>(k)];
      (k < hidden ? held.hidden : held.known).push_back(data.where.col()[at]);
      (k < hidden ? held.hidden_y[k] : held.known_y[k - hidden]) = data.y[at];
    }
    rows.push_back(std::move(held));
  }
  double best = 0.1, least = std::numeric_limits<double>::infinity();
  for (const double ridge : ridges) {
    const NewRows fold(of, ridge);
    double squares = 0;
    for (const Held& held : rows) {
      const Vector<double> z = fold.row(held.known, held.known_y);
      for (std::size_t k = 0; k < held.hidden.size(); ++k) {
        const double unit = of.centre.lines.scale_of(1, held.hidden[k]);
        if (unit > 0)
          squares += std::pow(of.centre.lines.error(held.hidden_y[static_cast<Index>(k)], z[held.hidden[k]], held.hidden[k]) / unit, 2);
      }
    }
    if (!rows.empty() && squares < least) least = squares, best = ridge;
  }
  return best;
}

}  // namespace tacit
