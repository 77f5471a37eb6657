// SPDX-License-Identifier: MIT
#pragma once
// Methods on standardised data: scales come from the training entries of each fit, every method meets the same, and its predictions are in the units of the data.

#include "methods.hpp"
#include "scaling.hpp"

namespace tacit::detail {

/// The method with scales of this kind around it; its validation error is relative to the scales, or in the units of the data.
inline Method scaled(Method method, Scaling how, bool by_rows, bool relative) {
  if (how == Scaling::none) return method;
  Method outer = method;
  outer.tune = [=](SomeData train, SomeData validation, std::uint64_t seed, double seconds) {
    const Scales scales = scales_of(train, how, by_rows);
    Fitted fitted = method.tune(scales.taken_off(train), scales.taken_off(validation), seed, seconds);
    if (!fitted.predict) return fitted;
    fitted.predict = [scales, inner = fitted.predict](const Entries& at) { return scales.put_back(inner(at), at); };
    if (!relative) fitted.validation_rmse = rmse(fitted.predict(validation.where), validation.y);
    return fitted;
  };
  if (method.close)
    outer.close = [=](SomeData train, SomeData validation, SomeData all, std::uint64_t seed, bool again) -> Closing {
      const Scales scales = scales_of(again ? all : train, how, by_rows);
      Closing closing = method.close(scales.taken_off(train), scales.taken_off(validation), scales.taken_off(all), seed, again);
      closing.fit.scales = scales;
      closing.refitted = [how, by_rows, inner = closing.refitted](SomeData part, const Entries& at) {
        const Scales of_part = scales_of(part, how, by_rows);
        return of_part.put_back(inner(of_part.taken_off(part), at), at);
      };
      return closing;
    };
  return outer;
}

}  // namespace tacit::detail
