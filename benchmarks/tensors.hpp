// SPDX-License-Identifier: MIT
#pragma once
// Tensor factorizations: CP against PyTorch (peers/torch_cp.py), the settings of Razin et al. 2021 and 2022, and large sparse tensors: seconds a step, most memory,
// and whether a step's time is  a P + b |Omega|.

#include <tacit/data/random_entries.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/model/hierarchical_tensor.hpp>
#include <tacit/model/tensor_train.hpp>
#include <tacit/observation/tensor_data.hpp>
#include <tacit/tacit.hpp>

#include <array>

#include "large.hpp"
#include "measure.hpp"
#include "peer.hpp"
#include "report.hpp"

namespace bench {

using tacit::Index;

/// Entries of this shape drawn at random, with normal targets.
template <tacit::Scalar S>
auto drawn_entries(const tacit::Shape& shape, Index observed) {
  using namespace tacit;
  TensorEntries where = random_entries(shape, observed, 1);
  Random random(1, "targets");
  Vector<S> y(observed);
  for (S& target : y) target = static_cast<S>(random.normal());
  return Data<S, TensorEntries>(std::move(where), std::move(y));
}

/// ours(k): k steps, the loss recorded.
template <class Model, class Optimizer, class F>
void with_steps(const Model& model, Index observed, double entry_std, const Optimizer& optimizer, F&& f) {
  using namespace tacit;
  using S = typename Model::scalar_type;
  const Problem problem(model, drawn_entries<S>(model.shape(), observed), MeanSquares{});
  Trajectory history(loss);
  Run run(problem, model.near_zero({.entry_std = entry_std, .seed = 1}), optimizer, every(1, history));
  f([&](long k) { run.advance(k); });
}

// ---- CP, double, a fifth observed, against PyTorch.

inline void cp_against_torch(Report& report, Torch& torch) {
  using namespace tacit;
  struct Setting {
    Index order, n, rank;
    double einsum_limit, by_hand_limit;
  };
  for (const Setting& s :
       {Setting{4, 10, 1000, 0.35, 0.9}, Setting{3, 50, 50, 0.35, 0.9}, Setting{4, 30, 50, 0.35, 0.9}, Setting{3, 10, 5, 0.3, 0.3}}) {
    const std::string name = sentence("step of CP, order ", s.order, ", n=", s.n, ", R=", s.rank, ", 20 %");
    if (!torch.ready()) {
      report.add({.name = name, .theirs = "PyTorch, einsum", .limit = s.einsum_limit, .skipped = torch.says()});
      report.add({.name = name, .theirs = "PyTorch, by hand", .limit = s.by_hand_limit, .skipped = torch.says()});
      continue;
    }
    const CP<double> model({.shape = Shape(std::vector<Index>(static_cast<std::size_t>(s.order), s.n)), .rank = s.rank});
    const double std_dev = std::pow(0.1 / static_cast<double>(s.rank), 1.0 / static_cast<double>(s.order));
    with_steps(model, static_cast<Index>(0.2 * model.shape().size()), std_dev, gradient_descent({.rate = 1e-3}), [&](auto&& advance) {
      const std::string what = sentence(" double ", s.order, " ", s.n, " ", s.rank, " 0.2");
      const long calls = calls_for(advance, 5e-3);
      std::vector<double> ours, einsum, by_hand;
      for (int k = 0; k < 25; ++k) {
        ours.push_back(block_us(advance, calls));
        by_hand.push_back(torch.block_us("by_hand" + what));
        ours.push_back(block_us(advance, calls));
        einsum.push_back(torch.block_us("einsum" + what));
      }
      report.add({name, "PyTorch, einsum", lower_quartile(ours), lower_quartile(einsum), none, s.einsum_limit});
      report.add({name, "PyTorch, by hand", lower_quartile(ours), lower_quartile(by_hand), none, s.by_hand_limit});
    });
  }
}

// ---- What Razin et al. run, in milliseconds.

inline void papers_of_tensors(Report& report) {
  using namespace tacit;
  const auto row = [&](const std::string& name, double limit_ms, const auto& model, Index observed, double entry_std) {
    with_steps(model, observed, entry_std, group_rmsprop({.rate = 1e-4, .eps = 1e-6}), [&](auto&& advance) {
      report.add({name, "1 ms", alone(advance, Effort{5e-3, 40}), 1e3, none, limit_ms});
    });
  };
  row("step of Razin et al. 2021: float, CP 10^4, R=1000, 2000 observed", 0.7, CP<float>({.shape = {10, 10, 10, 10}, .rank = 1000}), 2000,
      0.1);
  row("step of Razin et al. 2022: float, CP 16^3, R=256, 2048 observed", 0.2, CP<float>({.shape = {16, 16, 16}, .rank = 256}), 2048, 0.1);
  row("the same, hierarchical 8^4, widths 512", 3, HierarchicalTensor<float>({.shape = {8, 8, 8, 8}, .widths = {512, 512}}), 2048, 0.05);
  const DeepMatrix<float> matrix({64, 64, 64, 64});
  const Problem problem(matrix, low_rank_completion<float>({.rows = 64, .cols = 64, .rank = 5, .observed = 2048, .seed = 1}).seen,
                        MeanSquares{});
  Trajectory history(loss);
  Run run(problem, matrix.near_zero({.entry_std = 0.1, .seed = 1}), group_rmsprop({.rate = 1e-4, .eps = 1e-6}), every(1, history));
  report.add({"the same, matrix 64 x 64 depth 3", "1 ms", alone([&](long k) { run.advance(k); }), 1e3, none, 0.1});
}

// ---- 10^4 x 10^4 x 10^4, a millionth observed and around it; in processes of their own.

struct SparseFigures {
  double seconds = 0;  ///< CPU, a step: the best of several
  double bytes = 0;    ///< the most the process held
  double kept = 0;     ///< parameters and observations
};
inline auto sparse_model(tacit::CP<double>*) { return tacit::CP<double>({.shape = {10'000, 10'000, 10'000}, .rank = 16}); }
inline auto sparse_model(tacit::TensorTrain<double>*) {
  return tacit::TensorTrain<double>({.shape = {10'000, 10'000, 10'000}, .ranks = {16}});
}

template <class Model>
SparseFigures sparse_step(Index observed) {
  using namespace tacit;
  const Model model = sparse_model(static_cast<Model*>(nullptr));
  SparseFigures found;
  found.kept = 8.0 * static_cast<double>(model.parameter_count()) + (8.0 + 4.0 * 3) * static_cast<double>(observed);
  with_steps(model, observed, 0.3, gradient_descent({.rate = 1e-3}), [&](auto&& advance) {
    advance(1);
    found.seconds = 1e9;
    for (int k = 0; k < 7; ++k) found.seconds = std::min(found.seconds, block_us(advance, observed < 100'000 ? 10 : 1) / 1e6);
  });
  found.bytes = peak_bytes();
  return found;
}

template <class Model>
void sparse_rows(Report& report, const std::string& name, double limit) {
  const std::array<double, 4> observed{1e4, 1e5, 1e6, 1e7};
  std::array<SparseFigures, 4> found;
  for (const std::size_t k :
       {0, 1, 2, 3, 2, 1, 0}) {  // up and down: neighbours who take bandwidth for a while slow all sizes alike, or none
    const SparseFigures once = apart([&] { return sparse_step<Model>(static_cast<Index>(observed[k])); });
    if (found[k].seconds == 0 || (once.seconds > 0 && once.seconds < found[k].seconds)) found[k] = once;
  }
  const std::string lost = "the process did not come to its end: not enough memory?",
                    fit = name + ", 10^4 ... 10^7 observed: worst residual";
  if (found[2].seconds == 0)
    return report.add({.name = name + ", 10^6 observed: a step", .theirs = "1 s", .limit = limit, .skipped = lost});
  report.add({name + ", 10^6 observed: a step", "1 s", found[2].seconds * 1e6, 1e6, none, limit});
  report.add({.name = name + ", 10^6 observed: memory", .theirs = "parameters, data", .ratio = found[2].bytes / found[2].kept, .limit = 3});
  for (const SparseFigures& one : found)
    if (one.seconds == 0) return report.add({.name = fit, .theirs = "a P + b |Omega|", .limit = 0.2, .skipped = lost});
  // The line c (1 + r m), c = a P, whose worst relative residual is least: for each r the c that balances the largest and the smallest of (1 + r m_k) / t_k.
  double worst = 1, c = 0, b = 0;
  for (double r = 1e-8; r < 1e-2; r *= 1.01) {
    double least = 1e300, most = 0;
    for (std::size_t k = 0; k < observed.size(); ++k) {
      const double quotient = (1 + r * observed[k]) / found[k].seconds;
      least = std::min(least, quotient), most = std::max(most, quotient);
    }
    const double residual = (most - least) / (most + least);
    if (residual < worst) worst = residual, c = 2 / (most + least), b = c * r;
  }
  std::printf("  seconds a step: %.3g %.3g %.3g %.3g; fitted %.3g us + %.3g ns an entry\n", found[0].seconds, found[1].seconds,
              found[2].seconds, found[3].seconds, c * 1e6, b * 1e9);
  report.add({.name = fit, .theirs = "a P + b |Omega|", .ratio = worst, .limit = 0.2});
}

inline void sparse_tensors(Report& report) {
  sparse_rows<tacit::CP<double>>(report, "10^4 x 10^4 x 10^4, CP, R=16", 0.06);
  sparse_rows<tacit::TensorTrain<double>>(report, "10^4 x 10^4 x 10^4, tensor train, ranks 16", 0.2);
}

}  // namespace bench
