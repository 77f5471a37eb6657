// SPDX-License-Identifier: MIT
// Regression and classification with features, 10^5 samples of 10^3 features and 10 outputs (0.8 GB), against the loops that one would write by hand on Eigen:
// two products and the loss between them, the gradient never stored. Full batch, and batches of 256 gathered from a fresh shuffle every epoch.

#include <tacit/loss/cross_entropy.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <numeric>

#include "groups.hpp"
#include "measure.hpp"

namespace bench {

namespace {

using namespace tacit;
constexpr Index samples = 100'000, features_each = 1000, outputs = 10;

enum class PlainLoss { squares, cross_entropy };

/// W of outputs x features; samples are columns.
class PlainFeatures {
 public:
  PlainFeatures(const Data<double, Features<double>>& data, PlainLoss loss, Index batch, double rate)
      : X_(data.where.columns()), Y_(data.y.data(), outputs, samples), W_(Matrix<double>::Zero(outputs, features_each)), loss_(loss),
        rate_(rate), order_(static_cast<std::size_t>(samples)), random_(1, "minibatch"), batch_(batch) {
    std::iota(order_.begin(), order_.end(), Index(0));
    if (batch_ > 0) random_.shuffle(order_), Xb_.resize(features_each, batch_), Yb_.resize(outputs, batch_);
  }
  /// One step; returns the loss before it.
  double step() {
    if (batch_ == 0) return on(X_, Y_);
    if (next_ + batch_ > samples) random_.shuffle(order_), next_ = 0;
    for (Index k = 0; k < batch_; ++k) {
      const Index s = order_[static_cast<std::size_t>(next_ + k)];
      Xb_.col(k) = X_.col(s), Yb_.col(k) = Y_.col(s);
    }
    next_ += batch_;
    return on(Xb_, Yb_);
  }

 private:
  template <class X, class Y>
  double on(const X& x, const Y& y) {
    Z_.noalias() = W_ * x;
    const auto m = static_cast<double>(x.cols());
    double loss = 0;
    if (loss_ == PlainLoss::squares) {
      Z_ -= y;
      loss = Z_.squaredNorm() / (m * outputs);
      W_.noalias() -= (2 * rate_ / (m * outputs)) * Z_ * x.transpose();
      return loss;
    }
    for (Index s = 0; s < x.cols(); ++s) {
      auto z = Z_.col(s);
      const double top = z.maxCoeff(), known = z.dot(y.col(s));
      z = (z.array() - top).exp().matrix();
      const double sum = z.sum();
      loss += top + std::log(sum) - known;
      z = z / sum - y.col(s);
    }
    W_.noalias() -= (rate_ / m) * Z_ * x.transpose();
    return loss / m;
  }

  ConstMatrixMap<double> X_, Y_;
  Matrix<double> W_, Z_, Xb_, Yb_;
  PlainLoss loss_;
  double rate_;
  std::vector<Index> order_;
  Random random_;
  Index batch_, next_ = 0;
};

template <class Loss>
void against_plain(Report& report, const char* what, const Data<double, Features<double>>& given, const Loss& loss, PlainLoss plain_loss,
                   double limit) {
  const auto data = std::make_shared<const Data<double, Features<double>>>(given);  // shares the samples
  const Problem problem(DeepMatrix<double>({features_each, outputs}), data, loss);
  for (const Index batch : {Index(0), Index(256)}) {
    const auto measure = [&](auto& run) {
      PlainFeatures plain(*data, plain_loss, batch, 1e-3);
      volatile double seen = 0;
      return in_turns([&](long k) { run.advance(k); },
                      [&](long k) {
                        for (; k > 0; --k) seen = plain.step();
                      },
                      batch ? Effort{0.02, 30} : Effort{1e-3, 7});
    };
    const Vector<double> start = Vector<double>::Zero(problem.dimension());
    Figures f{};
    if (batch) {
      Run run(problem, start, sgd({.rate = 1e-3, .batch = batch, .seed = 1}));
      f = measure(run);
    } else {
      Run run(problem, start, gradient_descent({.rate = 1e-3}));
      f = measure(run);
    }
    report.add({sentence(what, ", 10^5 samples x 10^3 features, 10 outputs, ", batch ? "batch 256" : "full batch"), "plain Eigen loop",
                f.ours_us, f.theirs_us, none, limit});
  }
}

}  // namespace

void features(Report& report) {
  Matrix<double> X(features_each, samples);
  std::uint64_t state = 1;  // any numbers do, and quickly
  for (double& x : X.reshaped()) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    x = static_cast<double>(state >> 40) * 0x1p-23 - 1;
  }
  const auto at = Features<double>::from_columns(std::move(X), outputs);
  Vector<double> y(samples * outputs), label = Vector<double>::Zero(samples * outputs);
  for (Index k = 0; k < y.size(); ++k) y[k] = at.columns()(k % 7, k / outputs);
  for (Index s = 0; s < samples; ++s) label[s * outputs + s % outputs] = 1;
  against_plain(report, "regression", {at, y}, MeanSquares{}, PlainLoss::squares, 1.10);
  against_plain(report, "cross-entropy", {at, label}, cross_entropy(), PlainLoss::cross_entropy, 1.20);
}

}  // namespace bench
