// SPDX-License-Identifier: MIT
#pragma once
// Observed entries Omega of a tensor of any order:  z_k = W(i_k1, ..., i_kd),  k = 0 ... m - 1. Zeros are data, the mask stands apart from the values.
//
//   TensorEntryList  indices in any order, nothing else: what a minibatch is gathered into
//   TensorEntries    sorted lexicographically (mode 0 first), without duplicates
//
// One 32-bit index a mode: 4 d bytes an entry, which copies share. The tensor may have more entries than an integer can count. Matrices have Entries, which knows its columns, too.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../core/shape.hpp"
#include "entries.hpp"

namespace tacit {

class TensorEntryList {
 public:
  using Indices = std::vector<std::int32_t>;
  explicit TensorEntryList(Shape shape = {}) : shape_(std::move(shape)), index_(static_cast<std::size_t>(shape_.order())) {}

  const Shape& shape() const { return shape_; }
  Index rows() const { return shape_.rows(); }
  Index cols() const { return shape_.cols(); }
  Index count() const { return index_.empty() ? 0 : static_cast<Index>(index_.front().size()); }
  /// i_kn for k = 0 ... m - 1.
  const std::int32_t* mode(Index n) const { return index_[static_cast<std::size_t>(n)].data(); }

  void resize(Index count) {
    for (Indices& index : index_) index.resize(static_cast<std::size_t>(count));
  }
  /// One more: the k-th of other entries.
  template <IndexedEntries O>
  void append(const O& from, Index k) {
    for (std::size_t n = 0; n < index_.size(); ++n) index_[n].push_back(from.mode(static_cast<Index>(n))[k]);
  }
  void set(Index k, Index n, Index i) { index_[static_cast<std::size_t>(n)][static_cast<std::size_t>(k)] = static_cast<std::int32_t>(i); }

 private:
  Shape shape_;
  std::vector<Indices> index_;
};

class TensorEntries {
 public:
  using Indices = std::vector<std::int32_t>;

  /// index[n][k] = i_kn. Throws where entries are not sorted, out of range or there twice, and where there is none; observed(shape, ...) sorts.
  TensorEntries(Shape shape, std::vector<Indices> index)
      : shape_(std::move(shape)), index_(std::make_shared<std::vector<Indices>>(std::move(index))) {
    require(shape_.order() >= 1, "TensorEntries: the shape has no mode");
    require(static_cast<Index>(index_->size()) == shape_.order(), "TensorEntries: got indices of ", index_->size(), " modes for a ", shape_,
            " tensor");
    for (Index n = 0; n < shape_.order(); ++n) {
      require(shape_[n] <= INT32_MAX, "TensorEntries: mode ", n, " of the ", shape_, " tensor is too large, indices take 32 bits");
      require(of(n).size() == of(0).size(), "TensorEntries: got ", of(0).size(), " indices of mode 0, but ", of(n).size(), " of mode ", n);
    }
    require(!of(0).empty(), "TensorEntries: no entry of the ", shape_, " tensor is observed");
    require(of(0).size() <= static_cast<std::size_t>(INT32_MAX), "TensorEntries: ", of(0).size(), " observations, positions take 32 bits");
    for (Index n = 0; n < shape_.order(); ++n)
      for (Index k = 0; k < count(); ++k)
        if (mode(n)[k] < 0 || mode(n)[k] >= shape_[n])
          require(false, "TensorEntries: observation ", k, " is at ", place(k), ": index ", mode(n)[k], " of mode ", n,
                  " lies outside the ", shape_, " tensor (indices start at 0)");
    for (Index k = 1; k < count(); ++k) {
      Index n = 0;
      while (n < shape_.order() && mode(n)[k] == mode(n)[k - 1]) ++n;
      if (n == shape_.order()) require(false, "TensorEntries: ", place(k), " is observed twice");
      if (mode(n)[k] < mode(n)[k - 1])
        require(false, "TensorEntries: observation ", k, " at ", place(k), " comes after ", place(k - 1),
                "; sort them, or let observed() do so");
    }
  }

  const Shape& shape() const { return shape_; }
  Index rows() const { return shape_.rows(); }
  Index cols() const { return shape_.cols(); }
  /// m = |Omega|.
  Index count() const { return static_cast<Index>(index_->front().size()); }
  double density() const { return static_cast<double>(count()) / shape_.size(); }
  /// i_kn for k = 0 ... m - 1.
  const std::int32_t* mode(Index n) const { return of(n).data(); }
  const std::vector<Indices>& indices() const { return *index_; }

  Path path() const { return path_; }
  /// The same entries, reached in another way; results agree to rounding.
  TensorEntries through(Path path) const {
    TensorEntries copy = *this;
    copy.path_ = path;
    return copy;
  }

  using batch_type = TensorEntryList;
  TensorEntryList batch() const { return TensorEntryList(shape_); }
  void gather(const Index* which, Index count, TensorEntryList& into) const {
    into.resize(count);
    for (Index n = 0; n < shape_.order(); ++n)
      for (Index k = 0; k < count; ++k) into.set(k, n, mode(n)[which[k]]);
  }

  std::string where(Index k) const { return "entry " + place(k); }

  /// For fingerprints: entries are never read back from an archive.
  template <class Archive>
  void persist(Archive& archive) {
    for (Index n = 0; n < shape_.order(); ++n) {
      Index size = shape_[n];
      archive("size", size);
      archive("index", (*index_)[static_cast<std::size_t>(n)]);
    }
    archive("path", path_);
  }

 private:
  const Indices& of(Index n) const { return (*index_)[static_cast<std::size_t>(n)]; }
  std::string place(Index k) const {
    std::string text = "(";
    for (Index n = 0; n < shape_.order(); ++n) text += (n ? ", " : "") + std::to_string(mode(n)[k]);
    return text + ")";
  }

  Shape shape_;
  std::shared_ptr<std::vector<Indices>> index_;
  Path path_ = Path::automatic;
};

}  // namespace tacit
