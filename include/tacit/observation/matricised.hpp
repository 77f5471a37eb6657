// SPDX-License-Identifier: MIT
#pragma once
// An observation of a tensor, read through the matricisation  W_(left | right) = T P:  rows are the combinations of the modes before `split`, columns those
// of the others, the first mode of each fastest, so that vec(W) stays as it is. T and P pass their vectors contiguously (observation/bilinear.hpp): T stands
// row by row, P column by column. Entries are sorted once into the order of the matricisation; z and zbar are permuted on the way, 2 m moves a verb. So are
// all entries, and those of a matrix, where a model's tree takes the modes in another order.

#include <algorithm>
#include <numeric>

#include "bilinear.hpp"
#include "sort_entries.hpp"
#include "tensor_entries.hpp"

namespace tacit::detail {

/// A matricisation: its rows are the combinations of the first `split` of `modes`, its columns those of the others.
struct Halving {
  std::vector<Index> modes;
  Index split;
  double rows = 1, cols = 1;  // of a large tensor, they may not fit an index
  Halving(const Shape& shape, std::vector<Index> order, Index at) : modes(std::move(order)), split(at) {
    for (std::size_t p = 0; p < modes.size(); ++p) (static_cast<Index>(p) < split ? rows : cols) *= static_cast<double>(shape[modes[p]]);
  }
  Halving(const Shape& shape, Index at) : Halving(shape, natural_order(shape), at) {}
  static std::vector<Index> natural_order(const Shape& shape) {
    std::vector<Index> order(static_cast<std::size_t>(shape.order()));
    std::iota(order.begin(), order.end(), Index(0));
    return order;
  }
  bool natural() const { return std::is_sorted(modes.begin(), modes.end()); }
  /// Whether halves of this inner dimension would reasonably be formed.
  bool fits(Index inner) const {
    return std::max(rows, cols) < static_cast<double>(INT32_MAX) && (rows + cols) * static_cast<double>(inner) <= Shape::dense_limit;
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
template <class O>
requires Measures<O, float> || Measures<O, double>
struct MatricisedAs<O> {
  using type = AllEntries;  // measured on the whole W
};

template <Scalar S, class O>
class MatricisedEnds {
  using At = typename MatricisedAs<O>::type;
  static constexpr bool measures = Measures<O, S>, whole = std::same_as<At, AllEntries>;

 public:
  MatricisedEnds(const O& at, const Shape& shape, const Halving& halving, Index inner)
      : shape_(shape), halving_(halving), rows_(static_cast<Index>(halving.rows)), cols_(static_cast<Index>(halving.cols)),
        at_(matricised(at)), ends_(at_, rows_, cols_, inner), permuted_(static_cast<Index>(place_.size())) {
    if (measures) W_.resize(rows_ * cols_);
  }

  /// z (+)= A(T P).
  void read(const O& at, const S* T, const S* P, Write write, Out<S> z) {
    if constexpr (measures) {
      read_matricised(at, T, P, Write::set, W_);
      sample<S>(at, W_.data(), write, z);
    } else {
      read_matricised(at, T, P, write, z);
    }
  }
  /// The adjoints of T and P, as Bilinear::pull.
  void pull(const O& at, In<S> zbar, const S* T, const S* P, Write write_rows, S* GT, Write write_cols, S* GP) {
    if constexpr (measures) {
      spread<S>(at, zbar, Write::set, W_.data());
      pull_matricised(at, W_, T, P, write_rows, GT, write_cols, GP);
    } else {
      pull_matricised(at, zbar, T, P, write_rows, GT, write_cols, GP);
    }
  }

 private:
  void read_matricised(const O& at, const S* T, const S* P, Write write, Out<S> z) {
    if (place_.empty()) return ends_.read(current(at), T, P, write, z);
    ends_.read(at_, T, P, Write::set, permuted_);
    for (std::size_t s = 0; s < place_.size(); ++s)
      z[place_[s]] = permuted_[static_cast<Index>(s)] + (write == Write::add ? z[place_[s]] : S(0));
  }
  void pull_matricised(const O& at, In<S> zbar, const S* T, const S* P, Write write_rows, S* GT, Write write_cols, S* GP) {
    if (place_.empty()) return ends_.pull(current(at), zbar, T, P, write_rows, GT, write_cols, GP);
    for (std::size_t s = 0; s < place_.size(); ++s) permuted_[static_cast<Index>(s)] = zbar[place_[s]];
    ends_.pull(at_, permuted_, T, P, write_rows, GT, write_cols, GP);
  }

  /// The density from which whole matrix products beat products at the observed entries. Halves are often thin, and either way costs more in some sizes than in
  /// others; measured crossings: 0.6 - 0.85 at 4096 entries, 0.3 - 0.5 at 10^4, 0.16 (float) and 0.25 - 0.32 (double) from 10^5 on.
  double dense_halves_from() const {
    const double size = halving_.rows * halving_.cols;
    return size <= 5000 ? 0.65 : size < 1e5 ? dense_from : sizeof(S) == 4 ? 0.2 : 0.3;
  }

  /// Row and column of a multi-index i(n).
  template <class I>
  std::pair<Index, Index> place(I&& i) const {
    Index row = 0, col = 0;
    for (Index p = shape_.order() - 1; p >= 0; --p) {
      const Index n = halving_.modes[static_cast<std::size_t>(p)];
      Index& at = p < halving_.split ? row : col;
      at = at * shape_[n] + i(n);
    }
    return {row, col};
  }
  /// The same of the entry that stands at `at` in vec(W).
  std::pair<Index, Index> place_of_offset(Index at) const {
    if (halving_.natural()) return {at % rows_, at / rows_};
    return place([&](Index n) {
      Index above = at;
      for (Index below = 0; below < n; ++below) above /= shape_[below];
      return above % shape_[n];
    });
  }

  /// Observed entries in the order of the matricisation, index(n, k) being that of observation k along mode n.
  template <class I>
  Entries sorted(Index count, I&& index) {
    const auto m = static_cast<std::size_t>(count);
    Entries::Indices row(m), col(m);
    for (std::size_t k = 0; k < m; ++k) {
      const auto [r, c] = place([&](Index n) { return index(n, k); });
      row[k] = static_cast<std::int32_t>(r), col[k] = static_cast<std::int32_t>(c);
    }
    place_ = sort_entries(rows_, cols_, row, col);
    return Entries(rows_, cols_, std::move(row), std::move(col));
  }
  At matricised(const O& at) {
    if constexpr (std::same_as<O, TensorEntries>) {
      Path path = at.path() == Path::halves ? Path::per_entry : at.path();
      if (path == Path::automatic)
        path = halving_.rows * halving_.cols <= Shape::dense_limit && at.density() >= dense_halves_from() ? Path::dense : Path::per_entry;
      return sorted(at.count(), [&](Index n, std::size_t k) { return at.mode(n)[k]; }).through(path);
    } else if constexpr (std::same_as<O, Entries>) {  // of a matrix, or of its transpose
      const Path path = at.path() == Path::halves ? Path::per_entry : at.path();
      if (halving_.natural()) return at.through(path);
      return sorted(at.count(), [&](Index n, std::size_t k) { return (n ? at.col() : at.row())[k]; }).through(path);
    } else if constexpr (whole) {
      if (!halving_.natural()) {
        place_.resize(static_cast<std::size_t>(rows_ * cols_));
        for (Index k = 0; k < rows_ * cols_; ++k) {
          const auto [r, c] = place_of_offset(k);
          place_[static_cast<std::size_t>(r + rows_ * c)] = static_cast<std::uint32_t>(k);
        }
      }
      return AllEntries(rows_, cols_);
    } else {
      return EntryList(rows_, cols_);
    }
  }
  /// Lists change with every minibatch.
  const At& current(const O& at) {
    if constexpr (std::same_as<At, EntryList>) {
      at_.resize(at.count());
      for (Index k = 0; k < at.count(); ++k) {
        std::pair<Index, Index> to;
        if constexpr (std::same_as<O, EntryList>)
          to = place_of_offset(at.row()[k] + at.rows() * at.col()[k]);  // of the unfolding at mode 0
        else to = place([&](Index n) { return at.mode(n)[k]; });
        at_.set(k, to.first, to.second);
      }
    }
    return at_;
  }

  Shape shape_;
  Halving halving_;
  Index rows_, cols_;
  std::vector<std::uint32_t> place_;  // matricised entry s is entry place_[s] of z; empty: the same order
  At at_;
  Bilinear<S> ends_;
  Vector<S> permuted_, W_;
};

}  // namespace tacit::detail
