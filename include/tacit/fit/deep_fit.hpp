// SPDX-License-Identifier: MIT
#pragma once
// Deep matrix factorizations as a practitioner fits them:  prediction = centre_ij + scale W_ij,  W = W_N ... W_1 trained on the standardised residuals
// of the training entries (their centre taken off, divided by a robust spread). What keeps W simple is one of three:
//   decay      depth 2: a path of weight decays from where W = 0 downwards, each started from the last one's factors. With full width the minimum of
//              1/2 sum (z - W)^2 + lambda/2 (|W_1|^2 + |W_2|^2)  is that of  1/2 sum (z - W)^2 + lambda |W|_*       [Srebro, Rennie & Jaakkola 2004]
//   stopping   depth 3+: a small start and early stopping, the implicit bias of the descent, with or without a little decay   [Arora et al. 2019]
//   averaging  depth 2: the mean over the posterior (posterior_mean.hpp), of a few restarts that stand side by side as one wider factorization; biases and effects of
//              what was observed, where there are any, end in its factors
// tune_deep.hpp chooses between their settings. Descent is SharpnessRate's, so there is no rate to choose.

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>

#include "../io/number.hpp"
#include "../model/deep_matrix.hpp"
#include "../solver/standardised.hpp"

namespace tacit {

enum class Simplicity { decay, stopping, averaging };

/// Lines that are described by which of their entries are observed, too (implicit feedback): pattern_effects.hpp.
enum class Pattern { none, rows, columns, both };

/// A factorization that is fitted:  prediction = centre.put_back(W(theta)).
template <class M>
struct FactorFit {
  Centre centre = {};
  std::shared_ptr<const M> model = nullptr;
  Vector<double> theta = {};

  /// W at these entries, or AllEntries.
  template <class O>
  Vector<double> evaluate(const O& at) const {
    auto ws = model->workspace(at);
    Vector<double> z(at.count());
    model->evaluate(theta, at, ws, z);
    return z;
  }
};

/// What is chosen on validation entries; everything else of a fit follows from it and the data.
struct DeepChoice {
  Simplicity by = Simplicity::decay;
  Centring centre = Centring::mean;
  Index width = 0;                  ///< of the hidden layers; of each restart, where several are averaged
  double product_scale = 1e-2;      ///< of the start
  double decay = 0;                 ///< lambda on the standardised residuals, relative to |P_Omega(y)|_2, where depth 2 has W = 0
  std::vector<Index> steps = {};    ///< iterations; sweeps of every restart
  bool biases = false;              ///< averaging: as components of the model
  Pattern pattern = Pattern::none;  ///< averaging
  bool clip = false;                ///< predictions end at the range of the training entries
  double ridge = 0;                 ///< of side features in the prior (feature_prior.hpp); 0: none
};

struct DeepFit : FactorFit<DeepMatrix<double>> {
  DeepChoice choice = {};
  std::string told = {};                                ///< its settings, where something other than `choice` made it
  std::array<bool, 2> from_features = {};               ///< whether rows, and columns, without entries are what their features predict
  std::optional<std::pair<double, double>> range = {};  ///< predictions are clipped to it

  std::string name() const { return sentence("depth ", model->depth(), choice.by == Simplicity::averaging ? ", averaged" : ""); }
  std::string settings() const {
    if (!told.empty()) return told;
    std::string text = sentence("width ", choice.width, choice.centre == Centring::none ? ", not centred" : ", centred by " + centre.form);
    if (choice.by == Simplicity::averaging) {
      if (choice.ridge > 0) text += sentence(", features with ridge ", choice.ridge);
      if (choice.biases) text += ", biases";
      if (choice.pattern != Pattern::none)
        text += sentence(", effects of which entries of ",
                         choice.pattern == Pattern::rows      ? "a row"
                         : choice.pattern == Pattern::columns ? "a column"
                                                              : "a row or column",
                         " are observed");
      text += sentence(", mean of ", choice.steps.size(), choice.steps.size() == 1 ? " start" : " starts", ", sweeps");
      for (Index count : choice.steps) text += sentence(' ', count);
      return choice.clip ? text + ", clipped to the observed range" : text;
    }
    text += sentence(", start ", choice.product_scale);
    if (choice.decay > 0) text += sentence(", weight decay ", rounded(choice.decay, 3), " of the largest");
    if (choice.by == Simplicity::stopping) text += ", early stopping";
    return text + sentence(", ", choice.steps[0], " iterations");
  }
  Vector<double> predict(const Entries& at) const;
};

namespace detail {

/// Whether a whole table of this size is kept as factors, as wide as its smaller side.
inline bool stands_as_factors(double rows, double cols) { return std::min(rows, cols) <= 500 && rows * cols <= 1e7; }
inline bool stands_as_factors(const Shape& shape) {
  return stands_as_factors(static_cast<double>(shape[0]), static_cast<double>(shape[1]));
}

/// W = A B^T around this centre.
inline DeepFit depth_two(const Matrix<double>& A, const Matrix<double>& B, Centre centre, std::string told) {
  const Index r = std::max<Index>(A.cols(), 1);
  DeepFit fit;
  fit.choice.centre = centre.has_effects() ? Centring::effects : centre.form == Centre{}.form ? Centring::none : Centring::mean;
  fit.choice.width = r;
  fit.choice.steps = {0};
  fit.centre = std::move(centre);
  fit.told = std::move(told);
  const auto model = std::make_shared<const DeepMatrix<double>>(std::vector<Index>{B.rows(), r, A.rows()});
  fit.theta.setZero(model->parameter_count());
  if (A.cols() > 0) {
    model->layout().matrix(fit.theta, 0) = B.transpose();
    model->layout().matrix(fit.theta, 1) = A;
  }
  fit.model = model;
  return fit;
}

}  // namespace detail
}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/deep_fit.hpp"
#endif
