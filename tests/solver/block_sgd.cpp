// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank.hpp>
#include <tacit/loss/squares.hpp>
#include <tacit/penalty/weight_decay.hpp>
#include <tacit/problem.hpp>
#include <tacit/solver/block_sgd.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

Data<double> some_ratings(Index rows, Index cols, Index count, std::uint64_t seed = 1) {
  return low_rank_entries({.rows = rows, .cols = cols, .rank = 2, .observed = count, .seed = seed, .noise_std = 0.3}).seen;
}
struct Setting {
  BlockSgd::Model model;
  Vector<double> theta;
};
Setting setting(const Data<double>& data, std::vector<Index> hidden, double scale = 1) {
  hidden.insert(hidden.begin(), data.where.cols());
  hidden.push_back(data.where.rows());
  BlockSgd::Model model{DeepMatrix<double>(hidden)};
  Vector<double> theta = model.start(model.factors().near_zero({.product_scale = scale, .seed = 3}));
  return {std::move(model), std::move(theta)};
}

}  // namespace

TEST_CASE("blocks hold every rating once, inside the ranges of their rows and columns") {
  const auto data = some_ratings(300, 200, 25'000);
  const BlockedRatings ratings(data);
  REQUIRE(ratings.side() == 2);
  CHECK(ratings.count() == 25'000);
  Matrix<double> left = Matrix<double>::Zero(300, 200);
  for (Index k = 0; k < data.count(); ++k) left(data.where[k].row, data.where[k].col) = static_cast<float>(data.y[k]);
  std::vector<Index> row_of(300, -1), col_of(200, -1);
  for (Index a = 0; a < 2; ++a)
    for (Index b = 0; b < 2; ++b) {
      CHECK(ratings.block(a, b).size() > 5000);
      for (const auto& [i, j, y] : ratings.block(a, b)) {
        left(i, j) -= y;
        REQUIRE((row_of[static_cast<std::size_t>(i)] == -1 || row_of[static_cast<std::size_t>(i)] == a));
        REQUIRE((col_of[static_cast<std::size_t>(j)] == -1 || col_of[static_cast<std::size_t>(j)] == b));
        row_of[static_cast<std::size_t>(i)] = a, col_of[static_cast<std::size_t>(j)] = b;
      }
    }
  CHECK(left.isZero(0));
}

TEST_CASE("an epoch at a small rate is a step down the gradient of the penalised objective") {
  const auto data = some_ratings(30, 20, 300);
  for (const auto& hidden : {std::vector<Index>{3}, std::vector<Index>{4, 3}, std::vector<Index>{9, 17}}) {
    auto [model, theta] = setting(data, hidden);
    const BlockedRatings ratings(data);
    const double rate = 1e-7, decay = 2;
    const Problem problem(model.factors(), data, HalfSumOfSquares{}, WeightDecayPenalty{decay});  // biases are zero still
    auto ws = problem.workspace();
    Vector<double> g(problem.dimension());
    problem.value_and_gradient(model.factors(theta), ws, g);
    Vector<double> next = theta;
    BlockSgd(model, ratings, {.decay = decay}).epoch(next, rate);
    const Vector<double> step = (model.factors(next) - model.factors(theta)) / rate;
    CHECK((step + g).norm() < 1e-4 * g.norm());
    auto with = model.workspace(data.where);
    Vector<double> z(data.count());
    model.evaluate(theta, data.where, with, z);
    Vector<double> of_biases = Vector<double>::Zero(51);
    for (Index k = 0; k < z.size(); ++k)
      for (Index p : {Index(0), 1 + data.where[k].row, 31 + data.where[k].col}) of_biases[p] += data.y[k] - z[k];
    CHECK(((next.head(51) - theta.head(51)) / rate - of_biases).norm() < 1e-4 * of_biases.norm());
  }
}

TEST_CASE("the rate of a row falls as its squared gradients add up, that of another row by its own") {
  const auto data = some_ratings(30, 20, 300);
  auto [model, theta] = setting(data, {3});
  const BlockedRatings ratings(data);
  auto ws = model.workspace(data.where);
  Vector<double> z(data.count());
  model.evaluate(theta, data.where, ws, z);
  const Vector<double> e = data.y - z;
  Vector<double> sum = Vector<double>::Zero(30), of_bias = sum, of_factors = sum;
  const Vector<double> factors = model.factors(theta);
  const auto W1 = model.factors().layout().matrix(factors, 0);
  for (Index k = 0; k < e.size(); ++k) {
    const auto [i, j] = data.where[k];
    sum[i] += e[k], of_bias[i] += e[k] * e[k], of_factors[i] += e[k] * e[k] * W1.col(j).squaredNorm() / 3;
  }
  BlockSgd sgd(model, ratings, {});
  const double rate = 1e-8;  // theta stays where it is, to eight digits
  Vector<double> first = theta, second;
  sgd.epoch(first, rate);
  second = first;
  sgd.epoch(second, rate);
  const Index A = model.layout()[4].offset;
  for (Index i = 0; i < 30; ++i) {
    const double moved = (first[1 + i] - theta[1 + i]) / rate, again = (second[1 + i] - first[1 + i]) / rate;
    CHECK_THAT(moved, Catch::Matchers::WithinRel(sum[i], 1e-4));
    CHECK_THAT(again, Catch::Matchers::WithinRel(sum[i] / std::sqrt(1 + of_bias[i]), 1e-4));
    const double ratio = (second - first).segment(A + 3 * i, 3).norm() / (first - theta).segment(A + 3 * i, 3).norm();
    CHECK_THAT(ratio, Catch::Matchers::WithinRel(1 / std::sqrt(1 + of_factors[i]), 1e-4));
  }
}

TEST_CASE("biases shrink by their own decay, and weighted rows by their ratings") {
  auto data = some_ratings(30, 20, 300);
  data.y.setZero();
  auto [model, theta] = setting(data, {3});
  theta.tail(model.factors().parameter_count()).setZero();
  theta.segment(1, 50).setConstant(1e-9);  // so small that errors leave them alone
  const BlockedRatings ratings(data);
  Vector<double> plain = theta, shrunk = theta;
  BlockSgd(model, ratings, {}).epoch(plain, 1e-4);
  BlockSgd(model, ratings, {.bias_decay = 5}).epoch(shrunk, 1e-4);
  CHECK_THAT((plain - shrunk).segment(1, 50).mean() / 1e-9,
             Catch::Matchers::WithinRel(5e-4, 1e-2));  // every line by rate * decay, whatever its count

  auto [other, start] = setting(data, {1}, 1e-6);
  Vector<double> by_rating = start;
  BlockSgd(other, ratings, {.decay = 40, .weighted = true}).epoch(by_rating, 1e-4);
  for (Index i : {0, 7, 29}) {
    const Index at = other.layout()[4].offset + i;
    CHECK_THAT(1 - by_rating[at] / start[at], Catch::Matchers::WithinRel(4e-3 * ratings.row_counts()[i] / 10, 1e-2));
  }
}

TEST_CASE("the same bytes come out of any number of threads, and out of blocks as they are free about the same fit") {
  const auto data = some_ratings(300, 200, 50'000);
  const BlockedRatings ratings(data);
  REQUIRE(ratings.side() == 3);
  for (const auto& hidden : {std::vector<Index>{5}, std::vector<Index>{4, 4}}) {
    auto [model, theta] = setting(data, hidden);
    const auto train = [&, &model = model](int threads, bool deterministic, Vector<double> x) {
      BlockSgd sgd(model, ratings, {.decay = 3, .threads = threads, .deterministic = deterministic});
      double squares = 0;
      for (int e = 0; e < 24; ++e) squares = sgd.epoch(x, 0.2 * (1 - e / 24.0));
      return std::pair(x, squares);
    };
    const auto one = train(1, true, theta), two = train(2, true, theta), three = train(3, true, theta), free = train(2, false, theta);
    CHECK(one.first == two.first);
    CHECK(one.first == three.first);
    CHECK(one.second == two.second);
    CHECK(one.second < 0.12);
    CHECK_THAT(free.second, Catch::Matchers::WithinRel(one.second, 0.05));
  }
}

TEST_CASE("no rate makes an epoch overflow") {
  auto data = some_ratings(50, 40, 1000);
  data.y *= 100;
  auto [model, theta] = setting(data, {6}, 100);
  const BlockedRatings ratings(data);
  BlockSgd sgd(model, ratings, {});
  for (int e = 0; e < 10; ++e) sgd.epoch(theta, 1e3);
  CHECK(theta.allFinite());
}

TEST_CASE("models and decays that do not fit are refused") {
  auto data = some_ratings(30, 20, 300);
  const BlockedRatings ratings(data);
  const BlockSgd::Model four(DeepMatrix<double>({20, 2, 2, 2, 30})), other(DeepMatrix<double>({30, 2, 20})),
      fits(DeepMatrix<double>({20, 2, 30}));
  CHECK(thrown([&] { BlockSgd(four, ratings, {}); }) ==
        "BlockSgd: the model has depth 4, descent rating by rating goes through 2 or 3 factors");
  CHECK(thrown([&] { BlockSgd(other, ratings, {}); }) == "BlockSgd: the ratings are of a 30 x 20 matrix, the model is 20 x 30");
  CHECK(thrown([&] { BlockSgd(fits, ratings, {.decay = -1}); }) == "BlockSgd: .decay is -1, it needs to be finite and not negative");
  data.weight = Vector<double>::Ones(300);
  CHECK(thrown([&] { BlockedRatings{data}; }) ==
        "BlockedRatings: the data carry weights, which descent rating by rating does not use; leave them out");
}
