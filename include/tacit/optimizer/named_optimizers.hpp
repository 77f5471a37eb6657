// SPDX-License-Identifier: MIT
#pragma once
// Every optimizer by name, with settings as text: optimizer_named<double>("adam({.rate = 1e-3, .beta1 = 0.5})"). Settings that are not given keep their defaults;
// rates without one are to be given. optimizer_names() lists the names, optimizer_settings(name) what can be set. ".batch = 64" (with .seed, .with_replacement,
// .last, .shuffle) puts any of them on minibatches.

#include "any_optimizer.hpp"

namespace tacit {

namespace detail {
template <Scalar S>
std::vector<std::string> names_of_optimizers();
template <Scalar S>
std::vector<SettingText> settings_of_optimizer(const std::string& name);
}  // namespace detail

/// "adam", "adam()", "adam({.rate = 1e-3})" or "adam .rate = 1e-3". Throws std::invalid_argument naming what is not known and what is near.
template <Scalar S>
AnyOptimizer<S> optimizer_named(const std::string& text);

inline std::vector<std::string> optimizer_names() { return detail::names_of_optimizers<double>(); }
/// Names and defaults of an optimizer's settings.
inline std::vector<SettingText> optimizer_settings(const std::string& name) { return detail::settings_of_optimizer<double>(name); }

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/named_optimizers.hpp"
#endif
