// SPDX-License-Identifier: MIT
#pragma once
// A check: a statement of a paper, the bounds that figures must keep to if it is true, and an experiment that measures these figures. Random
// checks run once for every seed of a list. Whether the statement holds is decided by verdict.hpp, in the same way for all.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tacit/core/check.hpp>
#include <tacit/core/scalar.hpp>

namespace paper_checks {

using tacit::Index;
using tacit::sentence;

using Values = std::vector<double>;

inline std::string figure(double value, int digits = 4) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

/// What one run of an experiment measured, by name; a name may have several values, one for each setting that its claim is about.
class Figures {
 public:
  struct Named {
    std::string name;
    Values values;
  };
  Figures() = default;
  Figures(std::initializer_list<std::pair<const char*, double>> figures) {
    for (const auto& [name, value] : figures) add(name, value);
  }
  Figures& add(const std::string& name, double value) {
    for (Named& one : all_)
      if (one.name == name) return one.values.push_back(value), *this;
    all_.push_back({name, {value}});
    return *this;
  }
  Figures& add(const std::string& name, const Values& values) {
    for (const double value : values) add(name, value);
    return *this;
  }
  const std::vector<Named>& all() const { return all_; }
  const Values* find(const std::string& name) const {
    for (const Named& one : all_)
      if (one.name == name) return &one.values;
    return nullptr;
  }

 private:
  std::vector<Named> all_;
};

/// What every value of a figure must keep to: low <= value <= high, which NaN does not. By default it must hold in every draw.
struct Bound {
  enum class Of { every_draw, median, share, summary };

  std::string figure;
  double low, high;
  std::string range;  ///< as text: "< 0.05"
  Of of = Of::every_draw;
  double share = 1;  ///< of the draws in which it must hold

  bool admits(double value) const { return low <= value && value <= high; }
  std::string text() const {
    std::string all = figure + " " + range;
    if (of == Of::median) all += " in the median";
    if (of == Of::share) all += sentence(" in at least ", std::lround(share * 100), " % of the draws");
    return all;
  }
  /// The median over the draws must keep to it, not every draw.
  Bound in_the_median() const { return with(Of::median); }
  /// It must hold in so many of so many draws, or the same share of others.
  Bound in_at_least(int count, int draws) const {
    Bound bound = with(Of::share);
    bound.share = static_cast<double>(count) / draws;
    return bound;
  }
  /// A bound on a figure of Check::summarise.
  Bound of_all_draws() const { return with(Of::summary); }

 private:
  Bound with(Of what) const {
    Bound bound = *this;
    bound.of = what;
    return bound;
  }
};
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline Bound below(const std::string& name, double x) { return {name, -infinity, std::nextafter(x, -infinity), sentence("< ", figure(x))}; }
inline Bound above(const std::string& name, double x) { return {name, std::nextafter(x, infinity), infinity, sentence("> ", figure(x))}; }
inline Bound at_most(const std::string& name, double x) { return {name, -infinity, x, sentence("<= ", figure(x))}; }
inline Bound at_least(const std::string& name, double x) { return {name, x, infinity, sentence(">= ", figure(x))}; }
inline Bound between(const std::string& name, double low, double high) {
  return {name, low, high, sentence("in [", figure(low), ", ", figure(high), "]")};
}
inline Bound equal(const std::string& name, double x) { return {name, x, x, sentence("= ", figure(x))}; }
/// x +- tolerance; the centre with as many digits as it has.
inline Bound within(const std::string& name, double x, double tolerance) {
  char text[64];
  std::snprintf(text, sizeof text, "= %.8g +- %.3g", x, tolerance);
  return {name, x - tolerance, x + tolerance, text};
}

/// A statement and its experiment; with `control`, the same experiment also measures a setting in which the effect must not show.
struct Check {
  std::string item;  ///< of the acceptance list: "1"; "2-depth-3" where an item has several
  std::string claim;
  std::string provenance;  ///< a label of shared-definitions, of where the bound comes from
  std::string setting;
  std::vector<Bound> bounds;
  struct Control {
    std::string claim;
    std::vector<Bound> bounds;
  } control = {};
  std::vector<std::uint64_t> seeds = {};  ///< empty: a fixed problem
  int problems = 1;                       ///< fixed ones, which `measure` gets the numbers 0, 1, ... of
  bool quick = false;                     ///< takes at most a second or so
  std::string control_of = {};            ///< of a check that is itself the negative control of another item: that item
  std::string reason = {};                ///< why the statement does not hold, where it does not
  std::function<Figures(std::uint64_t)> measure = {};
  /// Figures of all draws together, as a ratio of medians.
  std::function<Figures(const std::vector<Figures>&)> summarise = {};
};

/// The checks of a paper. Each file makes one; whatever is linked is in the table.
struct Paper {
  std::string name, source;
  std::vector<Check> checks;
};
inline std::vector<Paper>& registered_papers() {
  static std::vector<Paper> all;
  return all;
}
struct Registered {
  explicit Registered(Paper paper) { registered_papers().push_back(std::move(paper)); }
};

/// first, first + 1, ..., last.
inline std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = first; seed <= last; ++seed) all.push_back(seed);
  return all;
}

/// What several checks measure together: computed once for each seed; a thread that asks meanwhile waits.
template <class F>
auto per_seed(F compute) {
  using Result = decltype(compute(std::uint64_t()));
  struct Slot {
    std::once_flag once;
    std::optional<Result> value;
  };
  struct Memo {
    std::mutex guard;
    std::map<std::uint64_t, Slot> slots;
  };
  return [compute, memo = std::make_shared<Memo>()](std::uint64_t seed) -> const Result& {
    Slot* slot;
    {
      const std::lock_guard lock(memo->guard);
      slot = &memo->slots[seed];
    }
    std::call_once(slot->once, [&] { slot->value.emplace(compute(seed)); });
    return *slot->value;
  };
}

/// The middle value; of an even number the mean of both.
inline double median(Values values) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}
/// Every draw's values of a figure, one after another.
inline Values gathered(const std::vector<Figures>& draws, const std::string& name) {
  Values all;
  for (const Figures& draw : draws)
    if (const Values* values = draw.find(name)) all.insert(all.end(), values->begin(), values->end());
  return all;
}

}  // namespace paper_checks
