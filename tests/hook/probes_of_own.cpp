// SPDX-License-Identifier: MIT
// Every probe on the models that tests/laws/models.txt does not say how to make.
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/model/recorded.hpp>

#include "every_probe.hpp"

using namespace tacit;

TEST_CASE("every probe answers of diagonal models, or refuses them with a sentence") {
  probes::answer_or_refuse(DiagonalNet<double>({.size = 5, .depth = 2}));
  probes::answer_or_refuse(DiagonalNet<double>({.size = 1, .depth = 3.5}));
  for (const Index depth : {1, 2, 3}) probes::answer_or_refuse(DiagonalProduct<double>({.size = 6, .depth = depth}));
}
TEST_CASE("every probe answers of recorded formulas, or refuses them with a sentence") {
  probes::answer_or_refuse(Recorded<double>(blocks({{"A", {3, 4}}, {"B", {5, 3}}}), [](auto A, auto B) { return B * relu(A); }));
  probes::answer_or_refuse(Recorded<double>(blocks({{"A", {3, 4}}, {"B", {5, 4}}}), [](auto A, auto B) { return khatri_rao(tanh(A), B); }));
}
TEST_CASE("probes that once read past the heap refuse what they were not made for") {
  probes::answer_or_refuse(DeepMatrix<double>({4, 3, 5}));
}
