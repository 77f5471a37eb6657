// SPDX-License-Identifier: MIT
#pragma once
// The vocabulary of the whole library: a scalar is float or double, theta and every other flat quantity is a Vector,
// In and Out are how functions take them. In is read-only, Out writable; both refer to the caller's memory, neither copies.

#include <Eigen/Core>
#include <concepts>
#include <cstdint>

namespace tacit {

using Eigen::Index;

template <class S>
concept Scalar = std::floating_point<S>;

template <Scalar S>
using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;
template <Scalar S>
using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

template <Scalar S>
using In = const Eigen::Ref<const Vector<S>>&;
template <Scalar S>
using Out = Eigen::Ref<Vector<S>>;

template <Scalar S>
using ConstMatrixMap = Eigen::Map<const Matrix<S>>;
template <Scalar S>
using MatrixMap = Eigen::Map<Matrix<S>>;

/// Any matrix that somebody hands in, of either storage order, without a copy.
template <Scalar S>
using AnyMatrixMap = Eigen::Map<const Matrix<S>, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;

/// Whether a result replaces what stands in the output or is added to it: the terms of a sum share one gradient.
enum class Write { set, add };

template <Scalar S>
constexpr const char* scalar_name() {
  return sizeof(S) == 4 ? "float32" : "float64";
}

}  // namespace tacit
