// SPDX-License-Identifier: MIT
// Does descending  L + lambda/2 |grad L|^2  lead to smaller gradients at the same data loss than descending L? 60 x 60, rank 3, depth 3, 30 % seen; three
// lambdas against none, medians over five draws. Writes CSV, and a figure where gnuplot is installed: ./gradient_regularization [folder]
#include <tacit/io/csv_writer.hpp>
#include <tacit/sweep.hpp>
#include <tacit/tacit.hpp>

#include <cstdlib>
#include <iostream>
#include <map>

using namespace tacit;

/// log |grad L| as a function of log L, at the levels that the run passes: between two iterations, linearly.
Table at_levels(const auto& history) {
  Table table({"loss", "gradient_norm"});
  const auto losses = history.column("loss"), norms = history.column("gradient_norm");
  std::size_t t = 1;
  for (double exponent = -0.5; exponent > -4.6; exponent -= 0.25) {
    const double level = std::pow(10, exponent);
    while (t < losses.size() && losses[t] > level) ++t;
    if (t == losses.size()) break;
    const double s = (std::log(level) - std::log(losses[t - 1])) / (std::log(losses[t]) - std::log(losses[t - 1]));
    table.add({level, std::exp((1 - s) * std::log(norms[t - 1]) + s * std::log(norms[t]))});
  }
  return table;
}

int main(int argc, char** argv) try {
  const std::string folder = argc > 1 ? argv[1] : "gradient_regularization";
  make_folder(folder);
  const std::vector<double> lambdas{0, 2, 8, 32};
  const auto run = [](const Setting& s) {
    const auto [truth, seen] = low_rank_completion({.rows = 60, .cols = 60, .rank = 3, .observed = 1080, .seed = s.seed()});
    const DeepMatrix<double> model({60, 60, 60, 60});
    const Problem problem(model, seen, HalfMeanSquares{});
    Vector<double> theta = model.near_zero({.product_scale = 1e-2, .seed = s.seed()});
    Trajectory history(loss, gradient_norm);
    train(problem, theta, gradient_regularized({.rate = 1, .lambda = s.real("lambda")}), {.iterations = 20'000}, history,
          stop_when(loss_below(2.5e-5)));
    return at_levels(history);
  };
  const SweepResult runs = sweep(axis("lambda", lambdas) * seeds(5), run);
  runs.write_csv(folder + "/runs.csv", {.program = "gradient_regularization"});

  std::map<double, std::map<double, std::vector<double>>> norms;  // level, lambda: one for each seed
  for (Index row = 0; row < runs.table().rows(); ++row)
    norms[runs.table().at(row, "loss").number()][runs.table().at(row, "lambda").number()].push_back(
        runs.table().at(row, "gradient_norm").number());
  Table medians({"loss", "plain", "lambda_2", "lambda_8", "lambda_32", "ratio_2", "ratio_8", "ratio_32"});
  for (auto& [level, by_lambda] : norms) {
    std::vector<double> median;
    for (double lambda : lambdas) {
      auto& values = by_lambda[lambda];
      std::sort(values.begin(), values.end());
      median.push_back(values.size() == 5 ? values[2] : std::nan(""));
    }
    medians.add({level, median[0], median[1], median[2], median[3], median[1] / median[0], median[2] / median[0], median[3] / median[0]});
  }
  write_csv(folder + "/medians.csv", medians, runs.provenance({.program = "gradient_regularization"}));
  std::cout << runs << medians;

  write_file(folder + "/figure.gp",
             "set datafile separator ','; set terminal svg size 900,380; set output 'figure.svg'; set multiplot layout 1,2; set logscale "
             "x; set format x '10^{%T}'\n"
             "set xlabel 'data loss'; set xrange [*:*] reverse; set ylabel '|grad L| (median of 5)'; set logscale y; set format y "
             "'10^{%T}'; set key bottom left\n"
             "plot for [c=2:5] 'medians.csv' using 1:c with linespoints title word('lambda=0 lambda=2 lambda=8 lambda=32', c-1)\n"
             "unset logscale y; set format y '%.2f'; set ylabel 'ratio to plain descent'; set yrange [0:*]\n"
             "plot 1 lc 'gray' notitle, for [c=6:8] 'medians.csv' using 1:c with linespoints lc c-4 title word('lambda=2 lambda=8 "
             "lambda=32', c-5)\n");
  if (std::system(("cd '" + folder + "' && command -v gnuplot >/dev/null && gnuplot figure.gp").c_str()) == 0)
    std::cout << "figure: " << folder << "/figure.svg\n";
} catch (const std::exception& error) {
  std::cerr << "gradient_regularization: " << error.what() << '\n';
  return 1;
}

// Output, one row in four:
//          loss        plain     lambda_2     lambda_8    lambda_32   ratio_2   ratio_8  ratio_32
//        0.0001  0.000862438  0.000858813  0.000818112  0.000265877  0.995797  0.948603  0.308285
//         0.001   0.00331488   0.00328459   0.00319378     0.001918  0.990863  0.963469  0.578604
//          0.01    0.0138439    0.0136942    0.0132828    0.0106044  0.989187  0.959469     0.766
//           0.1    0.0354749     0.035349    0.0350479    0.0416694  0.996449  0.987962   1.17462
// For lambda times sharpness (0.15) up to about 1, gradients are 0.82 to 1.00 of plain descent's; at lambda = 32 larger first, then 0.28. That is no better
// solution: at seed 1 and loss 1.5e-4 the relative error is 0.13 instead of 0.06. Descent at rate 0.4 gives the same curve at seed 1.
