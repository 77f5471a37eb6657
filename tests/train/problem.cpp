// SPDX-License-Identifier: MIT
#include <tacit/problem.hpp>

#include <tacit/loss/power.hpp>

#include <limits>

#include "../laws/laws.hpp"
#include "thrown.hpp"

using namespace laws;

namespace {

const DeepMatrix<double> model({4, 2, 3});
Vector<double> theta() { return normal<double>(model.parameter_count(), 1, 0.6); }
Data<double> data() { return targets_near(model, some_entries(3, 4), theta(), false); }

/// A penalty without templates, as one writes it first; and one that is not finite.
struct Plain {
  static const char* name() { return "Plain"; }
  double value_and_gradient(In<double> x, Out<double> g) const {
    g += x;
    return x.squaredNorm() / 2;
  }
};
struct Broken {
  static const char* name() { return "Broken"; }
  struct Buffers {};
  template <Scalar S>
  Buffers start(Index, Index) const {
    return {};
  }
  template <Scalar S>
  S value_and_slope(ConstMatrixMap<S>, Buffers&, MatrixMap<S> slope) const {
    slope.setConstant(std::numeric_limits<S>::quiet_NaN());
    return std::numeric_limits<S>::quiet_NaN();
  }
};

/// The cross-entropy of pairs, two scores z of a sample and its two shares y:  log(e^z_0 + e^z_1) - y_0 z_0 - y_1 z_1.  Written as one first writes it, it
/// overflows at scores of 710.
struct PairedCrossEntropy {
  Reduction reduction = Reduction::sum;
  static const char* name() { return "paired"; }
  template <Scalar S>
  S value_and_slope(In<S> z, In<S> y, In<S>, S scale, Out<S> slope) const {
    if (z.size() % 2 != 0) throw std::logic_error("paired: half a sample");
    S sum = 0;
    for (Index k = 0; k < z.size(); k += 2) {
      const S a = std::exp(z[k]), b = std::exp(z[k + 1]);
      sum += scale * (std::log(a + b) - y[k] * z[k] - y[k + 1] * z[k + 1]);
      slope[k] = scale * (a / (a + b) - y[k]);
      slope[k + 1] = scale * (b / (a + b) - y[k + 1]);
    }
    return sum;
  }
};

}  // namespace

TEST_CASE("a problem shares its data and copies cheaply") {
  const auto shared = std::make_shared<const Data<double>>(data());
  const Problem p(model, shared, MeanSquares{});
  const auto copy = p;
  CHECK(&p.data() == shared.get());
  CHECK(&copy.data() == shared.get());
  CHECK(p.count() == shared->count());
  CHECK(p.dimension() == model.parameter_count());
  CHECK(p.layout() == model.layout());
}

TEST_CASE("a penalty may be a plain function") {
  const Problem p(model, data(), MeanSquares{}, Plain{});
  const Problem alone(model, data(), MeanSquares{});
  auto ws = p.workspace();
  auto ws_alone = alone.workspace();
  Vector<double> g(p.dimension()), g_alone(p.dimension());
  const auto value = p.value_and_gradient(theta(), ws, g);
  const auto value_alone = alone.value_and_gradient(theta(), ws_alone, g_alone);
  CHECK(std::abs(value.objective - value_alone.objective - theta().squaredNorm() / 2) < 1e-14);
  CHECK((g - g_alone - theta()).norm() < 1e-14);
  CHECK(p.value(theta(), ws).objective == value.objective);
}

TEST_CASE("work is counted") {
  const Problem p(model, data(), MeanSquares{});
  auto ws = p.workspace();
  Vector<double> g(p.dimension());
  p.value(theta(), ws);
  CHECK(ws.gradients == 0);
  p.value_and_gradient(theta(), ws, g);
  p.hessian_times(theta(), theta(), ws, g);
  p.hessian_times_linearized(theta(), theta(), ws, g);
  CHECK(ws.gradients == 2);
  CHECK(ws.hessian_products == 2);
}

TEST_CASE("a fingerprint changes with the model, the data, the loss and the penalties") {
  const auto of = [](const auto& p) { return p.fingerprint(); };
  const auto fingerprint = of(Problem(model, data(), MeanSquares{}));
  CHECK(of(Problem(model, data(), MeanSquares{})) == fingerprint);
  CHECK(of(Problem(DeepMatrix<double>({4, 3, 3}), data(), MeanSquares{})) != fingerprint);
  CHECK(of(Problem(model, data(), HalfMeanSquares{})) != fingerprint);
  CHECK(of(Problem(model, data(), power({.p = 2}))) != of(Problem(model, data(), power({.p = 4}))));
  CHECK(of(Problem(model, data(), MeanSquares{}, WeightDecayPenalty{0.1})) != fingerprint);
  CHECK(of(Problem(model, data(), MeanSquares{}, WeightDecayPenalty{0.1})) !=
        of(Problem(model, data(), MeanSquares{}, WeightDecayPenalty{0.2})));
  auto other = data();
  other.y[0] += 1e-12;
  CHECK(of(Problem(model, other, MeanSquares{})) != fingerprint);
}

TEST_CASE("a value that is not finite is explained") {
  const auto why = [](const auto& p, const Vector<double>& x) {
    auto ws = p.workspace();
    Vector<double> g(p.dimension());
    p.value_and_gradient(x, ws, g);
    return p.explain(ws);
  };
  auto positive = data();
  positive.y.setConstant(0.5);
  const Problem logarithm(model, positive, pointwise([](auto z, auto y) { return z - y * log(z); }, Reduction::mean, "poisson"));
  const auto at = positive.where[0];
  CHECK(why(logarithm, Vector<double>::Ones(14)).empty());
  const std::string place = sentence(" at entry (", at.row, ", ", at.col, "), where z = ");
  CHECK(why(logarithm, Vector<double>::Zero(14)).find("the loss poisson is inf with slope ") == 0);
  CHECK(why(logarithm, Vector<double>::Zero(14)).find(place + "0 and y = 0.5: outside its domain?") != std::string::npos);
  // The logarithm of a negative number is not a number, though its slope is one.
  Vector<double> negative = Vector<double>::Ones(14);
  negative.head(8) *= -1;
  CHECK(why(logarithm, negative).find(place + "-2 and y = 0.5: outside its domain?") != std::string::npos);
  CHECK(why(logarithm, Vector<double>::Constant(14, 1e200)) == sentence("the prediction of entry (", at.row, ", ", at.col, ") is inf"));
  CHECK(why(Problem(model, data(), MeanSquares{}, Broken{}), theta()) == "the penalty Broken has no finite gradient");
}

TEST_CASE("what is explained of a loss that couples entries is found on whole vectors") {
  const DeepMatrix<double> one({2, 4});  // W = theta
  const Problem p(one, Data<double, AllEntries>(AllEntries(4, 2), Vector<double>::Constant(8, 0.5)), PairedCrossEntropy{});
  auto ws = p.workspace();
  Vector<double> g(8), W = Vector<double>::Zero(8);
  const auto why = [&] {
    Vector<double> theta(8);
    one.layout().matrix(theta, 0) = Eigen::Map<const Matrix<double>>(W.data(), 4, 2);
    p.value_and_gradient(theta, ws, g);
    return p.explain(ws);
  };
  CHECK(why().empty());
  W[5] = 800;  // e^800: the slope there is inf / inf
  const std::string where = " at entry (1, 1), where z = 800 and y = 0.5: outside its domain?";
  CHECK(why().find("the loss paired is inf with slope ") == 0);
  CHECK(why().find(where) == why().size() - where.size());
  W.setZero();
  W[4] = W[5] = -800;  // both underflow
  CHECK(why().find("the loss paired is -inf with slope ") == 0);
  CHECK(why().find(" at entry (0, 1), where z = -800 and y = 0.5") != std::string::npos);
}

TEST_CASE("data of another shape than the model's are refused when the problem is made") {
  CHECK(thrown([] {
          Problem(DeepMatrix<double>({3, 2, 4}), data(), MeanSquares{});
        }) == "Problem: the data are of a 3 x 4 matrix, the model is 4 x 3");
}
