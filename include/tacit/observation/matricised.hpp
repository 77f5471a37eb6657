// SPDX-License-Identifier: MIT
#pragma once
// An observation of a tensor, read through the matricisation  W_(left | right) = T P:  rows are the combinations of the modes before `split`, columns those
// of the others, the first mode of each fastest, so that vec(W) stays as it is. T and P pass their vectors contiguously (observation/bilinear.hpp): T stands
// row by row, P column by column. Entries are sorted once into the order of the matricisation; z and zbar are permuted on the way, 2 m moves a verb.

#include <optional>

#include "bilinear.hpp"
#include "sort_entries.hpp"
#include "tensor_entries.hpp"

namespace tacit::detail {

/// rows x cols of the matricisation before and after mode `split`.
struct Halving {
  Index split, rows = 1, cols = 1;
  Halving(const Shape& shape, Index at) : split(at) {
    for (Index n = 0; n < shape.order(); ++n) (n < split ? rows : cols) *= shape[n];
  }
};
/// The split whose larger half is smallest.
inline Halving balanced_halving(const Shape& shape) {
  Halving best(shape, std::max<Index>(1, shape.order() - 1));
  for (Index s = 1; s < shape.order(); ++s) {
    const Halving here(shape, s);
    if (std::max(here.rows, here.cols) < std::max(best.rows, best.cols)) best = here;
  }
  return best;
}

/// What a matricised observation is: tensor entries become entries of a matrix.
template <class O>
struct MatricisedAs {
  using type = O;
};
template <>
struct MatricisedAs<TensorEntries> {
  using type = Entries;
};
template <>
struct MatricisedAs<TensorEntryList> {
  using type = EntryList;
};

template <Scalar S, class O>
class MatricisedEnds {
  using At = typename MatricisedAs<O>::type;

 public:
  MatricisedEnds(const O& at, const Shape& shape, const Halving& halving, Index inner)
      : shape_(shape), halving_(halving), at_(matricised(at)), ends_(at_, halving.rows, halving.cols, inner), permuted_(static_cast<Index>(place_.size())) {}

  void read(const O& at, const S* T, const S* P, Write write, Out<S> z) {
    if (place_.empty()) return ends_.read(current(at), T, P, write, z);
    ends_.read(at_, T, P, Write::set, permuted_);
    for (std::size_t s = 0; s < place_.size(); ++s)
      z[place_[s]] = permuted_[static_cast<Index>(s)] + (write == Write::add ? z[place_[s]] : S(0));
  }
  void pull(const O& at, In<S> zbar, const S* T, const S* P, Write write_rows, S* GT, Write write_cols, S* GP) {
    if (place_.empty()) return ends_.pull(current(at), zbar, T, P, write_rows, GT, write_cols, GP);
    for (std::size_t s = 0; s < place_.size(); ++s) permuted_[static_cast<Index>(s)] = zbar[place_[s]];
    ends_.pull(at_, permuted_, T, P, write_rows, GT, write_cols, GP);
  }

 private:
  Index left(const auto& at, Index k) const { return combine_modes(at, k, 0, halving_.split); }
  Index right(const auto& at, Index k) const { return combine_modes(at, k, halving_.split, shape_.order()); }
  Index combine_modes(const auto& at, Index k, Index from, Index to) const {
    Index place = 0;
    for (Index n = to - 1; n >= from; --n) place = place * shape_[n] + at.mode(n)[k];
    return place;
  }

  At matricised(const O& at) {
    if constexpr (std::same_as<O, TensorEntries>) {
      const auto m = static_cast<std::size_t>(at.count());
      Entries::Indices row(m), col(m);
      for (std::size_t k = 0; k < m; ++k) {
        row[k] = static_cast<std::int32_t>(left(at, static_cast<Index>(k)));
        col[k] = static_cast<std::int32_t>(right(at, static_cast<Index>(k)));
      }
      place_ = sort_entries(halving_.rows, halving_.cols, row, col);
      return Entries(halving_.rows, halving_.cols, std::move(row), std::move(col)).through(at.path() == Path::halves ? Path::per_entry : at.path());
    } else if constexpr (std::same_as<O, TensorEntryList>) {
      return EntryList(halving_.rows, halving_.cols);
    } else if constexpr (std::same_as<O, AllEntries>) {
      return AllEntries(halving_.rows, halving_.cols);
    } else if constexpr (std::same_as<O, EntryList>) {
      return EntryList(halving_.rows, halving_.cols);
    } else {
      return at;
    }
  }
  /// Lists change with every minibatch, and so do batches of measurements.
  const At& current(const O& at) {
    if constexpr (std::same_as<O, TensorEntryList>) {
      at_.resize(at.count());
      for (Index k = 0; k < at.count(); ++k) at_.set(k, left(at, k), right(at, k));
    } else if constexpr (std::same_as<O, EntryList>) {  // of the unfolding at mode 0
      at_.resize(at.count());
      for (Index k = 0; k < at.count(); ++k) {
        const Index place = at.row()[k] + at.rows() * at.col()[k];
        at_.set(k, place % halving_.rows, place / halving_.rows);
      }
    } else if constexpr (std::same_as<O, At> && !std::same_as<O, AllEntries>) {
      return at;
    }
    return at_;
  }

  Shape shape_;
  Halving halving_;
  std::vector<std::uint32_t> place_;  // matrix entry s is tensor entry place_[s]; empty: the same order
  At at_;
  Bilinear<S> ends_;
  Vector<S> permuted_;
};

}  // namespace tacit::detail
