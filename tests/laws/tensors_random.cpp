// SPDX-License-Identifier: MIT
// Tensor models of random sizes, shallow and deep, against the sums of their definitions in extended precision: every verb, on every observation, along every
// path. TACIT_RANDOM_TENSORS says how many of each are drawn, TACIT_RANDOM_FIRST from which seed.
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/deep_tensor_train.hpp>
#include <tacit/model/deep_tucker.hpp>

#include "random_tensors.hpp"

using namespace laws;
using reference::Number;

namespace {

using Numbers = std::vector<Number>;

Index up_to(Random& random, std::uint64_t most) { return static_cast<Index>(1 + random.below(most)); }
Shape random_shape(Random& random) {
  std::vector<Index> sizes;
  for (Index n = 1 + up_to(random, 3); n > 0; --n) sizes.push_back(up_to(random, 4));
  return Shape(sizes);
}
std::vector<Index> several(Random& random, Index count, std::uint64_t most) {
  std::vector<Index> numbers;
  for (; count > 0; --count) numbers.push_back(up_to(random, most));
  return numbers;
}

/// The numbers of a block, in their order in theta.
Numbers block_called(const Layout& layout, const Numbers& theta, const std::string& name) {
  for (const Block& block : layout)
    if (block.name == name) return {theta.begin() + block.offset, theta.begin() + block.offset + block.count};
  FAIL("there is no block " << name);
  return {};
}
/// M_{L-1} ... M_1 times the block read as rows x (the rest).
Numbers chained(const Layout& layout, const Numbers& theta, const std::string& name, std::size_t rows, Index depth) {
  Numbers P = block_called(layout, theta, name);
  for (Index k = 1; k < depth; ++k) {
    const Numbers M = block_called(layout, theta, name + "_M" + std::to_string(k));
    Numbers next(P.size());
    for (std::size_t j = 0; j < P.size() / rows; ++j)
      for (std::size_t a = 0; a < rows; ++a)
        for (std::size_t b = 0; b < rows; ++b) next[a + rows * j] = next[a + rows * j] + M[a + rows * b] * P[b + rows * j];
    P = next;
  }
  return P;
}
std::size_t size(Index n) { return static_cast<std::size_t>(n); }

std::uint64_t tensor_count() { return reference::number_from("TACIT_RANDOM_TENSORS", 40); }
std::uint64_t first_tensor() { return reference::number_from("TACIT_RANDOM_FIRST", 0); }

}  // namespace

TEST_CASE("CP of random sizes, shallow and deep, is the sum of its definition") {
  WorstTensor worst;
  for (std::uint64_t seed = first_tensor(); seed < first_tensor() + tensor_count(); ++seed) {
    INFO("seed " << seed);
    Random random(seed, "CP");
    const Shape shape = random_shape(random);
    const Index R = random.uniform() < 0.2 ? up_to(random, 40) : up_to(random, 5);
    const auto of_depths = [&](const Layout& layout, std::vector<Index> depths) {
      return [=, &layout](const Numbers& theta, const std::vector<Index>& i) {
        std::vector<Numbers> A;
        for (std::size_t n = 0; n < i.size(); ++n) A.push_back(chained(layout, theta, "A" + std::to_string(n + 1), size(R), depths[n]));
        Number sum;
        for (Index r = 0; r < R; ++r) {
          Number term(1);
          for (std::size_t n = 0; n < i.size(); ++n) term = term * A[n][size(i[n] * R + r)];
          sum = sum + term;
        }
        return sum;
      };
    };
    const CP<double> model({.shape = shape, .rank = R});
    try_tensor(model, CP<float>({.shape = shape, .rank = R}), random, of_depths(model.layout(), std::vector<Index>(size(shape.order()), 1)),
               worst);
    if (R > 5) continue;
    const std::vector<Index> depths = several(random, shape.order(), 3);
    const DeepCP<double> deep({.shape = shape, .rank = R, .depths = depths});
    try_tensor(deep, DeepCP<float>({.shape = shape, .rank = R, .depths = depths}), random, of_depths(deep.layout(), depths), worst);
  }
  worst.tell("TACIT_RANDOM_TENSORS");
}

TEST_CASE("Tucker of random sizes, shallow and deep, is the sum of its definition") {
  WorstTensor worst;
  for (std::uint64_t seed = first_tensor(); seed < first_tensor() + tensor_count(); ++seed) {
    INFO("seed " << seed);
    Random random(seed, "Tucker");
    const Shape shape = random_shape(random);
    const std::vector<Index> ranks = several(random, shape.order(), 3), depths = several(random, shape.order(), 3);
    const Wiring wiring = random.uniform() < 0.5 ? Wiring::per_mode : Wiring::per_column;
    const auto of_depths = [&](const Layout& layout, std::vector<Index> depth, bool columns) {
      return [=, &layout](const Numbers& theta, const std::vector<Index>& i) {
        const Numbers G = block_called(layout, theta, "G");
        std::vector<Numbers> rows;  // of each factor, the one that is met
        for (std::size_t n = 0; n < i.size(); ++n) {
          const std::string name = "U" + std::to_string(n + 1);
          rows.emplace_back();
          for (Index q = 0; q < ranks[n]; ++q)
            rows[n].push_back(columns ? chained(layout, theta, name + "_" + std::to_string(q + 1), size(shape[static_cast<Index>(n)]),
                                                depth[n])[size(i[n])]
                                      : chained(layout, theta, name, size(ranks[n]), depth[n])[size(i[n] * ranks[n] + q)]);
        }
        Number sum;
        for (std::size_t k = 0; k < G.size(); ++k) {
          Number term = G[k];
          std::size_t rest = k;
          for (std::size_t n = 0; n < i.size(); rest /= size(ranks[n++])) term = term * rows[n][rest % size(ranks[n])];
          sum = sum + term;
        }
        return sum;
      };
    };
    const Tucker<double> model({.shape = shape, .ranks = ranks});
    try_tensor(model, Tucker<float>({.shape = shape, .ranks = ranks}), random,
               of_depths(model.layout(), std::vector<Index>(size(shape.order()), 1), false), worst);
    const DeepTucker<double> deep({.shape = shape, .ranks = ranks, .depths = depths, .wiring = wiring});
    try_tensor(deep, DeepTucker<float>({.shape = shape, .ranks = ranks, .depths = depths, .wiring = wiring}), random,
               of_depths(deep.layout(), depths, wiring == Wiring::per_column), worst);
  }
  worst.tell("TACIT_RANDOM_TENSORS");
}

TEST_CASE("tensor trains of random sizes, shallow and deep, are the products of their definition") {
  WorstTensor worst;
  for (std::uint64_t seed = first_tensor(); seed < first_tensor() + tensor_count(); ++seed) {
    INFO("seed " << seed);
    Random random(seed, "trains");
    const Shape shape = random_shape(random);
    const std::vector<Index> ranks = several(random, shape.order() - 1, random.uniform() < 0.1 ? 9 : 4),
                             depths = several(random, shape.order(), 3);
    const auto of_depths = [&](const Layout& layout, std::vector<Index> depth) {
      return [=, &layout](const Numbers& theta, const std::vector<Index>& i) {
        Numbers row{Number(1)};
        for (std::size_t k = 0; k < i.size(); ++k) {
          const std::size_t left = row.size(), right = k < ranks.size() ? size(ranks[k]) : 1;
          const Numbers core = chained(layout, theta, "G" + std::to_string(k + 1), k ? left : right, depth[k]);
          Numbers next(right);
          for (std::size_t b = 0; b < right; ++b)
            for (std::size_t a = 0; a < left; ++a) next[b] = next[b] + row[a] * core[a + left * (b + right * size(i[k]))];
          row = next;
        }
        return row[0];
      };
    };
    const TensorTrain<double> model({.shape = shape, .ranks = ranks});
    try_tensor(model, TensorTrain<float>({.shape = shape, .ranks = ranks}), random,
               of_depths(model.layout(), std::vector<Index>(size(shape.order()), 1)), worst);
    const DeepTensorTrain<double> deep({.shape = shape, .ranks = ranks, .depths = depths});
    try_tensor(deep, DeepTensorTrain<float>({.shape = shape, .ranks = ranks, .depths = depths}), random, of_depths(deep.layout(), depths),
               worst);
  }
  worst.tell("TACIT_RANDOM_TENSORS");
}
