// SPDX-License-Identifier: MIT
#pragma once
// Every optimizer by name, with settings as text: optimizer_named<double>("adam({.rate = 1e-3, .beta1 = 0.5})"). Settings that are not given keep their defaults;
// rates without one are to be given. optimizer_names() lists the names, optimizer_settings(name) what can be set. ".batch = 64" (with .seed, .with_replacement,
// .last, .shuffle) puts any of them on minibatches.

#include "../core/nearest_name.hpp"
#include "any_optimizer.hpp"
#include "on_batches.hpp"
#include "recipes.hpp"
#include "sharpness_rate.hpp"

namespace tacit {

namespace detail {

template <Scalar S>
struct NamedOptimizer {
  std::string_view name;
  AnyOptimizer<S> (*make)(SettingsText& settings);
  std::vector<SettingText> (*settings)();
};

/// One row: the chain with its defaults, which the text changes.
template <Scalar S, class MakeChain>
constexpr NamedOptimizer<S> named(std::string_view name, MakeChain) {
  return {name,
          [](SettingsText& settings) {
            auto chain = MakeChain{}();
            chain.persist(settings);
            return any_optimizer<S>(std::move(chain));
          },
          [] { return settings_of(MakeChain{}()); }};
}

/// The rate of a recipe that has none of its own: not a number, which start() refuses.
inline constexpr double to_be_given = std::numeric_limits<double>::quiet_NaN();

template <Scalar S>
inline constexpr NamedOptimizer<S> named_optimizers[] = {
    named<S>("gradient_descent", [] { return gradient_descent({.rate = to_be_given}); }),
    named<S>("momentum", [] { return momentum({.rate = to_be_given}); }),
    named<S>("nesterov", [] { return FullGradient{} | Nesterov{} | LearningRate{ConstantRate{}}; }),
    named<S>("adam", [] { return adam(); }),
    named<S>("group_rmsprop", [] { return group_rmsprop(); }),
    named<S>("gradient_regularized", [] { return gradient_regularized({.rate = to_be_given, .lambda = to_be_given}); }),
    named<S>("sharpness_rate", [] { return FullGradient{} | SharpnessRate{}; }),
};

template <Scalar S>
const NamedOptimizer<S>& find_optimizer(std::string_view name) {
  std::vector<std::string> names;
  for (const NamedOptimizer<S>& one : named_optimizers<S>) {
    if (one.name == name) return one;
    names.emplace_back(one.name);
  }
  require(false, "there is no optimizer '", name, "'; the nearest are ", nearest_names(name, names));
  return named_optimizers<S>[0];
}

}  // namespace detail

/// "adam", "adam()", "adam({.rate = 1e-3})" or "adam .rate = 1e-3". Throws std::invalid_argument naming what is not known and what is near.
template <Scalar S>
AnyOptimizer<S> optimizer_named(const std::string& text) {
  const auto [name, rest] = detail::split_named(text);
  const auto& found = detail::find_optimizer<S>(name);
  SettingsText settings(rest, name);
  BatchSettings batches;
  AnyOptimizer<S> optimizer = found.make(settings);
  struct Batch {
    BatchSettings& of;
    void persist(SettingsText& archive) {
      archive("batch", of.size);
      archive("seed", of.seed);
      archive("with_replacement", of.with_replacement);
      archive("last", of.last);
      archive("shuffle", of.shuffle);
    }
  };
  Batch batch{batches};
  if (rest.find("batch") != std::string::npos) batch.persist(settings);
  settings.require_all_used();
  return batches.size == 0 ? optimizer : any_optimizer<S>(on_batches(batches, std::move(optimizer)));
}

inline std::vector<std::string> optimizer_names() {
  std::vector<std::string> names;
  for (const auto& one : detail::named_optimizers<double>) names.emplace_back(one.name);
  return names;
}
/// Names and defaults of an optimizer's settings.
inline std::vector<SettingText> optimizer_settings(const std::string& name) { return detail::find_optimizer<double>(name).settings(); }

}  // namespace tacit
