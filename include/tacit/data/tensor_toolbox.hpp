// SPDX-License-Identifier: MIT
#pragma once
// Tensors as the Tensor Toolbox for Matlab (export_data) and its relatives write them: a first line "sptensor" or "tensor", the number of
// modes, the sizes; of a sparse tensor the number of entries and one a line, "i_1 ... i_d value" from 1; of a dense one all values, the
// first index fastest. What a sparse file leaves out, and NaN, are gaps. One read of the file, O(m d).

#include <algorithm>

#include "../observation/tensor_data.hpp"
#include "matrix_market.hpp"

namespace tacit {

namespace detail {

inline bool looks_like_tensor_toolbox(const std::string& path) {
  char magic[9] = {};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), [](std::FILE* f) { return std::fclose(f); });
  const std::size_t got = file ? std::fread(magic, 1, 9, file.get()) : 0;
  const std::string_view text(magic, got);
  return text == "sptensor\n" || text == "sptensor\r" || text.substr(0, 7) == "tensor\n" || text.substr(0, 7) == "tensor\r";
}

}  // namespace detail

/// The observed entries and a line on how they were read.
inline std::pair<Data<double, TensorEntries>, std::string> read_tensor_toolbox(const std::string& path) {
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  const std::string kind(detail::trimmed(file.current()));
  if (kind != "sptensor" && kind != "tensor") file.fail(1, "is neither sptensor nor tensor");
  const bool sparse = kind == "sptensor";
  const auto line_of = [&](std::size_t width, const char* what) {
    if (!detail::next_of_matrix_market(file, cells)) file.fail(std::string("ends before ") + what);
    if (cells.size() != width) file.fail(file.line(), sentence("has ", cells.size(), " numbers, ", what, " has ", width));
  };
  line_of(1, "the number of modes");
  const auto order = static_cast<std::size_t>(detail::whole_of(file, cells, 0, 2, 64));
  line_of(order, "the line of sizes");
  std::vector<Index> sizes;
  double all = 1;
  for (std::size_t n = 0; n < order; ++n)
    sizes.push_back(detail::whole_of(file, cells, n, 1, INT32_MAX)), all *= static_cast<double>(sizes.back());
  if (!sparse && all > INT32_MAX) file.fail(file.line(), "a dense tensor of this size is too large");
  std::int64_t count = static_cast<std::int64_t>(sparse ? 0 : all);
  if (sparse) {
    line_of(1, "the number of entries");
    count = detail::whole_of(file, cells, 0, 1, INT32_MAX);
  }
  std::vector<TensorEntries::Indices> index(order);
  std::vector<double> values;
  std::vector<std::int64_t> at(order, 0);
  for (std::int64_t read = 0; read < count;) {
    if (!detail::next_of_matrix_market(file, cells)) file.fail(sentence("ends after ", read, " of ", count, " entries"));
    if (sparse && cells.size() != order + 1) file.fail(file.line(), sentence("has ", cells.size(), " numbers, an entry has ", order + 1));
    for (std::size_t k = sparse ? order : 0; k < cells.size(); ++k, ++read) {
      double value = 0;
      const detail::Number status = detail::parse_number(cells[k], value);
      if (status != detail::Number::fine && status != detail::Number::missing)
        file.fail_number(status, static_cast<Index>(k) + 1, cells[k]);
      for (std::size_t n = 0; sparse && n < order; ++n) at[n] = detail::whole_of(file, cells, n, 1, sizes[n]) - 1;
      if (read == count) file.fail(file.line(), sentence("holds more than the ", count, " values that the sizes say"));
      if (status == detail::Number::fine) {
        for (std::size_t n = 0; n < order; ++n) index[n].push_back(static_cast<std::int32_t>(at[n]));
        values.push_back(value);
      }
      for (std::size_t n = 0; !sparse && n < order && ++at[n] == sizes[n]; ++n) at[n] = 0;
    }
  }
  if (detail::next_of_matrix_market(file, cells)) file.fail(file.line(), sentence("comes after the last of ", count, " entries"));
  if (values.empty()) file.fail("holds no number");
  Shape shape(std::move(sizes));
  Vector<double> y = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  const std::vector<std::uint32_t> sorted = detail::sort_tensor_entries(shape, index);
  for (std::size_t s = 1; s < values.size(); ++s) {
    std::size_t n = 0;
    while (n < order && index[n][s] == index[n][s - 1]) ++n;
    if (n < order) continue;
    std::string place;
    for (const auto& i : index) place += (place.empty() ? "" : ", ") + std::to_string(i[s] + 1);
    file.fail("the entry (" + place + ") comes a second time");
  }
  if (!sorted.empty()) detail::reorder(sorted, y);
  std::string format = sentence("Tensor Toolbox ", kind, ", ", shape, sparse ? ", entries that are not listed are gaps" : "");
  return {Data<double, TensorEntries>{TensorEntries(shape, std::move(index)), std::move(y)}, std::move(format)};
}

}  // namespace tacit
