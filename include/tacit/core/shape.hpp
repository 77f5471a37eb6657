// SPDX-License-Identifier: MIT
#pragma once
// Shape: the sizes n_1 x ... x n_d of a matrix or tensor, of any order. count() = prod n_k is checked for overflow, because an
// observed tensor may have more entries than any integer can count; too_large_for_dense() is the one place that says what fits.

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "check.hpp"
#include "scalar.hpp"

namespace tacit {

class Shape {
 public:
  /// Dense objects above this many entries are refused: 10^8 doubles are 0.8 GB.
  static constexpr double dense_limit = 1e8;

  Shape() = default;
  Shape(std::initializer_list<Index> sizes) : Shape(std::vector<Index>(sizes)) {}
  explicit Shape(std::vector<Index> sizes) : sizes_(std::move(sizes)) {
    for (std::size_t k = 0; k < sizes_.size(); ++k)
      require(sizes_[k] > 0, "Shape: mode ", k, " has size ", sizes_[k], ", every mode needs at least 1");
  }

  Index order() const { return static_cast<Index>(sizes_.size()); }
  Index operator[](Index mode) const { return sizes_[static_cast<std::size_t>(mode)]; }
  Index rows() const { return sizes_.empty() ? 1 : sizes_.front(); }
  Index cols() const { return sizes_.size() < 2 ? 1 : sizes_[1]; }

  /// prod n_k as a floating-point number, which cannot overflow.
  double size() const {
    double product = 1;
    for (Index n : sizes_) product *= static_cast<double>(n);
    return product;
  }
  /// prod n_k; throws where the product does not fit an index.
  Index count() const {
    require(size() < static_cast<double>(std::numeric_limits<Index>::max()), "Shape: the product of ", *this, " overflows");
    Index product = 1;
    for (Index n : sizes_) product *= n;
    return product;
  }
  /// Throws a sentence naming `who` where a dense object of this shape would not reasonably fit into memory.
  void require_dense(const char* who) const {
    require(size() <= dense_limit, who, ": a dense ", *this, " object has ", size(), " entries, more than the ", dense_limit,
            " that are formed; use observed entries and quantities that are computed from the factors");
  }

  bool operator==(const Shape&) const = default;
  /// Equal but for modes of size one at the end: a vector is a matrix of one column.
  bool fits(const Shape& other) const {
    for (Index k = 0; k < std::max(order(), other.order()); ++k)
      if ((k < order() ? (*this)[k] : 1) != (k < other.order() ? other[k] : 1)) return false;
    return true;
  }
  const std::vector<Index>& sizes() const { return sizes_; }

  friend std::ostream& operator<<(std::ostream& out, const Shape& shape) {
    for (Index k = 0; k < shape.order(); ++k) out << (k ? " x " : "") << shape[k];
    return shape.order() ? out : out << "scalar";
  }

 private:
  std::vector<Index> sizes_;
};

}  // namespace tacit
