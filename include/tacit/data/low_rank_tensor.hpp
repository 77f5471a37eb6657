// SPDX-License-Identifier: MIT
#pragma once
// Synthetic tensors of low rank: the truth is W(theta*) of any tensor model, so its CP, Tucker, TT or hierarchical rank is that model's.
//   theta*      iid N(0, 1), then all multiplied by (norm / |W|_F)^(1/degree), which makes |W*|_F = norm                    [Razin et al. 2020-2022]
//   completion  y_k = W*(i_k) + noise, entries uniform without replacement
//   sensing     y_k = <A_k, W*> + noise; the measurements are named below
// Truth, entries, measurements and noise have random streams of their own, drawn in double: more observations leave the truth as it is.
//
//   auto [truth, seen] = low_rank_completion(CP<double>({.shape = {10, 10, 10, 10}, .rank = 5}), {.observed = 2000, .norm = 1, .seed = 1});

#include "../model/squared_norm.hpp"
#include "../observation/tensor_data.hpp"
#include "../observation/tensor_dense.hpp"
#include "random_entries.hpp"

namespace tacit {

struct LowRankTensor {
  Index observed = 1000;  ///< m
  double norm = 1;        ///< |W*|_F
  std::uint64_t seed = 1;
  double noise_std = 0;  ///< of the N(0, noise_std^2) added to each observation; a typical entry has size norm / sqrt(prod n_k)
};
template <Scalar S>
struct TensorTask {
  Tensor<S> truth;
  Data<S, TensorEntries> seen;
};
/// The truth as the model's theta*, for sizes at which W* is not to be formed.
template <Scalar S>
struct FactoredTensorTask {
  Vector<S> truth;
  Data<S, TensorEntries> seen;
};
template <Scalar S>
struct TensorSensingTask {
  Tensor<S> truth;
  Data<S, LinearMap<S>> seen;
};

/// The measurement tensors A_k of tensor sensing, of E = prod n_k entries and order d.
enum class Measurements {
  gaussian,       ///< iid N(0, 1) / sqrt(E)                                                                       [Razin et al. 2021, 2022]
  rank_one,       ///< outer products of d vectors with iid N(0, 1) / E^(1 / (2 d)) entries                        [Razin et al. 2022]
  unit_low_rank,  ///< sums of `measurement_rank` outer products of N(0, 1) vectors, scaled to Frobenius norm 1    [Razin et al. 2021]
};
struct LowRankTensorSensing {
  Index observed = 1000;  ///< m
  double norm = 1;        ///< |W*|_F
  std::uint64_t seed = 1;
  double noise_std = 0;
  Measurements measurements = Measurements::gaussian;
  Index measurement_rank = 1;  ///< of unit_low_rank
};

namespace detail {

inline void add_noise(double std_dev, std::uint64_t seed, auto& y) {
  require(std_dev >= 0 && std::isfinite(std_dev), "low_rank: noise_std is ", std_dev, ", it needs to be 0 or more");
  Random noise(seed, "noise");
  for (auto& value : y)
    if (std_dev > 0) value += static_cast<std::decay_t<decltype(value)>>(std_dev * noise.normal());
}

/// theta*, in double.
template <class Model>
Vector<double> low_rank_theta(const Model& model, double norm, std::uint64_t seed) {
  require(norm > 0 && std::isfinite(norm), "low_rank: the truth's norm is ", norm, ", it needs to be positive and finite");
  Random random(seed, "truth");
  Vector<double> theta(model.parameter_count());
  for (double& parameter : theta) parameter = random.normal();
  theta *= std::pow(norm / std::sqrt(squared_norm(model, theta)), 1 / static_cast<double>(model.degree()));
  return theta;
}

template <class Model>
auto low_rank_truth(const Model& model, double norm, std::uint64_t seed) {
  using S = typename Model::scalar_type;
  model.shape().require_dense("low_rank");
  const AllEntries all(model.shape());
  auto ws = model.workspace(all);
  Tensor<S> truth(model.shape());
  const Vector<S> theta = low_rank_theta(model, norm, seed).template cast<S>();
  model.evaluate(theta, all, ws, truth.values);
  return truth;
}

template <Scalar S>
Data<S, TensorEntries> observe_dense(const Tensor<S>& truth, const LowRankTensor& task) {
  TensorEntries where = random_entries(truth.shape, task.observed, task.seed);
  Vector<S> y(where.count());
  sample<S>(where, truth.values.data(), Write::set, y);
  add_noise(task.noise_std, task.seed, y);
  return {std::move(where), std::move(y)};
}

}  // namespace detail

/// Tensor completion with the truth as a dense tensor; without noise, seen.y equals the truth's entries bit for bit.
template <class Model>
auto low_rank_completion(const Model& model, const LowRankTensor& task) {
  auto truth = detail::low_rank_truth(model, task.norm, task.seed);
  auto seen = detail::observe_dense(truth, task);
  return TensorTask<typename Model::scalar_type>{std::move(truth), std::move(seen)};
}

/// The same task with the truth as theta*; nothing of the size of W is formed (the product of the sizes must still fit an index).
template <class Model>
auto low_rank_entries(const Model& model, const LowRankTensor& task) {
  using S = typename Model::scalar_type;
  Vector<S> truth = detail::low_rank_theta(model, task.norm, task.seed).template cast<S>();
  TensorEntries where = random_entries(model.shape(), task.observed, task.seed).through(Path::per_entry);
  auto ws = model.workspace(where);
  Vector<S> y(where.count());
  model.evaluate(truth, where, ws, y);
  detail::add_noise(task.noise_std, task.seed, y);
  return FactoredTensorTask<S>{std::move(truth), {where.through(Path::automatic), std::move(y)}};
}

/// Tensor sensing: m dense measurements, m prod n_k numbers in all.
template <class Model>
auto low_rank_sensing(const Model& model, const LowRankTensorSensing& task) {
  using S = typename Model::scalar_type;
  auto truth = detail::low_rank_truth(model, task.norm, task.seed);
  require(task.observed > 0, "low_rank_sensing: ", task.observed, " measurements asked for, at least 1 is needed");
  const Index size = truth.values.size();
  Shape{size, task.observed}.require_dense("low_rank_sensing");
  const bool gaussian = task.measurements == Measurements::gaussian, unit = task.measurements == Measurements::unit_low_rank;
  const CP<double> factors({.shape = model.shape(), .rank = unit ? task.measurement_rank : 1});
  const AllEntries all(model.shape());
  auto ws = factors.workspace(all);
  Random random(task.seed, "measurements");
  Vector<double> theta(factors.parameter_count()), one(size);
  Matrix<S> A(size, task.observed);
  for (Index k = 0; k < task.observed; ++k) {
    for (double& number : gaussian ? one : theta) number = random.normal();
    if (!gaussian) factors.evaluate(theta, all, ws, one);
    one /= unit ? one.norm() : std::sqrt(static_cast<double>(size));
    A.col(k) = one.cast<S>();
  }
  Vector<S> y(task.observed);
  for (Index k = 0; k < y.size(); ++k) y[k] = A.col(k).dot(truth.values);
  detail::add_noise(task.noise_std, task.seed, y);
  return TensorSensingTask<S>{std::move(truth), {LinearMap<S>(model.shape(), std::move(A)), std::move(y)}};
}

}  // namespace tacit
