// SPDX-License-Identifier: MIT
#pragma once
// The folds of a comparison, of which only those exist that are worked on: the data are shared, of each repeat an entry has two bytes (the
// fold that it is tested in), and a fold's train and test parts are made when they are asked for, O(m). Or parts that are given, as from a
// file.

#include <string>
#include <vector>

#include "../observation/split.hpp"
#include "../observation/tensor_data.hpp"

namespace tacit::detail {

/// More errors than so many tell intervals, figures and standard errors nothing new, and would take more memory than the data: of larger
/// data every second, third ... is kept. The errors of methods are of all.
inline constexpr Index kept_at_most = 1'000'000;

using FoldNumbers = std::vector<std::uint16_t>;
inline constexpr std::uint16_t never_tested = UINT16_MAX;

template <IndexedEntries O>
class DrawnFolds {
 public:
  using Parts = TrainTest<double, O>;

  /// Keeps a reference to the data.
  explicit DrawnFolds(const Data<double, O>& data) : data_(&data) {}
  explicit DrawnFolds(std::vector<Parts> given) : given_(std::move(given)) {}

  /// Further folds of the data: number[k] < folds for every entry, or never_tested. Refused in the name of `who` where one would have
  /// nothing to test or to train on.
  void add(const std::string& who, FoldNumbers number, Index folds) {
    require(folds < never_tested, who, ": ", folds, " folds are more than the ", never_tested - 1, " that are counted");
    std::vector<Index> tested(static_cast<std::size_t>(folds), 0);
    for (const std::uint16_t f : number)
      if (f != never_tested) ++tested[f];
    for (const Index count : tested) {
      require(count < data_->count(), who, ": the train part would be empty");
      require(count > 0, who, ": the test part would be empty");
    }
    for (std::size_t f = 0; f < tested.size(); ++f) folds_.push_back({number_.size(), static_cast<std::uint16_t>(f)});
    number_.push_back(std::move(number));
  }
  /// The folds of another one, of the same data, behind these.
  void append(DrawnFolds other) {
    for (Fold& fold : other.folds_) folds_.push_back({fold.repeat + number_.size(), fold.number});
    for (FoldNumbers& number : other.number_) number_.push_back(std::move(number));
  }

  /// Of the data, or of the largest of the given parts.
  Index entries() const {
    Index most = data_ ? data_->count() : 0;
    for (const Parts& parts : given_) most = std::max(most, parts.train.count());
    return most;
  }
  std::size_t size() const { return data_ ? folds_.size() : given_.size(); }
  Parts operator[](std::size_t f) const {
    if (!data_) return given_[f];
    const FoldNumbers& number = number_[folds_[f].repeat];
    std::vector<bool> tested(number.size());
    for (std::size_t k = 0; k < number.size(); ++k) tested[k] = number[k] == folds_[f].number;
    return {part_of("folds", *data_, tested, false, "train"), part_of("folds", *data_, tested, true, "test")};
  }

  struct Iterator {
    const DrawnFolds& folds;
    std::size_t f;
    Parts operator*() const { return folds[f]; }
    void operator++() { ++f; }
    bool operator!=(const Iterator& other) const { return f != other.f; }
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

 private:
  struct Fold {
    std::size_t repeat;
    std::uint16_t number;
  };
  const Data<double, O>* data_ = nullptr;
  std::vector<FoldNumbers> number_;
  std::vector<Fold> folds_;
  std::vector<Parts> given_;
};

}  // namespace tacit::detail
