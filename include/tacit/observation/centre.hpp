// SPDX-License-Identifier: MIT
#pragma once
// What is taken off data before a fit and put back into its predictions, for matrices and tensors alike (a matrix has the modes 0: rows and 1: columns):
//   prediction(i_1 ... i_d) = sum_n a_n(i_n) + prod_n r_n(i_n) [ mean + sum_n b_n(i_n) + scale W(i_1 ... i_d) ].
// b_n are the effects of mode n. a_n and r_n are centres and scales of its lines (rows, columns, slices), so that columns in different units (age beside income) weigh
// alike; a line of scale 0 is constant: it is predicted as its centre, exactly, and its entries must not enter a fit. A vector that is empty says 0 (1 for scales) for its
// mode, and so does a list of vectors that is empty for all modes. Columns of a matrix may be fitted by a transform, as their logarithm (transform.hpp): all of this then
// is in its units, and the prediction is transformed back. A model that was trained on the data as they came has the default: W itself. Cost: some flops an entry.

#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "data.hpp"
#include "transform.hpp"

namespace tacit {

/// A vector for each mode, of which some, or all, are empty.
using ModeVectors = std::vector<Vector<double>>;

namespace detail {

inline const Vector<double>& of_mode(const ModeVectors& list, Index n) {
  static const Vector<double> none;
  return n < static_cast<Index>(list.size()) ? list[static_cast<std::size_t>(n)] : none;
}
inline double of_line(const ModeVectors& list, Index n, Index i, double otherwise) {
  const auto m = static_cast<std::size_t>(n);
  return m < list.size() && list[m].size() ? list[m][i] : otherwise;
}
inline bool all_empty(const ModeVectors& list) {
  for (const Vector<double>& x : list)
    if (x.size()) return false;
  return true;
}
/// Throws where they are not those of such a shape.
inline void check_mode_vectors(const char* who, const ModeVectors& list, const char* what, const Shape& shape) {
  require(list.empty() || static_cast<Index>(list.size()) == shape.order(), who, ": has ", what, " of ", list.size(),
          " modes, the data are ", shape);
  for (std::size_t n = 0; n < list.size(); ++n) {
    const Index size = list[n].size();
    require(size == 0 || size == shape[static_cast<Index>(n)], who, ": has ", size, ' ', what, " of mode ", n, ", the data are ", shape);
    require(list[n].allFinite(), who, ": one of the ", what, " of mode ", n, " is not finite");
  }
}

}  // namespace detail

/// Transforms, centres and scales of lines: g, a_n and r_n.
struct Scales {
  ModeVectors centre = {}, scale = {};     ///< scales are not negative
  std::vector<Transform> transforms = {};  ///< of the columns of a matrix, before anything else is taken off; empty: none

  /// Nothing is taken off.
  bool none() const { return transforms.empty() && detail::all_empty(centre) && detail::all_empty(scale); }
  double centre_of(Index n, Index i) const { return detail::of_line(centre, n, i, 0); }
  double scale_of(Index n, Index i) const { return detail::of_line(scale, n, i, 1); }

  /// The transform of column j; nullptr where there is none.
  const Transform* transform_of(Index j) const {
    const auto c = static_cast<std::size_t>(j);
    return transforms.empty() || transforms[c].kind == TransformKind::none ? nullptr : &transforms[c];
  }
  /// How far a prediction is off, in the units in which intervals are made: those of the column's transform, or of the data.
  double error(double y, double predicted, Index j) const {
    const Transform* by = transform_of(j);
    return by ? by->error(y, predicted) : std::abs(y - predicted);
  }
  /// The ends of an interval around a prediction in column j, of a half-width in those units.
  std::pair<double, double> interval(double predicted, double half, Index j) const {
    const Transform* by = transform_of(j);
    return by && !std::isnan(half) ? by->interval(predicted, half) : std::pair{predicted - half, predicted + half};
  }

  /// Transform, centre and scale of an entry; index_of(n): its index of mode n.
  struct Unit {
    double centre = 0, scale = 1;
    const Transform* by = nullptr;
    double put_back(double z) const { return by ? by->predicted(centre + scale * z) : centre + scale * z; }
    double take_off(double y) const { return ((by ? by->to(y) : y) - centre) / scale; }
  };
  template <class IndexOf>
  requires std::is_invocable_v<IndexOf, Index> Unit unit(Index order, const IndexOf& index_of)
  const {
    Unit u;
    if (!transforms.empty()) u.by = transform_of(index_of(1));
    if (centre.empty() && scale.empty()) return u;
    for (Index n = 0; n < order; ++n) {
      const Index i = index_of(n);
      const double r = scale_of(n, i);
      if (r == 0) return {centre_of(n, i), 0};
      u.centre += centre_of(n, i), u.scale *= r;
    }
    return u;
  }
  Unit unit(Index i, Index j) const {
    return unit(2, [&](Index n) { return n == 0 ? i : j; });
  }
  template <IndexedEntries O>
  Unit unit(const O& at, Index k) const {
    return unit(at.shape().order(), [&](Index n) { return Index(at.mode(n)[k]); });
  }

  /// Predictions of data in these units in those of the data.
  template <IndexedEntries O>
  Vector<double> put_back(Vector<double> z, const O& at) const {
    for (Index k = 0; !none() && k < z.size(); ++k) z[k] = unit(at, k).put_back(z[k]);
    return z;
  }
  /// The data by their transforms, with centres taken off, in units of the scales.
  template <IndexedEntries O>
  Data<double, O> taken_off(Data<double, O> data) const {
    for (Index k = 0; !none() && k < data.count(); ++k) {
      const Unit u = unit(data.where, k);
      if (!(u.scale > 0)) require(false, "Scales: ", data.where.where(k), " lies in a line of scale 0, which is constant; leave it out");
      data.y[k] = u.take_off(data.y[k]);
    }
    return data;
  }

  /// Throws where they do not fit data of this shape.
  void check(const char* who, const Shape& shape) const {
    detail::check_mode_vectors(who, centre, "centres", shape);
    detail::check_mode_vectors(who, scale, "scales", shape);
    for (const Vector<double>& r : scale) require((r.array() >= 0).all(), who, ": a scale is negative");
    require(transforms.empty() || (shape.order() == 2 && static_cast<Index>(transforms.size()) == shape[1]), who, ": has ",
            transforms.size(), " transforms of columns, the data are ", shape);
    for (const Transform& one : transforms) one.check(who);
  }
};

struct Centre {
  std::string form = "zero";  ///< in words, as in  global mean
  double mean = 0;
  ModeVectors effects = {};
  double scale = 1;   ///< of W; a fit for which the centre says it all has 0
  Scales lines = {};  ///< outermost: taken off before everything else, put back last

  std::string name() const { return form; }
  double effect(Index n, Index i) const { return detail::of_line(effects, n, i, 0); }
  const Vector<double>& effects_of(Index n) const { return detail::of_mode(effects, n); }
  bool has_effects() const { return !detail::all_empty(effects); }

  /// What a fit of W says, in the units of the data.
  template <class IndexOf>
  requires std::is_invocable_v<IndexOf, Index>
  double put_back(double w, Index order, const IndexOf& index_of) const {
    double sum = 0;
    for (Index n = 0; n < order; ++n) sum += effect(n, index_of(n));
    return lines.unit(order, index_of).put_back(mean + sum + scale * w);
  }
  double put_back(double w, Index i, Index j) const {
    return put_back(w, 2, [&](Index n) { return n == 0 ? i : j; });
  }
  template <IndexedEntries O>
  Vector<double> put_back(const Vector<double>& w, const O& at) const {
    check("Centre", at.shape());
    Vector<double> z(w.size());
    for (Index k = 0; k < z.size(); ++k) z[k] = put_back(w[k], at.shape().order(), [&](Index n) { return Index(at.mode(n)[k]); });
    return z;
  }
  /// The same for W at all entries, first index fastest.
  Vector<double> put_back(const Vector<double>& w, const Shape& shape) const {
    check("Centre", shape);
    Vector<double> z(w.size());
    std::vector<Index> at(static_cast<std::size_t>(shape.order()), 0);
    for (Index k = 0; k < z.size(); ++k) {
      z[k] = put_back(w[k], shape.order(), [&](Index n) { return at[static_cast<std::size_t>(n)]; });
      for (std::size_t n = 0; n < at.size() && ++at[n] == shape[static_cast<Index>(n)]; ++n) at[n] = 0;
    }
    return z;
  }
  /// The centre alone, as a prediction: of W = 0.
  double predict(Index i, Index j) const {
    const Index rows = effects_of(0).size(), cols = effects_of(1).size();
    require((rows == 0 || (i >= 0 && i < rows)) && (cols == 0 || (j >= 0 && j < cols)), "Centre: (", i, ", ", j, ") lies outside the ",
            rows, " x ", cols, " matrix (indices start at 0)");
    return put_back(0, i, j);
  }
  template <IndexedEntries O>
  Vector<double> predict(const O& at) const {
    return put_back(Vector<double>::Zero(at.count()), at);
  }
  /// The data with mean and effects taken off; scales of lines are another matter.
  template <IndexedEntries O>
  Data<double, O> subtracted_from(Data<double, O> data) const {
    const Index order = data.where.shape().order();
    detail::check_mode_vectors("Centre", effects, "effects", data.where.shape());
    for (Index k = 0; k < data.count(); ++k) {
      double sum = 0;
      for (Index n = 0; n < order; ++n) sum += effect(n, data.where.mode(n)[k]);
      data.y[k] -= mean + sum;
    }
    return data;
  }
  /// As save_model and FoldIn want it: of a fit that has nothing to put back, W = 0 counts once.
  Centre with_positive_scale() const {
    Centre same = *this;
    if (same.scale == 0) same.scale = 1;
    return same;
  }

  /// Throws where it does not fit data of this shape.
  void check(const char* who, const Shape& shape) const {
    require(std::isfinite(mean), who, ": the mean is ", mean);
    require(std::isfinite(scale) && scale >= 0, who, ": the scale is ", scale, ", it needs to be finite and not negative");
    detail::check_mode_vectors(who, effects, "effects", shape);
    lines.check(who, shape);
  }
};

}  // namespace tacit
