// SPDX-License-Identifier: MIT
#pragma once
// What a run asks of its hooks: they are called with a Snapshot and may answer a Flow; prepare(calls), persist(archive) and sentence() are used where they exist.

#include <concepts>
#include <string>

#include "snapshot.hpp"

namespace tacit {

template <class T>
concept FlowOrNothing = std::same_as<T, void> || std::same_as<T, Flow>;
template <class H, class P>
concept HookFor = requires(H& hook, const Snapshot<P>& now) {
  { hook(now) } -> FlowOrNothing;
};

namespace detail {

template <class H, class P>
constexpr void check_hook() {
  static_assert(std::invocable<H&, const Snapshot<P>&>, "train: a hook is called with a const Snapshot&; take it as (const auto& now)");
  if constexpr (std::invocable<H&, const Snapshot<P>&>)
    static_assert(HookFor<H, P>, "train: a hook returns nothing or a Flow; a probe belongs into a Trajectory");
}

/// Calls a hook; one without an answer goes on.
template <class H, class P>
Flow notify(H& hook, const Snapshot<P>& now) {
  check_hook<H, P>();
  if constexpr (std::is_void_v<std::invoke_result_t<H&, const Snapshot<P>&>>) {
    hook(now);
    return Flow::proceed;
  } else {
    return hook(now);
  }
}
template <class H>
std::string stop_sentence(const H& hook) {
  if constexpr (requires { hook.sentence(); }) return hook.sentence();
  else return "a hook asked to stop";
}
template <class H>
void prepare_hook(H& hook, Index iterations) {
  if constexpr (requires { hook.prepare(iterations); }) hook.prepare(iterations);
}
template <class H, class Archive>
void persist_hook(H& hook, Archive& archive) {
  if constexpr (requires { hook.persist(archive); }) archive("hook", hook);
}

}  // namespace detail

}  // namespace tacit
