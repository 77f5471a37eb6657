// SPDX-License-Identifier: MIT
#pragma once
// Stochastic gradient descent over single ratings, on all cores, with the same bytes for any number of them. For
//   1/2 sum_k (y_k - z_k)^2 + decay / 2 sum_l |W_l|^2 + bias_decay / 2 (|b|^2 + |c|^2),     z_k = mu + b_i + c_j + (W_N ... W_1)_ij,   N = 2 or 3,
// one rating of row i, column j moves what it meets, with e = y_k - z_k, a = row i of W_N, p = column j of W_1 (depth 2):
//   a += r_i s p - r_i decay / n_i a,   p += r_j s a - r_j decay / n_j p,   s = e / (1 + r_i |p|^2 + r_j |a|^2 + rates of the biases),   b_i, c_j, mu likewise:
// the step that the linearised prediction would ask of itself afterwards, which no rate makes unstable (normalised, or implicit, descent).
// Every row and column has a rate of its own for its factors and one for its bias, which falls as squared gradients add up (AdaGrad, one number a line):
//   r_i = rate / sqrt(1 + G_i),   G_i = sum of  e^2 |p|^2 / width  over the ratings of row i so far,   of a bias  sum of e^2,
// taken anew whenever a block is begun   [Duchi, Hazan & Singer 2011; Chin, Zhuang, Juan & Lin 2015b]. A quarter of the epochs that one rate for all needs.
// A round takes the B blocks (b, b + s mod B) of blocked_ratings.hpp, which share no row and no column, side by side; B rounds in a drawn order are an
// epoch [Gemulla, Nijkamp, Haas & Sismanis 2011]. What all share (mu; W_2) each block of a round moves in a copy of its own; the round ends with their mean.
// `deterministic = false`: a thread takes any block whose ranges are free and never waits for a round to end [Chin, Zhuang, Juan & Lin 2015]; the order,
// and so the digits, then depend on the moment.
// Cost of an epoch: 14 m r flops at depth 2, 10 m r^2 at depth 3.

#include <condition_variable>
#include <cstring>
#include <numeric>

#include "../core/random.hpp"
#include "../core/simd.hpp"
#include "../model/deep_matrix.hpp"
#include "../model/with_biases.hpp"
#include "../sweep/pool.hpp"
#include "blocked_ratings.hpp"

namespace tacit {

struct BlockSgdSettings {
  double decay = 0, bias_decay = 0;
  bool weighted = false;      ///< each rating of a row brings the same share of its decay: rows of many ratings shrink more than others
  std::uint64_t seed = 1;     ///< of the order of the rounds
  int threads = 0;            ///< 0: all cores
  bool deterministic = true;  ///< false: faster on many cores, and never twice the same
};

namespace detail {

/// sum of the numbers in a pack, in pairs: additions one after another would wait for each other.
inline double sum_of(Pack<double> x) {
  double lane[lanes<double>];
  std::memcpy(lane, &x, sizeof x);
  for (Index half = lanes<double> / 2; half > 0; half /= 2)
    for (Index p = 0; p < half; ++p) lane[p] += lane[p + half];
  return lane[0];
}
/// <x, v>,  |x|^2  and  |v|^2  in one pass.
struct PairSums {
  double dot = 0, of_x = 0, of_v = 0;
};
inline PairSums pair_sums(const double* x, const double* v, Index r) {
  constexpr Index L = lanes<double>;
  Pack<double> dot{}, of_x{}, of_v{};
  Index q = 0;
  for (; q + L <= r; q += L) {
    const Pack<double> a = *reinterpret_cast<const UnalignedPack<double>*>(x + q),
                       b = *reinterpret_cast<const UnalignedPack<double>*>(v + q);
    dot += a * b;
    of_x += a * a;
    of_v += b * b;
  }
  PairSums sums;
  if (q > 0) sums = {sum_of(dot), sum_of(of_x), sum_of(of_v)};
  for (; q < r; ++q) sums.dot += x[q] * v[q], sums.of_x += x[q] * x[q], sums.of_v += v[q] * v[q];
  return sums;
}
/// x <- keep x + s v
inline void shrink_and_add(double* x, double keep, double s, const double* v, Index r) {
  constexpr Index L = lanes<double>;
  Index q = 0;
  for (; q + L <= r; q += L) {
    UnalignedPack<double>* at = reinterpret_cast<UnalignedPack<double>*>(x + q);  // auto* would forget that it is unaligned
    *at = keep * *at + s * *reinterpret_cast<const UnalignedPack<double>*>(v + q);
  }
  for (; q < r; ++q) x[q] = keep * x[q] + s * v[q];
}
/// x <- keep_x x + s v,  v <- keep_v v + t x, both from the old ones.
inline void move_pair(double* x, double keep_x, double s, double* v, double keep_v, double t, Index r) {
  constexpr Index L = lanes<double>;
  Index q = 0;
  for (; q + L <= r; q += L) {
    UnalignedPack<double>*at_x = reinterpret_cast<UnalignedPack<double>*>(x + q), *at_v = reinterpret_cast<UnalignedPack<double>*>(v + q);
    const Pack<double> a = *at_x, b = *at_v;
    *at_x = keep_x * a + s * b;
    *at_v = keep_v * b + t * a;
  }
  for (; q < r; ++q) {
    const double a = x[q], b = v[q];
    x[q] = keep_x * a + s * b;
    v[q] = keep_v * b + t * a;
  }
}

/// u = M p and v = M^T a for a column-major M of ra x rp, which is read once.
inline void both_products(const double* M, Index ra, Index rp, const double* a, const double* p, double* u, double* v) {
  constexpr Index L = lanes<double>;
  std::fill(u, u + ra, 0.0);
  for (Index c = 0; c < rp; ++c, M += ra) {
    const double weight = p[c];
    Pack<double> dot{};
    Index q = 0;
    for (; q + L <= ra; q += L) {
      const Pack<double> m = *reinterpret_cast<const UnalignedPack<double>*>(M + q);
      UnalignedPack<double>* at = reinterpret_cast<UnalignedPack<double>*>(u + q);
      *at = *at + weight * m;
      dot += m * *reinterpret_cast<const UnalignedPack<double>*>(a + q);
    }
    v[c] = q > 0 ? sum_of(dot) : 0;
    for (; q < ra; ++q) u[q] += weight * M[q], v[c] += M[q] * a[q];
  }
}

}  // namespace detail

class BlockSgd {
 public:
  using Model = WithBiases<DeepMatrix<double>>;

  /// Keeps references to the model and the ratings.
  BlockSgd(const Model& model, const BlockedRatings& ratings, const BlockSgdSettings& settings)
      : model_(model), ratings_(ratings), settings_(settings), order_(settings.seed, "rounds"), side_(ratings.side()) {
    const Index depth = model.factors().depth();
    require(depth == 2 || depth == 3, "BlockSgd: the model has depth ", depth, ", descent rating by rating goes through 2 or 3 factors");
    require(ratings.shape() == model.shape(), "BlockSgd: the ratings are of a ", ratings.shape(), " matrix, the model is ", model.shape());
    for (const auto& [name, value] : {std::pair("decay", settings.decay), std::pair("bias_decay", settings.bias_decay)})
      require(std::isfinite(value) && value >= 0, "BlockSgd: .", name, " is ", value, ", it needs to be finite and not negative");
    copies_.resize(static_cast<std::size_t>(side_));
    for (Copy& copy : copies_) {
      copy.shared.resize(1 + (depth == 3 ? model.layout()[middle].count : 0));
      copy.u.resize(model.factors().width(depth - 1));
      copy.v.resize(model.factors().width(1));
    }
    rows_.resize(static_cast<std::size_t>(model.shape()[0]));
    cols_.resize(static_cast<std::size_t>(model.shape()[1]));
    rounds_.resize(static_cast<std::size_t>(side_));
    std::iota(rounds_.begin(), rounds_.end(), Index(0));
  }

  /// One pass over all ratings at this rate, divided as squared gradients of this and earlier epochs say; the mean of the squared errors that it met.
  double epoch(Vector<double>& theta, double rate) {
    model_.layout().require_size(theta.size(), "BlockSgd::epoch");
    for (Copy& copy : copies_) copy.errors = 0;
    if (settings_.deterministic) in_rounds(theta, rate);
    else as_they_are_free(theta, rate);
    double squares = 0;
    for (const Copy& copy : copies_) squares += copy.errors;
    return squares / static_cast<double>(ratings_.count());
  }

 private:
  static constexpr Index middle = 4;  // W_2's place in the layout of depth 3: after mu, b, c and W_1

  /// What a block works with: its own copy of mu and W_2, and room for W_2 p and W_2^T a.
  struct Copy {
    Vector<double> shared, u, v;
    double errors = 0;                     ///< squared, of this epoch
    double squares = 0, bias_squares = 0;  ///< of the gradients of W_2 and mu
    char apart[64] = {};                   // so that neighbours' sums are not in one line of the cache
  };

  /// Rates of a row or column, what a rating leaves of its factors and bias, and the squared gradients that they have met.
  struct Line {
    double rate = 0, keep = 1, bias_rate = 0, bias_keep = 1, squares = 0, bias_squares = 0;
  };
  void set_rates(std::vector<Line>& lines, const Vector<double>& counts, const std::vector<Index>& first, Index range, double rate) const {
    const double usual = counts.mean();
    for (Index i = first[static_cast<std::size_t>(range)]; i < first[static_cast<std::size_t>(range) + 1]; ++i) {
      Line& line = lines[static_cast<std::size_t>(i)];
      const double count = std::max(counts[i], 1.0);
      line.rate = rate / std::sqrt(1 + line.squares);
      line.bias_rate = rate / std::sqrt(1 + line.bias_squares);
      line.keep = 1 / (1 + line.rate * settings_.decay / (settings_.weighted ? usual : count));
      line.bias_keep = 1 / (1 + line.bias_rate * settings_.bias_decay / count);
    }
  }

  void in_rounds(Vector<double>& theta, double rate) {
    order_.shuffle(rounds_);
    for (const Index s : rounds_) {
      for (Copy& copy : copies_) take_shared(theta, copy.shared);
      detail::on_threads(side_, static_cast<unsigned>(settings_.threads),
                         [&](Index b) { pass(theta, rate, b, (b + s) % side_, copies_[static_cast<std::size_t>(b)]); });
      for (std::size_t b = 1; b < copies_.size(); ++b) copies_[0].shared += copies_[b].shared;
      copies_[0].shared /= static_cast<double>(side_);
      give_shared(copies_[0].shared, theta);
    }
  }
  void as_they_are_free(Vector<double>& theta, double rate) {
    std::vector<char> done(static_cast<std::size_t>(side_ * side_), 0), row_taken(static_cast<std::size_t>(side_), 0),
        col_taken = row_taken;
    std::mutex guard;
    std::condition_variable freed;
    Index left = side_ * side_;
    const Index threads =
        std::min<Index>(side_, settings_.threads > 0 ? settings_.threads : std::max(1u, std::thread::hardware_concurrency()));
    detail::on_threads(threads, static_cast<unsigned>(threads), [&](Index t) {
      Copy& copy = copies_[static_cast<std::size_t>(t)];
      std::unique_lock lock(guard);
      Index from = t * side_ * side_ / threads;
      while (left > 0) {
        Index found = -1;
        for (Index k = 0; k < side_ * side_ && found < 0; ++k) {
          const Index b = (from + k) % (side_ * side_);
          if (!done[static_cast<std::size_t>(b)] && !row_taken[static_cast<std::size_t>(b / side_)] &&
              !col_taken[static_cast<std::size_t>(b % side_)])
            found = b;
        }
        if (found < 0) {
          freed.wait(lock);
          continue;
        }
        const auto row = static_cast<std::size_t>(found / side_), col = static_cast<std::size_t>(found % side_);
        done[static_cast<std::size_t>(found)] = row_taken[row] = col_taken[col] = 1;
        --left;
        take_shared(theta, copy.shared);
        lock.unlock();
        pass(theta, rate, found / side_, found % side_, copy);
        lock.lock();
        row_taken[row] = col_taken[col] = 0;
        merge_shared(copy.shared, 1.0 / static_cast<double>(threads), theta);
        freed.notify_all();
        from = found + side_ + 1;
      }
    });
  }

  // mu and W_2, which lie apart in theta.
  void take_shared(const Vector<double>& theta, Vector<double>& shared) const {
    shared[0] = theta[0];
    if (shared.size() > 1) shared.tail(shared.size() - 1) = model_.layout().flat(theta, middle);
  }
  void give_shared(const Vector<double>& shared, Vector<double>& theta) const { merge_shared(shared, 1, theta); }
  void merge_shared(const Vector<double>& shared, double weight, Vector<double>& theta) const {
    theta[0] += weight * (shared[0] - theta[0]);
    if (shared.size() > 1) {
      auto W2 = model_.layout().flat(theta, middle);
      W2 += weight * (shared.tail(shared.size() - 1) - W2);
    }
  }

  void pass(Vector<double>& theta, double rate, Index row_range, Index col_range, Copy& copy) {
    const Layout& layout = model_.layout();
    const bool deep = layout.size() == 6;
    double *b = theta.data() + layout[1].offset, *c = theta.data() + layout[2].offset;
    double *A = theta.data() + layout[layout.size() - 1].offset, *P = theta.data() + layout[3].offset;
    const Index ra = copy.u.size(), rp = copy.v.size();
    double *M = copy.shared.data() + 1, *u = copy.u.data(), *v = copy.v.data();
    set_rates(rows_, ratings_.row_counts(), ratings_.row_range(), row_range, rate);
    set_rates(cols_, ratings_.col_counts(), ratings_.col_range(), col_range, rate);
    const double rate_m = rate / std::sqrt(1 + copy.squares), rate_mu = rate / std::sqrt(1 + copy.bias_squares);
    const double keep_m = 1 / (1 + rate_m * settings_.decay / static_cast<double>(ratings_.count()));
    const double per_a = 1 / static_cast<double>(ra), per_p = 1 / static_cast<double>(rp);
    double mu = copy.shared[0], total = 0;
    for (const BlockedRatings::Rating& rating : ratings_.block(row_range, col_range)) {
      const Index i = rating.row, j = rating.col;
      double *a = A + i * ra, *p = P + j * rp;
      Line &row = rows_[static_cast<std::size_t>(i)], &col = cols_[static_cast<std::size_t>(j)];
      double e = rating.y - mu - b[i] - c[j], s;
      const double of_biases = 1 + rate_mu + row.bias_rate + col.bias_rate;
      if (!deep) {
        const auto [dot, of_a, of_p] = detail::pair_sums(a, p, ra);
        e -= dot;
        s = e / (of_biases + row.rate * of_p + col.rate * of_a);
        detail::move_pair(a, row.keep, row.rate * s, p, col.keep, col.rate * s, ra);
        row.squares += e * e * of_p * per_a, col.squares += e * e * of_a * per_p;
      } else {
        detail::both_products(M, ra, rp, a, p, u, v);
        const auto [dot, of_a, of_u] = detail::pair_sums(a, u, ra);
        const auto [unused, of_p, of_v] = detail::pair_sums(p, v, rp);
        e -= dot;
        s = e / (of_biases + row.rate * of_u + col.rate * of_v + rate_m * of_a * of_p);
        for (Index q = 0; q < rp; ++q) detail::shrink_and_add(M + q * ra, keep_m, rate_m * s * p[q], a, ra);
        detail::shrink_and_add(a, row.keep, row.rate * s, u, ra);
        detail::shrink_and_add(p, col.keep, col.rate * s, v, rp);
        row.squares += e * e * of_u * per_a, col.squares += e * e * of_v * per_p;
        copy.squares += e * e * of_a * of_p * per_a * per_p;
      }
      mu += rate_mu * s;
      b[i] = row.bias_keep * b[i] + row.bias_rate * s;
      c[j] = col.bias_keep * c[j] + col.bias_rate * s;
      row.bias_squares += e * e, col.bias_squares += e * e;
      total += e * e;
    }
    copy.shared[0] = mu;
    copy.bias_squares += total;
    copy.errors += total;
  }

  const Model& model_;
  const BlockedRatings& ratings_;
  BlockSgdSettings settings_;
  Random order_;
  Index side_;
  std::vector<Index> rounds_;
  std::vector<Line> rows_, cols_;
  std::vector<Copy> copies_;
};

}  // namespace tacit
