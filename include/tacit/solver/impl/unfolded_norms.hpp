// SPDX-License-Identifier: MIT
#pragma once
// The iteration of unfolded_norms.hpp, and its path on validation entries.

#include "../../core/compiled.hpp"
#include "../spectral.hpp"
#include "../unfolded_norms.hpp"

namespace tacit {

namespace detail {

/// A tensor seen as `after` matrices of before x size, one after another: what products with mode n take. Mode 0: one matrix, size x after.
struct ModeView {
  Index before = 1, size = 1, after = 1;
  ModeView(const std::vector<Index>& sizes, Index n) : size(sizes[static_cast<std::size_t>(n)]) {
    for (Index k = 0; k < static_cast<Index>(sizes.size()); ++k)
      if (k != n) (k < n ? before : after) *= sizes[static_cast<std::size_t>(k)];
  }
  /// W_(n) W_(n)^T
  Matrix<double> gram(const double* W) const {
    Matrix<double> G = Matrix<double>::Zero(size, size);
    if (before == 1) multiply_nt<double>({W, size, after}, {W, size, after}, Write::set, {G.data(), size, size});
    for (Index a = 0; before > 1 && a < after; ++a) {
      const ConstMatrixMap<double> slice(W + a * before * size, before, size);
      multiply_tn<double>(slice, slice, Write::add, {G.data(), size, size});
    }
    return G;
  }
  Index others() const { return before * after; }
  /// use(i, j, place) for every entry of W_(n), whose columns count the modes before n fastest.
  template <class Use>
  void each(Use use) const {
    for (Index a = 0; a < after; ++a)
      for (Index i = 0; i < size; ++i)
        for (Index b = 0; b < before; ++b) use(i, b + before * a, b + before * (i + size * a));
  }
  /// sum_i P(i, q) W(.. i ..), the new index q in the place of mode n.
  void apply(const double* W, const Matrix<double>& P, double* out) const {
    const ConstMatrixMap<double> by(P.data(), size, P.cols());
    if (before == 1) return multiply_tn<double>(by, {W, size, after}, Write::set, {out, P.cols(), after});
    for (Index a = 0; a < after; ++a)
      multiply<double>({W + a * before * size, before, size}, by, Write::set, {out + a * before * P.cols(), before, P.cols()});
  }
};

inline Vector<double> singular_values_of(const Matrix<double>& gram) {
  return EigenSolver(gram, Eigen::EigenvaluesOnly).eigenvalues().cwiseMax(0).cwiseSqrt();
}
/// How many singular values of an unfolding go free.
inline Index free_values(const ModeView& view, double share) {
  return static_cast<Index>(std::ceil(share * static_cast<double>(std::min(view.size, view.others())) - 1e-9));
}

/// The tensor with every mode multiplied by a matrix, or its transpose.
inline Tensor<double> multiplied(const Tensor<double>& W, const std::vector<Matrix<double>>& by, bool transposed) {
  std::vector<Index> sizes = W.shape.sizes();
  Vector<double> values = W.values;
  for (std::size_t n = 0; n < by.size(); ++n) {
    const Matrix<double> P = transposed ? Matrix<double>(by[n].transpose()) : by[n];
    const ModeView view(sizes, static_cast<Index>(n));
    Vector<double> next(view.before * P.cols() * view.after);
    view.apply(values.data(), P, next.data());
    values = std::move(next);
    sizes[n] = P.cols();
  }
  return Tensor<double>(Shape(sizes), std::move(values));
}

class UnfoldedNormsIteration {
 public:
  Index steps = 0;
  bool converged = false;

  UnfoldedNormsIteration(const TensorEntries& where, const Vector<double>& y) : shape_(where.shape()), y_(y), W_(Shape(shape_)) {
    for (Index n = 0; n < order(); ++n) views_.emplace_back(shape_.sizes(), n);
    for (Index k = 0; k < where.count(); ++k) place_.push_back(place_of(where, k));
    for (Index k = 0; k < y.size(); ++k) W_.values[place_[static_cast<std::size_t>(k)]] = y[k];
    for (const ModeView& view : views_) largest_ = std::max(largest_, singular_values_of(view.gram(W_.values.data())).maxCoeff());
    W_.values.setZero();
    copies_.assign(views_.size(), W_.values);
    duals_ = copies_;
    basis_.resize(views_.size());
  }
  double largest() const { return largest_; }
  Index place_of(const TensorEntries& at, Index k) const {
    Index place = 0;
    for (Index n = order(); n-- > 0;) place = place * shape_[n] + at.mode(n)[k];
    return place;
  }
  Vector<double> values_at(const TensorEntries& at) const {
    Vector<double> z(at.count());
    for (Index k = 0; k < z.size(); ++k) z[k] = W_.values[place_of(at, k)];
    return z;
  }

  void run(double lambda, double free, double tolerance, Index most, const Pace& pace, Budget* budget = nullptr) {
    converged = false;
    for (Index step = 0; step < most && !converged && !(budget && step > 0 && budget->over()); ++step, ++steps) {
      pace.ask();
      if (budget) budget->spend(unfolded_norms_work(shape_));
      for (std::size_t n = 0; n < views_.size(); ++n) shrink(n, lambda, free);
      const auto d = static_cast<double>(order());
      before_ = W_.values;
      sum_.setZero(W_.values.size());
      for (std::size_t n = 0; n < views_.size(); ++n) sum_ += copies_[n] - duals_[n];
      W_.values = sum_ / d;
      for (Index k = 0; k < y_.size(); ++k) {
        const Index p = place_[static_cast<std::size_t>(k)];
        W_.values[p] = (y_[k] + penalty_ * sum_[p]) / (1 + d * penalty_);
      }
      double primal = 0, copied = 0, dual = 0;
      for (std::size_t n = 0; n < views_.size(); ++n) {
        sum_ = W_.values - copies_[n];
        primal += sum_.squaredNorm(), copied += copies_[n].squaredNorm();
        duals_[n] += sum_;
        dual += duals_[n].squaredNorm();
      }
      primal = std::sqrt(primal), dual = std::sqrt(dual);
      const double moved = std::sqrt(d) * (W_.values - before_).norm(), size = std::sqrt(std::max(copied, d * W_.values.squaredNorm()));
      converged = primal <= tolerance * size && moved <= tolerance * std::max(dual, 1e-300);
      if (step % 5 == 4 && step < 200) balance(primal / std::max(size, 1e-300), moved / std::max(dual, 1e-300));
    }
  }
  /// The fit around this centre.
  UnfoldedNorms fit(const Centre& centre, double lambda, double free) const {
    UnfoldedNorms f;
    f.U = basis_;
    for (std::size_t n = 0; n < f.U.size(); ++n)  // all of W is 0
      if (f.U[n].cols() == 0) f.U[n] = Matrix<double>::Identity(views_[n].size, 1);
    f.core = multiplied(W_, f.U, false);
    f.centre = centre;
    f.lambda = lambda, f.free = free, f.iterations = steps, f.converged = converged;
    const Tensor<double> W = f.dense();
    for (Index k = 0; k < y_.size(); ++k) f.objective += 0.5 * std::pow(y_[k] - W.values[place_[static_cast<std::size_t>(k)]], 2);
    for (Index n = 0; n < order(); ++n) {  // the core has the singular values of W
      const Vector<double> values = singular_values_of(ModeView(f.core.shape.sizes(), n).gram(f.core.values.data()));
      const Index penalised = values.size() - free_values(views_[static_cast<std::size_t>(n)], free);
      f.objective += lambda / static_cast<double>(order()) * values.head(std::max<Index>(penalised, 0)).sum();
    }
    return f;
  }

 private:
  Index order() const { return shape_.order(); }
  /// M_n = the shrunk W + its dual, by the eigenvectors of the smaller Gram matrix.
  void shrink(std::size_t n, double lambda, double free) {
    const ModeView& view = views_[n];
    const bool by_rows = view.size <= view.others();
    sum_ = W_.values + duals_[n];
    if (!by_rows) {
      unfolded_.resize(view.size, view.others());
      view.each([&](Index i, Index j, Index place) { unfolded_(i, j) = sum_[place]; });
    }
    const EigenSolver eigen(by_rows ? view.gram(sum_.data()) : product_tn(unfolded_, unfolded_));
    const double threshold = lambda / (static_cast<double>(order()) * penalty_);
    const Vector<double> values = eigen.eigenvalues().cwiseMax(0).cwiseSqrt();
    const Index size = values.size(), go_free = free_values(view, free);
    Index rank = 0;
    for (Index k = 0; k < size; ++k) rank += values[k] > (k >= size - go_free ? 1e-7 * values[size - 1] : threshold);
    const Matrix<double> vectors = eigen.eigenvectors().rightCols(rank);
    Matrix<double> scaled = vectors;
    for (Index c = 0; c < rank; ++c)
      if (const Index k = size - rank + c; k < size - go_free) scaled.col(c) *= 1 - threshold / values[k];
    if (by_rows) {
      basis_[n] = vectors;
      view.apply(sum_.data(), product_nt(scaled, vectors), copies_[n].data());
      return;
    }
    basis_[n] = product(unfolded_, vectors);  // U S
    unfolded_ = product_nt(basis_[n], scaled);
    for (Index c = 0; c < rank; ++c) basis_[n].col(c) /= basis_[n].col(c).norm();
    view.each([&](Index i, Index j, Index place) { copies_[n][place] = unfolded_(i, j); });
  }
  void balance(double primal, double dual) {
    const double by = primal > 5 * dual ? 2 : dual > 5 * primal ? 0.5 : 1;
    penalty_ *= by;
    if (by != 1)
      for (Vector<double>& u : duals_) u /= by;
  }

  Shape shape_;
  Vector<double> y_;
  Tensor<double> W_;
  std::vector<ModeView> views_;
  std::vector<Index> place_;
  std::vector<Vector<double>> copies_, duals_;  // M_n; the duals are those of the constraints W = M_n, divided by the penalty
  std::vector<Matrix<double>> basis_;
  Matrix<double> unfolded_;
  Vector<double> sum_, before_;
  double penalty_ = 0.2, largest_ = 0;
};

inline void require_unfolded(const char* who, const Shape& shape) {
  require(shape.order() >= 2, who, ": the tensor is ", shape, ", needs at least 2 modes");
  require(shape.size() <= unfolded_norms_limit, who, ": a dense ", shape, " tensor has ", shape.size(), " entries, more than the ",
          unfolded_norms_limit, " that are formed");
}

}  // namespace detail

TACIT_INLINE std::string UnfoldedNorms::name() const {
  std::string text = sentence("lambda ", lambda, free > 0 ? sentence(", ", 100 * free, " % of singular values free") : "", ", ranks");
  for (const Matrix<double>& factor : U) text += sentence(' ', factor.cols());
  return text + (centre.form == "zero" ? ", not centred" : ", centred by " + centre.form);
}
TACIT_INLINE Tensor<double> UnfoldedNorms::dense() const { return detail::multiplied(core, U, true); }
TACIT_INLINE Vector<double> UnfoldedNorms::predict(const TensorEntries& at) const {
  const Tensor<double> W = dense();
  require(at.shape() == W.shape, "UnfoldedNorms: fitted to a ", W.shape, " tensor, asked about a ", at.shape(), " tensor");
  Vector<double> z(at.count());
  for (Index k = 0; k < z.size(); ++k) {
    Index place = 0;
    for (Index n = W.order(); n-- > 0;) place = place * W.shape[n] + at.mode(n)[k];
    z[k] = W.values[place];
  }
  return centre.put_back(z, at);
}

TACIT_INLINE UnfoldedNorms unfolded_norms(const Data<double, TensorEntries>& train, const UnfoldedNormsSettings& s) {
  detail::require_unweighted("unfolded_norms", train);
  detail::require_unfolded("unfolded_norms", train.where.shape());
  require(s.lambda > 0 && std::isfinite(s.lambda), "unfolded_norms: lambda is ", s.lambda, ", it needs to be positive and finite");
  require(s.free >= 0 && s.free < 1, "unfolded_norms: the free share of singular values is ", s.free, ", it needs to lie in [0, 1)");
  require(s.iterations > 0 && s.tolerance > 0, "unfolded_norms: iterations ", s.iterations, " and tolerance ", s.tolerance,
          " need to be positive");
  detail::UnfoldedNormsIteration iteration(train.where, train.y - s.centre.predict(train.where));
  for (double lambda = iteration.largest() / 2; lambda > 1.5 * s.lambda; lambda /= 4) iteration.run(lambda, s.free, 1e-2, 20, {});
  iteration.run(s.lambda, s.free, s.tolerance, s.iterations, {});
  return iteration.fit(s.centre, s.lambda, s.free);
}

TACIT_INLINE Tuned<UnfoldedNorms, Trial> tune_unfolded_norms(const Data<double, TensorEntries>& train,
                                                             const Data<double, TensorEntries>& validation, const UnfoldedNormsPath& path) {
  detail::require_validation("tune_unfolded_norms", train, validation);
  detail::require_unfolded("tune_unfolded_norms", train.where.shape());
  require(path.factor > 0 && path.factor < 1 && path.smallest > 0 && path.smallest < 1, "tune_unfolded_norms: factor ", path.factor,
          " and smallest ", path.smallest, " need to lie between 0 and 1");
  require(!path.free.empty() && path.patience > 0 && path.iterations > 0 && path.tolerance > 0, "tune_unfolded_norms: ", path.free.size(),
          " shares of free values, patience ", path.patience, ", iterations ", path.iterations, " and tolerance ", path.tolerance,
          " need to be positive");
  Budget budget(path.seconds, path.pace);
  Tuned<UnfoldedNorms, Trial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  std::vector<Centre> centres;
  if (path.centred) centres.push_back(tune_means(train, validation).fit);
  centres.emplace_back();
  /// A path of lambdas downwards; the least error on it.
  const auto follow = [&](double free, const Centre& centre) {
    const Vector<double> target = validation.y - centre.predict(validation.where);
    detail::UnfoldedNormsIteration iteration(train.where, train.y - centre.predict(train.where));
    double here = std::numeric_limits<double>::infinity();
    const double first = iteration.largest();
    Index stale = 0;
    for (double lambda = path.factor * first; lambda >= path.smallest * first && stale < path.patience; lambda *= path.factor) {
      if (budget.over() && !best.trials.empty()) break;
      iteration.run(lambda, free, path.tolerance, path.iterations, path.pace, &budget);
      const double error = detail::rmse(iteration.values_at(validation.where), target);
      stale = error < 0.999 * here ? 0 : stale + 1;
      here = std::min(here, error);
      best.trials.push_back({sentence("lambda ", lambda, ", ", 100 * free, " % free, ", centre.form), error});
      if (!(error < best.validation_rmse) && best.trials.size() > 1) continue;
      UnfoldedNorms fit = iteration.fit(centre, lambda, free);
      if (const double exact = detail::rmse(fit.predict(validation.where), validation.y); exact < best.validation_rmse)
        best.validation_rmse = exact, best.fit = std::move(fit);
    }
    return here;
  };
  const std::size_t middle = path.free.size() / 2;
  double least = std::numeric_limits<double>::infinity();
  Centre centre;
  for (const Centre& each : centres)
    if (const double error = follow(path.free[middle], each); error < least) least = error, centre = each;
  const auto walk = [&](std::size_t step) {  // up, or by -1 down, while it helps
    bool helped = false;
    for (std::size_t f = middle + step; f < path.free.size() && !budget.over(); f += step) {
      const double error = follow(path.free[f], centre);
      if (!(error < 0.998 * least)) break;
      least = error, helped = true;
    }
    return helped;
  };
  if (!walk(1)) walk(std::size_t(-1));
  return best;
}

TACIT_INLINE UnfoldedNorms refit(const UnfoldedNorms& chosen, const Data<double, TensorEntries>& data, const UnfoldedNormsPath& path) {
  const Centre centre = refit(chosen.centre, data);
  detail::UnfoldedNormsIteration iteration(data.where, data.y - centre.predict(data.where));
  for (const double above : {8.0, 4.0, 2.0}) iteration.run(above * chosen.lambda, chosen.free, path.tolerance, path.iterations, path.pace);
  iteration.run(chosen.lambda, chosen.free, 0.1 * path.tolerance, 3 * path.iterations, path.pace);
  return iteration.fit(centre, chosen.lambda, chosen.free);
}

}  // namespace tacit
