// SPDX-License-Identifier: MIT
#pragma once
// Samples for the estimator of the implicit penalty (analysis/implicit_penalty.hpp) from a recorded run, a Trajectory or its CSV file read back:
//
//   Trajectory history(flow_time, theta_entries);               train(problem, theta, optimizer, {...}, every(1, history));
//   estimate_penalty(step_samples(loss, history), {penalty_candidate(WeightDecayPenalty{1})})         what the optimizer adds to the gradient
//   estimate_penalty(finite_step_samples(loss, history), {mean_squared_gradient(loss)})               what the length of its steps does
//
// A row and the next one are a sample at the earlier theta, with the velocity  (theta_{t+1} - theta_t) / (time_{t+1} - time_t)  and, in the
// place of the gradient,
//   step_samples           grad L(theta_t):  the velocity of descent without a penalty
//   finite_step_samples    -(flow(theta_t) - theta_t) / (time_{t+1} - time_t),  the flow of L from theta_t over the same time by the classical
//                          Runge-Kutta method: descent at rate eta then has R = (eta/4) |grad L|^2, lambda = eta P/4 of R_IG, up to O(eta^2)
//                                                              [Rudoler et al. 2026; Barrett & Dherin 2021]
// Rows have to be single steps, for finite steps at least: over longer times the velocity is a mean. Every entry of theta is a column:
// P + 2 numbers a row. Costs a gradient a row, 4 substeps gradients for finite steps.

#include "../analysis/implicit_penalty.hpp"
#include "../optimizer/fixed_flow.hpp"
#include "probe.hpp"
#include "trajectory_columns.hpp"

namespace tacit {

namespace detail {
struct ThetaEntriesDefinition {
  static constexpr const char* name = "theta";
  static const auto& of(const auto& now) { return now.theta(); }
};
}  // namespace detail
/// Every entry of theta, columns theta_1, theta_2, ...
inline constexpr detail::FixedProbe<detail::ThetaEntriesDefinition> theta_entries{};

struct StepSampleSettings {
  std::string theta = "theta";     ///< columns theta_1, theta_2, ...
  std::string time = "flow_time";  ///< the column of the sum of the rates
};
struct FiniteStepSampleSettings {
  Index substeps = 20;  ///< of the Runge-Kutta method in a step of the run
  std::string theta = "theta";
  std::string time = "flow_time";
};

/// The vectors in columns name_1, name_2, ..., a row each.
template <class Record>
std::vector<Vector<double>> recorded_vectors(const Record& record, const std::string& name) {
  detail::require_columns("recorded_vectors", record, {name + "_1"});
  std::vector<std::vector<double>> columns;
  for (std::string next = name + "_1"; detail::has_column(record, next); next = sentence(name, "_", columns.size() + 1))
    columns.push_back(detail::column_of(record, next));
  std::vector<Vector<double>> rows(columns[0].size(), Vector<double>(static_cast<Index>(columns.size())));
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t r = 0; r < rows.size(); ++r) rows[r][static_cast<Index>(c)] = columns[c][r];
  return rows;
}

namespace detail {
/// displacement(theta, duration) is that of the flow or of descent without a penalty.
template <class P, class Record, class Displacement>
std::vector<PenaltySample> samples_of_steps(const char* who, const P& problem, const Record& record, const std::string& name,
                                            const std::string& clock, Displacement&& displacement) {
  using S = typename P::scalar_type;
  require_columns(who, record, {clock, name + "_1"});
  const std::vector<Vector<double>> thetas = recorded_vectors(record, name);
  const std::vector<double> time = column_of(record, clock);
  require(thetas.size() >= 2, who, ": the trajectory has ", thetas.size(), thetas.size() == 1 ? " row" : " rows", ", a step needs two");
  require(thetas[0].size() == problem.dimension(), who, ": the trajectory has ", thetas[0].size(), " entries of '", name, "', the problem ",
          problem.dimension(), " parameters");
  std::vector<PenaltySample> samples;
  for (std::size_t r = 0; r + 1 < thetas.size(); ++r) {
    const double duration = time[r + 1] - time[r];
    require(duration > 0, who, ": '", clock, "' goes from ", time[r], " to ", time[r + 1], " in row ", r + 2, ", it needs to rise");
    const Vector<S> moved = displacement(Vector<S>(thetas[r].template cast<S>()), duration);
    samples.push_back({thetas[r], -moved.template cast<double>() / duration, (thetas[r + 1] - thetas[r]) / duration});
  }
  return samples;
}
}  // namespace detail

/// Throws std::invalid_argument where columns are missing (names them), there are fewer than two rows, time does not rise, or sizes differ.
template <class P, class Record>
std::vector<PenaltySample> step_samples(const P& problem, const Record& record, const StepSampleSettings& settings = {}) {
  using S = typename P::scalar_type;
  auto ws = problem.workspace();
  Vector<S> g(problem.dimension());
  return detail::samples_of_steps("step_samples", problem, record, settings.theta, settings.time,
                                  [&](const Vector<S>& theta, double duration) -> Vector<S> {
                                    problem.value_and_gradient(theta, ws, g);
                                    return -static_cast<S>(duration) * g;
                                  });
}
/// Errors as step_samples.
template <class P, class Record>
std::vector<PenaltySample> finite_step_samples(const P& problem, const Record& record, const FiniteStepSampleSettings& settings = {}) {
  using S = typename P::scalar_type;
  require(settings.substeps >= 1, "finite_step_samples: .substeps is ", settings.substeps, ", it needs to be at least 1");
  auto ws = problem.workspace();
  detail::RungeKutta4<S> flow(problem.dimension());
  const auto field = [&](const Vector<S>& theta, Vector<S>& g) { problem.value_and_gradient(theta, ws, g); };
  return detail::samples_of_steps("finite_step_samples", problem, record, settings.theta, settings.time,
                                  [&](const Vector<S>& theta, double duration) -> Vector<S> {
                                    Vector<S> end = theta;
                                    field(end, flow.slope);
                                    flow.run(end, duration, settings.substeps, field);
                                    return end - theta;
                                  });
}

}  // namespace tacit
