// SPDX-License-Identifier: MIT
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/gaussian.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/model/through_dense.hpp>
#include <tacit/model/with_biases.hpp>

#include "../laws/laws.hpp"
#include "thrown.hpp"

namespace gaussian_model {

using namespace laws;
using Deep = DeepMatrix<double>;

const Deep deep({3, 2, 4});  // W1 2 x 3, W2 4 x 2: 14 parameters

std::vector<Gaussian<Deep>> of_every_kind() {
  return {Gaussian(deep, {.samples = 2}),
          Gaussian(deep, {.rank = 3, .samples = 2}),
          Gaussian(deep, {.covariance = Covariance::by_block, .samples = 2}),
          Gaussian(deep, {.covariance = Covariance::by_block, .rank = 2, .blocks = {"W2"}, .samples = 2}),
          Gaussian(deep, {.covariance = Covariance::diagonal, .samples = 2}),
          Gaussian(deep, {.covariance = Covariance::diagonal, .blocks = {"W1"}, .samples = 2})};
}

TEST_CASE("a Gaussian has the blocks of its model as means, then those of its scales") {
  CHECK(sentence(Gaussian(deep).layout()) == "W1 2 x 3, W2 4 x 2 (row-major), S 14 x 14");
  CHECK(sentence(Gaussian(deep, {.rank = 3}).layout()) == "W1 2 x 3, W2 4 x 2 (row-major), S 14 x 3");
  CHECK(sentence(Gaussian(deep, {.covariance = Covariance::by_block, .rank = 2}).layout()) ==
        "W1 2 x 3, W2 4 x 2 (row-major), S_W1 6 x 2, S_W2 8 x 2");
  CHECK(sentence(Gaussian(deep, {.covariance = Covariance::diagonal, .blocks = {"W2"}}).layout()) ==
        "W1 2 x 3, W2 4 x 2 (row-major), S_W2 8");
  CHECK(sentence(Gaussian(deep, {.rank = 3, .samples = 4, .mirrored = true, .seed = 2})) ==
        "Gaussian(DeepMatrix<float64>({3, 2, 4}), {.covariance = joint, .rank = 3, .samples = 4, .mirrored = true, .seed = 2})");
}

TEST_CASE("a draw of the parameters is mu + S eps, and what brings a gradient back is the adjoint of it, for every kind of covariance") {
  for (const auto& model : of_every_kind()) {
    INFO(model);
    const Vector<double> theta = normal<double>(model.parameter_count(), 1), eps = normal<double>(model.noise_count(), 2);
    const Vector<double> w = model.parameters(theta, eps);
    check_close(w, Vector<double>(model.mean(theta) + model.scale(theta) * eps), 1e-14);
    // Entry by entry from the blocks of the layout.
    Vector<double> by_hand = theta.head(14);
    Index used = 0;
    for (const Block& block : model.layout()) {
      if (block.name[0] != 'S') continue;
      const Index from = block.name == "S_W2" ? 6 : 0, rows = block.name == "S" ? 14 : block.name == "S_W1" ? 6 : 8;
      const bool diagonal = model.settings().covariance == Covariance::diagonal;
      const Index columns = diagonal ? rows : block.count / rows;
      for (Index i = 0; i < rows; ++i)
        for (Index r = 0; r < columns; ++r)
          if (!diagonal || i == r) by_hand[from + i] += theta[block.offset + (diagonal ? i : i + r * rows)] * eps[used + r];
      used += columns;
    }
    CHECK(used == model.noise_count());
    check_close(w, by_hand, 1e-14);
    // <S eps, u> = <S, u eps^T>
    const Vector<double> u = normal<double>(14, 3);
    Vector<double> pulled = Vector<double>::Zero(theta.size()), column = pulled;
    model.pull_noise(u, eps.data(), 1.0, Write::set, pulled);
    const double inner = (w - model.mean(theta)).dot(u);
    CHECK_THAT(pulled.dot(theta), Catch::Matchers::WithinAbs(inner, 1e-12));
    for (Index c = 0; c < model.noise_count(); ++c) model.pull_column(eps[c] * u, c, Write::set, column);
    check_close(column, pulled, 1e-14);
    model.pull_noise(u, eps.data(), 2.0, Write::add, pulled);
    check_close(pulled, Vector<double>(3 * column), 1e-14);
  }
}

TEST_CASE("the verbs of a Gaussian are those of its model at the mean") {
  for (const auto& model : of_every_kind()) {
    verbs_agree(model, AllEntries(4, 3));
    verbs_agree(model, some_entries(4, 3));
    const Vector<double> theta = normal<double>(model.parameter_count(), 1);
    CHECK(Verbs<Gaussian<Deep>, AllEntries>(model, AllEntries(4, 3)).evaluate(theta) ==
          Verbs<Deep, AllEntries>(deep, AllEntries(4, 3)).evaluate(theta.head(14)));
  }
  CHECK_FALSE(Gaussian(deep).linear());
  CHECK(Gaussian(Deep({3, 4})).linear());
  CHECK(Gaussian(WithBiases(Deep({3, 4}))).linear());
  CHECK(Gaussian(Recorded<double>(blocks({{"W", {4, 3}}}), [](auto W) { return W; })).linear());
  const Recorded<double> relu_of_W(blocks({{"W", {4, 3}}}), [](auto W) { return relu(W); });  // of degree one, and not linear
  CHECK_FALSE(Gaussian(relu_of_W).linear());
  CHECK_FALSE(Gaussian(WithBiases(relu_of_W)).linear());
  CHECK_FALSE(Gaussian(through_dense(relu_of_W)).linear());
}

TEST_CASE("a start at the prior has the mean given and scales whose covariance is the prior's in the mean, or exactly where isotropic") {
  const Vector<double> mean = normal<double>(14, 4);
  for (const auto& model : of_every_kind()) {
    INFO(model);
    const bool one_block = !model.settings().blocks.empty();
    const std::vector<double> std = one_block ? std::vector<double>{0.5} : std::vector<double>{0.5, 2};
    CHECK(model.mean(model.at_prior(mean, {.std = std})) == mean);
    CHECK(model.at_prior(mean, {.std = std, .seed = 3}) == model.at_prior(mean, {.std = std, .seed = 3}));
    // Over many seeds the mean of S S^T is diagonal: sigma^2 of the block that a row belongs to, 0 where the block is not random.
    Vector<double> expected = Vector<double>::Zero(14);
    if (one_block) (model.settings().blocks[0] == "W1" ? expected.head(6) : expected.segment(6, 8)).setConstant(0.25);
    else expected << Vector<double>::Constant(6, 0.25), Vector<double>::Constant(8, 4);
    Matrix<double> sum = Matrix<double>::Zero(14, 14);
    constexpr int draws = 4000;
    for (std::uint64_t seed = 1; seed <= draws; ++seed) {
      const Matrix<double> S = model.scale(model.at_prior(mean, {.std = std, .seed = seed}));
      sum += S * S.transpose() / draws;
    }
    for (Index i = 0; i < 14; ++i)
      for (Index j = 0; j < 14; ++j)  // an entry scatters by at most sqrt(2 / draws) sigma_i sigma_j
        CHECK(std::abs(sum(i, j) - (i == j ? expected[i] : 0)) <=
              5 * std::sqrt(2.0 / draws) * std::sqrt(expected[i] * expected[j]) + 1e-12);
    if (model.settings().rank == 0) {
      const Matrix<double> S = model.scale(model.at_prior(mean, {.std = std, .isotropic = true}));
      CHECK((S * S.transpose()).isApprox(Matrix<double>(expected.asDiagonal()), 1e-15));
    }
  }
}

TEST_CASE("samples are fixed by their seed, normal, and in pairs where mirrored") {
  const Gaussian one(deep, {.samples = 500, .seed = 1}), again(deep, {.samples = 500, .seed = 1}), other(deep, {.samples = 500, .seed = 2});
  CHECK(one.samples() == again.samples());
  CHECK(one.samples() != other.samples());
  const double count = static_cast<double>(one.samples().size());
  CHECK(std::abs(one.samples().mean()) < 5 / std::sqrt(count));
  CHECK(std::abs(one.samples().squaredNorm() / count - 1) < 5 * std::sqrt(2 / count));
  const Gaussian pairs(deep, {.samples = 6, .mirrored = true});
  for (Index k = 0; k < 6; k += 2) CHECK(pairs.samples().col(k) == -pairs.samples().col(k + 1));
  CHECK(pairs.samples().col(0) != pairs.samples().col(2));
}

TEST_CASE("Gaussians that make no sense are refused in a sentence") {
  const auto said = [](GaussianSettings settings) { return thrown([&] { Gaussian(deep, settings); }); };
  CHECK(said({.rank = -1}) == "Gaussian: the rank is -1, it needs to be at least 1, or 0 for full");
  CHECK(said({.covariance = Covariance::diagonal, .rank = 2}) == "Gaussian: a diagonal covariance has no rank, got 2");
  CHECK(said({.samples = -3}) == "Gaussian: -3 samples, there need to be at least 1, or 0 for the exact expectation");
  CHECK(said({.samples = 3, .mirrored = true}) == "Gaussian: mirrored samples come in pairs, got 3");
  CHECK(said({.mirrored = true}) == "Gaussian: mirrored samples come in pairs, got 0");
  CHECK(said({.blocks = {"W1"}}) == "Gaussian: a joint covariance is of all blocks; use Covariance::by_block to name some");
  CHECK(said({.covariance = Covariance::by_block, .blocks = {"W3"}}) ==
        "Gaussian: there is no block 'W3'; the model has W1 2 x 3, W2 4 x 2 (row-major)");
  CHECK(said({.covariance = Covariance::by_block, .blocks = {"W1", "W1"}}) == "Gaussian: the block 'W1' is named twice");

  const Gaussian model(deep, {.rank = 3});
  const Vector<double> mean = Vector<double>::Zero(14);
  const auto start = [&](const Vector<double>& mu, PriorScales scales) { return thrown([&] { model.at_prior(mu, scales); }); };
  CHECK(start(Vector<double>::Zero(13), {.std = {1}}).find("Gaussian::at_prior (the mean): theta has 13 parameters, the model has 14") ==
        0);
  CHECK(start(mean, {.std = {}}) ==
        "Gaussian::at_prior: 0 standard deviations are given, there needs to be one, or one for each of the 2 random blocks");
  CHECK(start(mean, {.std = {1, 2, 3}}) ==
        "Gaussian::at_prior: 3 standard deviations are given, there needs to be one, or one for each of the 2 random blocks");
  CHECK(start(mean, {.std = {1, -2}}) == "Gaussian::at_prior: a standard deviation is -2, it needs to be positive");
  CHECK(start(mean, {.std = {1}, .isotropic = true}) == "Gaussian::at_prior: an isotropic start needs a square S, S is 14 x 3");
  CHECK(thrown([&] { model.parameters(Vector<double>::Zero(model.parameter_count()), mean); }) ==
        "Gaussian::parameters: the noise has 14 numbers, it needs 3");
  CHECK(thrown([&] { model.mean(mean); }).find("Gaussian::mean: theta has 14 parameters, the model has 56") == 0);
  CHECK(thrown([&] { model.scale(mean); }).find("Gaussian::scale: theta has 14 parameters, the model has 56") == 0);
}

}  // namespace gaussian_model
