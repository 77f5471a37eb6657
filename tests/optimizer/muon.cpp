// SPDX-License-Identifier: MIT
#include <tacit/optimizer/muon.hpp>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;
using Catch::Matchers::WithinRel;

namespace {

/// The direction after these gradients, one after another.
Matrix<double> muon_after(const Muon& muon, const std::vector<Matrix<double>>& gradients) {
  const Index rows = gradients[0].rows(), cols = gradients[0].cols();
  auto state = muon.start<double>(one_block(rows, cols));
  Step<double> step(rows * cols);
  step.theta = Vector<double>::Constant(rows * cols, 2);
  for (const Matrix<double>& G : gradients) {
    step.begin();
    step.gradient = flat(G);
    muon.apply(step, state);
  }
  return step.own().reshaped(rows, cols);
}

}  // namespace

TEST_CASE("Muon commutes with orthogonal changes of both sides, and as eps falls forgets the loss's scale: gradient descent does not") {
  const Matrix<double> Q = orthogonal(5, 1), R = orthogonal(7, 2);
  std::vector<Matrix<double>> plain, changed, scaled;
  for (std::uint64_t t = 0; t < 4; ++t) {
    plain.push_back(gaussian(5, 7, 10 + t));
    changed.push_back(Q * plain.back() * R);
    scaled.push_back(1e6 * plain.back());
  }
  const Matrix<double> U = muon_after({}, plain);
  CHECK((muon_after({}, changed) - Q * U * R).norm() < 1e-11);
  CHECK((muon_after({.eps = 1e-14}, scaled) - muon_after({.eps = 1e-14}, plain)).norm() < 1e-10);
  CHECK((scaled.back() - plain.back()).norm() > 1);
}

TEST_CASE("the sum form of the momentum and the EMA form have one direction") {
  std::vector<Matrix<double>> gradients;
  for (std::uint64_t t = 0; t < 5; ++t) gradients.push_back(gaussian(6, 4, 20 + t));
  for (const bool nesterov : {true, false}) {
    const Matrix<double> ema = muon_after({.nesterov = nesterov, .eps = 0}, gradients);
    CHECK((muon_after({.nesterov = nesterov, .momentum = MuonMomentum::sum, .eps = 0}, gradients) - ema).norm() < 1e-11);
  }
  CHECK((muon_after({.nesterov = false}, gradients) - muon_after({}, gradients)).norm() > 0.01);
}

TEST_CASE("the scales are those of the block as it is meant, whatever its storage") {
  const auto with = [](Index rows, Index cols, StorageOrder order, MuonScale scale) {
    Matrix<double> G = gaussian(rows, cols, 30);
    const Vector<double> g = order == StorageOrder::column_major ? flat(G) : flat(G.transpose());
    const Vector<double> u = direction(Muon{.scale = scale}, one_block(rows, cols, order), g, Vector<double>::Zero(g.size()));
    return u.norm();
  };
  for (const StorageOrder order : {StorageOrder::column_major, StorageOrder::row_major}) {
    // The norms of the same singular values in other scales.
    const double wide = with(4, 9, order, MuonScale::jordan), tall = with(9, 4, order, MuonScale::jordan);
    CHECK_THAT(with(4, 9, order, MuonScale::match_rms_adamw), WithinRel(0.2 * 3 * wide, 1e-12));
    CHECK_THAT(with(9, 4, order, MuonScale::match_rms_adamw), WithinRel(0.2 * 3 * tall / 1.5, 1e-12));
    CHECK(tall > 1.2 * wide);
  }
}

TEST_CASE("eps is added to the norm, or is its floor; the decay does not meet the scale; a zero block stays") {
  const Matrix<double> G = gaussian(3, 3, 40);
  const double norm = (0.05 + 0.95 * 0.05) * G.norm();
  CHECK((muon_after({.eps = 1e-9, .eps_as = MuonEps::floor}, {G}) - muon_after({.eps = 0}, {G})).norm() == 0);
  CHECK((muon_after({.eps = norm, .eps_as = MuonEps::added}, {G}) - muon_after({.eps = 2 * norm, .eps_as = MuonEps::floor}, {G})).norm() <
        1e-12);
  const Matrix<double> decay =
      muon_after({.scale = MuonScale::match_rms_adamw, .weight_decay = 0.25}, {G}) - muon_after({.scale = MuonScale::match_rms_adamw}, {G});
  CHECK((decay - Matrix<double>::Constant(3, 3, 0.5)).norm() < 1e-14);
  for (const MuonEps how : {MuonEps::added, MuonEps::floor})
    for (const double eps : {1e-7, 0.0}) CHECK(muon_after({.eps = eps, .eps_as = how}, {Matrix<double>::Zero(3, 4)}).norm() == 0);
}

TEST_CASE("Muon's hyper-parameters are checked, each named with its value") {
  const Layout layout = one_block(2, 2);
  CHECK(thrown([&] { Muon{.mu = 1}.start<double>(layout); }) == "Muon: .mu is 1, it needs to be in [0, 1)");
  CHECK(thrown([&] { Muon{.eps = -1}.start<double>(layout); }) == "Muon: .eps is -1, it needs to be at least 0");
  CHECK(thrown([&] { Muon{.weight_decay = -2}.start<double>(layout); }) == "Muon: .weight_decay is -2, it needs to be at least 0");
}
