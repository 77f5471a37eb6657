// SPDX-License-Identifier: MIT
#pragma once
// What the stages of an optimizer say about themselves. A stage is an aggregate of hyper-parameters with
//
//   using stage = SourceTag, TransformTag or SearchTag          where it may stand in  source | transform | ... | search
//   static constexpr std::string_view name = "AdamScale"        as it is printed and found
//   template <class A> void persist(A& archive)                 archive("beta1", beta1) for each hyper-parameter: printing, identity, text
//
// and, where they apply, these marks (members, not bases: stages stay aggregates with designated initialisers):
//
//   static constexpr bool sets_rate = true      turns the gradient into a step downhill and says how long; exactly one stage of a chain
// does. Searches always do.
//   static constexpr bool behind_rate = true    may stand behind the stage that sets the rate: it acts on the step itself, or not on the
// step at all
//   static constexpr bool needs_rate = true     has to stand behind the stage that sets the rate, whose value it reads in step.rate
//   static constexpr bool entrywise = true      edits the update by detail::entrywise alone (entrywise.hpp), which may add it to theta
// in the same pass
//   static constexpr bool only_scales = true    multiplies the step's factor, whatever the direction
//   static constexpr bool reports = true        hooks and the outcome are to see another theta than the iterate: report(step, state, out)

#include <concepts>
#include <ostream>
#include <string_view>

#include "../core/settings.hpp"

namespace tacit {

/// First in a chain: draws value and gradient from the oracle.
struct SourceTag {};
/// Edits the update.
struct TransformTag {};
/// Last in a chain: has the direction, asks the oracle again, and sets the rate.
struct SearchTag {};

template <class T>
concept SourceLike = std::same_as<typename T::stage, SourceTag>;
template <class T>
concept TransformLike = std::same_as<typename T::stage, TransformTag>;
template <class T>
concept SearchLike = std::same_as<typename T::stage, SearchTag>;
template <class T>
concept StageLike = SourceLike<T> || TransformLike<T> || SearchLike<T>;

template <class T>
inline constexpr bool sets_rate = SearchLike<T> || requires {
  requires T::sets_rate;
};
template <class T>
inline constexpr bool stands_behind_rate = SearchLike<T> || requires {
  requires T::behind_rate;
};
template <class T>
inline constexpr bool needs_rate = requires {
  requires T::needs_rate;
};
template <class T>
inline constexpr bool is_entrywise = requires {
  requires T::entrywise;
};
template <class T>
inline constexpr bool only_scales = requires {
  requires T::only_scales;
};
/// A source that never draws a part of the data: its runs need no landmarks (landmarks.hpp).
template <class T>
inline constexpr bool always_full = requires {
  requires T::always_full;
};
template <class T>
inline constexpr bool reports_theta = requires {
  requires T::reports;
};
/// A source that reports one only where what is inside it does, which inside_reports() tells: an average may stand behind it.
template <class T>
inline constexpr bool perhaps_reports = requires {
  requires T::perhaps_reports;
};

namespace detail {

/// Names and exact texts of a stage's hyper-parameters; what archive visitors of one's own see, too.
template <class T>
std::vector<SettingText> settings_of(const T& stage) {
  SettingsList list;
  T copy = stage;  // visitors take mutable references
  copy.persist(list);
  return list.items();
}

template <class T>
concept ListsSettings = requires(T& stage, SettingsList& list) {
  stage.persist(list);
};

}  // namespace detail

/// As one would write it: AdamScale{.beta1 = 0.9, .beta2 = 0.999, .eps = 1e-08}.
template <class T>
requires(StageLike<T>&& detail::ListsSettings<T>&& requires {
  { T::name } -> std::convertible_to<std::string_view>;
}) std::ostream&
operator<<(std::ostream& out, const T& stage) {
  out << T::name << '{';
  const char* separator = "";
  for (const auto& [name, text] : detail::settings_of(stage)) {
    out << separator << '.' << name << " = " << text;
    separator = ", ";
  }
  return out << '}';
}

}  // namespace tacit
