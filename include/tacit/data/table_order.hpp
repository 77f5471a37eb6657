// SPDX-License-Identifier: MIT
#pragma once
// Which modes of a table have an order that means something, by the labels of rows and columns, and by columns of dates or times that are carried along (label_order.hpp).
// Dates of a carried column go before rows that are only numbered. A column of dates costs one more pass over the lines.

#include "label_order.hpp"
#include "table_roles.hpp"

namespace tacit::detail {

/// The cells of column c below the header.
inline std::vector<std::string> texts_of(TableScan& scan, const TableRoles& roles, std::size_t c) {
  std::vector<std::string> texts;
  std::vector<std::string_view> cells;
  scan.file.rewind();
  for (std::size_t k = roles.header ? 1 : 0; k < scan.lines.size() && scan.file.next();) {
    scan.file.split(scan.separator, cells);
    if (scan.file.line() != scan.lines[k]) continue;
    texts.push_back(label_text(cells[c]));
    ++k;
  }
  return texts;
}

/// `as_they_stand`: whether each row of the file is a row of the data.
inline std::vector<LineOrder> order_in(TableScan& scan, const TableRoles& roles, const std::vector<std::string>& col_labels,
                                       bool as_they_stand) {
  std::vector<LineOrder> found;
  const auto called = [&](std::size_t c) { return roles.header ? label_text(scan.first[c]) : std::string(); };
  std::optional<LineOrder> rows = order_of_labels(roles.label_texts, roles.labels.empty() ? "" : called(roles.labels[0]));
  if (rows) rows->found = "labels: " + rows->found;
  if (as_they_stand && (!rows || rows->found == "labels: even steps"))
    for (const std::size_t c : roles.carried) {
      const ColumnCount& n = scan.columns[c];
      LabelTime ignored;
      if (n.missing > 0 || !n.first_text.line || !LabelTimeReader(label_text(n.first_text.cell)).read(ignored)) continue;
      const std::vector<std::string> texts = texts_of(scan, roles, c);
      if (texts.size() < 3) continue;
      if (auto order = order_of_times(texts)) {
        order->found = sentence("column ", RoleFinder::name(scan, roles.header, c), ": ", order->found);
        rows = std::move(order);
        break;
      }
    }
  if (rows) found.push_back(std::move(*rows));
  if (auto columns = order_of_labels(col_labels, "")) {
    columns->mode = 1;
    columns->found = "labels: " + columns->found;
    found.push_back(std::move(*columns));
  }
  return found;
}

}  // namespace tacit::detail
