// SPDX-License-Identifier: MIT
#pragma once
// The numbers of m observations, a column each of one matrix that copies share. A batch has columns of its own, gathered from those of the whole; a smaller
// batch reuses the buffer of a larger one. Gathering b columns of n numbers copies b n numbers.

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "../core/scalar.hpp"

namespace tacit::detail {

template <Scalar S>
class Columns {
 public:
  Columns() = default;
  explicit Columns(Matrix<S> columns) : count_(columns.cols()), matrix_(std::make_shared<const Matrix<S>>(std::move(columns))) {}

  Index count() const { return count_; }
  /// In a batch at least count() columns, of which the first count() belong to it.
  const Matrix<S>& matrix() const { return *matrix_; }
  ConstMatrixMap<S> view() const { return {matrix_->data(), matrix_->rows(), count_}; }
  const S* operator[](Index k) const { return matrix_->data() + k * matrix_->rows(); }

  /// `into` never writes into columns that something else shows.
  void gather(const Index* which, Index count, Columns& into) const {
    if (into.gathered_.use_count() != 2 || into.gathered_->cols() < count) {  // not a batch yet, shared with a copy, or too small
      into.gathered_ = std::make_shared<Matrix<S>>(matrix_->rows(), count);
      into.matrix_ = into.gathered_;
    }
    into.count_ = count;
    for (Index k = 0; k < count; ++k) into.gathered_->col(k) = matrix_->col(which[k]);
  }

  /// What a fingerprint sees; by pieces, as archives ask for vectors.
  template <class Archive>
  void persist(Archive& archive, std::string_view name) const {
    const Index rows = std::max<Index>(matrix_->rows(), 1), piece = std::max<Index>(1, (Index(1) << 20) / rows);
    for (Index from = 0; from < count_; from += piece) {
      Vector<S> flat = Eigen::Map<const Vector<S>>((*this)[from], rows * std::min(piece, count_ - from));
      archive(name, flat);
    }
  }

 private:
  Index count_ = 0;
  std::shared_ptr<const Matrix<S>> matrix_;
  std::shared_ptr<Matrix<S>> gathered_;  // a batch's own buffer, which matrix_ shows, too
};

}  // namespace tacit::detail
