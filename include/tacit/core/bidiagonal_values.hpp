// SPDX-License-Identifier: MIT
#pragma once
// The singular values of an upper bidiagonal matrix by differential quotient-difference sweeps with shifts (dqds) on the squares q_i = a_i^2,
// e_i = b_i^2. A sweep with shift s <= lambda_min turns (q, e) into a pair with the eigenvalues lambda - s; as s approaches lambda_min, the last e vanishes and
// the last eigenvalue is read off. About 3 sweeps of n divisions a value. A shift that was too large shows as a negative q and is taken
// back. Where the sweeps do not converge, bisection on Sturm counts finishes, so that the routine ends on every finite input.
// Each value comes within a few units of rounding of the largest.  [Fernando & Parlett 1994; Parlett & Marques 2000; bounds: Kato 1949]

#include "scalar.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace tacit::detail {

template <Scalar S>
struct QdWorkspace {
  struct Segment {
    Index first, last;
    S shift;
  };
  Vector<S> q, e, q_next, e_next;  // one state, and the state after the next sweep
  Vector<S> least;                 // least_i = min(d_first .. d_i) of the last sweep: bounds lambda_min of the leading parts from above
  std::vector<Segment> pending;
  Index sweeps = 0;  // of the last call, failed ones included

  void reset(Index n) {
    for (auto* of_length_n : {&q, &e, &q_next, &e_next, &least}) of_length_n->resize(n);
    pending.clear();
    pending.reserve(std::size_t(n));
    sweeps = 0;
  }
};

template <Scalar S>
class QdIteration {
 public:
  /// Writes the eigenvalues of the segments that wait in ws to lambda[], each at its own index.
  static void solve(QdWorkspace<S>& ws, S* lambda, Index sweep_limit) {
    while (!ws.pending.empty()) {
      QdIteration at(ws);
      at.iterate(lambda, sweep_limit);
    }
  }

  /// Number of eigenvalues of (q, e)[first, last] below x.
  static Index count_below(const S* q, const S* e, Index first, Index last, S x) {
    S d = q[first] - x;
    Index count = 0;
    for (Index i = first; i < last; ++i) {
      S pivot = d + e[i];
      if (pivot == 0) pivot = nil;  // moves e by nil, and keeps every number below finite
      count += pivot < 0;
      d = q[i + 1] * (d / pivot) - x;
    }
    return count + (d < 0);
  }

 private:
  using Limits = std::numeric_limits<S>;
  static constexpr S tolerance = 64 * Limits::epsilon() * Limits::epsilon();
  static constexpr S nil = Limits::min() / (Limits::epsilon() * Limits::epsilon());  // beside the largest, which is about 1

  explicit QdIteration(QdWorkspace<S>& workspace) : ws(workspace) {
    const auto segment = ws.pending.back();
    ws.pending.pop_back();
    first = segment.first, last = segment.last, shift = segment.shift;
  }

  /// By how much an eigenvalue lambda + shift may be changed:  |d sigma| = |d lambda| / (2 sigma) <= eps, where the largest sigma is about 1.
  S slack() const { return 2 * Limits::epsilon() * std::sqrt(shift); }

  /// Whether e_i = 0 changes the eigenvalues by less than rounding: small beside q_i, or its part of the tridiagonal matrix
  /// (e_i on the diagonal, sqrt(e_i q) beside it) within the slack.
  bool negligible(Index i, S slack) const {
    const S e = ws.e[i];
    return e <= std::max(tolerance * ws.q[i], nil) || (e <= slack && e * std::min(ws.q[i], ws.q[i + 1]) <= slack * slack);
  }

  void iterate(S* lambda, Index sweep_limit) {
    while (first <= last) {
      const S slack = this->slack();
      if (first == last) {
        lambda[last] = shift + (ws.q[last] + tail);
        return;
      }
      if (tail > 0) {
        step();
      } else if (negligible(last - 1, slack) || ws.e[last - 1] <= tolerance * ws.q[last]) {
        lambda[last] = shift + ws.q[last];
        --last;
      } else if (ws.q[last] <= slack) {  // zero but for rounding: leaves a row too long, which the next sweep folds in
        lambda[last] = shift + ws.q[last];
        tail = ws.e[--last];
      } else if (first + 1 == last || negligible(last - 2, slack)) {
        solve_pair(lambda);
        last -= 2;
      } else if (split_seen && split()) {
        known = false;
      } else {
        if (!known && ws.q[first] * S(1.5) < ws.q[last]) flip();
        if (ws.sweeps >= sweep_limit) return bisect(lambda);
        step();
      }
    }
  }

  /// The last 2 x 2:  lambda_max = q + e + q' - lambda_min without cancellation.
  void solve_pair(S* lambda) const {
    const S q1 = std::max(ws.q[last - 1], ws.q[last]), q2 = std::min(ws.q[last - 1], ws.q[last]), e = ws.e[last - 1];
    const S half = ((q1 - q2) + e) / 2, root = std::sqrt(half * half + q2 * e);
    const S largest = q1 + (e - half) + root;
    lambda[last - 1] = shift + largest;
    lambda[last] = shift + (largest > 0 ? q2 * (q1 / largest) : S(0));
  }

  /// Keeps what follows the last negligible e and leaves the rest for later.
  bool split() {
    split_seen = false;
    const S slack = this->slack();
    for (Index i = last - 1; i >= first; --i)
      if (negligible(i, slack)) {
        ws.pending.push_back({first, i, shift});
        std::copy(ws.q.data() + first, ws.q.data() + i + 1, ws.q_next.data() + first);  // steps swap the buffers of all segments
        std::copy(ws.e.data() + first, ws.e.data() + i + 1, ws.e_next.data() + first);
        first = i + 1;
        return true;
      }
    return false;
  }

  void flip() {
    std::reverse(ws.q.data() + first, ws.q.data() + last + 1);
    std::reverse(ws.e.data() + first, ws.e.data() + last);
  }

  /// A shift just below lambda_min where the last sweep tells one, else a fraction of its upper bound.
  S choose_shift() {
    if (!known) return 0;
    const S bound = ws.least[last], before = ws.least[last - 1], d = ws.q[last] + tail;
    if (bound >= before || !(bound > 0)) {  // the smallest pivot stands elsewhere
      fraction += (1 - fraction) / 3;
      return bound > 0 ? bound * fraction : S(0);
    }
    fraction = S(0.25);
    // z = (.., -b/a, 1) solves B z = a_n e_n: Rayleigh quotient d / (1 + rest), residual d sqrt(rest) / (1 + rest), rest = |z|^2 - 1.
    S rest = 0, term = 1;
    for (Index i = last - 1; i >= first; --i) {
      term *= ws.e[i] / ws.q[i];
      rest += term;
      if (term * 64 < rest || rest > 1) break;
    }
    const S quotient = d / (1 + rest), residual_squared = quotient * quotient * rest;
    const S gap = S(0.8) * before - quotient;
    S s = d * S(0.25);
    if (rest < 1) s = std::max(s, quotient * (1 - std::sqrt(rest)));
    if (gap > 0) s = std::max(s, quotient - residual_squared / gap);
    return s;
  }

  void step() {
    S s = choose_shift();
    for (int attempt = 0;; ++attempt) {
      const Index pivots = sweep(s);
      if (pivots > last) break;
      S below = 0;
      if (pivots == last) {  // only the last pivot is negative
        const S d = ws.q_next[last];
        if (-d <= slack()) {
          ws.q_next[last] = 0;
          break;
        }
        below = (s + d) * (1 - 2 * Limits::epsilon());  // <= lambda_min, because d falls at least as fast as s grows
      }
      s = attempt >= 3 ? S(0) : std::max(below, s / 4);
    }
    ws.q.swap(ws.q_next);
    ws.e.swap(ws.e_next);
    shift += s;
    tail = 0;
    known = true;
  }

  /// One sweep. Returns the index of the first negative pivot, last + 1 where there is none; the sweep stops there.
  Index sweep(S s) {
    const S *q = ws.q.data(), *e = ws.e.data();
    S *q_next = ws.q_next.data(), *e_next = ws.e_next.data(), *least = ws.least.data();
    ++ws.sweeps;
    S d = q[first] - s, smallest = d, margin = Limits::max(), least_e = Limits::max();
    least[first] = d;
    for (Index i = first; i < last; ++i) {
      if (!(d >= 0)) return i;
      const S sum = d + e[i], ratio = q[i + 1] / sum;
      q_next[i] = sum;
      e_next[i] = e[i] * ratio;
      d = d * ratio - s;
      smallest = d < smallest ? d : smallest;
      least[i + 1] = smallest;
      const S excess = e_next[i] - tolerance * sum;
      margin = excess < margin ? excess : margin;
      least_e = e_next[i] < least_e ? e_next[i] : least_e;
    }
    if (tail > 0) {
      d += tail;
      least[last] = std::min(least[last - 1], d);
    }
    q_next[last] = d;
    split_seen = margin <= nil || least_e <= slack();
    return d >= 0 ? last + 1 : last;
  }

  void bisect(S* lambda) const {
    const S *q = ws.q.data(), *e = ws.e.data();
    S top = 0;
    for (Index i = first; i <= last; ++i) top = std::max(top, q[i] + (i < last ? e[i] : S(0)));
    for (Index k = 0; k <= last - first; ++k) {
      S low = 0, high = 4 * top;
      while (high - low > Limits::epsilon() * (high + shift) && high > tolerance * top / 64 / 64) {
        const S middle = low + (high - low) / 2;
        (count_below(q, e, first, last, middle) > k ? high : low) = middle;
      }
      lambda[first + k] = shift + high;
    }
  }

  QdWorkspace<S>& ws;
  Index first, last;
  S shift, tail = 0, fraction = S(0.25);  // tail: e of a last row that is one entry too long
  bool known = false, split_seen = true;
};

/// Singular values of the bidiagonal matrix with diagonal a[n] and superdiagonal b[n - 1], written to sigma[n] in no order. n >= 1, all finite.
/// Parts between zeros of b are scaled each on its own; within a part, values below 1e-150 of its largest (float: 1e-18) may come out as zero.
template <Scalar S>
void bidiagonal_singular_values(const S* a, const S* b, Index n, QdWorkspace<S>& ws, S* sigma, Index sweep_limit) {
  ws.reset(n);
  for (Index first = 0, last = 0; first < n; first = last + 1) {
    S largest = std::abs(a[first]);
    for (last = first; last + 1 < n && b[last] != 0; ++last) largest = std::max({largest, std::abs(b[last]), std::abs(a[last + 1])});
    if (first == last || largest == 0) {
      for (Index i = first; i <= last; ++i) sigma[i] = std::abs(a[i]);
      continue;
    }
    int exponent = 0;
    std::frexp(largest, &exponent);
    for (Index i = first; i <= last; ++i) {
      const S ai = std::ldexp(a[i], -exponent), bi = i < last ? std::ldexp(b[i], -exponent) : S(0);
      ws.q[i] = ai * ai, ws.e[i] = bi * bi;
    }
    ws.pending.push_back({first, last, S(0)});
    QdIteration<S>::solve(ws, sigma, sweep_limit);
    for (Index i = first; i <= last; ++i) sigma[i] = std::ldexp(std::sqrt(sigma[i]), exponent);
  }
}

}  // namespace tacit::detail
