// SPDX-License-Identifier: MIT
#pragma once
// 10^7 ratings of 70,000 users and 10,000 items: seconds of an epoch of descent on all cores, on a tenth of them for the price of a rating; seconds and epochs to a given
// error on a tenth that is held out; and seconds and peak memory of reading them from a file. Each in a process of its own. Wall time, of epochs and readings the best of
// three: all cores are what is measured.

#include <tacit/data/low_rank.hpp>
#include <tacit/data/triplets.hpp>
#include <tacit/observation/split.hpp>
#include <tacit/solver/block_sgd.hpp>

#include <filesystem>
#include <fstream>
#include <optional>

#include "large.hpp"
#include "measure.hpp"

namespace bench {

struct EpochFigures {
  double seconds = 0, tenth_seconds = 0;
};
inline EpochFigures ratings_epoch() {
  using namespace tacit;
  const auto best_of_three = [](Index ratings) {
    const BlockedRatings blocks(
        low_rank_entries({.rows = 70'000, .cols = 10'000, .rank = 5, .observed = ratings, .seed = 1, .noise_std = 0.5}).seen);
    const BlockSgd::Model model(DeepMatrix<double>({10'000, 32, 70'000}));
    Vector<double> theta = model.start(model.factors().near_zero({.product_scale = 0.1, .seed = 1}));
    BlockSgd sgd(model, blocks, {.decay = 5, .bias_decay = 2});
    double least = 1e9;
    for (int k = 0; k < 3; ++k) {
      const double start = wall_seconds();
      sgd.epoch(theta, 0.1);
      least = std::min(least, wall_seconds() - start);
    }
    return least;
  };
  return {best_of_three(10'000'000), best_of_three(1'000'000)};
}

struct TimeToError {
  double seconds = 0, epochs = 0;  ///< zero: not reached
};
/// Descent from its usual start, with the decays and the rate that a search begins with, until the error on held-out ratings is below 1.1 times the noise: the truth would
/// have the noise itself, a fit of its 400,000 parameters to 9 x 10^6 ratings 1.02 times. Building the blocks counts, testing does not.
inline TimeToError ratings_to_error() {
  using namespace tacit;
  const double noise = 0.5;
  const auto [train, test] = hold_out_entries(
      low_rank_entries({.rows = 70'000, .cols = 10'000, .rank = 5, .observed = 10'000'000, .seed = 1, .noise_std = noise}).seen,
      {.test = 0.1, .seed = 2});
  TimeToError found;
  const auto timed = [&](auto&& work) {
    const double start = wall_seconds();
    work();
    found.seconds += wall_seconds() - start;
  };
  std::optional<BlockedRatings> blocks;
  timed([&] { blocks.emplace(train); });
  const BlockSgd::Model model(DeepMatrix<double>({10'000, 8, 70'000}));
  Vector<double> theta = model.start(model.factors().near_zero({.product_scale = 0.1, .seed = 1}));
  const auto m = static_cast<double>(train.count());
  BlockSgd sgd(model, *blocks, {.decay = 0.4 * (std::sqrt(m / 70'000) + std::sqrt(m / 10'000)), .bias_decay = 2});
  auto workspace = model.workspace(test.where);
  Vector<double> z(test.count());
  while (++found.epochs <= 40) {
    timed([&] { sgd.epoch(theta, 0.3); });
    model.evaluate(theta, test.where, workspace, z);
    if (std::sqrt((z - test.y).squaredNorm() / static_cast<double>(test.count())) < 1.1 * noise) return found;
  }
  return {};
}

struct ReadingFigures {
  double seconds = 0, peak = 0, kept = 0;
};
inline std::string ratings_file() { return (std::filesystem::temp_directory_path() / "tacit-bench-ratings.tsv").string(); }
/// As MovieLens writes them: user, item, rating, time; in drawn order.
inline ReadingFigures write_ratings() {
  tacit::Random random(1, "ratings");
  std::string text;
  for (std::uint64_t k = 0; k < 10'000'000; ++k) {
    const std::uint64_t cell = k * 69'999'977 % 700'000'000;  // a prime step: no pair twice, and no order
    text += std::to_string(cell / 10'000 + 1) + '\t' + std::to_string(cell % 10'000 + 1) + '\t' + std::to_string(1 + random.below(5)) +
            '\t' + std::to_string(880'000'000 + k) + '\n';
  }
  std::ofstream out(ratings_file(), std::ios::binary);
  out << text;
  return {out.flush() ? 1.0 : 0.0, 0, 0};
}
inline ReadingFigures read_ratings() {
  ReadingFigures found;
  found.seconds = 1e9;
  for (int k = 0; k < 3; ++k) {
    const double start = wall_seconds();
    const auto file = tacit::read_triplets(ratings_file());
    found.seconds = std::min(found.seconds, wall_seconds() - start);
    const tacit::Entries& where = file.data.where;
    found.kept = 24.0 * static_cast<double>(where.count()) + 8.0 * static_cast<double>(where.rows() + where.cols());
    if (k == 0) found.peak = peak_bytes();
  }
  return found;
}

}  // namespace bench
