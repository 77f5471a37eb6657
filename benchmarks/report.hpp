// SPDX-License-Identifier: MIT
#pragma once
// What bench_summary found: rows of  name, ours_us, theirs, theirs_us, ratio, limit,  printed as they come and written as JSON. A ratio is
// ours_us / theirs_us, small is good and the limit is the most it may be, but for the sweep and matrix products, whose ratios are a
// speed-up and a share and whose limits are the least. Rows with an absolute limit are measured against its unit: theirs is "1 us" or "1
// s". What cannot run is a row, too, with the reason why.

#include <tacit/io/json_writer.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace bench {

inline constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct Row {
  std::string name, theirs;
  double ours_us = none, theirs_us = none, ratio = none, limit = none;
  bool at_least = false;     ///< the limit is the least the ratio may be
  std::string skipped = {};  ///< why the row did not run

  /// One without a limit is told for its own sake.
  bool passes() const { return std::isnan(limit) || (at_least ? ratio >= limit : ratio <= limit); }
};

class Report {
 public:
  Report() { std::printf("%-66s %12s %12s %9s %7s\n", "", "ours, us", "theirs, us", "ratio", "limit"); }

  void add(Row row) {
    if (row.skipped.empty() && std::isnan(row.ratio)) row.ratio = row.ours_us / row.theirs_us;
    const std::string name = row.name + (row.theirs.empty() ? "" : " : " + row.theirs);
    if (row.skipped.empty() && std::isnan(row.limit))
      std::printf("%-66s %12.4g %12.4g %9.3f\n", name.c_str(), row.ours_us, row.theirs_us, row.ratio);
    else if (row.skipped.empty())
      std::printf("%-66s %12.4g %12.4g %9.3f %7.4g  %s\n", name.c_str(), row.ours_us, row.theirs_us, row.ratio, row.limit,
                  row.passes() ? "pass" : "FAIL");
    else std::printf("%-66s skipped: %s\n", name.c_str(), row.skipped.c_str());
    std::fflush(stdout);
    rows_.push_back(std::move(row));
  }

  void write(const std::string& path) const {
    std::ofstream out(path);
    out << "[\n";
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      const Row& r = rows_[k];
      out << "  {\"name\": " << tacit::json(r.name) << ", \"ours_us\": " << tacit::json(r.ours_us)
          << ", \"theirs\": " << tacit::json(r.theirs) << ", \"theirs_us\": " << tacit::json(r.theirs_us)
          << ", \"ratio\": " << tacit::json(r.ratio) << ", \"limit\": " << tacit::json(r.limit);
      if (r.skipped.empty()) out << ", \"result\": " << tacit::json(r.passes() ? "pass" : "fail");
      else out << ", \"result\": \"skipped\", \"reason\": " << tacit::json(r.skipped);
      out << (k + 1 < rows_.size() ? "},\n" : "}\n");
    }
    out << "]\n";
    out.close();
    tacit::require(!out.fail(), "bench_summary: could not write ", path);
  }

  /// A line to end with; true where every row that ran passed.
  bool conclude() const {
    int passed = 0, failed = 0, skipped = 0;
    for (const Row& r : rows_) ++(!r.skipped.empty() ? skipped : r.passes() ? passed : failed);
    std::printf("\n%d rows within their limit, %d beyond it, %d skipped\n", passed, failed, skipped);
    return failed == 0;
  }

 private:
  std::vector<Row> rows_;
};

}  // namespace bench
