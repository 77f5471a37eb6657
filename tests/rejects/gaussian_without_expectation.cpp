// expect: Problem: the loss of a Gaussian over parameters is an expectation; include <tacit/expected_term.hpp>
// SPDX-License-Identifier: MIT
#include <tacit/model/gaussian.hpp>
#include <tacit/tacit.hpp>

using namespace tacit;
int main() {
  const Problem problem(Gaussian(DeepMatrix<double>({2, 2})), fully_observed(Matrix<double>(Matrix<double>::Ones(2, 2))), MeanSquares{});
}
