// SPDX-License-Identifier: MIT
// Minibatches are unbiased: whatever the loss's reduction, the mean of the batch gradients over a partition, weighted by their share, is the
// full gradient, and a batch of everything is the full gradient itself.
#include "laws.hpp"

using namespace laws;

namespace {

template <class O, class Loss>
void partition(const DeepMatrix<double>& model, const O& at, const Loss& loss, bool weighted) {
  const Vector<double> theta = normal<double>(model.parameter_count(), 91, 0.6);
  const auto data = targets_near(model, at, theta, weighted);
  const Problem problem(model, data, loss, WeightDecayPenalty{0.1});
  auto ws = problem.workspace();
  Vector<double> full(theta.size()), g(theta.size()), sum = Vector<double>::Zero(theta.size());
  const auto value = problem.value_and_gradient(theta, ws, full);
  const Index m = problem.count();
  std::vector<Index> order(static_cast<std::size_t>(m));
  std::iota(order.begin(), order.end(), Index(0));
  const auto everything = problem.value_and_gradient(theta, order, ws, g);
  CHECK(std::abs(everything.objective - value.objective) < 1e-13 * value.objective);
  check_close(g, full, 1e-13);

  Random(92, "order").shuffle(order);
  double loss_sum = 0, objective_sum = 0;
  ws.gradients = 0;
  for (Index from = 0; from < m; from += 3) {
    const Index b = std::min<Index>(3, m - from);
    const double share = static_cast<double>(b) / static_cast<double>(m);
    const auto part =
        problem.value_and_gradient(theta, std::span(order).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(b)), ws, g);
    loss_sum += share * part.loss;
    objective_sum += share * part.objective;
    sum += share * g;
  }
  CHECK(std::abs(ws.gradients - 1) < 1e-14);  // in passes over the data
  CHECK(std::abs(loss_sum - value.loss) < 1e-13 * value.loss);
  CHECK(std::abs(objective_sum - value.objective) < 1e-13 * value.objective);
  check_close(sum, full, 1e-13);
}

}  // namespace

TEST_CASE("batches over a partition average to the full gradient") {
  for (const bool weighted : {false, true})
    for (const DeepMatrix<double>& model : {DeepMatrix<double>({4, 3}), DeepMatrix<double>({4, 2, 3}), DeepMatrix<double>({4, 2, 5, 3})}) {
      partition(model, some_entries(3, 4), MeanSquares{}, weighted);
      partition(model, some_entries(3, 4), SumOfSquares{}, weighted);
      partition(model, AllEntries(3, 4), HalfSumOfSquares{}, weighted);
      partition(model, some_measurements<double>(3, 4), HalfMeanSquares{}, weighted);
    }
}
