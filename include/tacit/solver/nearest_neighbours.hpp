// SPDX-License-Identifier: MIT
#pragma once
// k nearest neighbours between rows (or, on W^T, between columns), on the residuals r of means. For entry (i, j), among the rows that observe column j,
// the k most similar ones with a positive similarity:
//   z_ij = means_ij + sum_l s_il r_lj / sum_l s_il,      s_il = n / (n + shrinkage)  sum_C r_ic r_lc / sqrt(sum_C r_ic^2 sum_C r_lc^2),
// C the n columns that both rows observe: the cosine of what both tell, shrunk where that is little. Without such a neighbour z_ij is the mean.
// No table of similarities is kept: those of a row are summed up when the row is asked for. Asking for all rows costs O(sum_j n_j^2) for columns with
// n_j entries, 943 x 1682 with 100,000 entries 2 x 10^7, whatever the number of entries that are asked for, and a sort for each of these.
// Source: Koren 2010, section 2.2 (his kNN baseline, with cosines of residuals); Bell & Koren 2007.

#include <algorithm>

#include "../core/budget.hpp"
#include "means.hpp"

namespace tacit {

enum class Between { rows, columns };

struct NeighbourSettings {
  Index k = 20;
  double shrinkage = 10;
  Between between = Between::rows;
  Centre centre = {};  ///< similarities are those of what it leaves of y, so that raw y without a centre has none to speak of
};

namespace detail {

/// A row l that observes the column asked for: its cosine with row i, over `common` columns, and its residual there.
struct Neighbour {
  double cosine, common, residual;
};
/// Calls answer(k, neighbours) for the k-th entry of `at`, with all neighbours of positive cosine in the order of their rows.
template <class Answer>
void visit_neighbours(const Data<double>& data, const Entries& at, Answer&& answer, const Pace& pace = {}) {
  const Entries& where = data.where;
  const std::int32_t *by_col = where.by_col(), *row_by_col = where.row_by_col();
  Matrix<double> sums = Matrix<double>::Zero(4, where.rows());  // products, squares of i, squares of l, count, of row l
  std::vector<Neighbour> neighbours;
  for (Index i = 0; i < where.rows(); ++i) {
    if (at.row_start()[i] == at.row_start()[i + 1]) continue;
    pace.ask();
    sums.setZero();
    for (Index k = where.row_start()[i]; k < where.row_start()[i + 1]; ++k) {
      const double r = data.y[k];
      const Index j = where.col()[k];
      for (Index s = where.col_start()[j]; s < where.col_start()[j + 1]; ++s) {
        const double other = data.y[by_col[s]];
        double* sum = sums.data() + 4 * Index(row_by_col[s]);
        sum[0] += r * other, sum[1] += r * r, sum[2] += other * other, sum[3] += 1;
      }
    }
    for (Index q = at.row_start()[i]; q < at.row_start()[i + 1]; ++q) {
      const Index j = at.col()[q];
      neighbours.clear();
      for (Index s = where.col_start()[j]; s < where.col_start()[j + 1]; ++s) {
        const Index l = row_by_col[s];
        if (l == i || !(sums(0, l) > 0)) continue;
        neighbours.push_back({sums(0, l) / std::sqrt(sums(1, l) * sums(2, l)), sums(3, l), data.y[by_col[s]]});
      }
      answer(q, neighbours);
    }
  }
}

/// After shrinkage; ties stay in the order of the rows.
struct Similar {
  double similarity, residual;
  std::size_t place;
  bool operator<(const Similar& other) const {
    return similarity != other.similarity ? similarity > other.similarity : place < other.place;
  }
};
inline void most_similar(const std::vector<Neighbour>& neighbours, double shrinkage, Index k, std::vector<Similar>& into) {
  into.clear();
  for (std::size_t s = 0; s < neighbours.size(); ++s)
    into.push_back({neighbours[s].cosine * neighbours[s].common / (neighbours[s].common + shrinkage), neighbours[s].residual, s});
  const auto kept = std::min(into.size(), static_cast<std::size_t>(k));
  std::partial_sort(into.begin(), into.begin() + static_cast<std::ptrdiff_t>(kept), into.end());
  into.resize(kept);
}

}  // namespace detail

class NearestNeighbours {
 public:
  Index k = 0;
  double shrinkage = 0;
  Between between = Between::rows;
  Centre centre;

  NearestNeighbours(const Data<double>& train, const NeighbourSettings& settings)
      : k(settings.k), shrinkage(settings.shrinkage), between(settings.between), centre(settings.centre),
        residuals_(centre.subtracted_from(train)) {
    detail::require_unweighted("nearest_neighbours", train);
    require(k > 0, "nearest_neighbours: k is ", k, ", it needs to be at least 1");
    require(shrinkage >= 0 && std::isfinite(shrinkage), "nearest_neighbours: the shrinkage is ", shrinkage,
            ", it needs to be finite and not negative");
    if (between == Between::columns) residuals_ = {detail::transposed(train.where), detail::transposed(train.where, residuals_.y)};
  }

  std::string name() const {
    return sentence(k, " nearest neighbours between ", between == Between::rows ? "rows" : "columns", ", shrinkage ", shrinkage);
  }
  /// Costs as much as all of a row's entries; for many, ask at once.
  double predict(Index i, Index j) const {
    detail::require_inside("NearestNeighbours", i, j, rows(), cols());
    return predict(Entries(rows(), cols(), {static_cast<std::int32_t>(i)}, {static_cast<std::int32_t>(j)}))[0];
  }
  Vector<double> predict(const Entries& at) const {
    require(at.rows() == rows() && at.cols() == cols(), "NearestNeighbours: fitted to a ", rows(), " x ", cols(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    Vector<double> z = centre.predict(at);
    const bool flipped = between == Between::columns;
    average(flipped ? detail::transposed(at) : at, [&](Index q, double r) { z[flipped ? Index(at.by_col()[q]) : q] += r; });
    return z;
  }
  /// What it adds to the centre, everywhere: an n1 x n2 table, formed from blocks of a million entries. O(lines m) with a sort for each entry.
  Matrix<double> beside_the_centre() const {
    const Index lines = residuals_.where.rows(), others = residuals_.where.cols(), block = std::max<Index>(1, 1'000'000 / others);
    Matrix<double> all = Matrix<double>::Zero(lines, others);
    for (Index from = 0; from < lines; from += block) {
      Entries::Indices line, other;
      for (Index i = from; i < std::min(from + block, lines); ++i)
        for (Index j = 0; j < others; ++j) line.push_back(static_cast<std::int32_t>(i)), other.push_back(static_cast<std::int32_t>(j));
      const Entries at(lines, others, std::move(line), std::move(other));
      average(at, [&](Index q, double r) { all(at[q].row, at[q].col) = r; });
    }
    return between == Between::columns ? Matrix<double>(all.transpose()) : all;
  }

 private:
  /// add(q, what neighbours say) for the entries `at` of the residuals' matrix that have some.
  template <class Add>
  void average(const Entries& at, const Add& add) const {
    std::vector<detail::Similar> similar;
    detail::visit_neighbours(residuals_, at, [&](Index q, const std::vector<detail::Neighbour>& neighbours) {
      detail::most_similar(neighbours, shrinkage, k, similar);
      double sum = 0, weight = 0;
      for (const detail::Similar& l : similar) sum += l.similarity * l.residual, weight += l.similarity;
      if (weight > 0) add(q, sum / weight);
    });
  }
  Index rows() const { return between == Between::rows ? residuals_.where.rows() : residuals_.where.cols(); }
  Index cols() const { return between == Between::rows ? residuals_.where.cols() : residuals_.where.rows(); }

  Data<double> residuals_;  // of W^T where neighbours are columns
};

inline NearestNeighbours nearest_neighbours(const Data<double>& train, const NeighbourSettings& settings = {}) { return {train, settings}; }

struct NeighbourGrid {
  std::vector<Index> k = {3, 5, 10, 20, 40, 80};
  std::vector<double> shrinkages = {1, 10, 100};
  std::vector<Between> between = {Between::rows, Between::columns};  ///< where lines are many, one of them may be too dear
  Pace pace = {};                                                    ///< who may stop it
};
struct NeighbourTrial {
  Between between;
  Index k;
  double shrinkage, validation_rmse;
};

/// Rows and columns, every k and every shrinkage of the grid, on the residuals of the best means of tune_means; one pass over the similarities serves all.
inline Tuned<NearestNeighbours, NeighbourTrial> tune_nearest_neighbours(const Data<double>& train, const Data<double>& validation,
                                                                        const NeighbourGrid& grid = {}) {
  detail::require_validation("tune_nearest_neighbours", train, validation);
  require(!grid.k.empty() && !grid.shrinkages.empty() && !grid.between.empty(), "tune_nearest_neighbours: the grid has ", grid.k.size(),
          " k and ", grid.shrinkages.size(), " shrinkages between ", grid.between.size(), " kinds of lines, it needs at least one of each");
  for (Index k : grid.k) require(k > 0, "tune_nearest_neighbours: k is ", k, " in the grid, it needs to be at least 1");
  NeighbourSettings chosen{.centre = tune_means(train, validation).fit};
  const Data<double> left = chosen.centre.subtracted_from(train), target = chosen.centre.subtracted_from(validation);
  const Index most = *std::max_element(grid.k.begin(), grid.k.end());
  std::vector<NeighbourTrial> trials;
  std::size_t winner = 0;
  for (Between between : grid.between) {
    const bool flipped = between == Between::columns;
    const std::size_t first = trials.size();
    for (double shrinkage : grid.shrinkages)
      for (Index k : grid.k) trials.push_back({between, k, shrinkage, 0});
    std::vector<detail::Similar> similar;
    Vector<double> sums(most + 1), weights(most + 1);
    detail::visit_neighbours(
        flipped ? Data<double>(detail::transposed(left.where), detail::transposed(left.where, left.y)) : left,
        flipped ? detail::transposed(target.where) : target.where,
        [&](Index q, const std::vector<detail::Neighbour>& neighbours) {
          const double y = target.y[flipped ? Index(target.where.by_col()[q]) : q];
          std::size_t trial = first;
          for (double shrinkage : grid.shrinkages) {
            detail::most_similar(neighbours, shrinkage, most, similar);
            sums[0] = weights[0] = 0;
            const Index count = static_cast<Index>(similar.size());
            for (Index l = 0; l < count; ++l) {
              const detail::Similar& one = similar[static_cast<std::size_t>(l)];
              sums[l + 1] = sums[l] + one.similarity * one.residual;
              weights[l + 1] = weights[l] + one.similarity;
            }
            for (Index k : grid.k) {
              const Index last = std::min(k, count);
              const double error = y - (weights[last] > 0 ? sums[last] / weights[last] : 0);
              trials[trial++].validation_rmse += error * error;
            }
          }
        },
        grid.pace);
  }
  for (NeighbourTrial& trial : trials) {
    trial.validation_rmse = std::sqrt(trial.validation_rmse / static_cast<double>(validation.count()));
    if (trial.validation_rmse < trials[winner].validation_rmse) winner = static_cast<std::size_t>(&trial - trials.data());
  }
  chosen.k = trials[winner].k, chosen.shrinkage = trials[winner].shrinkage, chosen.between = trials[winner].between;
  return {nearest_neighbours(train, chosen), trials[winner].validation_rmse, std::move(trials)};
}

/// The chosen settings on other data, beside means of the same form.
inline NearestNeighbours refit(const NearestNeighbours& chosen, const Data<double>& data) {
  return {data, {chosen.k, chosen.shrinkage, chosen.between, refit(chosen.centre, data)}};
}

}  // namespace tacit
