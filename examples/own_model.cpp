// SPDX-License-Identifier: MIT
// A model of one's own: W = u u^T + diag(d), the covariance of one common factor and n specific ones. Two functions make it trainable: evaluate
// writes z = A(W(theta)), pullback writes or adds the gradient J^T zbar. Two more, pushforward and pullback_tangent, would add Hessian-vector products.
#include <tacit/analysis/differences.hpp>
#include <tacit/tacit.hpp>

#include <iostream>

using namespace tacit;

class OneFactor {
 public:
  using scalar_type = double;
  explicit OneFactor(Index n) : n_(n) { layout_.add("u", {n}).add("d", {n}); }

  // What every model says about itself.
  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  Index rows() const { return n_; }
  Index cols() const { return n_; }
  Shape shape() const { return {n_, n_}; }

  /// What a run keeps for one observation between evaluate and pullback: here nothing, theta is all that pullback needs.
  struct Workspace {};
  template <class O>
  Workspace workspace(const O&) const {
    return {};
  }
  /// z_k = u_i u_j, plus d_i where i = j; at[k] is the row and column of observation k.
  template <class O>
  void evaluate(In<double> theta, const O& at, Workspace&, Out<double> z) const {
    for (Index k = 0; k < at.count(); ++k) {
      const auto [i, j] = at[k];
      z[k] = theta[i] * theta[j] + (i == j ? theta[n_ + i] : 0);
    }
  }
  template <class O>
  void pullback(In<double> theta, const O& at, Workspace&, In<double> zbar, Write write, Out<double> g) const {
    if (write == Write::set) g.setZero();
    for (Index k = 0; k < at.count(); ++k) {
      const auto [i, j] = at[k];
      g[i] += zbar[k] * theta[j];
      g[j] += zbar[k] * theta[i];
      if (i == j) g[n_ + i] += zbar[k];
    }
  }
  friend std::ostream& operator<<(std::ostream& out, const OneFactor& model) { return out << "OneFactor(" << model.n_ << ')'; }

 private:
  Index n_;
  Layout layout_;
};

int main() {
  const OneFactor model(50);
  Random random(1, "example");
  Vector<double> truth(model.parameter_count()), theta(model.parameter_count());
  for (Index k = 0; k < truth.size(); ++k) truth[k] = random.uniform(0.2, 1), theta[k] = 0.5;

  std::vector<Triplet<double>> known, kept_back;  // all variances are known, and one covariance in ten
  for (Index i = 0; i < 50; ++i)
    for (Index j = 0; j <= i; ++j)
      (i == j || random.uniform() < 0.1 ? known : kept_back).push_back({i, j, truth[i] * truth[j] + (i == j ? truth[50 + i] : 0)});

  const Problem problem(model, observed(50, 50, known), HalfMeanSquares{});
  std::cout << check_gradient(problem, theta);
  Trajectory history(loss, gradient_norm, rmse_on("test_rmse", model, observed(50, 50, kept_back)), distance_to(truth));
  std::cout << train(problem, theta, adam({.rate = 1e-2}), {.iterations = 5000}, every(500, history), stop_when(loss_below(1e-14)))
            << history;
}

// Output:
//   gradient: relative error 2.1234e-15 (differences known to 6.98389e-15) over 50 directions, worst at direction 31
//   stopped at iteration 2480: loss at most 1e-14; loss 9.59373e-15, 0.0112257 s
//        iteration          loss  gradient_norm     test_rmse      distance
//                0     0.0588911      0.0443612      0.264986       2.55114
//              500   2.34597e-07    1.53604e-05    0.00288168      0.045052
//             1000   2.18936e-08    1.64228e-05   0.000825463     0.0130006
//             1500   7.54962e-10    3.19221e-06   0.000150587    0.00237731
//             2000   4.88073e-12    1.43738e-07   1.39254e-05   0.000222475
//             2480   9.59373e-15    3.07937e-09   6.44914e-07   1.02907e-05
