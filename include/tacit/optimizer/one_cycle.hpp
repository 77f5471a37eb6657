// SPDX-License-Identifier: MIT
#pragma once
// one_cycle({.rate, .iterations}): up from rate / divide_first to the rate over a first part of the iterations, then down to rate /
// (divide_first
// divide_last) in the last of them, along half a cosine or a line. With T iterations the top is at .rise T - 1, which need not be a
// whole number, and the
// end at T - 1; later the last rate holds. PyTorch's OneCycleLR and its defaults, but the momentum stays what it is.
// [Smith and Topin 2019]

#include <array>

#include "../core/settings.hpp"
#include "schedule.hpp"

namespace tacit {

enum class Anneal { cosine, linear };
template <>
inline constexpr std::array names_of<Anneal>{"cosine", "linear"};

struct OneCycle {
  static constexpr std::string_view name = "one_cycle";
  double rate = std::numeric_limits<double>::quiet_NaN();  ///< the highest
  Index iterations = 0;
  double rise = 0.3, divide_first = 25, divide_last = 1e4;
  Anneal anneal = Anneal::cosine;

  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("iterations", iterations);
    archive("rise", rise);
    archive("divide_first", divide_first);
    archive("divide_last", divide_last);
    archive("anneal", anneal);
  }
  double operator()(Index t) const {
    const double k = static_cast<double>(t), top = rise * static_cast<double>(iterations) - 1, end = static_cast<double>(iterations - 1);
    const double first = rate / divide_first, last = first / divide_last;
    if (k >= end) return last;
    if (k <= top) return between(first, rate, k / top);
    return between(rate, last, (k - top) / (end - top));
  }
  template <class Next>
  auto then(Next next) const {
    return detail::one_after_another(*this, std::move(next));
  }
  friend std::ostream& operator<<(std::ostream& out, const OneCycle& s) {
    out << "one_cycle({.rate = " << s.rate << ", .iterations = " << s.iterations << ", .rise = " << s.rise
        << ", .divide_first = " << s.divide_first << ", .divide_last = " << s.divide_last;
    return out << ", .anneal = Anneal::" << names_of<Anneal>[static_cast<std::size_t>(s.anneal)] << "})";
  }

 private:
  double between(double from, double to, double part) const {
    return anneal == Anneal::linear ? from + (to - from) * part : to + (from - to) * (1 + std::cos(std::numbers::pi * part)) / 2;
  }
};
inline OneCycle one_cycle(OneCycle s) {
  require(s.rate > 0, "one_cycle: .rate is ", s.rate, ", it needs to be positive");
  require(s.rise > 0 && s.rise < 1, "one_cycle: .rise is ", s.rise, ", it needs to be in (0, 1)");
  require(s.rise * static_cast<double>(s.iterations) > 1, "one_cycle: .iterations is ", s.iterations,
          ", of which the part .rise = ", s.rise, " is not more than one iteration");
  require(s.divide_first > 0 && s.divide_last > 0, "one_cycle: .divide_first ", s.divide_first, " and .divide_last ", s.divide_last,
          " need to be positive");
  return s;
}

}  // namespace tacit
