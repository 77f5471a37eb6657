// SPDX-License-Identifier: MIT
#pragma once
// All entries:  z = vec(W), first index fastest (column-major for matrices). The observation of full targets and of penalties on W.

#include <vector>

#include "../core/shape.hpp"
#include "entries.hpp"

namespace tacit {

class AllEntries {
 public:
  AllEntries(Index rows, Index cols) : AllEntries(Shape{rows, cols}) {}
  explicit AllEntries(Shape shape) : shape_(std::move(shape)) { shape_.require_dense("AllEntries"); }

  const Shape& shape() const { return shape_; }
  /// Of the unfolding at mode 0, which a matrix is itself.
  Index rows() const { return shape_.rows(); }
  Index cols() const { return count() / rows(); }
  /// m = prod n_k, the length of z.
  Index count() const { return shape_.count(); }

  /// A minibatch of all entries is a list of entries of the unfolding at mode 0.
  using batch_type = EntryList;
  EntryList batch() const { return EntryList(rows(), cols()); }
  void gather(const Index* which, Index count, EntryList& into) const {
    into.resize(count);
    for (Index k = 0; k < count; ++k) into.set(k, which[k] % rows(), which[k] / rows());
  }
  Entry operator[](Index k) const { return {k % rows(), k / rows()}; }
  /// Where observation k sits, for error messages.
  std::string where(Index k) const { return sentence("entry (", k % rows(), ", ", k / rows(), ")"); }
  template <class Archive>
  void persist(Archive& archive) {
    Index r = rows(), c = cols();
    archive("rows", r);
    archive("cols", c);
  }

 private:
  Shape shape_;
};

}  // namespace tacit
