// SPDX-License-Identifier: MIT
#pragma once
// The groups of rows that are compiled in files of their own.

#include "report.hpp"

namespace bench {

/// Transforms that treat every entry alike, against one fused loop: entrywise.cpp.
void entrywise(Report& report);
/// Muon and spectral descent beside the machine's matrix products: block_wise.cpp.
void block_wise(Report& report);
/// Hessian-vector products of every model against its gradient: hessian_products.cpp, made from the table of models.
void hessian_products(Report& report);
/// Eigenpairs, density and trace in Hessian-vector products, and what recording the sharpness costs: hessian_instruments.cpp.
class Torch;
void hessian_instruments(Report& report, Torch& torch);
/// The forward-difference penalty, minibatches, and problems and optimizers of forgotten type, against plain steps: forms.cpp.
void forms(Report& report);
/// Regression and cross-entropy with features, full batch and minibatches, against loops by hand: features.cpp.
void features(Report& report);

}  // namespace bench
