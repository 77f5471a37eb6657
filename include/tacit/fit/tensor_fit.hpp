// SPDX-License-Identifier: MIT
#pragma once
// Tensor factorizations as a practitioner fits them:  prediction = centre + scale W,  W of kind CP, Tucker, tensor train, hierarchical, or a deep one of these, fitted to
// the standardised residuals of the training entries; ranks are cut to what a mode or cut can have. Two ways of fitting:
//   descent      gradient descent that validation entries stop                          descend_tensor.hpp
//   averaging    CP: the mean over its posterior, also over several starts              average_cp.hpp
//                Tucker: the same for the best unfolding, of one mode or several        average_unfolding.hpp
// tune_tensor.hpp has the two functions that everybody else calls, tune_tensor and refit.

#include <limits>
#include <memory>
#include <optional>

#include "../core/budget.hpp"
#include "../io/number.hpp"
#include "../model/any_tensor.hpp"
#include "../observation/line_order.hpp"
#include "deep_fit.hpp"

namespace tacit {

/// Averaging: a start, and the sweep at which it was best on validation entries.
struct CpStart {
  std::uint64_t seed = 1;
  Index sweeps = 0;
};

struct TensorFit : FactorFit<AnyTensorModel<double>> {
  double decay = 0;                                   ///< lambda of  mean squares / 2 + lambda / 2 |theta|^2  on the standardised residuals
  Index iterations = 0;                               ///< at which theta was,
  Index planned = 0;                                  ///< of a schedule of so many
  std::uint64_t seed = 1;                             ///< of the start
  std::vector<CpStart> averaged = {};                 ///< CP by averaging; empty: by descent, or
  std::shared_ptr<const DeepFit> unfolded = nullptr;  ///< of an unfolding: what was fitted to it,
  std::vector<bool> rows = {};                        ///< and the modes whose combinations were its rows; a single one makes a Tucker model
  std::vector<Index> in_order = {};                   ///< modes whose slices without entries come from their neighbours
  std::string told = {};                              ///< its settings, where something other than the above made it

  /// Of an unfolding: whether the slices of this mode stand for themselves, without patterns.
  bool leaves(Index n) const { return unfolded && (model->spec().kind != TensorKind::tucker || !rows[static_cast<std::size_t>(n)]); }
  std::string name() const {
    return !unfolded ? name_of(model->spec().kind) : model->spec().kind == TensorKind::tucker ? "Tucker1" : "an unfolding";
  }
  std::string settings() const {
    if (!told.empty()) return told;
    const TensorSpec& spec = model->spec();
    std::string text = spec.kind == TensorKind::hierarchical ? "widths" : spec.ranks.size() > 1 ? "ranks" : "rank";
    for (Index r : spec.ranks) text += sentence(" ", r);
    if (spec.deep()) text += sentence(", depth ", spec.depths.front());
    text += ", " + (centre.form == "zero" ? std::string("not centred") : "centred by " + centre.form);
    if (averaged.empty()) return sentence(text, ", weight decay ", rounded(decay, 3), ", ", iterations, " of ", planned, " iterations");
    for (std::size_t n = 0; n < in_order.size(); ++n) text += sentence(n ? "" : ", in order of mode", n ? " and " : " ", in_order[n] + 1);
    if (averaged.size() > 1)
      text += sentence(", ", averaged.size(), " starts averaged, rank ", spec.ranks[0] / static_cast<Index>(averaged.size()), " each");
    for (std::size_t s = 0; s < averaged.size(); ++s) text += sentence(s ? " + " : ", ", averaged[s].sweeps);
    return text + " sweeps";
  }
  Vector<double> predict(const TensorEntries& at) const;
  /// All entries; refused above 10^8 of them.
  Tensor<double> predict() const;
};

struct TensorTrial {
  std::string settings;
  Index observations;
  double validation_rmse;
};

struct TensorGrid {
  TensorKind kind = TensorKind::cp;
  bool averaging = false;                            ///< CP, and Tucker: unfoldings
  std::vector<Index> ranks = {2, 4, 8, 16, 32, 64};  ///< of every mode or cut
  std::vector<Index> depths = {2, 3};                ///< of the deep kinds
  std::optional<ModeTree> tree = {};                 ///< of the hierarchical kind; none: modes halved again and again
  Index iterations = 300;                            ///< of a trial; averaging: sweeps at most
  Index starts = 3;                                  ///< averaging: of the chosen rank
  Index patience = 15;                               ///< averaging: sweeps without an improvement by 1/2000 after which a start is given up
  Index part = 40'000;                               ///< training entries of the search
  std::vector<LineOrder> order = {};                 ///< averaging CP: modes in order, whose factors are autoregressions
  double rate = 0.1;
  double product_scale = 0.1;
  double seconds = std::numeric_limits<double>::infinity();
  std::uint64_t seed = 1;
  Pace pace = {};  ///< what `seconds` are counted in
};

/// ((0 1) (2 3)), ((0 1) 2), ...: the first half of the modes, rounded up, under one child of the root, and so on.
inline ModeTree halving_tree(Index first, Index count) {
  require(count > 0, "halving_tree: there are ", count, " modes");
  if (count == 1) return ModeTree(first);
  const Index left = (count + 1) / 2;
  return ModeTree(std::vector<ModeTree>{halving_tree(first, left), halving_tree(first + left, count - left)});
}

/// The model of this kind whose ranks are `rank`, or as much of it as the modes and cuts of the shape can have.
inline TensorSpec tensor_spec(TensorKind kind, const Shape& shape, Index rank, Index depth = 2, const std::optional<ModeTree>& tree = {}) {
  require(rank > 0, "tensor_spec: the rank is ", rank, ", it needs to be at least 1");
  require(shape.order() >= 2, "tensor_spec: the shape ", shape, " has order ", shape.order(), ", needs at least 2 modes");
  TensorSpec spec{.kind = kind, .shape = shape};
  const auto at_most = [&](double size) { return size < static_cast<double>(rank) ? static_cast<Index>(size) : rank; };
  double before = 1;
  switch (kind) {
    case TensorKind::cp:
    case TensorKind::deep_cp:
      spec.ranks = {rank};
      break;
    case TensorKind::tucker:
    case TensorKind::deep_tucker:
      for (Index n : shape.sizes()) spec.ranks.push_back(at_most(std::min(static_cast<double>(n), shape.size() / static_cast<double>(n))));
      break;
    case TensorKind::tensor_train:
    case TensorKind::deep_tensor_train:
      for (Index k = 0; k + 1 < shape.order(); ++k) {
        before *= static_cast<double>(shape[k]);
        spec.ranks.push_back(at_most(std::min(before, shape.size() / before)));
      }
      break;
    case TensorKind::hierarchical:
      spec.tree = tree ? *tree : halving_tree(0, shape.order());
      spec.ranks.assign(static_cast<std::size_t>(spec.tree->height()), rank);
  }
  if (spec.deep()) spec.depths = {depth};
  return spec;
}

namespace detail {

/// W = 0 around this centre.
inline TensorFit tensor_of(TensorSpec spec, Centre centre, std::string told) {
  TensorFit fit;
  fit.centre = std::move(centre).with_positive_scale();
  fit.told = std::move(told);
  fit.model = std::make_shared<const AnyTensorModel<double>>(std::move(spec));
  fit.theta.setZero(fit.model->parameter_count());
  return fit;
}

/// Whether the search tries a model of so many parameters: ladders end before a Tucker core of 4^12 numbers meets 200 entries.
inline bool worth_trying(double parameters, Index observations) { return parameters <= 1e5 + 20 * static_cast<double>(observations); }

}  // namespace detail
}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/tensor_fit.hpp"
#endif
