// SPDX-License-Identifier: MIT
#pragma once
// Grids of settings. An axis is a name with values: integers, numbers or texts; the product of axes is every combination of their values, the first
// axis slowest, the last fastest. A Setting is one of them, and what a run of a sweep is given.
//
//   Grid grid = depths({1, 2, 3}) * axis("optimizer", {"gd", "adam"}) * seeds(10);       60 settings
//   grid[0].depth() == 1,  grid[0].text("optimizer") == "gd",  grid[0].seed() == 1

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "../io/json_writer.hpp"

namespace tacit {

class Setting {
 public:
  Setting(Index number, NamedCells cells) : number_(number), cells_(std::move(cells)) {}

  /// The place in the grid's order, from 0.
  Index number() const { return number_; }
  /// Name and value of each axis, in the order of the product.
  const NamedCells& cells() const { return cells_; }
  bool has(std::string_view name) const { return find(name) < cells_.size(); }

  /// The value of an axis; throws where there is none of that name, or of that kind.
  Index integer(std::string_view name) const {
    const Cell& cell = at(name);
    require(cell.is_integer(), "Setting: '", name, "' is ", cell.text(), ", which is not an integer");
    return static_cast<Index>(std::get<std::int64_t>(cell.value()));
  }
  double real(std::string_view name) const {
    const Cell& cell = at(name);
    require(!cell.is_text(), "Setting: '", name, "' is ", cell.text(), ", which is not a number");
    return cell.number();
  }
  /// Every kind, as text.
  std::string text(std::string_view name) const { return at(name).text(); }

  // The axes that have a name of their own below.
  Index depth() const { return integer("depth"); }
  Index width() const { return integer("width"); }
  Index rank() const { return integer("rank"); }
  double scale() const { return real("scale"); }
  double rate() const { return real("rate"); }
  std::uint64_t seed() const { return static_cast<std::uint64_t>(integer("seed")); }

  /// As in  depth = 3, scale = 0.01, seed = 1.
  friend std::ostream& operator<<(std::ostream& out, const Setting& setting) {
    const char* separator = "";
    for (const auto& [name, cell] : setting.cells_) {
      out << separator << name << " = " << cell.text();
      separator = ", ";
    }
    return out;
  }

 private:
  std::size_t find(std::string_view name) const {
    std::size_t k = 0;
    while (k < cells_.size() && cells_[k].first != name) ++k;
    return k;
  }
  const Cell& at(std::string_view name) const {
    const std::size_t k = find(name);
    if (k == cells_.size()) {
      std::string known;
      for (const auto& item : cells_) known += (known.empty() ? "" : ", ") + item.first;
      require(false, "Setting: there is no axis '", name, "'; there are ", known);
    }
    return cells_[k].second;
  }

  Index number_;
  NamedCells cells_;
};

class Grid {
 public:
  /// One axis. Values differ, and none is missing; some names belong to the columns that a sweep adds.
  Grid(std::string name, std::vector<Cell> values) {
    require(!name.empty(), "axis: the name is empty, the column of an axis needs one");
    for (const char* taken : {"iteration", "iterations", "reason", "seconds", "error"})
      require(name != taken, "axis: '", name, "' is a column that a sweep writes itself, take another name");
    require(!values.empty(), "axis: '", name, "' has no values");
    std::set<std::string> seen;
    for (std::size_t k = 0; k < values.size(); ++k) {
      require(!values[k].is_missing(), "axis: value ", k, " of '", name, "' is not a number");
      require(seen.insert(values[k].text()).second, "axis: '", name, "' has the value ", values[k].text(),
              " twice, which would be the same run");
    }
    axes_.push_back({std::move(name), std::move(values)});
  }

  struct Axis {
    std::string name;
    std::vector<Cell> values;
  };
  const std::vector<Axis>& axes() const { return axes_; }
  /// How many settings: the product of the axes' lengths.
  Index size() const {
    double product = 1;
    for (const Axis& axis : axes_) product *= static_cast<double>(axis.values.size());
    require(product < 1e9, "Grid: ", product, " settings are more than anybody runs");
    return static_cast<Index>(product);
  }
  Setting operator[](Index k) const {
    require(k >= 0 && k < size(), "Grid: setting ", k, " asked for, there are ", size());
    NamedCells cells(axes_.size());
    Index rest = k;
    for (std::size_t a = axes_.size(); a-- > 0;) {
      const auto n = static_cast<Index>(axes_[a].values.size());
      cells[a] = {axes_[a].name, axes_[a].values[static_cast<std::size_t>(rest % n)]};
      rest /= n;
    }
    return {k, std::move(cells)};
  }

  /// Every setting of `slow` with every setting of `fast`.
  friend Grid operator*(Grid slow, const Grid& fast) {
    for (const Axis& axis : fast.axes_) {
      for (const Axis& other : slow.axes_) require(axis.name != other.name, "Grid: two axes are called '", axis.name, "'");
      slow.axes_.push_back(axis);
    }
    slow.size();
    return slow;
  }

 private:
  std::vector<Axis> axes_;
};

/// An axis of one's own: axis("width", {10, 20}), axis("momentum", {0, 0.5}), axis("optimizer", {"gd", "adam"}), or from a vector of these.
template <class T>
Grid axis(std::string name, std::initializer_list<T> values) {
  return {std::move(name), std::vector<Cell>(values.begin(), values.end())};
}
inline Grid axis(std::string name, std::initializer_list<double> values) {
  return {std::move(name), std::vector<Cell>(values.begin(), values.end())};
}
template <class T>
Grid axis(std::string name, const std::vector<T>& values) {
  return {std::move(name), std::vector<Cell>(values.begin(), values.end())};
}

inline Grid depths(const std::vector<Index>& values) { return axis("depth", values); }
inline Grid widths(const std::vector<Index>& values) { return axis("width", values); }
inline Grid ranks(const std::vector<Index>& values) { return axis("rank", values); }
inline Grid scales(const std::vector<double>& values) { return axis("scale", values); }
inline Grid rates(const std::vector<double>& values) { return axis("rate", values); }
/// first, first + 1, ..., first + count - 1.
inline Grid seeds(Index count, Index first = 1) {
  require(count > 0 && first >= 0, "seeds: ", count, " seeds from ", first, " on; needs at least one, and none negative");
  std::vector<Index> values;
  for (Index k = 0; k < count; ++k) values.push_back(first + k);
  return axis("seed", values);
}

}  // namespace tacit
