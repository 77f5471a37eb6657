// SPDX-License-Identifier: MIT
#pragma once
// The problems of the atlas (race/atlas_problem.hpp), made from those of a race.

#include "../../core/compiled.hpp"
#include "../../core/settings_text.hpp"
#include "../../io/number.hpp"
#include "../../model/deep_matrix.hpp"
#include "../../problem.hpp"
#include "../../solver/basis_pursuit.hpp"
#include "../../solver/nuclear_norm.hpp"
#include "../atlas_problem.hpp"

namespace tacit {

namespace detail {

inline Matrix<double> array_of(const RaceInstance& instance, const std::string& name) {
  if (instance.arrays)
    for (RaceArray& array : instance.arrays())
      if (array.name == name) return std::move(array.values);
  throw std::invalid_argument(sentence("atlas: the problem has no array '", name, "'"));
}

/// The linear model x on the measurements of a diagonal net, from zero: where u - v starts at u = v.
inline AtlasInstance linear_regression(const RaceInstance& net) {
  const Matrix<double> A = array_of(net, "A"), truth = array_of(net, "truth");
  const Index size = A.cols();
  const Data<double, LinearMap<double>> data{LinearMap<double>(size, 1, A.transpose()), Vector<double>(array_of(net, "y").col(0)), {}};
  RaceInstance one{AnyProblem<double>(Problem(DeepMatrix<double>({1, size}), data, HalfMeanSquares{})), Vector<double>::Zero(size)};
  one.validation_error = [truth](In<double> x) { return (x - truth.col(0)).norm() / truth.norm(); };
  return {std::move(one), true};
}

}  // namespace detail

TACIT_INLINE AtlasProblem atlas_problem(const std::string& text) {
  const auto named = detail::split_named(text);
  const std::string name = named.first, rest = named.second;
  const bool diagonal = name == "diagonal_regression";
  require(diagonal || name == "matrix_completion" || name == "matrix_sensing", "atlas: there is no problem '", name,
          "' of every depth; there are matrix_completion, matrix_sensing and diagonal_regression");
  for (const char* own : {"depth", "scale", "product_scale", "seed"})
    require(rest.find(sentence(".", own, " ")) == std::string::npos && rest.find(sentence(".", own, "=")) == std::string::npos, "atlas: .",
            own, " is set by the atlas itself, leave it out of '", text, "'");
  std::string settings = rest;
  for (const char c : {'(', ')', '{', '}'}) settings.erase(std::remove(settings.begin(), settings.end(), c), settings.end());
  const auto made = [name, settings](const std::string& own) {
    return race_problem(name + "({" + settings + (settings.find_first_not_of(' ') == std::string::npos ? "" : ", ") + own + "})");
  };
  made(".depth = 2");  // what is not known is refused here
  AtlasProblem problem{text, {}, {}};
  problem.make = [made, diagonal](Index depth, double scale, std::uint64_t seed) -> AtlasInstance {
    require(depth >= 1, "atlas: the depth is ", depth, ", it needs to be at least 1");
    require(std::isfinite(scale) && scale > 0, "atlas: the start scale is ", scale, ", it needs to be positive and finite");
    const std::string of_depth = ".depth = " + decimal(depth) + ", ";
    if (!diagonal) return {made(of_depth + ".product_scale = " + shortest(scale)).make(seed), false};
    if (depth == 1) return detail::linear_regression(made(".depth = 2").make(seed));
    return {made(of_depth + ".scale = " + shortest(std::pow(scale, 1 / static_cast<double>(depth)))).make(seed), true};
  };
  problem.least_norm = [made, diagonal](std::uint64_t seed) -> LeastNorm {
    const RaceInstance one = made(".depth = 2").make(seed);
    if (diagonal) {
      const BasisPursuit found = basis_pursuit(detail::array_of(one, "A"), Vector<double>(detail::array_of(one, "y").col(0)));
      return {found.norm, found.lower};
    }
    const MinimumNorm found = one.entries ? minimum_nuclear_norm(*one.entries) : minimum_nuclear_norm(*one.measured);
    return {found.norm, found.lower};
  };
  return problem;
}

}  // namespace tacit
