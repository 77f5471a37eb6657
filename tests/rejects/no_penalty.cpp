// expect: Problem: a penalty needs value_and_gradient(theta, g) to act on theta, or start<S>(rows, cols)
// SPDX-License-Identifier: MIT
#include <tacit/problem.hpp>

using namespace tacit;
int main() { const Problem problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<double>::Ones(2, 3)), MeanSquares{}, 0.1); }
