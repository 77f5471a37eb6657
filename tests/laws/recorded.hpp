// SPDX-License-Identifier: MIT
#pragma once
// The formulas that laws are tried on: between them, every operation, read straight and transposed, used once and several times, with constants
// on either side, as the result and below it.

#include <tacit/model/recorded.hpp>

#include "laws.hpp"

namespace laws {

/// Calls check(blocks, formula) for each.
template <class Check>
void on_recorded_formulas(Check&& check) {
  const Matrix<double> X = normal_matrix<double>(4, 5, 41), Y = normal_matrix<double>(5, 3, 42), Z = normal_matrix<double>(3, 5, 43);
  const auto one = blocks({{"A", {3, 5}}}), square_one = blocks({{"A", {4, 4}}});
  const auto same = blocks({{"A", {3, 5}}, {"B", {3, 5}}}), two = blocks({{"A", {4, 5}}, {"B", {3, 4}}});
  const auto three = blocks({{"A", {4, 5}}, {"B", {6, 4}}, {"C", {3, 6}}});

  // Products: chains, one factor twice, transposed in every way, and what the ends need moved.
  check(three, [](auto A, auto B, auto C) { return C * B * A; });
  check(three, [](auto A, auto B, auto C) { return transpose(transpose(A) * transpose(C * B)); });
  check(blocks({{"A", {5, 4}}, {"B", {4, 3}}}), [](auto A, auto B) { return transpose(B) * transpose(A); });
  check(one, [](auto A) { return A * transpose(A); });
  check(one, [](auto A) { return transpose(A) * A * transpose(A) * A; });
  check(square_one, [](auto A) { return A * A; });
  check(square_one, [](auto A) { return transpose(A) * transpose(A) + A * transpose(A * A) * A; });
  check(square_one, [](auto A) {
    const auto B = transpose(A) * A;
    return B * (B * A) - B;
  });
  check(one, [](auto A) { return A; });
  check(one, [](auto A) { return transpose(A); });
  // Constants.
  check(two, [&](auto A, auto B) { return B * (A * Y); });
  check(one, [&](auto A) { return Y.transpose() * transpose(A); });
  check(one, [&](auto A) { return X * transpose(A); });
  check(two, [&](auto A, auto B) { return hadamard(B * A, Z) - Z + hadamard(Z, Z - B * A * 3); });
  check(one, [&](auto A) { return khatri_rao(A, X) - khatri_rao(X, A); });
  // Constants that meet in a chain, on either side, as ends and below; and what is made of constants alone.
  check(two, [&](auto A, auto B) { return B * A * Y * Z; });
  check(two, [&](auto A, auto B) { return X * (Y * (Z * transpose(B * A))); });
  check(two, [&](auto A, auto B) { return transpose(Y * (Z * transpose(A)) * transpose(B)) + B * X; });
  check(one, [&](auto A) { return tanh(X * (Y * A)) * Y; });
  check(one, [&](auto A) {
    const auto C = A.constant(Z);
    return A - C * A.constant(Y) * C + 2 * C;
  });
  check(one, [&](auto A) {
    const auto C = A.constant(Z), E = exp(transpose(C) / 2) - transpose(C);
    return hadamard(A * E, C * E) * reshape(khatri_rao(transpose(C), hadamard(E, E)), 3, 25);
  });
  // Sums and multiples.
  check(two, [](auto A, auto B) { return 2 * (B * A) - B * (A / 3) + -(B * A) * 0.5; });
  check(square_one, [](auto A) { return A - transpose(A) * 2; });
  // Hadamard and Khatri-Rao products.
  check(same, [](auto A, auto B) { return hadamard(A, hadamard(A, B)); });
  check(square_one, [](auto A) { return hadamard(A, transpose(A)) * A; });
  check(same, [](auto A, auto B) { return khatri_rao(A, B); });
  check(blocks({{"A", {2, 3}}, {"B", {4, 3}}, {"C", {2, 3}}}), [](auto A, auto B, auto C) { return A * transpose(khatri_rao(C, B)); });
  check(blocks({{"A", {3, 2}}, {"B", {3, 4}}}), [](auto A, auto B) { return transpose(khatri_rao(transpose(A), transpose(B))); });
  // Reshapes, of what lies straight and of what does not.
  check(two, [](auto A, auto B) { return reshape(B * A, 5, 3); });
  check(one, [](auto A) { return transpose(reshape(A, 5, 3)); });
  check(two, [](auto A, auto B) { return transpose(reshape(B * A, 5, 3)); });
  check(two, [](auto A, auto B) { return transpose(reshape(transpose(A), 2, 10)) * reshape(B, 2, 6); });
  check(two, [](auto A, auto B) { return hadamard(reshape(A, 10, 2), transpose(reshape(transpose(A), 2, 10))) * reshape(B, 2, 6); });
  check(one, [](auto A) { return transpose(reshape(transpose(A), 3, 5)) + exp(transpose(A)); });
  check(square_one, [](auto A) {
    const auto W = A * tanh(A);
    return transpose(W) + reshape(transpose(W), 4, 4);
  });
  check(square_one, [](auto A) {
    const auto W = hadamard(A, A);
    return transpose(W) * reshape(reshape(transpose(W), 2, 8), 4, 4) + transpose(W);
  });
  // Functions of the entries.
  check(two, [](auto A, auto B) { return B * relu(A); });
  check(two, [](auto A, auto B) { return abs(B * A) + square(B * A); });
  check(two, [&](auto A, auto B) { return B * tanh(A * Y); });
  check(two, [](auto A, auto B) { return sigmoid(transpose(A) * transpose(B)); });
  check(same, [](auto A, auto B) { return sqrt(exp(A) + square(B)); });
  check(same, [](auto A, auto B) { return log(exp(A) + exp(B)); });
  check(square_one, [](auto A) { return pow(exp(A), 1.5) + A * tanh(transpose(A)); });
  check(square_one, [](auto A) {
    const auto h = entrywise(A, [](auto x) { return x / (1 + x * x); });
    return h * A + transpose(h);
  });
  // Large enough for blocked products and for every unrolled loop.
  const auto large = blocks({{"A", {19, 23}}, {"B", {17, 19}}});
  check(large, [](auto A, auto B) { return B * tanh(A * transpose(A) * transpose(B) / 20); });
  check(large, [](auto A, auto B) { return transpose(khatri_rao(A, A)) * khatri_rao(transpose(B), transpose(B)) - transpose(B * A); });
}

}  // namespace laws
