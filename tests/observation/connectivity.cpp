// SPDX-License-Identifier: MIT
#include <tacit/observation/connectivity.hpp>
#include <tacit/observation/data.hpp>

#include <sstream>

#include "catch.hpp"

using namespace tacit;

namespace connectivity_test {

EntryList pattern(Index rows, Index cols, unsigned mask) {
  EntryList list(rows, cols);
  for (Index k = 0; k < rows * cols; ++k)
    if (mask >> k & 1u) {
      list.resize(list.count() + 1);
      list.set(list.count() - 1, k / cols, k % cols);
    }
  return list;
}
/// Which lines (rows, then columns) can be reached from which, by powers of the adjacency matrix.
Eigen::MatrixXi reached(const EntryList& at) {
  const Index n = at.rows() + at.cols();
  Eigen::MatrixXi reach = Eigen::MatrixXi::Identity(n, n);
  for (Index k = 0; k < at.count(); ++k) reach(at[k].row, at.rows() + at[k].col) = reach(at.rows() + at[k].col, at[k].row) = 1;
  for (int pass = 0; pass < 4; ++pass) reach = (reach * reach).eval().cwiseMin(1);
  return reach;
}

TEST_CASE("connectivity: components and their completeness on all 512 patterns of 3 x 3 and on 4 x 2, against reachability") {
  for (const Shape& shape : {Shape{3, 3}, Shape{4, 2}})
    for (unsigned mask = 0; mask < 1u << shape.count(); ++mask) {
      const Index rows = shape[0], cols = shape[1];
      CAPTURE(mask);
      const EntryList at = pattern(rows, cols, mask);
      const Connectivity graph = connectivity(at);
      const Eigen::MatrixXi reach = reached(at);
      Index count = 0, entries = 0, lines = 0;
      bool complete = true, same = true;
      for (Index v = 0; v < rows + cols; ++v) count += reach.col(v).head(v).isZero();
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < cols; ++j) complete = complete && (!reach(i, rows + j) || (mask >> (i * cols + j) & 1u));
      const auto component = [&](Index v) {
        return v < rows ? graph.component_of_row[static_cast<std::size_t>(v)] : graph.component_of_col[static_cast<std::size_t>(v - rows)];
      };
      for (Index v = 0; v < rows + cols; ++v)
        for (Index w = 0; w < rows + cols; ++w) same = same && (component(v) == component(w)) == (reach(v, w) == 1);
      for (const Component& part : graph.components) {
        entries += part.entries, lines += static_cast<Index>(part.rows.size() + part.cols.size());
        for (const Index i : part.rows) same = same && &graph.components[static_cast<std::size_t>(component(i))] == &part;
      }
      CHECK(graph.count() == count);
      CHECK(graph.complete() == complete);
      CHECK(same);
      CHECK(entries == at.count());
      CHECK(lines == rows + cols);
      CHECK(graph.pattern() == (count == 1 ? Pattern::connected : complete ? Pattern::complete_components : Pattern::disconnected));
    }
}
TEST_CASE("connectivity: says what it found, and groups the observations by component") {
  Matrix<double> W = Matrix<double>::Constant(4, 4, std::nan(""));
  W(0, 0) = W(0, 2) = W(2, 0) = W(2, 2) = W(1, 1) = W(1, 3) = 1;
  const auto data = observed(W);
  const Connectivity graph = connectivity(data.where);
  std::ostringstream text;
  text << graph;
  CHECK(text.str() ==
        "disconnected with complete components, 3 components: 2 x 2 with 4 entries; 1 x 2 with 2 entries; 1 x 0 with 0 entries");
  const Partition groups = groups_by_component(data.where);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].size() == 4);
  CHECK(std::vector<Index>(groups[1].begin(), groups[1].end()) == std::vector<Index>{2, 3});
}
TEST_CASE("connectivity: a path through 10^5 rows and columns is one component") {
  const Index n = 100'000;
  EntryList path(n, n);
  path.resize(2 * n - 1);
  for (Index i = 0; i < n; ++i) {
    path.set(2 * i, i, i);
    if (i + 1 < n) path.set(2 * i + 1, i + 1, i);
  }
  CHECK(connectivity(path).connected());
}

}  // namespace connectivity_test
