// SPDX-License-Identifier: MIT
#pragma once
// How the observed entries of a matrix hang together: the components of the bipartite graph with a vertex for each row and each column and an edge for each
// observed entry. A component is complete if all entries where its rows meet its columns are observed (a complete bipartite graph).
//   connected             one component holds every row and column: descent on two factors from a small start mostly ends at the lowest rank
//   complete_components   several, all of them complete: it ends at the least nuclear norm, the sum over the components' blocks
//   disconnected          several, one of them not complete: mostly at neither                               [Bai, Zhao & Zhang 2024]
// A row or column without an entry is a component of its own, complete without entries. Time and memory O(m + rows + cols).
//
//   const Connectivity graph = connectivity(data.where);     std::cout << graph;
//   if (graph.pattern() != Pattern::connected) ...            no entry between two components is determined by the data and a rank

#include <numeric>
#include <ostream>
#include <vector>

#include "entries.hpp"
#include "partition.hpp"

namespace tacit {

enum class Pattern { connected, complete_components, disconnected };
inline std::ostream& operator<<(std::ostream& out, Pattern pattern) {
  return out << (pattern == Pattern::connected             ? "connected"
                 : pattern == Pattern::complete_components ? "disconnected with complete components"
                                                           : "disconnected");
}

struct Component {
  std::vector<Index> rows, cols;  ///< increasing
  Index entries = 0;              ///< observed ones
  bool complete() const { return entries == static_cast<Index>(rows.size()) * static_cast<Index>(cols.size()); }
};

struct Connectivity {
  std::vector<Component> components;  ///< in the order of their first rows; single columns without entries behind
  std::vector<Index> component_of_row, component_of_col;

  Index count() const { return static_cast<Index>(components.size()); }
  bool connected() const { return components.size() == 1; }
  /// Whether every component is complete; of one component: all entries are observed.
  bool complete() const {
    for (const Component& component : components)
      if (!component.complete()) return false;
    return true;
  }
  Pattern pattern() const { return connected() ? Pattern::connected : complete() ? Pattern::complete_components : Pattern::disconnected; }
  friend std::ostream& operator<<(std::ostream& out, const Connectivity& graph) {
    out << graph.pattern() << ", " << graph.count() << (graph.connected() ? " component:" : " components:");
    constexpr std::size_t shown = 8;
    for (std::size_t c = 0; c < std::min(shown, graph.components.size()); ++c) {
      const Component& component = graph.components[c];
      out << (c ? "; " : " ") << component.rows.size() << " x " << component.cols.size() << " with " << component.entries << " entries";
    }
    return out << (graph.components.size() > shown ? "; ..." : "");
  }
};

/// Of Entries or an EntryList, which may be empty.
template <class Observed>
Connectivity connectivity(const Observed& at) {
  const Index rows = at.rows(), cols = at.cols();
  std::vector<Index> parent(static_cast<std::size_t>(rows + cols));
  std::iota(parent.begin(), parent.end(), Index(0));
  const auto root = [&](Index v) {
    for (Index* up = &parent[static_cast<std::size_t>(v)]; *up != v; up = &parent[static_cast<std::size_t>(v)])
      v = *up = parent[static_cast<std::size_t>(*up)];  // halves the path on the way
    return v;
  };
  for (Index k = 0; k < at.count(); ++k) {
    const Index a = root(at.row()[k]), b = root(rows + at.col()[k]);
    parent[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
  }
  Connectivity graph;
  std::vector<Index> number(parent.size(), -1);
  const auto component_of = [&](Index v) {
    Index& c = number[static_cast<std::size_t>(root(v))];
    if (c < 0) c = graph.count(), graph.components.emplace_back();
    return c;
  };
  for (Index i = 0; i < rows; ++i) {
    graph.component_of_row.push_back(component_of(i));
    graph.components[static_cast<std::size_t>(graph.component_of_row.back())].rows.push_back(i);
  }
  for (Index j = 0; j < cols; ++j) {
    graph.component_of_col.push_back(component_of(rows + j));
    graph.components[static_cast<std::size_t>(graph.component_of_col.back())].cols.push_back(j);
  }
  for (Index k = 0; k < at.count(); ++k)
    ++graph.components[static_cast<std::size_t>(graph.component_of_row[static_cast<std::size_t>(at.row()[k])])].entries;
  return graph;
}

/// The observations by component: groups as clients and the coupling (hook/coupling.hpp) take them.
inline Partition groups_by_component(const Entries& at) {
  const Connectivity graph = connectivity(at);
  std::vector<Index> labels;
  for (Index k = 0; k < at.count(); ++k) labels.push_back(graph.component_of_row[static_cast<std::size_t>(at.row()[k])]);
  return groups_by(labels);
}

}  // namespace tacit
