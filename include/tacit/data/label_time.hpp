// SPDX-License-Identifier: MIT
#pragma once
// A label as a date, a time of day, or both:
//   2004-03-10, 2004/3/10, 20040310; 10.03.2004, 3/10/2004, 10-03-04 (day or month first); 10-Mar-2004, Mar 10, 2004; 2004-03, Mar 2004; 2004-Q1, Q1 2004
//   18:00, 18:00:05.25, 18.00.00, 6 PM, 6:30 pm; both with a blank, a T or a comma between; a zone behind it (Z, +01:00) is passed over
// Numbers of two digits are years of 1970 to 2069, and only behind a day and a month.                                              O(length of the label)

#include <cmath>
#include <string_view>

#include "../io/parse_number.hpp"

namespace tacit::detail {

struct LabelTime {
  enum class Date { none, day, month, quarter };
  Date date = Date::none;
  bool time = false;
  int year = 0, first = 0, second = 0;  ///< of a day: month and day; of a month or a quarter: first
  bool either = false;                  ///< first may be the day as well: 3/10/2004
  bool points = false;                  ///< and points stand between, where the day comes first
  double of_day = 0;                    ///< of the time, in days

  /// Days since 1 January 1970 [Hinnant 2021], months or quarters since year 0; with the day first where it could be either.
  double place(bool day_first) const {
    if (date == Date::none) return of_day;
    if (date == Date::month) return 12.0 * year + first - 1 + of_day;
    if (date == Date::quarter) return 4.0 * year + first - 1 + of_day;
    const int month = either && day_first ? second : first, day = either && day_first ? first : second;
    const int y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, in_era = y - era * 400;
    const int in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097.0 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468 + of_day;
  }
  bool valid(bool day_first) const {
    if (date != Date::day) return true;
    const int month = either && day_first ? second : first, day = either && day_first ? first : second;
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }
};

/// Reads a label piece by piece.
class LabelTimeReader {
 public:
  explicit LabelTimeReader(std::string_view text) : left_(trimmed(text)) {}

  bool read(LabelTime& t) {
    const std::string_view whole = left_;
    if (!date(t)) left_ = whole, t = {};
    if (left_.empty()) return t.date != LabelTime::Date::none;
    if (t.date != LabelTime::Date::none && !one_of(" T,")) return false;
    left_ = trimmed(left_);
    return (t.time = time(t)) && left_.empty();
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  bool one_of(std::string_view these, char* which = nullptr) {
    if (left_.empty() || these.find(left_[0]) == these.npos) return false;
    if (which) *which = left_[0];
    left_.remove_prefix(1);
    return true;
  }
  /// So many digits, no more; the digits read, 0: none.
  std::size_t number(int& value, std::size_t least, std::size_t most) {
    std::size_t n = 0;
    while (n < left_.size() && is_digit(left_[n])) ++n;
    if (n < least || n > most) return 0;
    value = 0;
    for (std::size_t k = 0; k < n; ++k) value = 10 * value + (left_[k] - '0');
    left_.remove_prefix(n);
    return n;
  }
  bool month_name(int& month) {
    constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
    std::size_t n = 0;
    while (n < left_.size() && lower(left_[n]) >= 'a' && lower(left_[n]) <= 'z') ++n;
    if (n < 3 || n > 9) return false;
    const std::size_t at = names.find(lower(left_.substr(0, 3)));
    if (at == names.npos || at % 3) return false;
    constexpr std::string_view full[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};
    const std::string word = lower(left_.substr(0, n));
    if (n > 3 && full[at / 3].substr(0, n) != word) return false;
    month = static_cast<int>(at / 3) + 1;
    left_.remove_prefix(n);
    if (!left_.empty() && left_[0] == '.') left_.remove_prefix(1);
    return true;
  }
  bool quarter(LabelTime& t) {
    if (!one_of("qQ") || !number(t.first, 1, 1) || t.first < 1 || t.first > 4) return false;
    t.date = LabelTime::Date::quarter;
    return true;
  }
  bool date(LabelTime& t) {
    int x = 0;
    char between = 0;
    if (const std::size_t n = number(x, 1, 8); n == 8) {  // 20040310
      t.year = x / 10000, t.first = x / 100 % 100, t.second = x % 100, t.date = LabelTime::Date::day;
      return t.year >= 1000 && t.year < 3000 && t.valid(false);
    } else if (n == 4) {
      t.year = x;
      if (t.year < 1000 || t.year > 2999) return false;
      if (!left_.empty() && lower(left_[0]) == 'q') return quarter(t);
      if (!one_of("-/. ", &between)) return false;
      if (!left_.empty() && lower(left_[0]) == 'q') return quarter(t);
      if (month_name(t.first)) return t.date = LabelTime::Date::month, true;
      if (between == ' ' || !number(t.first, 1, 2) || t.first < 1 || t.first > 12) return false;
      t.date = LabelTime::Date::month;
      if (left_.empty() || left_[0] != between) return left_.empty() && between != '.';
      left_.remove_prefix(1);
      t.date = LabelTime::Date::day;
      return number(t.second, 1, 2) && t.valid(false);
    } else if (n == 1 || n == 2) {
      t.date = LabelTime::Date::day;
      if (!one_of("-/. ", &between)) return false;
      if (month_name(t.first)) {  // 10-Mar-2004
        t.second = x;
        if (!one_of("-/. ,")) return false;
      } else {
        t.first = x, t.either = true, t.points = between == '.';
        if (between == ' ' || !number(t.second, 1, 2) || left_.empty() || left_[0] != between) return false;
        left_.remove_prefix(1);
      }
      return year(t) && (t.valid(false) || t.valid(true));
    } else if (n > 0) {
      return false;
    }
    if (!left_.empty() && lower(left_[0]) == 'q') return quarter(t) && one_of("- /") && number(t.year, 4, 4);
    if (!month_name(t.first)) return false;
    one_of("-/. ,");
    int day = 0;
    if (number(t.year, 4, 4)) return t.date = LabelTime::Date::month, true;
    if (!number(day, 1, 2) || !one_of(", ")) return false;
    left_ = trimmed(left_);
    t.second = day, t.date = LabelTime::Date::day;
    return number(t.year, 4, 4) && t.valid(false);
  }
  bool year(LabelTime& t) {
    const std::size_t n = number(t.year, 2, 4);
    if (n == 2) t.year += t.year < 70 ? 2000 : 1900;
    return n == 2 || (n == 4 && t.year >= 1000 && t.year < 3000);
  }
  bool time(LabelTime& t) {
    int hour = 0, minute = 0, second = 0;
    double fraction = 0;
    char between = 0;
    if (!number(hour, 1, 2)) return false;
    const bool minutes = one_of(":.", &between);
    if (minutes) {
      if (!number(minute, 2, 2)) return false;
      const bool seconds = !left_.empty() && left_[0] == between;
      if (seconds) {
        left_.remove_prefix(1);
        if (!number(second, 2, 2)) return false;
        if (one_of(".,"))
          for (double digit = 0.1; !left_.empty() && is_digit(left_[0]); digit /= 10, left_.remove_prefix(1))
            fraction += digit * (left_[0] - '0');
      } else if (between == '.') {
        return false;  // 18.00 is a number
      }
    }
    left_ = trimmed(left_);
    const std::string half = lower(left_.substr(0, 2));
    if (half == "am" || half == "pm") {
      if (hour < 1 || hour > 12) return false;
      hour = hour % 12 + (half == "pm" ? 12 : 0);
      left_.remove_prefix(2);
    } else if (!minutes && t.date == LabelTime::Date::none) {
      return false;  // a number
    }
    if (one_of("zZ")) {
    } else if (minutes && one_of("+-")) {
      int zone = 0;
      if (!number(zone, 2, 4)) return false;
      if (one_of(":") && !number(zone, 2, 2)) return false;
    }
    t.of_day = (hour + (minute + (second + fraction) / 60) / 60) / 24;
    return hour <= 24 && minute < 60 && second <= 60;
  }

  std::string_view left_;
};

}  // namespace tacit::detail
