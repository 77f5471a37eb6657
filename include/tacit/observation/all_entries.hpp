// SPDX-License-Identifier: MIT
#pragma once
// All entries:  z = vec(W), column-major. The observation of full targets and of penalties on W.

#include <vector>

#include "../core/shape.hpp"
#include "entries.hpp"

namespace tacit {

struct AllEntries {
  AllEntries(Index rows, Index cols) : shape{rows, cols} { shape.require_dense("AllEntries"); }
  explicit AllEntries(Shape s) : shape(std::move(s)) { shape.require_dense("AllEntries"); }

  Shape shape;
  Index rows() const { return shape.rows(); }
  Index cols() const { return shape.cols(); }
  /// m = prod n_k, the length of z.
  Index count() const { return shape.count(); }

  /// A minibatch of all entries is a list of entries.
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
};

}  // namespace tacit
