// SPDX-License-Identifier: MIT
#pragma once
// Claims: paired differences that stand out of the noise of seeds, after Holm's correction over all comparisons of one quantity, as
// sentences that are computed from the table; and whether they hold on fresh seeds.
//
//   const auto all = compare_with(table, "gradient_descent", {.quantity = "end_effective_rank"});      every other optimizer, every cell
//   for (const PairedDifference& d : claimed(all)) std::cout << in_words(d) << '\n';
//   std::cout << summary_in_words(all) << '\n' << rerun(claimed(all), second_table);

#include <string>
#include <vector>

#include "paired.hpp"

namespace tacit {

namespace detail {

/// "end_effective_rank" -> "effective rank" and "at the end of the budget".
struct QuantityWords {
  std::string what, when;
  std::string together() const { return when.empty() ? what : what + " " + when; }
};
inline QuantityWords quantity_in_words(std::string quantity) {
  QuantityWords words;
  if (quantity.rfind("target_", 0) == 0) words.when = "at equal training loss", quantity.erase(0, 7);
  else if (quantity.rfind("end_", 0) == 0) words.when = "at the end of the budget", quantity.erase(0, 4);
  words.what = quantity == "nuclear_ratio"  ? "nuclear norm over the least one"
               : quantity == "schatten"     ? "Schatten 2/L quasi-norm"
               : quantity == "unseen_error" ? "error on what was not observed"
               : quantity == "edge"         ? "sharpness times rate / 2"
               : quantity == "l1"           ? "l1 norm"
                                            : quantity;
  std::replace(words.what.begin(), words.what.end(), '_', ' ');
  return words;
}
/// "matrix_completion({.size = 20, ...})" -> "matrix_completion"
inline std::string short_name(const std::string& text) { return text.substr(0, text.find_first_of("({")); }
inline std::string cell_in_words(const NamedCells& cell) {
  std::string words;
  for (const auto& [name, value] : cell) {
    words += words.empty() ? "" : ", ";
    if (name == "problem") words += short_name(value.text());
    else words += (name == "scale" ? "start scale" : name) + " " + value.text();
  }
  return words;
}
inline std::string factor_in_words(const PairedDifference& d, const std::string& value) {
  if (d.factor == "optimizer") return value;
  return (d.factor == "scale" ? "start scale" : d.factor) + " " + value;
}
inline std::string p_in_words(double p) { return p < 1e-12 ? "below 1e-12" : rounded(p, 2); }

}  // namespace detail

/// "matrix_completion, depth 3, start scale 0.01, at equal training loss: adam has 1.52 times the effective rank of gradient_descent (95 %
/// interval 1.41 to 1.65, 5 seeds, p 0.0003 after Holm)".
inline std::string in_words(const PairedDifference& d, double confidence = 0.95) {
  const auto [what, when] = detail::quantity_in_words(d.quantity);
  const std::string a = detail::factor_in_words(d, d.a), b = detail::factor_in_words(d, d.b);
  std::string where = detail::cell_in_words(d.cell);
  if (!when.empty()) where += (where.empty() ? "" : ", ") + when;
  if (d.over.count < 1)
    return sentence(where, where.empty() ? "" : ": ", "no pair of runs of ", b, " and ", a, " to compare by their ", what);
  const auto shown = [&](double v) { return rounded(d.ratio ? std::exp(v) : v, 3); };
  std::string out = sentence(where, where.empty() ? "" : ": ", b, " has ");
  if (d.ratio) out += sentence(shown(d.over.mean), " times the ", what, " of ", a);
  else out += sentence("a ", what, " that is ", rounded(std::abs(d.over.mean), 3), d.over.mean < 0 ? " below" : " above", " that of ", a);
  return out + sentence(" (", rounded(100 * confidence, 4), " % interval ", shown(d.over.low), " to ", shown(d.over.high), ", ",
                        d.over.count, d.over.count == 1 ? " seed" : " seeds", ", p ", detail::p_in_words(d.adjusted), " after Holm",
                        d.left_out ? sentence(", ", d.left_out, d.left_out == 1 ? " pair" : " pairs", " left out)") : ")");
}

/// Every value of the factor against one, in the order of the table, corrected as one family.
inline std::vector<PairedDifference> compare_with(const Table& table, const std::string& reference, PairedSettings settings) {
  std::vector<std::string> values;
  for (Index r = 0; r < table.rows(); ++r) {
    const std::string value = table.at(r, settings.factor).text();
    if (value != reference && std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  std::vector<PairedDifference> family;
  settings.a = reference;
  for (const std::string& value : values) {
    settings.b = value;
    for (PairedDifference& d : paired_differences(table, settings)) family.push_back(std::move(d));
  }
  adjust(family);
  return family;
}

/// Those of a family that stand out of the noise.
inline std::vector<PairedDifference> claimed(const std::vector<PairedDifference>& family, double alpha = 0.05) {
  std::vector<PairedDifference> found;
  for (const PairedDifference& d : family)
    if (d.adjusted <= alpha) found.push_back(d);
  return found;
}

/// A paragraph: how many comparisons of the family stand out, and for each b in how many cells it lies above or below a, and by how much.
inline std::string summary_in_words(const std::vector<PairedDifference>& family, double alpha = 0.05) {
  struct Side {
    Index cells = 0;
    double least = std::numeric_limits<double>::infinity(), most = 0;  ///< of the ratios
    void take(const PairedDifference& d) {
      ++cells;
      if (d.ratio) least = std::min(least, std::abs(d.over.mean)), most = std::max(most, std::abs(d.over.mean));
    }
    std::string words(const char* where) const {
      const std::string low = rounded(std::exp(least), 3), high = rounded(std::exp(most), 3);
      return sentence(where, " in ", cells, most == 0 ? "" : " (by a factor of " + (low == high ? high : low + " to " + high) + ")");
    }
  };
  if (family.empty()) return "There is nothing to compare.";
  std::vector<std::string> names;
  Index tested = 0, stand_out = 0;
  for (const PairedDifference& d : family) {
    if (std::find(names.begin(), names.end(), d.b) == names.end()) names.push_back(d.b);
    tested += d.over.count >= 2;
    stand_out += d.adjusted <= alpha;
  }
  const PairedDifference& first = family.front();
  std::string what = detail::quantity_in_words(first.quantity).together();
  what[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(what[0])));
  std::string out = sentence(what, ": of ", tested, " comparisons with ", detail::factor_in_words(first, first.a),
                             " that have two pairs or more, ", stand_out, stand_out == 1 ? " differs" : " differ",
                             first.least > 0 ? sentence(" by more than ", rounded(100 * first.least, 3), " %,") : "",
                             " beyond the noise of seeds (Holm, ", rounded(100 * alpha, 4), " %)");
  std::string none;
  const char* separator = ". ";
  for (const std::string& name : names) {
    Side above, below;
    Index cells = 0;
    for (const PairedDifference& d : family) {
      if (d.b != name || d.over.count < 2) continue;
      ++cells;
      if (d.adjusted > alpha) continue;
      (d.over.mean > 0 ? above : below).take(d);
    }
    if (above.cells + below.cells == 0) {
      none += (none.empty() ? "" : ", ") + detail::factor_in_words(first, name);
      continue;
    }
    out += separator + sentence(detail::factor_in_words(first, name), ", of ", cells, cells == 1 ? " cell: " : " cells: ");
    if (above.cells) out += above.words("higher");
    if (above.cells && below.cells) out += ", ";
    if (below.cells) out += below.words("lower");
    separator = "; ";
  }
  if (!none.empty()) out += (stand_out ? ". In no cell: " : ": in no cell for ") + none;
  return out + ".";
}

/// Claims on a second table with seeds of its own: each is compared again in its cell, and corrected over the claims that are asked again.
/// `verdict` is held (same direction, beyond noise), same direction (within noise), reversed (the other direction, beyond noise), not
/// held, or gone (no two pairs there).
inline Table rerun(const std::vector<PairedDifference>& claims, const Table& second, PairedSettings settings = {}, double alpha = 0.05) {
  std::vector<PairedDifference> again;
  for (const PairedDifference& claim : claims) {
    settings.quantity = claim.quantity, settings.factor = claim.factor, settings.a = claim.a, settings.b = claim.b;
    settings.cells.clear();
    for (const auto& [name, value] : claim.cell) settings.cells.push_back(name);
    PairedDifference found;
    for (PairedDifference& d : paired_differences(second, settings)) {
      bool same = d.cell.size() == claim.cell.size();
      for (std::size_t k = 0; same && k < d.cell.size(); ++k) same = d.cell[k].second.text() == claim.cell[k].second.text();
      if (same) found = std::move(d);
    }
    again.push_back(std::move(found));
  }
  adjust(again);
  Table table({"claim", "first", "second", "second_low", "second_high", "seeds", "p", "verdict"});
  for (std::size_t k = 0; k < claims.size(); ++k) {
    const PairedDifference &old = claims[k], &now = again[k];
    const auto shown = [&](double v) { return old.ratio ? std::exp(v) : v; };
    const bool comparable = now.over.count >= 2 && now.ratio == old.ratio, beyond = comparable && now.adjusted <= alpha;
    const bool same = comparable && (now.over.mean > 0) == (old.over.mean > 0);
    const char* verdict = !comparable ? "gone" : same ? (beyond ? "held" : "same direction") : beyond ? "reversed" : "not held";
    table.add({in_words(old), shown(old.over.mean), comparable ? Cell(shown(now.over.mean)) : Cell(),
               comparable ? Cell(shown(now.over.low)) : Cell(), comparable ? Cell(shown(now.over.high)) : Cell(), now.over.count,
               comparable ? Cell(now.adjusted) : Cell(), verdict});
  }
  return table;
}

}  // namespace tacit
