// SPDX-License-Identifier: MIT
#pragma once
// Why a run ended, and where it stood.

#include <ostream>
#include <string>

#include "core/scalar.hpp"

namespace tacit {

enum class Reason {
  reached_limit,    ///< all iterations were made
  stopped_by_hook,  ///< a hook asked to stop; `why` is its sentence
  diverged,         ///< loss or objective stopped being finite; theta is the last one where they were
  stalled           ///< the optimizer found no step to take
};

inline const char* to_string(Reason reason) {
  switch (reason) {
    case Reason::reached_limit:
      return "reached limit";
    case Reason::stopped_by_hook:
      return "stopped";
    case Reason::diverged:
      return "diverged";
    case Reason::stalled:
      return "stalled";
  }
  return "";
}
inline std::ostream& operator<<(std::ostream& out, Reason reason) { return out << to_string(reason); }

template <Scalar S>
struct Outcome {
  Reason reason = Reason::reached_limit;
  Index iterations = 0;       ///< of the returned theta
  S loss = 0, objective = 0;  ///< at the returned theta, on all data
  std::string why;            ///< a sentence; empty where the reason says it all
  double seconds = 0, gradient_evaluations = 0, hessian_products = 0, flow_time = 0;

  friend std::ostream& operator<<(std::ostream& out, const Outcome& o) {
    out << o.reason << " at iteration " << o.iterations;
    if (!o.why.empty()) out << ": " << o.why;
    return out << "; loss " << o.loss << ", " << o.seconds << " s\n";
  }
};

}  // namespace tacit
