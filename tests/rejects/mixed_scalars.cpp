// expect: Problem: model and data differ in their scalar type
// SPDX-License-Identifier: MIT
#include <tacit/problem.hpp>

using namespace tacit;
int main() { const Problem problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<float>::Ones(2, 3)), MeanSquares{}); }
