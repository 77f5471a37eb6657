// SPDX-License-Identifier: MIT
// Objectives of deep matrices on every observation, with penalties on theta and on W beside the data.
#include "deep_matrices.hpp"

using namespace laws;

namespace {

Vector<double> start(const DeepMatrix<double>& model) { return normal<double>(model.parameter_count(), 31, 0.6); }

/// A penalty on theta of one's own:  c/4 sum theta^4.
struct Quartic {
  double c;
  static const char* name() { return "Quartic"; }
  template <Scalar S>
  S value_and_gradient(In<S> theta, Out<S> g) const {
    g.array() += static_cast<S>(c) * theta.array().cube();
    return static_cast<S>(c / 4) * theta.array().square().square().sum();
  }
  template <Scalar S>
  void hessian_times(In<S> theta, In<S> v, Out<S> hv) const {
    hv.array() += static_cast<S>(3 * c) * theta.array().square() * v.array();
  }
};

/// A penalty on W of one's own:  c sum log(1 + W^2).
struct LogSquares {
  double c;
  static const char* name() { return "LogSquares"; }
  struct Buffers {};
  template <Scalar S>
  Buffers start(Index, Index) const {
    return {};
  }
  template <Scalar S>
  S value_and_slope(ConstMatrixMap<S> W, Buffers&, MatrixMap<S> slope) const {
    slope = static_cast<S>(2 * c) * (W.array() / (1 + W.array().square())).matrix();
    return static_cast<S>(c) * (1 + W.array().square()).log().sum();
  }
  template <Scalar S>
  void curvature_times(ConstMatrixMap<S> W, Buffers&, ConstMatrixMap<S> dW, MatrixMap<S> out) const {
    out = (static_cast<S>(2 * c) * (1 - W.array().square()) / (1 + W.array().square()).square() * dW.array()).matrix();
  }
};

template <class MakeAt>
void on_each(MakeAt&& at) {
  for (const Widths& widths : small_deep_matrices())
    for (const bool weighted : {false, true}) {
      const DeepMatrix<double> model(widths);
      INFO(model << (weighted ? ", weighted" : ""));
      const auto data = targets_near(model, at(model.rows(), model.cols()), start(model), weighted);
      if (data.weight.size() && data.weight.sum() == 0) continue;  // a single observation of weight zero
      objective_is_smooth(Problem(model, data, MeanSquares{}), start(model));
    }
}

}  // namespace

TEST_CASE("objectives on all entries") {
  on_each([](Index rows, Index cols) { return AllEntries(rows, cols); });
}
TEST_CASE("objectives on entries, entry by entry") {
  on_each([](Index rows, Index cols) { return some_entries(rows, cols).through(Path::per_entry); });
}
TEST_CASE("objectives on entries, through the dense product") {
  on_each([](Index rows, Index cols) { return some_entries(rows, cols).through(Path::dense); });
}
TEST_CASE("objectives on measurements") {
  on_each([](Index rows, Index cols) { return some_measurements<double>(rows, cols); });
}

TEST_CASE("objectives with penalties, and what each term adds") {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const Vector<double> theta = start(model);
  const auto data = targets_near(model, some_entries(3, 4), theta, true);
  const Problem alone(model, data, HalfSumOfSquares{});
  const Problem all(model, data, HalfSumOfSquares{}, WeightDecayPenalty{0.3}, Quartic{0.2}, LogSquares{0.7});
  objective_is_smooth(all, theta);

  auto ws = all.workspace();
  auto ws_alone = alone.workspace();
  Vector<double> g(theta.size()), g_alone(theta.size());
  const auto value = all.value_and_gradient(theta, ws, g), value_alone = alone.value_and_gradient(theta, ws_alone, g_alone);
  CHECK(value.loss == value_alone.loss);
  CHECK(value_alone.loss == value_alone.objective);
  const Vector<double> W = Verbs<DeepMatrix<double>, AllEntries>(model, AllEntries(3, 4)).evaluate(theta);
  const double penalties = 0.15 * theta.squaredNorm() + 0.05 * theta.array().pow(4).sum() + 0.7 * (1 + W.array().square()).log().sum();
  CHECK(std::abs(value.objective - value.loss - penalties) < 1e-13 * value.objective);
  check_close(Vector<double>(g - g_alone),
              Vector<double>(0.3 * theta + 0.2 * theta.array().cube().matrix() +
                             Verbs<DeepMatrix<double>, AllEntries>(model, AllEntries(3, 4))
                                 .pullback(theta, (1.4 * W.array() / (1 + W.array().square())).matrix())),
              1e-13);
}
