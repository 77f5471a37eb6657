// SPDX-License-Identifier: MIT
// Gauss-Newton and Levenberg-Marquardt: products of C against J itself, one step on linear models, changes of theta, large damping.
#include <tacit/loss/pointwise.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/model/tucker.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/observation/tensor_data.hpp>
#include <tacit/optimizer/learning_rate.hpp>
#include <tacit/optimizer/levenberg_marquardt.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// C v by the rows of J, which come from one pullback each, against the problem's product; repeated products, and batches.
template <class P>
void product_is_that_of_J(const P& problem, const Vector<double>& theta, const Vector<double>& curvature) {
  INFO(sentence(problem.model()));
  const auto& at = problem.data().where;
  auto apart = problem.model().workspace(at);
  Vector<double> z(problem.count()), row(problem.dimension());
  Matrix<double> J(problem.count(), problem.dimension());
  problem.model().evaluate(theta, at, apart, z);
  for (Index k = 0; k < problem.count(); ++k) {
    problem.model().pullback(theta, at, apart, Vector<double>(Vector<double>::Unit(problem.count(), k)), Write::set, row);
    J.row(k) = row.transpose();
  }
  auto ws = problem.workspace();
  Vector<double> g(problem.dimension()), cv(problem.dimension());
  problem.value_and_gradient(theta, ws, g);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Vector<double> v = bitwise::normal<double>(problem.dimension(), seed, 1);
    problem.gauss_newton_times_linearized(theta, v, ws, cv);
    const Vector<double> by_hand = J.transpose() * Vector<double>(curvature.cwiseProduct(J * v));
    CHECK((cv - by_hand).norm() <= 1e-12 * by_hand.norm());
  }
  CHECK(ws.hessian_products == 3);
  const std::vector<Index> which{0, 2, 3};
  problem.value_and_gradient(theta, which, ws, g);
  const Vector<double> v = bitwise::normal<double>(problem.dimension(), 4, 1);
  Vector<double> chosen = Vector<double>::Zero(problem.count());
  const double scale = static_cast<double>(problem.count()) / 3;  // means are over the batch
  for (const Index k : which) chosen[k] = scale * curvature[k];
  for (int again = 0; again < 2; ++again) {
    problem.gauss_newton_times_linearized(theta, which, v, ws, cv);
    const Vector<double> by_hand = J.transpose() * Vector<double>(chosen.cwiseProduct(J * v));
    CHECK((cv - by_hand).norm() <= 1e-12 * by_hand.norm());
  }
}

/// A model seen in other coordinates: theta = T phi.
class Transformed {
 public:
  using scalar_type = double;
  using Inner = SymmetricMatrix<double>;
  Transformed(Inner inner, Matrix<double> T) : inner_(std::move(inner)), T_(std::move(T)) {}
  const Layout& layout() const { return inner_.layout(); }
  Index parameter_count() const { return inner_.parameter_count(); }
  Index rows() const { return inner_.rows(); }
  Index cols() const { return inner_.cols(); }
  Shape shape() const { return inner_.shape(); }
  template <class O>
  auto workspace(const O& at) const {
    return inner_.workspace(at);
  }
  template <class O, class W>
  void evaluate(In<double> phi, const O& at, W& ws, Out<double> z) const {
    inner_.evaluate(Vector<double>(T_ * phi), at, ws, z);
  }
  template <class O, class W>
  void pullback(In<double> phi, const O& at, W& ws, In<double> zbar, Write write, Out<double> g) const {
    Vector<double> inner(phi.size());
    inner_.pullback(Vector<double>(T_ * phi), at, ws, zbar, Write::set, inner);
    if (write == Write::set) g = T_.transpose() * inner;
    else g += T_.transpose() * inner;
  }
  template <class O, class W>
  void pushforward(In<double> phi, const O& at, W& ws, In<double> v, Out<double> dz) const {
    inner_.pushforward(Vector<double>(T_ * phi), at, ws, Vector<double>(T_ * v), dz);
  }
  friend std::ostream& operator<<(std::ostream& out, const Transformed&) { return out << "Transformed"; }

 private:
  Inner inner_;
  Matrix<double> T_;
};
Data<double, LinearMap<double>> measurements(Index rows, Index cols, Index count) {
  Matrix<double> A(rows * cols, count);
  A.reshaped() = bitwise::normal<double>(A.size(), 7, 1);
  return {LinearMap<double>(rows, cols, A), bitwise::normal<double>(count, 8, 1), {}};
}

}  // namespace

TEST_CASE("the Gauss-Newton product is that of J, on every kind of model and observation, on batches too") {
  const auto seen = bitwise::data<double>();
  const auto mean = [](Index m) { return Vector<double>(Vector<double>::Constant(m, 2.0 / static_cast<double>(m))); };
  const Problem deep(DeepMatrix<double>({6, 4, 3, 5}), seen, MeanSquares{});
  product_is_that_of_J(deep, bitwise::normal<double>(deep.dimension(), 1, 0.5), mean(seen.count()));
  const Problem shallow(DeepMatrix<double>({6, 5}), seen, MeanSquares{});
  product_is_that_of_J(shallow, bitwise::normal<double>(30, 1, 0.5), mean(seen.count()));
  const Problem net(DiagonalNet<double>({.size = 6, .depth = 3}), measurements(6, 1, 4), MeanSquares{});
  product_is_that_of_J(net, bitwise::normal<double>(12, 1, 1), mean(4));
  const Problem formula(Recorded<double>(blocks({{"W1", {4, 6}}, {"W2", {5, 4}}}), [](auto W1, auto W2) { return W2 * tanh(W1); }), seen,
                        MeanSquares{});
  product_is_that_of_J(formula, bitwise::normal<double>(44, 1, 0.5), mean(seen.count()));
  const Problem product(Recorded<double>(blocks({{"W1", {4, 6}}, {"W2", {5, 4}}}), [](auto W1, auto W2) { return W2 * W1; }), seen,
                        MeanSquares{});
  product_is_that_of_J(product, bitwise::normal<double>(44, 1, 0.5), mean(seen.count()));
  const auto tensor = observed<double>(Shape{3, 4, 2}, {{0, 1, 2, 0, 1, 2, 0}, {0, 2, 3, 1, 0, 2, 3}, {0, 1, 0, 1, 0, 1, 1}},
                                       bitwise::normal<double>(7, 3, 1));
  const Problem cp(CP<double>({.shape = {3, 4, 2}, .rank = 2}), tensor, MeanSquares{});
  product_is_that_of_J(cp, bitwise::normal<double>(cp.dimension(), 1, 0.5), mean(tensor.count()));
  const Problem tucker(Tucker<double>({.shape = {3, 4, 2}, .ranks = {2, 2, 2}}), tensor, MeanSquares{});
  product_is_that_of_J(tucker, bitwise::normal<double>(tucker.dimension(), 1, 0.5), mean(tensor.count()));
}

TEST_CASE("the Gauss-Newton product takes the loss's curvature at z and the penalty's own Hessian") {
  const auto seen = bitwise::data<double>();
  const DeepMatrix<double> model({6, 4, 5});
  const Vector<double> theta = bitwise::start<double>();
  auto ws = model.workspace(seen.where);
  Vector<double> z(seen.count());
  model.evaluate(theta, seen.where, ws, z);
  const Vector<double> r = z - seen.y;
  product_is_that_of_J(Problem(model, seen, pointwise([](auto a, auto b) { return exp(a - b); })), theta,
                       Vector<double>(r.array().exp() / static_cast<double>(seen.count())));
  const Problem plain(model, seen, MeanSquares{});
  const Problem penalised(model, seen, MeanSquares{}, WeightDecayPenalty{0.3});
  Vector<double> g(44), a(44), b(44);
  const Vector<double> v = bitwise::normal<double>(44, 9, 1);
  auto wa = plain.workspace();
  auto wb = penalised.workspace();
  plain.value_and_gradient(theta, wa, g);
  penalised.value_and_gradient(theta, wb, g);
  plain.gauss_newton_times_linearized(theta, v, wa, a);
  penalised.gauss_newton_times_linearized(theta, v, wb, b);
  CHECK((b - a - 0.3 * v).norm() < 1e-13);
}

TEST_CASE("on a linear model under a squared loss one Gauss-Newton step ends at the minimiser") {
  const Problem p(DeepMatrix<double>({4, 3}), measurements(3, 4, 20), HalfMeanSquares{});
  Run run(p, bitwise::normal<double>(12, 9, 1), gauss_newton({.forcing = 1e-13}));
  auto ws = p.workspace();
  Vector<double> g(12);
  p.value_and_gradient(run.theta(), ws, g);
  const double before = g.norm();
  run.advance(1);
  p.value_and_gradient(run.theta(), ws, g);
  CHECK(g.norm() < 1e-12 * before);
}

TEST_CASE("undamped steps commute with invertible linear changes of theta, damped ones and gradients do not") {
  const auto seen = measurements(5, 5, 20);
  const SymmetricMatrix<double> model({.size = 5, .width = 1});  // W = u u^T: J has full rank, so that C is invertible
  Matrix<double> T(5, 5);
  T.reshaped() = bitwise::normal<double>(T.size(), 5, 0.3);
  T += Matrix<double>::Identity(5, 5);
  const Vector<double> phi = bitwise::normal<double>(5, 6, 1), theta = T * phi;
  const Problem plain(model, seen, HalfMeanSquares{});
  const Problem changed(Transformed(model, T), seen, HalfMeanSquares{});
  const auto gap = [&](const auto& rule, int steps) {
    Run a(plain, theta, rule);
    Run b(changed, phi, rule);
    a.advance(steps);
    b.advance(steps);
    CHECK((a.theta() - theta).norm() > 1e-3);
    return (a.theta() - T * b.theta()).norm() / a.theta().norm();
  };
  const auto damped = [](double mu) { return LevenbergMarquardt{.mu = mu, .unit = DampingUnit::one, .forcing = 1e-14}; };
  CHECK(gap(damped(0), 1) < 1e-12);
  CHECK(gap(damped(0), 5) < 1e-10);
  CHECK(gap(damped(0.1), 1) > 1e-3);
  CHECK(gap(FullGradient{} | LearningRate{0.1}, 1) > 1e-3);
}

TEST_CASE("with growing damping the step tends to a short one down the gradient") {
  const auto p = bitwise::problem<double>();
  const Vector<double> theta = bitwise::start<double>();
  auto ws = p.workspace();
  Vector<double> g(44);
  p.value_and_gradient(theta, ws, g);
  double last = 1;
  for (const double mu : {1e1, 1e3, 1e5}) {
    Run run(p, theta, LevenbergMarquardt{.mu = mu, .unit = DampingUnit::one, .forcing = 1e-12});
    run.advance(1);
    const double gap = (run.theta() - theta + g / mu).norm() * mu / g.norm();
    CHECK(gap < 0.02 * last);
    last = gap;
  }
}

TEST_CASE("the first damping is a multiple of the largest entry of the diagonal of C") {
  const auto p = bitwise::problem<double>();
  const Vector<double> theta = bitwise::start<double>();
  auto ws = p.workspace();
  Vector<double> g(44), cv(44);
  p.value_and_gradient(theta, ws, g);
  double largest = 0;
  for (Index j = 0; j < 44; ++j) {
    p.gauss_newton_times_linearized(theta, Vector<double>(Vector<double>::Unit(44, j)), ws, cv);
    largest = std::max(largest, cv[j]);
  }
  const auto step = [&](double mu, DampingUnit unit, Damping damping) {
    Run run(p, theta, LevenbergMarquardt{.mu = mu, .unit = unit, .damping = damping});
    run.advance(1);
    return run.theta();
  };
  CHECK(step(1e-2, DampingUnit::largest_diagonal, Damping::levenberg) == step(1e-2 * largest, DampingUnit::one, Damping::levenberg));
  CHECK(step(1e-2, DampingUnit::one, Damping::levenberg) != step(1e-2, DampingUnit::one, Damping::marquardt));
}

TEST_CASE("Levenberg-Marquardt lowers the objective at every step, and fits in few") {
  const auto p = bitwise::problem<double>();
  for (const Damping damping : {Damping::levenberg, Damping::marquardt}) {
    Run run(p, Vector<double>(3 * bitwise::start<double>()), levenberg_marquardt({.damping = damping}));
    double last = std::numeric_limits<double>::infinity();
    auto ws = p.workspace();
    for (int t = 0; t < 60 && last > 1e-16; ++t) {
      REQUIRE(run.advance(1) == Reason::reached_limit);
      const double now = p.value(run.theta(), ws).objective;
      CHECK(now < last);
      last = now;
    }
    CHECK(last <= 1e-16);
  }
}

TEST_CASE("Levenberg-Marquardt runs on batches, and refuses settings that cannot be") {
  const auto p = bitwise::problem<double>();
  Run run(p, bitwise::start<double>(), on_batches({.size = 11}, LevenbergMarquardt{.mu = 0.1, .unit = DampingUnit::one}));
  CHECK(run.advance(50) == Reason::reached_limit);
  CHECK(run.finish().loss < 0.5);
  const auto refusal = [&](const LevenbergMarquardt& s) { return thrown([&] { (void)s.start(p); }); };
  CHECK(refusal({.mu = -1}) == "LevenbergMarquardt: .mu is -1, it needs to be at least 0");
  CHECK(refusal({.forcing = 1}) == "LevenbergMarquardt: .forcing is 1, it needs to be between 0 and 1");
  CHECK(refusal({.inner = 0}) == "LevenbergMarquardt: .inner is 0, it needs to be at least 1");
  CHECK(refusal({.trials = 0}) == "LevenbergMarquardt: .trials is 0, it needs to be at least 1");
}
