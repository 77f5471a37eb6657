// SPDX-License-Identifier: MIT
#pragma once
// Intervals of slices that were not there when a tensor was fitted (fit/new_slices.hpp), for every mode: whole slices are held out, the chosen settings are fitted to
// what is left, and the slices folded in from none, a thirtieth, an eighth and a half of their entries; errors are those of their other entries. With the half-widths by
// place of local_widths.hpp, and t the typical line of mode n,
//   s^2 = alpha sum_{k != n} t_k prod_{m != n} lines_m(i_m, k)  +  beta t_n prod_{m != n} lines_m(i_m, n) / (1 + I / nu),
// I the information in the known entries, where alpha, beta and nu minimise  mean(log s + sqrt(2) |e| / s), every slice weighing the same. The half-width is q s: q such
// that the share of |e| / s below it is the coverage, on average over the S slices that were held out and one more, which is taken to be like the worst of them.
// Slices are held out in groups of a tenth of their mode, at most six groups a mode: all of them up to sixty slices. Cost: d to 6 d fits without a search, on all threads,
// the first group of every mode in any case, the others within `seconds`.
// Source: Dunn, Wasserman & Ramdas 2023 (conformal prediction where entries come in groups; they put the one more at infinity, so that S < 9 slices would promise nothing
// at 90 %).

#include <chrono>
#include <map>

#include "../fit/new_slices.hpp"
#include "../fit/tensor_fit.hpp"
#include "../model/half_widths.hpp"
#include "../observation/split.hpp"
#include "../sweep/pool.hpp"
#include "coordinate_search.hpp"

namespace tacit::detail {

/// Errors in slices of one mode that were held out.
struct NewSliceErrors {
  TensorEntryList at;
  std::vector<double> error = {}, information = {};
  std::vector<std::int32_t> slice = {};

  explicit NewSliceErrors(Shape shape) : at(std::move(shape)) {}
  void add(const NewSliceErrors& others) {
    for (std::size_t k = 0; k < others.error.size(); ++k) at.append(others.at, static_cast<Index>(k));
    error.insert(error.end(), others.error.begin(), others.error.end());
    information.insert(information.end(), others.information.begin(), others.information.end());
    slice.insert(slice.end(), others.slice.begin(), others.slice.end());
  }
};

/// These slices of a mode, folded into the fit of all others from several shares of their entries; at most 300 errors of each.
inline NewSliceErrors folded_errors(const Data<double, TensorEntries>& data, Index mode, const std::vector<Index>& slices,
                                    const TensorFit& others, double ridge, const HalfWidths& widths, std::uint64_t seed) {
  const std::vector<double> shares = {0, 1.0 / 30, 0.125, 0.5};
  const Shape& shape = data.where.shape();
  Random random(seed, "new slices held out");
  std::vector<std::vector<Index>> entries(slices.size());
  std::vector<Index> place(static_cast<std::size_t>(shape[mode]), -1);
  for (std::size_t s = 0; s < slices.size(); ++s) place[static_cast<std::size_t>(slices[s])] = static_cast<Index>(s);
  for (Index k = 0; k < data.count(); ++k)
    if (const Index s = place[static_cast<std::size_t>(data.where.mode(mode)[k])]; s >= 0)
      entries[static_cast<std::size_t>(s)].push_back(k);

  // Every slice once for each share, one after the other.
  std::vector<Index> sizes = shape.sizes();
  sizes[static_cast<std::size_t>(mode)] = static_cast<Index>(slices.size() * shares.size());
  struct Fold {
    std::size_t slice;
    std::vector<Index> known, hidden;
  };
  std::vector<Fold> folds;
  std::vector<TensorEntries::Indices> index(sizes.size());
  std::vector<double> y;
  for (std::size_t s = 0; s < slices.size(); ++s)
    for (const double share : shares) {
      random.shuffle(entries[s]);
      const auto known = entries[s].begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(entries[s].size()));
      for (auto k = entries[s].begin(); k != known; ++k) {
        for (Index n = 0; n < shape.order(); ++n)
          index[static_cast<std::size_t>(n)].push_back(n == mode ? static_cast<std::int32_t>(folds.size()) : data.where.mode(n)[*k]);
        y.push_back(data.y[*k]);
      }
      folds.push_back({s, {entries[s].begin(), known}, {known, known + std::min<std::ptrdiff_t>(entries[s].end() - known, 300)}});
    }
  NewSliceErrors errors{shape};
  if (y.empty()) return errors;
  const Tensor<double> z =
      NewSlices(*others.model, others.theta, others.centre.with_positive_scale(), mode, ridge)
          .predicted(observed<double>(Shape(sizes), std::move(index),
                                      Vector<double>(Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())))));
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const auto index_of = [&](Index k) { return [&data, k](Index n) { return Index(data.where.mode(n)[k]); }; };
    double information = 0;
    for (const Index k : folds[f].known) information += widths.told_by(mode, index_of(k));
    for (const Index k : folds[f].hidden) {
      Index offset = 0;
      for (Index n = shape.order(); n-- > 0;)
        offset = offset * sizes[static_cast<std::size_t>(n)] + (n == mode ? static_cast<Index>(f) : index_of(k)(n));
      errors.at.append(data.where, k);
      errors.error.push_back(std::abs(data.y[k] - z.values[offset]));
      errors.information.push_back(information);
      errors.slice.push_back(static_cast<std::int32_t>(slices[folds[f].slice]));
    }
  }
  return errors;
}

/// The smallest q of which the scores below make up the coverage, on average over the slices and one more like the worst of them.
inline double quantile_of_slices(const std::vector<double>& scores, const std::vector<std::int32_t>& slice, double coverage) {
  std::map<std::int32_t, std::vector<double>> of;
  for (std::size_t k = 0; k < scores.size(); ++k) of[slice[k]].push_back(scores[k]);
  const auto count = static_cast<double>(of.size()) + 1;
  std::vector<std::pair<double, double>> weighted;  // score and weight
  const std::vector<double>* worst = nullptr;
  double largest = -1;
  for (auto& [line, own] : of) {
    std::sort(own.begin(), own.end());
    const double here = own[static_cast<std::size_t>(coverage * static_cast<double>(own.size() - 1))];
    if (here > largest) largest = here, worst = &own;
  }
  for (const auto& [line, own] : of)
    for (const double score : own) weighted.emplace_back(score, (&own == worst ? 2 : 1) / (count * static_cast<double>(own.size())));
  std::sort(weighted.begin(), weighted.end());
  double sum = 0;
  for (const auto& [score, weight] : weighted)
    if ((sum += weight) >= coverage) return score;
  return weighted.back().first;
}

/// The typical line and the halving of one mode, fitted to these errors.
inline void calibrate_new_lines(HalfWidths& widths, Index mode, const NewSliceErrors& errors) {
  HalfWidths::NewLines& fresh = widths.fresh[static_cast<std::size_t>(mode)];
  const std::size_t count = errors.error.size();
  std::vector<double> known(count), unknown(count);  // s^2 at alpha = 1, and what is not known of the line at beta = 1
  double all = 0, smallest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < count; ++k) {
    const auto index_of = [&](Index n) { return Index(errors.at.mode(n)[k]); };
    known[k] = std::pow(widths.at_new(mode, 0, index_of), 2);
    unknown[k] = std::pow(widths.at_new(mode, 1, index_of), 2) - known[k];
    if (!std::isfinite(known[k]) || !std::isfinite(unknown[k])) return;
    all += known[k] + unknown[k];
    if (known[k] > 0) smallest = std::min(smallest, known[k]);
  }
  if (!(all > 0)) return;
  std::map<std::int32_t, double> weight;
  for (const std::int32_t s : errors.slice) ++weight[s];
  for (auto& [line, w] : weight) w = 1 / w;
  const double usual = std::max(fresh.halving, 1e-6), least = std::isfinite(smallest) ? 1e-12 * smallest : 1e-300;
  const auto spread = [&](std::size_t k, const std::vector<double>& x) {
    return std::sqrt(std::max(
        std::exp2(x[0]) * known[k] + std::exp2(x[1]) * unknown[k] / (1 + errors.information[k] / (usual * std::exp2(x[2]))), least));
  };
  std::vector<double> x = {0, 0, 0};
  coordinate_search(
      [&](const std::vector<double>& at) {
        double sum = 0;
        for (std::size_t k = 0; k < count; ++k) {
          const double s = spread(k, at);
          sum += weight[errors.slice[k]] * (std::log(s) + 1.4142 * errors.error[k] / s);
        }
        return sum;
      },
      x, {10, 10, 10});
  std::vector<double> scores(count);
  for (std::size_t k = 0; k < count; ++k) scores[k] = errors.error[k] / spread(k, x);
  const double q2 = std::pow(quantile_of_slices(scores, errors.slice, widths.coverage), 2);
  for (Index k = 0; k < fresh.typical.size(); ++k) fresh.typical[k] *= q2 * std::exp2(x[k == mode + 1 ? 1 : 0]);
  fresh.halving = usual * std::exp2(x[2]);
}

/// Calibrates `widths` for new slices of every mode that has two slices or more. `anew(train)`: the chosen settings fitted to other entries, a TensorFit;  ridges: of
/// each mode, as new slices will be folded in.
template <class Anew>
void calibrate_new_slices(const Data<double, TensorEntries>& data, const Anew& anew, const std::vector<double>& ridges, std::uint64_t seed,
                          int threads, double seconds, HalfWidths& widths) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const Shape& shape = data.where.shape();
  struct Job {
    Index mode;
    std::vector<Index> slices;
  };
  std::vector<Job> jobs;
  std::size_t first = 0;
  std::vector<std::vector<std::int32_t>> lines;
  for (Index n = 0; n < shape.order(); ++n) lines.push_back(shuffled(shape[n], seed + static_cast<std::uint64_t>(n)));
  for (Index group = 0; group < 6; ++group) {
    for (Index n = 0; n < shape.order(); ++n) {
      const Index size = (shape[n] + 9) / 10, begin = group * size, end = std::min(begin + size, shape[n]);
      const auto& of = lines[static_cast<std::size_t>(n)];
      if (shape[n] > 1 && begin < end) jobs.push_back({n, std::vector<Index>(of.begin() + begin, of.begin() + end)});
    }
    if (group == 0) first = jobs.size();
  }
  std::vector<NewSliceErrors> found(jobs.size(), NewSliceErrors(shape));
  on_threads(static_cast<Index>(jobs.size()), data.count() > 3'000'000 ? 1u : static_cast<unsigned>(threads), [&](Index job) {
    const auto j = static_cast<std::size_t>(job);
    if (j >= first && std::chrono::duration<double>(Clock::now() - started).count() > seconds) return;
    const auto& [mode, slices] = jobs[j];
    std::vector<bool> out(static_cast<std::size_t>(shape[mode]), false), held(static_cast<std::size_t>(data.count()));
    for (const Index i : slices) out[static_cast<std::size_t>(i)] = true;
    for (std::size_t k = 0; k < held.size(); ++k) held[k] = out[static_cast<std::size_t>(data.where.mode(mode)[static_cast<Index>(k)])];
    const auto count = std::count(held.begin(), held.end(), true);
    if (count == 0 || count == data.count()) return;
    const TensorFit fit = anew(part_of("new slices", data, held, false, "train"));
    found[j] = folded_errors(data, mode, slices, fit, ridges[static_cast<std::size_t>(mode)], widths, seed + j);
  });
  for (Index n = 0; n < shape.order(); ++n) {
    NewSliceErrors errors{shape};
    for (std::size_t j = 0; j < jobs.size(); ++j)
      if (jobs[j].mode == n) errors.add(found[j]);
    if (!errors.error.empty()) calibrate_new_lines(widths, n, errors);
  }
}

}  // namespace tacit::detail
