// SPDX-License-Identifier: MIT
// No allocation inside a step of any tensor model, along any path.
#define EIGEN_RUNTIME_NO_MALLOC  // in every file: precompiled headers would come before it
#include "no_allocation.hpp"

#include <tacit/model/any_tensor.hpp>

namespace {

TensorEntries some(const Shape& shape) {
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(shape.order()));
  std::vector<Index> i(index.size(), 0);
  for (Index k = 0; k < shape.count(); ++k) {
    if (k % 5 != 1)
      for (std::size_t n = 0; n < i.size(); ++n) index[n].push_back(static_cast<std::int32_t>(i[n]));
    for (Index n = shape.order() - 1; n >= 0 && ++i[static_cast<std::size_t>(n)] == shape[n]; --n) i[static_cast<std::size_t>(n)] = 0;
  }
  return TensorEntries(shape, std::move(index));
}
std::vector<TensorSpec> specs() {
  const Shape shape{4, 5, 3, 4};
  return {
      {.kind = TensorKind::cp, .shape = shape, .ranks = {19}},
      {.kind = TensorKind::tucker, .shape = shape, .ranks = {3, 2, 3, 2}},
      {.kind = TensorKind::tensor_train, .shape = shape, .ranks = {3, 9, 3}},
      {.kind = TensorKind::hierarchical, .shape = shape, .ranks = {5, 6}},
      {.kind = TensorKind::hierarchical, .shape = shape, .ranks = {5, 6}, .tree = perfect_tree(4, 2, Pooling::distant), .output = false},
      {.kind = TensorKind::deep_cp, .shape = shape, .ranks = {6}, .depths = {2}},
      {.kind = TensorKind::deep_tucker, .shape = shape, .ranks = {3, 2, 3, 2}, .depths = {2}},
      {.kind = TensorKind::deep_tucker, .shape = shape, .ranks = {3, 2, 3, 2}, .depths = {2}, .wiring = Wiring::per_column},
      {.kind = TensorKind::deep_tensor_train, .shape = shape, .ranks = {3, 4, 3}, .depths = {2}}};
}

}  // namespace

TEST_CASE("tensor models on observed entries, along every path") {
  for (const TensorSpec& spec : specs())
    for (const Path path : {Path::per_entry, Path::halves, Path::dense}) {
      INFO("path " << static_cast<int>(path));
      const Problem problem(AnyTensorModel<double>(spec), targets<double>(some(spec.shape).through(path)), MeanSquares{});
      check(problem, gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
      check(problem, sgd({.rate = 1e-3, .batch = problem.count() / 3 + 1}));
    }
}

TEST_CASE("tensor models on all entries and on measurements") {
  for (const TensorSpec& spec : specs()) {
    const AnyTensorModel<double> model(spec);
    const Index size = spec.shape.count();
    check(Problem(model, targets<double>(AllEntries(spec.shape)), MeanSquares{}), gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
    check(Problem(model, targets<double>(LinearMap<double>(spec.shape, Matrix<double>::Random(size, 10))), MeanSquares{}),
          gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
  }
}
