// expect: pointwise: the formula needs to take (auto z, auto y), z a Dual, and return a number made from them
// SPDX-License-Identifier: MIT
#include <tacit/loss/pointwise.hpp>
#include <tacit/problem.hpp>

using namespace tacit;
int main() {
  const Problem problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<double>::Ones(2, 3)), pointwise([](auto z) { return z * z; }));
  auto ws = problem.workspace();
  problem.value(Vector<double>::Ones(6), ws);
}
