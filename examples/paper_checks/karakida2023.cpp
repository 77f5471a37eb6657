// SPDX-License-Identifier: MIT
// Karakida, Takase, Hayase, Osawa 2023, Understanding Gradient Regularization in Deep Learning: the table of SGD with a gradient penalty on
// diagonal nets, d = 100, n = 40, five nonzero entries of 1/sqrt(5), alpha = 0.1, batches of one, rate 2e-4, 400,000 steps. What takes
// seconds is in tests/papers/karakida2023.cpp.

#include "check.hpp"
#include "gradient_regularized.hpp"

using namespace gradient_regularized_nets;

namespace {

struct Row {
  const char* name;
  GradientPenalty penalty;
  double error, l1, scale;  ///< of the reference: |x - x*|, |x|_1, geometric mean of alpha_eff, on five draws that are not given
};
std::vector<Row> rows() {
  const auto by = [](double gamma, PenaltyForm form, double epsilon) {
    return GradientPenalty{.lambda = gamma, .form = form, .epsilon = epsilon};
  };
  const PenaltyForm f = PenaltyForm::forward, b = PenaltyForm::backward;
  return {{"none", by(0, f, 0.02), 0.4238, 3.429, 0.09997},          {"B .05 .02", by(0.05, b, 0.02), 0.3979, 3.350, 0.0901},
          {"F .05 .001", by(0.05, f, 0.001), 0.3948, 3.339, 0.0889}, {"F .05 .05", by(0.05, f, 0.05), 0.3877, 3.315, 0.0862},
          {"B .2 .02", by(0.2, b, 0.02), 0.3397, 3.168, 0.0700},     {"F .2 .001", by(0.2, f, 0.001), 0.3286, 3.133, 0.0662},
          {"F .2 .02", by(0.2, f, 0.02), 0.3185, 3.101, 0.0629},     {"F .2 .05", by(0.2, f, 0.05), 0.3024, 3.050, 0.0576}};
}
double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

std::vector<Check> karakida2023() {
  constexpr int draws = 5;
  const auto table = shared([] {
    std::vector<std::vector<Descended>> all;  // by row and draw
    for (const Row& row : rows())
      all.push_back(in_parallel(draws, [&](int k) { return descended(row.penalty, 400'000, static_cast<std::uint64_t>(201 + k)); }));
    return all;
  });
  const auto column_of = [](const std::vector<Descended>& runs, double Descended::*what) {
    return column(runs, [&](const Descended& run) { return run.*what; });
  };
  return {
      {"karakida2023/5",
       "SGD with a penalty, five draws: the geometric mean of alpha_eff falls in the order of the reference's eight rows in every draw, "
       "and so do the mean l1 norm "
       "and the mean error; without a penalty alpha_eff stays within 0.1 % of 0.1",
       [=]() -> Finding {
         bool holds = true;
         std::string measured;
         const auto& runs = table();
         for (std::size_t r = 0; r < runs.size(); ++r) {
           const double error = mean(column_of(runs[r], &Descended::error)), l1 = mean(column_of(runs[r], &Descended::l1)),
                        scale = mean(column_of(runs[r], &Descended::scale));
           const Row row = rows()[r];
           measured += sentence(r ? "; " : "", row.name, ": error ", figure(error), " (", figure(row.error), "), l1 ", figure(l1), " (",
                                figure(row.l1), "), alpha_eff ", figure(scale), " (", figure(row.scale), ")");
           if (r == 0) {
             for (const Descended& run : runs[r]) holds = holds && std::abs(run.scale / 0.1 - 1) < 1e-3;
             continue;
           }
           holds = holds && l1 < mean(column_of(runs[r - 1], &Descended::l1)) && error < mean(column_of(runs[r - 1], &Descended::error));
           for (std::size_t k = 0; k < runs[r].size(); ++k) holds = holds && runs[r][k].scale < runs[r - 1][k].scale;
         }
         return {holds, measured + "; in brackets the reference, of other draws"};
       }},
  };
}
