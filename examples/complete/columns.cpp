// SPDX-License-Identifier: MIT
// Ranges and transforms of single columns, which the options call by their names.
#include <tacit/core/nearest_name.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

/// The column of this name; without names, as the results call it, its number from 0.
Index column_named(const std::string& name, const char* option, const ModelInfo& info, const Shape& shape) {
  require(shape.order() == 2, option, " ", name, "=... is for the columns of a matrix; the data are a ", shape, " tensor");
  std::vector<std::string> names = info.col_labels;
  for (Index j = 0; info.col_labels.empty() && j < shape[1]; ++j) names.push_back(std::to_string(j));
  const auto at = std::find(names.begin(), names.end(), name);
  require(at != names.end(), option, " names '", name, "', which is no column of the data; the nearest are ",
          tacit::nearest_names(name, names));
  return static_cast<Index>(at - names.begin());
}

}  // namespace

void set_ranges(const Settings& s, ModelInfo& info, const Shape& shape) {
  const auto keep = [&](const std::string& name, double bound) {
    for (auto& [setting, cell] : info.provenance.settings)
      if (setting == name) return void(cell = bound);
    info.provenance.set(name, bound);
  };
  if (!s.range.empty()) {
    info.low = s.range[0], info.high = s.range[1];
    keep("low", s.range[0]), keep("high", s.range[1]);
  }
  for (const auto& [name, bounds] : s.column_ranges) {
    const Index column = column_named(name, "--range", info, shape);
    std::erase_if(info.ranges, [&](const ColumnRange& range) { return range.column == column; });
    info.ranges.push_back({column, bounds[0], bounds[1]});
    keep("low of " + name, bounds[0]), keep("high of " + name, bounds[1]);
  }
}

TransformSettings transforms_of(const Settings& s, const ModelInfo& info, const Shape& shape) {
  TransformSettings transform = s.how.transform;
  for (const auto& [name, kind] : s.column_transforms) transform.columns.emplace_back(column_named(name, "--transform", info, shape), kind);
  transform.ranges = info.ranges, transform.names = info.col_labels;
  return transform;
}

std::vector<std::string> transform_remarks(const CompletionResult& r, const PlaceNames& names) {
  std::vector<std::string> remarks;
  const std::vector<Transform>& transforms = r.fit.centre.lines.transforms;
  if (std::any_of(transforms.begin(), transforms.end(), [](const Transform& by) { return by.kind == TransformKind::count; }))
    remarks.push_back(
        "The entries were fitted as counts, by the Poisson distribution with factors of the logarithm of its mean: predictions are means.");
  for (const TransformKind kind : {TransformKind::log, TransformKind::log1p, TransformKind::logit}) {
    std::string columns, means;
    Index count = 0, smeared = 0;
    for (std::size_t j = 0; j < transforms.size(); ++j) {
      const Transform& by = transforms[j];
      if (by.kind != kind) continue;
      const std::string name = names.text(1, static_cast<Index>(j));
      if (++count <= 10) columns += (count > 1 ? ", " : "") + name;
      if (kind == TransformKind::logit && count <= 10) columns += sentence(" (", by.low, " to ", by.high, ")");
      if (by.shift != 0 && ++smeared <= 10) means += (smeared > 1 ? ", " : "") + name;
    }
    if (count == 0) continue;
    remarks.push_back(sentence(count == 1 ? "Column " : "Columns ", columns, count > 10 ? ", ..." : "", ": fitted by ",
                               count == 1 ? "its " : "their ",
                               kind == TransformKind::log     ? "logarithm"
                               : kind == TransformKind::log1p ? "logarithm, log(1 + x / unit), as there are zeros"
                                                              : "logit",
                               " (--transform none would not); predictions are transformed back, ",
                               smeared == 0       ? std::string("without a smearing factor (medians).")
                               : smeared == count ? std::string("with Duan's smearing factor (means).")
                                                  : sentence("with Duan's smearing factor (means) for ", means, smeared > 10 ? ", ..." : "",
                                                             ", without (medians) for the others.")));
  }
  return remarks;
}
