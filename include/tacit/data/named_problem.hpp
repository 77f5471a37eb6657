// SPDX-License-Identifier: MIT
#pragma once
// Synthetic problems by name, with settings as text, for programs that choose at run time:
//
//   auto [problem, theta] = problem_named<double>("matrix_completion({.rows = 50, .cols = 50, .rank = 3, .observed = 800, .depth = 3, .seed = 1})");
//   train(problem, theta, AnyOptimizer<double>("adam({.rate = 1e-3})"), {.iterations = 1000});
//
//   matrix_completion    DeepMatrix on observed entries of a low-rank matrix, mean squares          (low_rank.hpp)
//   matrix_sensing       the same on Gaussian measurements
//   tensor_completion    CP, Tucker, TensorTrain or HierarchicalTensor on entries of a low-rank tensor         (low_rank_tensor.hpp)
//   diagonal_regression  DiagonalNet on Gaussian measurements of a sparse vector, mean of half squares; the start is constant
// Starts are near zero, by .product_scale (matrices) or .entry_std (tensors). problem_names() lists the names, problem_settings(name) the settings.

#include "../any_problem.hpp"
#include "../core/nearest_name.hpp"
#include "../core/settings_text.hpp"
#include "../model/any_tensor.hpp"
#include "../model/deep_matrix.hpp"
#include "../model/diagonal_net.hpp"
#include "../problem.hpp"
#include "low_rank.hpp"
#include "low_rank_tensor.hpp"

namespace tacit {

template <>
inline constexpr std::array names_of<TensorKind>{"cp",      "tucker",      "tensor_train",     "hierarchical",
                                                 "deep_cp", "deep_tucker", "deep_tensor_train"};

template <Scalar S>
struct NamedProblem {
  AnyProblem<S> problem;
  Vector<S> theta;  ///< where to start
};

namespace detail {

struct NamedMatrix {
  Index rows = 100, cols = 100, rank = 5, observed = 2000, depth = 3;
  Index width = 0;  ///< of the hidden layers; 0: the smaller side
  double product_scale = 1e-3, noise_std = 0, condition = 0;
  std::uint64_t seed = 1;
  bool sensing = false;

  template <class Archive>
  void persist(Archive& archive) {
    archive("rows", rows);
    archive("cols", cols);
    archive("rank", rank);
    archive("observed", observed);
    archive("depth", depth);
    archive("width", width);
    archive("product_scale", product_scale);
    archive("noise_std", noise_std);
    archive("condition", condition);
    archive("seed", seed);
  }
  template <Scalar S>
  DeepMatrix<S> model() const {
    require(depth >= 1, "problem: .depth is ", depth, ", it needs to be at least 1");
    std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, width > 0 ? width : std::min(rows, cols));
    widths.front() = cols;
    widths.back() = rows;
    return DeepMatrix<S>(widths);
  }
  LowRank task() const {
    return {.rows = rows, .cols = cols, .rank = rank, .observed = observed, .seed = seed, .noise_std = noise_std, .condition = condition};
  }
  template <Scalar S>
  Vector<S> start() const {
    return model<S>().near_zero({.product_scale = product_scale, .seed = seed});
  }
  template <Scalar S>
  NamedProblem<S> make() const {
    if (sensing) return {AnyProblem<S>(Problem(model<S>(), low_rank_sensing<S>(task()).seen, MeanSquares{})), start<S>()};
    return {AnyProblem<S>(Problem(model<S>(), low_rank_completion<S>(task()).seen, MeanSquares{})), start<S>()};
  }
};

struct NamedTensor {
  TensorKind kind = TensorKind::cp;
  Index order = 3, size = 16, rank = 5, observed = 1000;
  Index truth_rank = 3;
  double entry_std = 1e-2, norm = 10, noise_std = 0;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("kind", kind);
    archive("order", order);
    archive("size", size);
    archive("rank", rank);
    archive("observed", observed);
    archive("truth_rank", truth_rank);
    archive("entry_std", entry_std);
    archive("norm", norm);
    archive("noise_std", noise_std);
    archive("seed", seed);
  }
  Shape shape() const {
    require(order >= 2 && size >= 1, "problem: .order is ", order, " and .size ", size, ", they need to be at least 2 and 1");
    return Shape(std::vector<Index>(static_cast<std::size_t>(order), size));
  }
  template <Scalar S>
  AnyTensorModel<S> model() const {
    const Index ranks = kind == TensorKind::hierarchical ? perfect_tree(order).height() : 1;  // a width a level, else one for all
    return AnyTensorModel<S>({.kind = kind, .shape = shape(), .ranks = std::vector<Index>(static_cast<std::size_t>(ranks), rank)});
  }
  template <Scalar S>
  TensorTask<S> task() const {
    return low_rank_completion(CP<S>({.shape = shape(), .rank = truth_rank}),
                               {.observed = observed, .norm = norm, .seed = seed, .noise_std = noise_std});
  }
  template <Scalar S>
  Vector<S> start() const {
    return model<S>().near_zero({.entry_std = entry_std, .seed = seed});
  }
  template <Scalar S>
  NamedProblem<S> make() const {
    return {AnyProblem<S>(Problem(model<S>(), task<S>().seen, MeanSquares{})), start<S>()};
  }
};

struct NamedDiagonal {
  Index size = 100, observed = 40, sparsity = 5;
  double depth = 2, scale = 0.1;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("size", size);
    archive("observed", observed);
    archive("sparsity", sparsity);
    archive("depth", depth);
    archive("scale", scale);
    archive("seed", seed);
  }
  template <Scalar S>
  Data<S, LinearMap<S>> task() const {
    require(size > 0 && observed > 0, "problem: .size is ", size, " and .observed ", observed, ", they need to be positive");
    require(sparsity > 0 && sparsity <= size, "problem: .sparsity is ", sparsity, ", it needs to be 1 to ", size);
    require(std::isfinite(scale) && scale > 0, "problem: .scale is ", scale, ", it needs to be positive and finite");
    Random measurements(seed, "measurements");
    Matrix<S> A(size, observed);
    for (Index k = 0; k < A.size(); ++k) A.data()[k] = static_cast<S>(measurements.normal());
    Vector<S> y = Vector<S>::Zero(observed);
    for (Index k = 0; k < observed; ++k)
      for (Index i = 0; i < sparsity; ++i) y[k] += A(i, k) / std::sqrt(static_cast<S>(sparsity));
    return {LinearMap<S>(size, 1, A), std::move(y), {}};
  }
  template <Scalar S>
  NamedProblem<S> make() const {
    Data<S, LinearMap<S>> seen = task<S>();
    const DiagonalNet<S> model({.size = size, .depth = depth});
    return {AnyProblem<S>(Problem(model, std::move(seen), HalfMeanSquares{})), Vector<S>::Constant(2 * size, static_cast<S>(scale))};
  }
};

template <class F>
void each_named_problem(F&& f) {
  f("matrix_completion", NamedMatrix{});
  f("matrix_sensing", NamedMatrix{.observed = 1000, .sensing = true});
  f("tensor_completion", NamedTensor{});
  f("diagonal_regression", NamedDiagonal{});
}

}  // namespace detail

inline std::vector<std::string> problem_names() {
  std::vector<std::string> names;
  detail::each_named_problem([&](const char* name, const auto&) { names.emplace_back(name); });
  return names;
}
/// Names and defaults of a problem's settings.
inline std::vector<SettingText> problem_settings(const std::string& name) {
  std::vector<SettingText> settings;
  detail::each_named_problem([&](const char* known, auto task) {
    if (name != known) return;
    SettingsList list;
    task.persist(list);
    settings = list.items();
  });
  return settings;
}

/// "matrix_completion({.depth = 2})". Throws std::invalid_argument naming what is not known and what is near.
template <Scalar S>
NamedProblem<S> problem_named(const std::string& text) {
  const auto named = detail::split_named(text);
  const std::string &name = named.first, &rest = named.second;
  std::optional<NamedProblem<S>> made;
  detail::each_named_problem([&](const char* known, auto task) {
    if (name != known) return;
    SettingsText settings(rest, name);
    task.persist(settings);
    settings.require_all_used();
    made.emplace(task.template make<S>());
  });
  require(made.has_value(), "there is no problem '", name, "'; the nearest are ", nearest_names(name, problem_names()));
  return std::move(*made);
}

}  // namespace tacit
