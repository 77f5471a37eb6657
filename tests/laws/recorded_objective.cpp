// SPDX-License-Identifier: MIT
// Objectives of models from formulas: derivatives against finite differences, and a recorded product against the deep matrix that it is.
#include <tacit/model/recorded.hpp>

#include "deep_matrices.hpp"

using namespace laws;

namespace {

/// Value, gradient and Hessian-vector product of one problem.
template <class P>
std::array<Vector<double>, 3> everything(const P& problem, const Vector<double>& theta, const Vector<double>& v) {
  auto ws = problem.workspace();
  Vector<double> g(theta.size()), hv(theta.size());
  const double value = problem.value_and_gradient(theta, ws, g).objective;
  problem.hessian_times_linearized(theta, v, ws, hv);
  return {Vector<double>::Constant(1, value), g, hv};
}

template <class Formula, std::size_t N>
void is_deep_matrix(const Blocks<N>& factors, Formula&& formula) {
  Widths widths{factors[0].shape.cols()};
  for (const Block& block : factors) widths.push_back(block.shape.rows());
  const DeepMatrix<double> deep(widths);
  const Recorded<double> recorded(factors, formula);
  INFO(recorded);
  CHECK(recorded.degree() == deep.degree());
  const Vector<double> theta = normal<double>(deep.parameter_count(), 81, 0.5), v = normal<double>(theta.size(), 82);
  const auto moved = [](const Vector<double>& x, const Layout& from,
                        const Layout& to) {  // which of the blocks are stored by rows may differ
    Vector<double> y(x.size());
    for (Index l = 0; l < from.size(); ++l) to.matrix(y, l) = from.matrix(x, l);
    return y;
  };
  const auto same_on = [&](const auto& at) {
    const auto data = targets_near(deep, at, theta, true);
    const auto one = everything(Problem(deep, data, MeanSquares{}), theta, v);
    auto other = everything(Problem(recorded, data, MeanSquares{}), moved(theta, deep.layout(), recorded.layout()),
                            moved(v, deep.layout(), recorded.layout()));
    for (std::size_t k = 1; k < 3; ++k) other[k] = moved(other[k], recorded.layout(), deep.layout());
    for (std::size_t k = 0; k < 3; ++k) check_close(one[k], other[k], 1e-12);
  };
  for (const Path path : {Path::per_entry, Path::dense}) same_on(some_entries(deep.rows(), deep.cols()).through(path));
  same_on(AllEntries(deep.rows(), deep.cols()));
}

}  // namespace

TEST_CASE("a recorded product is a deep matrix, however it is bracketed") {
  is_deep_matrix(blocks({{"W1", {4, 6}}}), [](auto W1) { return W1; });
  is_deep_matrix(blocks({{"W1", {4, 6}}, {"W2", {5, 4}}}), [](auto W1, auto W2) { return W2 * W1; });
  is_deep_matrix(blocks({{"W1", {4, 6}}, {"W2", {4, 4}}, {"W3", {5, 4}}}), [](auto W1, auto W2, auto W3) { return W3 * W2 * W1; });
  is_deep_matrix(blocks({{"W1", {8, 9}}, {"W2", {9, 8}}, {"W3", {7, 9}}, {"W4", {30, 7}}}),
                 [](auto W1, auto W2, auto W3, auto W4) { return transpose(transpose(W2 * W1) * transpose(W4 * W3)); });
}

TEST_CASE("a recorded product of square factors is a deep matrix to the layout, so that starts and checkpoints are alike") {
  const DeepMatrix<double> deep({4, 4, 4, 4});
  const Recorded<double> recorded(blocks({{"W1", {4, 4}}, {"W2", {4, 4}}, {"W3", {4, 4}}}),
                                  [](auto W1, auto W2, auto W3) { return W3 * W2 * W1; });
  CHECK(recorded.layout() == deep.layout());
  CHECK(recorded.near_zero({.product_scale = 0.1, .seed = 7}) == deep.near_zero({.product_scale = 0.1, .seed = 7}));
}

TEST_CASE("objectives of recorded formulas have the derivatives that they claim") {
  const Matrix<double> X = normal_matrix<double>(6, 5, 83);
  const Recorded<double> network(blocks({{"W1", {4, 6}}, {"b", {4}}, {"W2", {3, 4}}}),
                                 [&](auto W1, auto b, auto W2) { return W2 * tanh(W1 * X + b * Matrix<double>::Ones(1, 5)); });
  const Vector<double> theta = normal<double>(network.parameter_count(), 84, 0.5);
  objective_is_smooth(Problem(network, targets_near(network, some_entries(3, 5), theta, true), MeanSquares{}, WeightDecayPenalty{0.1}),
                      theta);
  objective_is_smooth(Problem(network, targets_near(network, AllEntries(3, 5), theta, false), MeanSquares{}), theta);
}
