// expect: Problem: a loss needs value_and_slope<S>(z, y, weight, scale, slope), reduction and name()
// SPDX-License-Identifier: MIT
#include <tacit/problem.hpp>

using namespace tacit;
int main() {
  const Problem problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<double>::Ones(2, 3)), [](auto z, auto y) { return z - y; });
}
