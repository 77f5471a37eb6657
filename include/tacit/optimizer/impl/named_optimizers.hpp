// SPDX-License-Identifier: MIT
#pragma once
// The table of optimizers by name: every row compiles its chain, so programs that are built over and over have it compiled once (core/compiled.hpp).

#include "../../core/nearest_name.hpp"
#include "../../core/settings_text.hpp"
#include "../adadelta.hpp"
#include "../adagrad.hpp"
#include "../adamax.hpp"
#include "../adamw.hpp"
#include "../amsgrad.hpp"
#include "../any_schedule.hpp"
#include "../armijo.hpp"
#include "../central_flow.hpp"
#include "../conjugate_gradient.hpp"
#include "../end_to_end_scale.hpp"
#include "../exact_line_search.hpp"
#include "../exponentiated_gradient.hpp"
#include "../fixed_flow.hpp"
#include "../flooding.hpp"
#include "../gradient_flow.hpp"
#include "../gradient_noise.hpp"
#include "../label_noise.hpp"
#include "../langevin.hpp"
#include "../lbfgs.hpp"
#include "../levenberg_marquardt.hpp"
#include "../lion.hpp"
#include "../mirror_descent.hpp"
#include "../modified_flow.hpp"
#include "../muon.hpp"
#include "../nadam.hpp"
#include "../named_optimizers.hpp"
#include "../nesterov_convex.hpp"
#include "../normalised_gradient.hpp"
#include "../on_batches.hpp"
#include "../parameter_noise.hpp"
#include "../path_scale.hpp"
#include "../polyak_rate.hpp"
#include "../radam.hpp"
#include "../recipes.hpp"
#include "../rmsprop.hpp"
#include "../scaled_gd.hpp"
#include "../schatten_descent.hpp"
#include "../schedule_free.hpp"
#include "../shampoo.hpp"
#include "../sharpness_aware.hpp"
#include "../sharpness_rate.hpp"
#include "../sign_descent.hpp"
#include "../signum.hpp"
#include "../soap.hpp"
#include "../spectral_descent.hpp"
#include "../stabilized_flow.hpp"
#include "../steepest_descent.hpp"
#include "../strong_wolfe.hpp"

namespace tacit {

namespace detail {

template <Scalar S>
struct NamedOptimizer {
  std::string_view name;
  AnyOptimizer<S> (*make)(SettingsText& settings);
  std::vector<SettingText> (*settings)();
};

/// The chain with a schedule that text can change in place of its constant rate.
template <class Stage>
auto with_any_schedule(Stage stage) {
  if constexpr (std::is_same_v<Stage, LearningRate<ConstantRate>>) {
    const double rate = stage.schedule.rate;
    return LearningRate<AnySchedule>{std::isnan(rate) ? AnySchedule() : AnySchedule(rate)};
  } else {
    return stage;
  }
}
template <class Source, class... Stages>
auto with_any_schedule(Chain<Source, Stages...> chain) {
  return std::apply(
      [&](auto&... stage) {
        return Chain<Source, decltype(with_any_schedule(stage))...>{std::move(chain.source), {with_any_schedule(stage)...}};
      },
      chain.stages);
}

/// One row: the chain with its defaults, which the text changes.
template <Scalar S, class MakeChain>
constexpr NamedOptimizer<S> named(std::string_view name, MakeChain) {
  return {name,
          [](SettingsText& settings) {
            auto chain = with_any_schedule(MakeChain{}());
            chain.persist(settings);
            for (const auto& [path, text] : settings_of(chain)) {
              const std::string setting = path.substr(path.rfind('.') + 1);
              require(text != "nan" && !text.empty(), settings.who(), ": .", setting, " is nan; give it, as in  ", settings.who(), "({.",
                      setting, " = 0.1})");
            }
            return any_optimizer<S>(std::move(chain));
          },
          [] { return settings_of(with_any_schedule(MakeChain{}())); }};
}

/// The rate of a recipe that has none of its own: not a number, which start() refuses.
inline constexpr double to_be_given = std::numeric_limits<double>::quiet_NaN();

template <Scalar S>
inline constexpr NamedOptimizer<S> named_optimizers[] = {
    named<S>("gradient_descent", [] { return gradient_descent({.rate = to_be_given}); }),
    named<S>("sgd", [] { return gradient_descent({.rate = to_be_given}); }),  // .batch is to be given
    named<S>("momentum", [] { return momentum({.rate = to_be_given}); }),
    named<S>("nesterov", [] { return nesterov({.rate = to_be_given}); }),
    named<S>("nesterov_convex", [] { return nesterov_convex({.rate = to_be_given}); }),
    named<S>("adam", [] { return adam(); }),
    named<S>("adamw", [] { return adamw(); }),
    named<S>("adam_l2", [] { return adam_l2(); }),
    named<S>("amsgrad", [] { return amsgrad(); }),
    named<S>("nadam", [] { return nadam(); }),
    named<S>("radam", [] { return radam(); }),
    named<S>("adamax", [] { return adamax(); }),
    named<S>("adagrad", [] { return adagrad(); }),
    named<S>("adadelta", [] { return adadelta(); }),
    named<S>("rmsprop", [] { return rmsprop(); }),
    named<S>("group_rmsprop", [] { return group_rmsprop(); }),
    named<S>("lion", [] { return lion(); }),
    named<S>("sign_descent", [] { return sign_descent({.rate = to_be_given}); }),
    named<S>("signum", [] { return signum(); }),
    named<S>("normalised_gradient", [] { return normalised_gradient({.rate = to_be_given}); }),
    named<S>("clipped_descent", [] { return FullGradient{} | Clip{to_be_given} | LearningRate{ConstantRate{}}; }),
    named<S>("gradient_regularized", [] { return gradient_regularized({.rate = to_be_given, .lambda = to_be_given}); }),
    named<S>("sam", [] { return sam({.rate = to_be_given}); }),
    named<S>("asam", [] { return asam({.rate = to_be_given}); }),
    named<S>("flooding", [] { return flooding({.rate = to_be_given, .level = to_be_given}); }),
    named<S>("label_noise", [] { return label_noise({.rate = to_be_given, .sigma = to_be_given}); }),
    named<S>("parameter_noise", [] { return parameter_noise({.rate = to_be_given, .sigma = to_be_given}); }),
    named<S>("noisy_descent", [] { return noisy_descent({.rate = to_be_given}); }),
    named<S>("langevin", [] { return langevin({.rate = to_be_given}); }),
    named<S>("spectral_descent", [] { return spectral_descent({.rate = to_be_given}); }),
    named<S>("muon", [] { return muon(); }),
    named<S>("shampoo", [] { return shampoo(); }),
    named<S>("soap", [] { return soap(); }),
    named<S>("scaled_gd", [] { return scaled_gd({.rate = to_be_given}); }),
    named<S>("path_sgd", [] { return path_sgd({.rate = to_be_given}); }),
    named<S>("steepest_descent", [] { return steepest_descent({.rate = to_be_given, .p = to_be_given}); }),
    named<S>("schatten_descent", [] { return schatten_descent({.rate = to_be_given, .p = to_be_given}); }),
    named<S>("end_to_end_descent", [] { return end_to_end_descent({.rate = to_be_given, .depth = 1}); }),
    named<S>("mirror_descent", [] { return mirror_descent({.rate = to_be_given, .beta = to_be_given}); }),
    named<S>("exponentiated_gradient", [] { return exponentiated_gradient({.rate = to_be_given}); }),
    named<S>("schedule_free_sgd", [] { return schedule_free_sgd(); }),
    named<S>("schedule_free_adamw", [] { return schedule_free_adamw(); }),
    named<S>("sharpness_rate", [] { return FullGradient{} | SharpnessRate{}; }),
    named<S>("armijo", [] { return armijo(); }),
    named<S>("strong_wolfe", [] { return FullGradient{} | StrongWolfe{}; }),
    named<S>("polyak", [] { return polyak(); }),
    named<S>("exact_line_search", [] { return FullGradient{} | ExactLineSearch{}; }),
    named<S>("lbfgs", [] { return lbfgs(); }),
    named<S>("conjugate_gradient", [] { return conjugate_gradient(); }),
    named<S>("gauss_newton", [] { return gauss_newton(); }),
    named<S>("levenberg_marquardt", [] { return levenberg_marquardt(); }),
    named<S>("gradient_flow", [] { return GradientFlow{}; }),
    named<S>("fixed_flow", [] { return FixedFlow{}; }),
    named<S>("modified_flow", [] { return ModifiedFlow{}; }),
    named<S>("stabilized_flow", [] { return StabilizedFlow{}; }),
    named<S>("central_flow", [] { return CentralFlow{}; }),
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

template <Scalar S>
std::vector<std::string> names_of_optimizers() {
  std::vector<std::string> names;
  for (const NamedOptimizer<S>& one : named_optimizers<S>) names.emplace_back(one.name);
  return names;
}
template <Scalar S>
std::vector<SettingText> settings_of_optimizer(const std::string& name) {
  std::vector<SettingText> settings = find_optimizer<S>(name).settings();
  for (SettingText& one : settings) one.name = one.name.substr(one.name.rfind('.') + 1);  // as the text names them: without the stage
  return settings;
}

}  // namespace detail

template <Scalar S>
AnyOptimizer<S> optimizer_named(const std::string& text) {
  const auto [name, rest] = detail::split_named(text);
  for (const char* of_clients : {"fed_avg", "fed_prox", "fed_ga", "scaffold", "grad_align"})
    require(name != of_clients, "optimizer '", name,
            "': clients are a partition of the data, which text cannot give; write  any_optimizer<double>(", name, "({.partition = ...}))");
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
  require(name != "sgd" || batches.size > 0, "sgd: .batch is to be given, as in  sgd({.rate = 0.1, .batch = 64})");
  return batches.size == 0 ? optimizer : any_optimizer<S>(on_batches(batches, std::move(optimizer)));
}

#ifdef TACIT_COMPILING
template AnyOptimizer<double> optimizer_named<double>(const std::string&);
namespace detail {
template std::vector<std::string> names_of_optimizers<double>();
template std::vector<SettingText> settings_of_optimizer<double>(const std::string&);
}  // namespace detail
#endif

}  // namespace tacit
