// SPDX-License-Identifier: MIT
#pragma once
// Whether the labels of rows or columns, three at least, say that their order means something, and where each line stands then:
//   dates, times    all labels are of one of the forms of label_time.hpp, and different. Where day and month could be either way round, the one that is possible in all
//                   labels; if both are, the one in which the lines come in shorter steps
//   times of day    that repeat, where each comes the same time after the one before it, as in 22.00.00, 23.00.00, 00.00.00: hour upon hour
//   years           whole numbers in ascending or descending order, if the labels are called year
//   even steps      numbers, each the same step from the one before it; perhaps behind a word of the calendar: week 1, week 2; or behind what makes a name of a year: y1990,
//                   FY1990, X1990 (so R writes it), of 1800 to 2100
// Numbers that merely ascend are ids, and say nothing.                                                                                 O(length of the labels)

#include <optional>
#include <string>
#include <vector>

#include "../observation/line_order.hpp"
#include "label_time.hpp"
#include "table_header.hpp"

namespace tacit {

namespace detail {

/// What stands before the digits where a year is to be a name.
inline bool before_year(std::string_view word) {
  const std::string low = lower(word);
  return low == "y" || low == "x" || low == "fy" || low == "cy";
}

/// Numbers behind one word of the calendar, or a letter that makes a name of a year, or none.
inline std::optional<std::vector<double>> numbers_of(const std::vector<std::string>& labels) {
  std::vector<double> x;
  std::string word;
  for (const std::string& label : labels) {
    const std::size_t digits = label.find_first_of("0123456789.-+");
    if (digits == label.npos) return {};
    const std::string here = label.substr(0, digits);
    if (x.empty()) word = here;
    if (here != word || (!word.empty() && !names_calendar(trimmed(word)) && !before_year(trimmed(word)))) return {};
    std::string number = label.substr(digits);
    if (const std::size_t comma = number.find(','); comma != number.npos && number.find('.') == number.npos) number[comma] = '.';
    double value = 0;
    if (parse_number(number, value) != Number::fine) return {};
    if (before_year(trimmed(word)) && !(is_whole(value) && value >= 1800 && value <= 2100)) return {};
    x.push_back(value);
  }
  return x;
}

inline std::optional<std::vector<LabelTime>> times_of(const std::vector<std::string>& labels) {
  std::vector<LabelTime> times;
  for (const std::string& label : labels) {
    LabelTime t;
    if (!LabelTimeReader(label).read(t)) return {};
    if (!times.empty() && (t.date != times[0].date || t.either != times[0].either)) return {};
    times.push_back(t);
  }
  return times;
}

/// What the lines have as dates or times; they may stand in any order.
inline std::optional<LineOrder> order_of_times(const std::vector<std::string>& labels) {
  const auto times = times_of(labels);
  if (!times) return {};
  LineOrder order;
  const auto places = [&](bool day_first) {
    std::vector<double> at;
    for (const LabelTime& t : *times) at.push_back(t.place(day_first));
    return at;
  };
  if ((*times)[0].date == LabelTime::Date::none) {  // of day: once around the clock, or again and again
    std::vector<double> at = places(false);
    const double step = at[1] - at[0] - std::floor(at[1] - at[0]);
    for (std::size_t k = 1; k < at.size(); ++k) {
      const double here = at[k] - at[k - 1] - step;
      if (!(step > 1e-7) || std::abs(here - std::round(here)) > 1e-6) return {};
    }
    return LineOrder{0, {}, "time of day"};
  }
  bool possible[2] = {true, true}, time = false;
  for (const LabelTime& t : *times) {
    for (const bool day_first : {false, true}) possible[day_first] = possible[day_first] && t.valid(day_first);
    time = time || t.time;
  }
  if (!possible[0] && !possible[1]) return {};
  const auto length = [](const std::vector<double>& at) {
    double sum = 0;
    for (std::size_t k = 1; k < at.size(); ++k) sum += std::abs(at[k] - at[k - 1]);
    return sum;
  };
  bool day_first = !possible[0];
  if (possible[0] && possible[1] && (*times)[0].either) {
    const double by_month = length(places(false)), by_day = length(places(true));
    day_first = (*times)[0].points ? by_day <= by_month : by_day < by_month;
  }
  order.at = places(day_first);
  if (!are_different(order.at)) return {};
  const LabelTime::Date date = (*times)[0].date;
  order.found = date == LabelTime::Date::month ? "month" : date == LabelTime::Date::quarter ? "quarter" : time ? "date and time" : "date";
  return order;
}

}  // namespace detail

/// An order that labels tell is used where neighbours are alike: their neighbour_ratio (solver/interpolation.hpp) is below this.
inline constexpr double alike_below = 0.9;

/// Where lines of these labels stand, if the labels say so; of mode 0. `called`: what the column of labels is called.
inline std::optional<LineOrder> order_of_labels(const std::vector<std::string>& labels, std::string_view called) {
  if (labels.size() < 3) return {};
  if (const auto numbers = detail::numbers_of(labels)) {
    if (detail::in_even_steps(*numbers)) return LineOrder{0, *numbers, "even steps"};
    const std::string low = detail::lower(called);
    if (detail::are_years(*numbers) && (low == "year" || low == "years" || low == "yr" || low == "jahr"))
      return LineOrder{0, *numbers, "year"};
  }
  return detail::order_of_times(labels);
}

}  // namespace tacit
