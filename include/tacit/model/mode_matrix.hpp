// SPDX-License-Identifier: MIT
#pragma once
// A tensor model at one of its modes:  W_(n) = A P,  A of n_n x r what belongs to the slices of mode n (AnyTensorModel::mode_factor), since
// W is linear in it, and P of r x (combinations of the other modes), the last mode's index fastest, as in fit/unfolding.hpp. Row q of P is W
// where A has the one row e_q. With it slices that were not there in training are new rows of a matrix: new_rows.hpp folds them in.
// Cost: W of a tensor with r slices in mode n, evaluated once. Refused where P would have more than 10^8 entries.

#include "any_tensor.hpp"
#include "new_rows.hpp"

namespace tacit {

/// P.
inline Matrix<double> mode_basis(const AnyTensorModel<double>& model, const Vector<double>& theta, Index mode) {
  const Index r = model.mode_factor(theta, mode).cols();
  auto [spec, phi] = model.shallow(theta);
  const Layout layout = AnyTensorModel<double>(spec).layout();
  const Shape of = spec.shape;
  std::vector<Index> sizes = of.sizes();
  sizes[static_cast<std::size_t>(mode)] = r;
  spec.shape = Shape(sizes);
  spec.shape.require_dense("mode_basis");
  const AnyTensorModel<double> units(spec);
  const Index block = spec.kind == TensorKind::tucker ? mode + 1 : mode;
  Vector<double> psi = Vector<double>::Zero(units.parameter_count());
  for (Index l = 0; l < layout.size(); ++l) {
    const Index offset = units.layout()[l].offset;
    if (l != block) psi.segment(offset, layout[l].count) = phi.segment(layout[l].offset, layout[l].count);
    else if (spec.kind != TensorKind::tensor_train) units.layout().matrix(psi, l).setIdentity();
    else  // slice q of the core, r_k x r_{k+1} numbers one after another, is the unit of number q
      for (Index q = 0; q < r; ++q) psi[offset + q * (r + 1)] = 1;
  }
  const AllEntries everywhere(spec.shape);
  auto ws = units.workspace(everywhere);
  Vector<double> W(everywhere.count());
  units.evaluate(psi, everywhere, ws, W);
  std::vector<Index> stride(sizes.size(), 1);  // of the columns of P
  Index cols = 1;
  for (std::size_t n = sizes.size(); n-- > 0;)
    if (static_cast<Index>(n) != mode) stride[n] = cols, cols *= sizes[n];
  Matrix<double> P(r, cols);
  std::vector<Index> at(sizes.size(), 0);
  for (Index k = 0; k < W.size(); ++k) {
    Index col = 0;
    for (std::size_t n = 0; n < at.size(); ++n)
      if (static_cast<Index>(n) != mode) col += at[n] * stride[n];
    P(at[static_cast<std::size_t>(mode)], col) = W[k];
    for (std::size_t n = 0; n < at.size() && ++at[n] == sizes[n]; ++n) at[n] = 0;
  }
  return P;
}

/// The centre of the matrix whose rows are the lines of this mode: effects, centres and scales of the other modes become those of columns.
inline Centre centre_at_mode(const Centre& centre, const Shape& shape, Index mode) {
  centre.check("centre_at_mode", shape);
  Centre at{centre.form, centre.mean, {}, centre.scale};
  std::vector<Index> index(static_cast<std::size_t>(shape.order()), 0);
  Index cols = 1;
  for (Index n = 0; n < shape.order(); ++n) cols *= n == mode ? 1 : shape[n];
  const bool lines = !centre.lines.none();
  if (centre.has_effects()) at.effects = {centre.effects_of(mode), Vector<double>::Zero(cols)};
  if (lines)
    at.lines = {{detail::of_mode(centre.lines.centre, mode), Vector<double>::Zero(cols)},
                {detail::of_mode(centre.lines.scale, mode), Vector<double>::Ones(cols)}};
  Scales others = centre.lines;
  for (ModeVectors* list : {&others.centre, &others.scale})
    if (static_cast<Index>(list->size()) > mode) (*list)[static_cast<std::size_t>(mode)].resize(0);
  for (Index j = 0; j < cols && (lines || centre.has_effects()); ++j) {
    for (Index n = 0; n < shape.order() && centre.has_effects(); ++n)
      if (n != mode) at.effects[1][j] += centre.effect(n, index[static_cast<std::size_t>(n)]);
    if (lines) {
      const Scales::Unit unit = others.unit(shape.order(), [&](Index n) { return index[static_cast<std::size_t>(n)]; });
      at.lines.centre[1][j] = unit.centre, at.lines.scale[1][j] = unit.scale;
    }
    for (Index n = shape.order(); n-- > 0;) {
      if (n == mode) continue;
      if (++index[static_cast<std::size_t>(n)] < shape[n]) break;
      index[static_cast<std::size_t>(n)] = 0;
    }
  }
  return at;
}

/// The fit as one of a matrix whose rows are the slices of this mode.
inline FittedFactors factors_at_mode(const AnyTensorModel<double>& model, const Vector<double>& theta, const Centre& centre, Index mode) {
  return {{mode_basis(model, theta, mode), model.mode_factor(theta, mode)}, centre_at_mode(centre, model.shape(), mode)};
}

}  // namespace tacit
