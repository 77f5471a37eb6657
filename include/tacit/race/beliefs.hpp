// SPDX-License-Identifier: MIT
#pragma once
// Common beliefs about what optimizers find, each asked in every cell of an atlas, and the surprises: cells in which one fails beyond the
// noise of seeds. A belief gives one number x a seed and says in which interval its mean lies:
//   from two settings   x = ln(b / a) of a quantity, paired over seeds    "a deeper product ends at a rank that is no higher"   x <= 0
//   from a value        x = ln of a quantity                              "descent ends at the edge, sharpness = 2 / rate"      |x| <= ln 1.25
//   from an order       x = rank correlation (Spearman) over optimizers   "the lower the sharpness, the lower the error"        x >= 0
// p is that of the mean being the nearest end of the interval, two-sided, Holm-corrected over the cells of the belief. It fails where the
// mean lies outside with p at most alpha, holds where it lies inside with p at most alpha, and is open between. Runs that did not reach
// the target loss are left out.

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "claims.hpp"

namespace tacit {

/// What a belief sees in one cell.
struct Evidence {
  NamedCells cell;
  std::vector<double> values;  ///< one a seed
  std::string words;           ///< what they are, for the sentence
  bool logarithms = true;      ///< the mean is shown as its exponential
  double p = 1, adjusted = 1;
  TInterval over = {};
  enum class Verdict { open, holds, fails } verdict = Verdict::open;
};

struct Belief {
  std::string name;  ///< as a sentence
  double low = -std::numeric_limits<double>::infinity(),
         high = std::numeric_limits<double>::infinity();  ///< where the mean lies, if it is true
  std::function<std::vector<Evidence>(const Table&)> look;
};

inline const char* to_string(Evidence::Verdict verdict) {
  return verdict == Evidence::Verdict::fails ? "fails" : verdict == Evidence::Verdict::holds ? "holds" : "open";
}

/// b against a, of one factor: every pair of neighbours in `values` (b after a).
inline Belief belief_of_factor(std::string name, const std::string& factor, const std::vector<std::string>& values, PairedSettings settings,
                               double low, double high) {
  settings.factor = factor;
  std::vector<std::string> cells = settings.match;
  settings.cells = cells;
  return {std::move(name), low, high, [=](const Table& table) {
            std::vector<Evidence> all;
            for (std::size_t k = 0; k + 1 < values.size(); ++k) {
              PairedSettings now = settings;
              now.a = values[k], now.b = values[k + 1];
              for (PairedDifference& d : paired_differences(table, now)) {
                if (d.over.count < 2 || !d.ratio) continue;
                const std::string of = detail::quantity_in_words(d.quantity).what;
                all.push_back(
                    {d.cell, d.values, of + " of " + detail::factor_in_words(d, d.b) + " over that of " + detail::factor_in_words(d, d.a)});
              }
            }
            return all;
          }};
}

namespace detail {

/// Ranks from 1, ties in their middle.
inline std::vector<double> ranks_of(const std::vector<double>& x) {
  std::vector<double> ranks(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    for (const double other : x) ranks[i] += other < x[i] ? 1 : other == x[i] ? 0.5 : 0;
  for (double& r : ranks) r += 0.5;
  return ranks;
}
/// Spearman's correlation; NaN where one of the two does not vary.
inline double rank_correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const std::vector<double> a = ranks_of(x), b = ranks_of(y);
  const double middle = 0.5 * (static_cast<double>(x.size()) + 1);
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    aa += (a[i] - middle) * (a[i] - middle), bb += (b[i] - middle) * (b[i] - middle), ab += (a[i] - middle) * (b[i] - middle);
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::nan("");
}
/// Rows of each cell, by the columns given; in the order of the table.
inline std::vector<std::vector<Index>> rows_by(const Table& table, const std::vector<std::string>& columns) {
  std::vector<std::vector<Index>> groups;
  std::map<std::string, std::size_t> known;
  for (Index r = 0; r < table.rows(); ++r) {
    const auto [at, fresh] = known.emplace(row_key(table, r, columns, ""), groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(r);
  }
  return groups;
}
inline NamedCells cell_of(const Table& table, Index row, const std::vector<std::string>& columns) {
  NamedCells cell;
  for (const std::string& column : columns) cell.emplace_back(column, table.at(row, column));
  return cell;
}

}  // namespace detail

/// The rank correlation of x and y over optimizers, a number a seed; of at least five optimizers.
inline Belief belief_of_order(std::string name, const std::string& x, const std::string& y, const std::string& where, double low,
                              double high) {
  return {std::move(name), low, high, [=](const Table& table) {
            std::vector<Evidence> all;
            const std::vector<std::string> cells{"problem", "depth", "scale"};
            for (const std::vector<Index>& rows : detail::rows_by(table, cells)) {
              std::vector<std::string> seeds;
              for (const Index r : rows)
                if (std::find(seeds.begin(), seeds.end(), table.at(r, "seed").text()) == seeds.end())
                  seeds.push_back(table.at(r, "seed").text());
              Evidence one{detail::cell_of(table, rows.front(), cells),
                           {},
                           "rank correlation of " + detail::quantity_in_words(x).what + " and " + detail::quantity_in_words(y).what +
                               " over optimizers",
                           false};
              for (const std::string& seed : seeds) {
                std::vector<double> xs, ys;
                for (const Index r : rows) {
                  const double a = detail::number_or_nan(table, r, x), b = detail::number_or_nan(table, r, y);
                  if (table.at(r, "seed").text() != seed || detail::number_or_nan(table, r, where) != 1 || !std::isfinite(a) ||
                      !std::isfinite(b))
                    continue;
                  xs.push_back(a), ys.push_back(b);
                }
                const double correlation = xs.size() < 5 ? std::nan("") : detail::rank_correlation(xs, ys);
                if (std::isfinite(correlation)) one.values.push_back(correlation);
              }
              if (one.values.size() >= 2) all.push_back(std::move(one));
            }
            return all;
          }};
}

/// ln of a quantity of one optimizer.
inline Belief belief_of_value(std::string name, const std::string& optimizer, const std::string& quantity, const std::string& where,
                              double low, double high) {
  return {std::move(name), low, high, [=](const Table& table) {
            std::vector<Evidence> all;
            const std::vector<std::string> cells{"optimizer", "problem", "depth", "scale"};
            for (const std::vector<Index>& rows : detail::rows_by(table, cells)) {
              if (table.at(rows.front(), "optimizer").text() != optimizer) continue;
              Evidence one{detail::cell_of(table, rows.front(), cells), {}, detail::quantity_in_words(quantity).what};
              for (const Index r : rows) {
                const double v = detail::number_or_nan(table, r, quantity);
                if (detail::number_or_nan(table, r, where) == 1 && v > 0) one.values.push_back(std::log(v));
              }
              if (one.values.size() >= 2) all.push_back(std::move(one));
            }
            return all;
          }};
}

/// The evidence of every cell with its verdict.
inline std::vector<Evidence> ask(const Belief& belief, const Table& table, double alpha = 0.05) {
  std::vector<Evidence> all = belief.look(table);
  std::vector<double> p;
  const auto inside = [&](double mean) { return mean >= belief.low && mean <= belief.high; };
  for (Evidence& one : all) {
    const double mean = t_interval(one.values).mean,
                 nearest = std::abs(mean - belief.low) < std::abs(mean - belief.high) ? belief.low : belief.high;
    one.over = t_interval(one.values, 0.95, nearest);
    one.p = one.over.p;
    p.push_back(one.p);
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < all.size(); ++k) {
    all[k].adjusted = adjusted[k];
    if (adjusted[k] <= alpha) all[k].verdict = inside(all[k].over.mean) ? Evidence::Verdict::holds : Evidence::Verdict::fails;
  }
  return all;
}

/// "matrix_completion, depth 1, start scale 1: effective rank of depth 3 over that of depth 2 is 1.31 (95 % interval 1.2 to 1.43, 5 seeds,
/// p ... after Holm)".
inline std::string in_words(const Evidence& one) {
  const auto shown = [&](double v) { return rounded(one.logarithms ? std::exp(v) : v, 3); };
  const std::string where = detail::cell_in_words(one.cell);
  return sentence(where, where.empty() ? "" : ": ", one.words, " is ", shown(one.over.mean), " (95 % interval ", shown(one.over.low),
                  " to ", shown(one.over.high), ", ", one.over.count, " seeds, p ", detail::p_in_words(one.adjusted), " after Holm)");
}

/// Each belief in every cell: belief, cell, x, low, high, p, verdict, words.
inline Table ask_all(const std::vector<Belief>& beliefs, const Table& runs, double alpha = 0.05) {
  Table table({"belief", "cell", "x", "low", "high", "p", "verdict", "words"});
  for (const Belief& belief : beliefs)
    for (const Evidence& one : ask(belief, runs, alpha)) {
      const auto shown = [&](double v) { return one.logarithms ? std::exp(v) : v; };
      table.add({belief.name, detail::cell_in_words(one.cell), shown(one.over.mean), shown(one.over.low), shown(one.over.high),
                 one.adjusted, to_string(one.verdict), in_words(one)});
    }
  return table;
}

/// Those that are written down here; `depths` and `scales` as in the table, ascending.
inline std::vector<Belief> common_beliefs(const std::vector<std::string>& depths, const std::vector<std::string>& scales) {
  constexpr double any = std::numeric_limits<double>::infinity();
  const double same = std::log(1.05), edge = std::log(1.25);
  const auto reached = [](const char* quantity) {
    PairedSettings settings{.quantity = quantity};
    settings.where = "reached";
    return settings;
  };
  const auto against_descent = [&](const char* name, const char* optimizer, const char* quantity, double low, double high) {
    return belief_of_factor(name, "optimizer", {"gradient_descent", optimizer}, reached(quantity), low, high);
  };
  return {
      belief_of_factor("A larger start ends at an effective rank that is no lower.", "scale", scales, reached("target_effective_rank"), 0,
                       any),
      belief_of_factor("A larger start ends at an error that is no lower.", "scale", scales, reached("target_unseen_error"), 0, any),
      belief_of_factor("A deeper product ends at an effective rank that is no higher.", "depth", depths, reached("target_effective_rank"),
                       -any, 0),
      belief_of_factor("A deeper product ends at an error that is no higher.", "depth", depths, reached("target_unseen_error"), -any, 0),
      against_descent("Adam ends at an error that is no lower than that of gradient descent.", "adam", "target_unseen_error", 0, any),
      against_descent("Adam ends at an effective rank that is no lower than that of gradient descent.", "adam", "target_effective_rank", 0,
                      any),
      against_descent("Momentum changes the speed and not the solution: an effective rank within 5 % of that of gradient descent.",
                      "momentum", "target_effective_rank", -same, same),
      against_descent("SAM ends at a sharpness that is no higher than that of gradient descent.", "sam", "target_sharpness", -any, 0),
      against_descent("Muon ends at an effective rank that is no lower than that of gradient descent.", "muon", "target_effective_rank", 0,
                      any),
      belief_of_order("Over optimizers, the lower the sharpness the lower the error.", "target_sharpness", "target_unseen_error", "reached",
                      0, any),
      belief_of_order("Over optimizers, the lower the nuclear norm the lower the error.", "target_nuclear_ratio", "target_unseen_error",
                      "reached", 0, any),
      belief_of_order("Over optimizers, the lower the path norm the lower the error.", "target_path_norm", "target_unseen_error", "reached",
                      0, any),
      belief_of_value("Gradient descent at its best rate ends at the edge of stability: sharpness times rate / 2 within 25 % of 1.",
                      "gradient_descent", "end_edge", "finite", -edge, edge)};
}

}  // namespace tacit
