// SPDX-License-Identifier: MIT
// Eigenvalues of the Hessian along training: Spectra's solvers run on HessianOperator, which forms no P x P matrix. (Needs Spectra; Debian: libspectra-dev.)
#include <tacit/analysis/hessian.hpp>
#include <tacit/analysis/sharpness.hpp>
#include <tacit/io/table.hpp>
#include <tacit/tacit.hpp>

#include <Spectra/SymEigsSolver.h>
#include <iostream>

using namespace tacit;

int main() {
  const auto [truth, seen] = low_rank_completion({.rows = 20, .cols = 20, .rank = 2, .observed = 200, .seed = 1});
  const DeepMatrix<double> model({20, 20, 20, 20});  // P = 1200
  const Problem problem(model, seen, HalfMeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = 1e-2, .seed = 1});

  Table table({"iteration", "loss", "negative", "largest_1", "largest_2", "largest_3", "own", "own_residual"});
  const auto look = [&](const auto& now) {
    HessianOperator hessian(now.problem(), now.theta());
    Spectra::SymEigsSolver<decltype(hessian)> largest(hessian, 3, 30), smallest(hessian, 1, 30);
    largest.init();
    smallest.init();
    // Clustered spectra can end with fewer values than asked for, and without an error: look at the count.
    if (largest.compute(Spectra::SortRule::LargestAlge) < 3 || smallest.compute(Spectra::SortRule::SmallestAlge) < 1) return;
    const auto own = sharpness(now.problem(), now.theta());
    table.add({now.iteration(), now.loss(), smallest.eigenvalues()[0], largest.eigenvalues()[0], largest.eigenvalues()[1],
               largest.eigenvalues()[2], own.value, own.residual});
  };
  std::cout << train(problem, theta, group_rmsprop({.rate = 2e-3}), {.iterations = 6000}, every(500, look), stop_when(loss_below(1e-6)))
            << table;
}

// Output:
//   reached limit at iteration 6000; loss 1.16804e-06, 7.62329 s
//   iteration         loss      negative  largest_1  largest_2  largest_3        own  own_residual
//           0     0.534018    -0.0231018  0.0231609  0.0214574  0.0208443  0.0231609   2.19717e-08
//         500     0.503946    -0.0698574  0.0534284  0.0487105   0.046865  0.0534284   4.08787e-08
//        1000     0.386822    -0.0615772   0.086071  0.0661877  0.0603166   0.086071   5.69892e-08
//        1500      0.24583    -0.0366392   0.172364   0.144463   0.110535   0.172364   1.14313e-07
//        2000     0.190929    -0.0427611   0.347737    0.21396    0.17213   0.347737   2.36516e-07
//        2500     0.136846    -0.0437973    0.35636   0.238809   0.185916    0.35636   1.36672e-07
//        3000    0.0515848    -0.0273509   0.353578    0.25984   0.227453   0.353578   1.18512e-07
//        3500   0.00921455   -0.00852137   0.350646   0.311265   0.290129   0.350646   2.27746e-07
//        4000  0.000412404   -0.00131121    0.35011   0.324902   0.313126    0.35011   3.28331e-07
//        4500  1.15055e-05  -0.000132075   0.349534   0.329854   0.318193   0.349534   2.71531e-07
//        5000  3.15021e-06  -4.60628e-05   0.349763   0.330325   0.318612   0.349763    2.6339e-07
