// SPDX-License-Identifier: MIT
#pragma once
// AnySchedule: a schedule chosen at run time, as one plain value. Read from text, with settings as in the program:
//   0.1
//   cosine({.rate = 0.1, .final = 0.01, .iterations = 1000})
//   warm_up(100) then cosine({.rate = 0.1, .final = 0.01, .iterations = 1000}) then constant(0.01)
//   step_rate({.rate = 0.1, .every = 50}) lasting 200 then inverse_sqrt({.rate = 0.1, .warm_up = 10})
// Parts follow one another, each counting its own iterations from 0. text() is what reads back as the same schedule, to the last bit.

#include <algorithm>
#include <variant>

#include "../core/settings_text.hpp"
#include "decaying_rate.hpp"
#include "learning_rate.hpp"
#include "one_cycle.hpp"

namespace tacit {

class AnySchedule {
 public:
  using One = std::variant<ConstantRate, StepRate, Cosine, LinearRate, WarmUp<ConstantRate>, OneCycle, InverseSqrt, InverseTime>;

  AnySchedule() = default;
  AnySchedule(double rate) : parts_{{constant(rate), unlimited}} {}
  template <class Schedule>
  requires std::constructible_from<One, Schedule> &&(!std::is_arithmetic_v<Schedule>)AnySchedule(Schedule schedule)
      : parts_{{std::move(schedule), unlimited}} {}
  explicit AnySchedule(const std::string& text) { read(text); }

  double operator()(Index t) const {
    for (const Part& part : parts_) {
      if (t < part.iterations) return std::visit([&](const auto& s) { return s(t); }, part.schedule);
      t -= part.iterations;
    }
    return std::numeric_limits<double>::quiet_NaN();  // none was given
  }

  /// What read() takes; empty where no schedule was given.
  std::string text() const {
    std::string all;
    for (const Part& part : parts_) {
      if (!all.empty()) all += " then ";
      all += std::visit([](const auto& s) { return text_of(s); }, part.schedule);
      if (part.iterations != unlimited && part.iterations != own_length(part.schedule))
        all += " lasting " + std::to_string(part.iterations);
    }
    return all;
  }

  /// Throws std::invalid_argument, and stays what it was, where the text is not a schedule.
  void read(const std::string& text) {
    std::vector<Part> parts;
    std::vector<Index> rises;  // parts that rise to the first rate of the next
    std::string_view rest = detail::without_space(text);
    while (true) {
      const std::size_t end = find_then(rest);
      std::string_view one = detail::without_space(rest.substr(0, end));
      Index lasts = 0;
      if (const std::size_t at = one.rfind(" lasting "); at != std::string_view::npos) {
        const std::string_view number = detail::without_space(one.substr(at + 9));
        require(detail::read_exact(number, lasts) && lasts > 0, "schedule: '", number, "' after lasting is not a number of iterations");
        one = detail::without_space(one.substr(0, at));
      }
      bool to_next = false;
      One schedule = read_one(one, to_next);
      if (to_next) rises.push_back(static_cast<Index>(parts.size()));
      const bool last = end == std::string_view::npos;
      if (lasts == 0) lasts = own_length(schedule);
      require(last || lasts > 0, "schedule: '", one, "' has no end, so nothing can follow; write: ", one, " lasting 100 then ...");
      require(!last || !to_next, "schedule: '", one, "' rises to the rate of what follows, and nothing does; write: warm_up(",
              own_length(schedule), ", rate)");
      parts.push_back({std::move(schedule), last ? unlimited : lasts});
      if (last) break;
      rest = rest.substr(end + 6);
    }
    for (auto k = rises.rbegin(); k != rises.rend(); ++k) {
      const auto at = static_cast<std::size_t>(*k);
      std::get<WarmUp<ConstantRate>>(parts[at].schedule).schedule.rate =
          std::visit([](const auto& s) { return s(Index(0)); }, parts[at + 1].schedule);
    }
    parts_ = std::move(parts);
  }

  template <class Archive>
  void persist(Archive& archive) {
    std::string now = text();
    const std::string before = now;
    archive("schedule", now);
    if (now != before) read(now);
  }
  friend std::ostream& operator<<(std::ostream& out, const AnySchedule& s) { return out << s.text(); }

 private:
  static constexpr Index unlimited = std::numeric_limits<Index>::max();
  struct Part {
    One schedule;
    Index iterations;
  };
  std::vector<Part> parts_;

  static Index own_length(const One& schedule) {
    return std::visit(
        [](const auto& s) {
          if constexpr (requires { s.iterations; }) return s.iterations;
          else return Index(0);
        },
        schedule);
  }

  static constexpr const char* known = "constant, step_rate, cosine, linear, warm_up, one_cycle, inverse_sqrt, inverse_time";

  static std::string text_of(const ConstantRate& s) { return detail::exact_text(s.rate); }
  static std::string text_of(const WarmUp<ConstantRate>& s) {
    return "warm_up(" + std::to_string(s.iterations) + ", " + detail::exact_text(s.schedule.rate) + ')';
  }
  template <class Schedule>
  static std::string text_of(const Schedule& s) {
    SettingsList list;
    Schedule copy = s;
    copy.persist(list);
    std::string all;
    for (const auto& [name, value] : list.items()) all += (all.empty() ? "." : ", .") + name + " = " + value;
    return std::string(Schedule::name) + "({" + all + "})";
  }

  /// Where the next " then " begins that is not inside parentheses.
  static std::size_t find_then(std::string_view text) {
    int depth = 0;
    for (std::size_t k = 0; k < text.size(); ++k) {
      depth += (text[k] == '(') - (text[k] == ')');
      if (depth == 0 && text.substr(k, 6) == " then ") return k;
    }
    return std::string_view::npos;
  }
  static double number(std::string_view text, std::string_view whole) {
    double x = 0;
    require(detail::read_exact(text, x), "schedule: '", text, "' in '", whole, "' is not a number");
    return x;
  }
  template <class Schedule>
  static Schedule settings(Schedule s, std::string_view inside, std::string_view name) {
    SettingsText given(inside, std::string(name));
    s.persist(given);
    given.require_all_used();
    return s;
  }

  static One read_one(std::string_view text, bool& to_next) {
    double rate = 0;
    if (detail::read_exact(text, rate)) return constant(rate);
    const std::size_t open = text.find('(');
    const std::string_view name = detail::without_space(text.substr(0, open));
    const auto is_one_of = [&](std::string_view names) {
      return (", " + std::string(names) + ",").find(", " + std::string(name) + ",") != std::string::npos;
    };
    require(!name.empty() && is_one_of(known), "schedule: there is no schedule '", name, "'; there are ", known, ", and a number");
    require(open != std::string_view::npos && text.back() == ')', "schedule: '", text, "' needs its settings in parentheses, as in ", name,
            "(...)");
    std::string_view inside = detail::without_space(text.substr(open + 1, text.size() - open - 2));
    if (name == "constant") return constant(number(inside, text));
    if (name == "warm_up") {
      const std::size_t comma = inside.find(',');
      Index iterations = 0;
      const std::string_view count = detail::without_space(inside.substr(0, comma));
      require(detail::read_exact(count, iterations), "schedule: '", count, "' in '", text, "' is not a number of iterations");
      to_next = comma == std::string_view::npos;
      return warm_up(iterations,
                     to_next ? std::numeric_limits<double>::quiet_NaN() : number(detail::without_space(inside.substr(comma + 1)), text));
    }
    require(inside.size() >= 2 && inside.front() == '{' && inside.back() == '}', "schedule: '", text,
            "' needs its settings in braces, as in ", name, "({.rate = 0.1, ...})");
    inside = inside.substr(1, inside.size() - 2);
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (name == "step_rate") return step_rate(settings(StepRate{.rate = none}, inside, name));
    if (name == "cosine") return cosine(settings(Cosine{.rate = none, .iterations = 0}, inside, name));
    if (name == "linear") return linear(settings(LinearRate{.rate = none, .final = none, .iterations = 0}, inside, name));
    if (name == "one_cycle") return one_cycle(settings(OneCycle{}, inside, name));
    if (name == "inverse_sqrt") return inverse_sqrt(settings(InverseSqrt{}, inside, name));
    return inverse_time(settings(InverseTime{}, inside, name));
  }
};

}  // namespace tacit
