// SPDX-License-Identifier: MIT
// The instruments against dense Hessians for the models whose laws are written by hand; those of the table are in hook/probes.cpp.in.
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/observation/linear_map.hpp>

#include "analysis/against_dense.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// Entries of either sign, between 1/2 and 3/2 in size.
template <class M>
void measured(const M& model) {
  INFO(model);
  const Index d = model.shape().count(), m = d / 2;
  Random random(3, "own models");
  Matrix<double> A(d, m);
  for (double& a : A.reshaped()) a = random.normal();
  Vector<double> theta(model.parameter_count());
  for (double& x : theta) x = (random.uniform() < 0.5 ? -1 : 1) * random.uniform(0.5, 1.5);
  const Data<double, LinearMap<double>> seen(LinearMap<double>(d, 1, A), Vector<double>(Vector<double>::Ones(m)));
  against_dense::check_problem(Problem(model, seen, HalfSumOfSquares{}), theta);
}

}  // namespace

TEST_CASE("eigenvalues, trace and density of diagonal models and of a formula, from products alone, are those of the dense Hessian") {
  measured(DiagonalNet<double>({.size = 40, .depth = 3}));
  measured(DiagonalProduct<double>({.size = 30, .depth = 3}));
  measured(Recorded<double>(blocks({{"A", {6, 20}}, {"B", {5, 6}}}), [](auto A, auto B) { return reshape(B * A, 100, 1); }));
}
