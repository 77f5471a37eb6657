// SPDX-License-Identifier: MIT
#pragma once
// A Trajectory records one row each time it is called: the iteration, and a column for every number that its probes return (a vector
// makes columns name_1, name_2, ..., or column(0), column(1), ... where the probe names them). Rows are numbers only, in one flat buffer
// that is reserved before the run starts.
//
//   Trajectory history(loss, gradient_norm, effective_rank);   train(..., every(100, history));   std::cout << history;
//
// Printing shows every row; history.write_csv("history.csv") keeps all digits (output/trajectory_csv.hpp).

#include <algorithm>
#include <iomanip>
#include <tuple>

#include "notify.hpp"
#include "probe.hpp"

namespace tacit {

template <class... Probes>
class Trajectory {
  static_assert((Named<Probes> && ...), "Trajectory: every column needs a name; write probe(\"name\", lambda) instead of a bare lambda");

 public:
  explicit Trajectory(Probes... probes) : probes_(std::move(probes)...) {
    std::vector<std::string> seen;
    std::apply([&](const auto&... p) { (seen.emplace_back(p.name()), ...); }, probes_);
    for (std::size_t k = 0; k < seen.size(); ++k)
      require(
          std::find(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(k), seen[k]) == seen.begin() + static_cast<std::ptrdiff_t>(k),
          "Trajectory: two columns are named '", seen[k], "'");
  }

  template <class P>
  void operator()(const Snapshot<P>& now) {
    const bool first = names_.empty();
    const std::size_t before = rows_.size();
    try {
      if (first) names_.emplace_back("iteration");
      rows_.push_back(static_cast<double>(now.iteration()));
      std::apply([&](auto&... p) { (record(p, p(now), first), ...); }, probes_);
      if (first) width_ = rows_.size(), reserve();
      require(rows_.size() - before == width_, "Trajectory: the probes returned ", rows_.size() - before, " numbers in a row of ", width_);
    } catch (...) {  // no half rows
      rows_.resize(before);
      if (first) names_.clear(), width_ = 0;
      throw;
    }
    if (!first && rows_[before - width_] == rows_[before]) {  // the closing Snapshot replaces a row of the same iteration
      std::copy(rows_.begin() + static_cast<std::ptrdiff_t>(before), rows_.end(),
                rows_.begin() + static_cast<std::ptrdiff_t>(before - width_));
      rows_.resize(before);
    }
  }

  /// Names of the columns, "iteration" first; empty before the first row.
  const std::vector<std::string>& names() const { return names_; }
  Index rows() const { return width_ ? static_cast<Index>(rows_.size() / width_) : 0; }
  Index cols() const { return static_cast<Index>(width_); }
  double operator()(Index row, Index col) const { return rows_[static_cast<std::size_t>(row) * width_ + static_cast<std::size_t>(col)]; }
  /// A whole column; throws where there is none of that name.
  std::vector<double> column(const std::string& name) const {
    const Index at = index(name);
    std::vector<double> values;
    for (Index i = 0; i < rows(); ++i) values.push_back((*this)(i, at));
    return values;
  }
  double last(const std::string& name) const {
    const Index at = index(name);
    require(rows() > 0, "Trajectory: no row was recorded");
    return (*this)(rows() - 1, at);
  }

  /// Writes every row to a CSV file, whole or not at all; include output/trajectory_csv.hpp, where the form stands. A Provenance may
  /// follow the path.
  template <class... Provenance>
  void write_csv(const std::string& path, const Provenance&... provenance) const {
    static_assert(
        requires { save_trajectory(*this, path, provenance...); },
        "Trajectory::write_csv: include <tacit/output/trajectory_csv.hpp> to write trajectories to files");
    save_trajectory(*this, path, provenance...);
  }

  void prepare(Index calls) {
    expected_ = rows() + calls;
    if (width_) reserve();
  }
  template <class Archive>
  void persist(Archive& archive) {
    std::string probes;
    std::apply([&](const auto&... p) { ((probes += sentence(probes.empty() ? "" : ", ", p.name())), ...); }, probes_);
    const std::string ours = probes;
    archive("probes", probes);
    require(probes == ours, "Trajectory: the columns are '", probes, "' in the checkpoint, but '", ours, "' in this run");
    archive("rows", rows_);
    archive("names", names_);
    std::int64_t width = static_cast<std::int64_t>(width_);
    archive("width", width);
    width_ = static_cast<std::size_t>(width);
    std::apply([&](auto&... p) { (detail::persist_hook(p, archive), ...); }, probes_);
  }

  friend std::ostream& operator<<(std::ostream& out, const Trajectory& t) {
    const auto flags = out.flags();
    const auto precision = out.precision(6);
    const auto wide = [](const std::string& name) { return static_cast<int>(std::max<std::size_t>(name.size() + 2, 14)); };
    for (const std::string& name : t.names_) out << std::setw(wide(name)) << name;
    out << '\n';
    for (Index i = 0; i < t.rows(); ++i, out << '\n')
      for (Index j = 0; j < t.cols(); ++j) out << std::setw(wide(t.names_[static_cast<std::size_t>(j)])) << t(i, j);
    out.flags(flags);
    out.precision(precision);
    return out;
  }

 private:
  Index index(const std::string& name) const {
    const auto at = std::find(names_.begin(), names_.end(), name);
    require(at != names_.end(), "Trajectory: there is no column '", name, "'");
    return static_cast<Index>(at - names_.begin());
  }

  static constexpr std::size_t most_reserved = std::size_t(1) << 23;  // 64 MiB; longer records grow geometrically

  void reserve() {
    const std::size_t rows =
        static_cast<std::size_t>(std::max<Index>(expected_, 1)) + 1;  // the closing row stands beside the one it replaces
    rows_.reserve(std::max(rows_.size() + width_, std::min(width_ * rows, most_reserved)));
  }
  template <class Pr, class T>
  void record(const Pr& p, const T& value, bool first) {
    if constexpr (std::is_arithmetic_v<T>) {
      rows_.push_back(static_cast<double>(value));
      if (first) names_.push_back(p.name());
    } else {
      Index k = 0;
      for (const auto& v : value) {
        rows_.push_back(static_cast<double>(v));
        if (first) {
          if constexpr (requires { p.column(k); }) names_.push_back(p.column(k++));
          else names_.push_back(sentence(p.name(), '_', ++k));
        }
      }
    }
  }

  std::tuple<Probes...> probes_;
  std::vector<std::string> names_;
  std::vector<double> rows_;
  std::size_t width_ = 0;
  Index expected_ = 1;
};

}  // namespace tacit
