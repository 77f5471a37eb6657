// SPDX-License-Identifier: MIT
#pragma once
// A reference for random tests of models that shares no code with them: numbers in extended precision that carry their derivatives along two directions and,
// beside each, the size of what has been added up to it, in which rounding errors are measured. From W in such numbers come the values of all four verbs under
// every observation, by sums over entries.

#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include <tacit/observation/tensor_entries.hpp>

#include "laws.hpp"

namespace laws::reference {

using Real = long double;

/// x(s, t) at 0:  x, dx/ds, dx/dt, d2x/ds dt.
struct Jet {
  Real x = 0, s = 0, t = 0, st = 0;
  friend Jet operator+(const Jet& a, const Jet& b) { return {a.x + b.x, a.s + b.s, a.t + b.t, a.st + b.st}; }
  friend Jet operator*(const Jet& a, const Jet& b) {
    return {a.x * b.x, a.s * b.x + a.x * b.s, a.t * b.x + a.x * b.t, a.st * b.x + a.s * b.t + a.t * b.s + a.x * b.st};
  }
  Real largest() const { return std::max(std::max(std::abs(x), std::abs(s)), std::max(std::abs(t), std::abs(st))); }
};

/// A function's derivatives 0 ... 3 at a number, and what rounding in each is relative to.
struct Derivatives {
  Real f[4], size[4];
  Derivatives(Real f0, Real f1, Real f2, Real f3, Real floor = 0) : f{f0, f1, f2, f3} {
    for (int k = 0; k < 4; ++k) size[k] = std::abs(f[k]) + floor;
  }
};

/// A jet, and its size: the same sums and products of absolute values, with what a rounding of an argument does to a function of it.
struct Number {
  Jet value, size;
  bool trusted = true;  ///< no kink nearby, nothing overflows
  Number() = default;
  Number(Real x, Real s = 0, Real t = 0) : value{x, s, t, 0}, size{std::abs(x), std::abs(s), std::abs(t), 0} {}

  friend Number operator+(const Number& a, const Number& b) { return {a.value + b.value, a.size + b.size, a.trusted && b.trusted}; }
  friend Number operator*(const Number& a, const Number& b) {
    Number c{a.value * b.value, a.size * b.size, a.trusted && b.trusted};
    if (!(c.size.largest() < 1e6L)) c.trusted = false;
    return c;
  }
  Number function(const Derivatives& d) const {
    const auto& [f, a] = d;
    const Jet &v = value, &m = size;
    Number c{{f[0], f[1] * v.s, f[1] * v.t, f[1] * v.st + f[2] * v.s * v.t},
             {a[0] + a[1] * m.x, a[1] * m.s + a[2] * m.x * m.s, a[1] * m.t + a[2] * m.x * m.t,
              a[1] * m.st + a[2] * (m.x * m.st + m.s * m.t) + a[3] * m.x * m.s * m.t},
             trusted};
    if (!(c.size.largest() < 1e6L)) c.trusted = false;
    return c;
  }

 private:
  Number(const Jet& value, const Jet& size, bool trusted) : value(value), size(size), trusted(trusted) {}
};

/// W at theta, its derivatives along every parameter p (J) and along v, and second ones along p and v (H): entry e first, and the sizes of all.
struct Whole {
  Index entries = 0, parameters = 0;
  std::vector<Jet> at;  ///< entry e, parameter p at e + entries p: x = W, s = dW/dp, t = dW/dv, st
  std::vector<Jet> size;
  bool trusted = true;

  /// evaluate(p) gives W, column-major, where parameter p has the derivative s = 1 and all have t = v; nothing where numbers are not trusted.
  template <class Evaluate>
  Whole(Index entries, Index parameters, Evaluate&& evaluate) : entries(entries), parameters(parameters) {
    for (Index p = 0; p < parameters && trusted; ++p) {
      const std::vector<Number> W = evaluate(p);
      if (W.empty()) trusted = false;
      else REQUIRE(static_cast<Index>(W.size()) == entries);
      for (const Number& w : W) at.push_back(w.value), size.push_back(w.size), trusted = trusted && w.trusted && w.size.largest() < 1e6L;
    }
  }
};

/// z as sums of entries of W, with coefficients.
struct Seen {
  struct Part {
    Index place;
    double factor;
  };
  std::vector<std::vector<Part>> sums;
};
inline Seen seen(const AllEntries& at) {
  Seen all;
  for (Index k = 0; k < at.count(); ++k) all.sums.push_back({{k, 1.0}});
  return all;
}
template <class E>
requires std::same_as<E, Entries> || std::same_as<E, EntryList> Seen seen(const E& at) {
  Seen all;
  for (Index k = 0; k < at.count(); ++k) all.sums.push_back({{at.row()[k] + at.rows() * at.col()[k], 1.0}});
  return all;
}
template <class E>
requires std::same_as<E, TensorEntries> || std::same_as<E, TensorEntryList> Seen seen(const E& at) {
  Seen all;
  for (Index k = 0; k < at.count(); ++k) {
    Index place = 0, stride = 1;
    for (Index n = 0; n < at.shape().order(); stride *= at.shape()[n++]) place += at.mode(n)[k] * stride;
    all.sums.push_back({{place, 1.0}});
  }
  return all;
}
template <class S>
Seen seen(const LinearMap<S>& at) {
  Seen all;
  for (Index k = 0; k < at.count(); ++k) {
    all.sums.emplace_back();
    for (Index e = 0; e < at.matrix().rows(); ++e) all.sums.back().push_back({e, static_cast<double>(at.matrix()(e, k))});
  }
  return all;
}

/// Units of rounding by which a result is off, where it is furthest off.
template <class S>
double units_off(const Vector<S>& got, const std::vector<Real>& expected, const std::vector<Real>& size) {
  REQUIRE(got.size() == static_cast<Index>(expected.size()));
  Real worst = 0;
  for (Index k = 0; k < got.size(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    const Real off = std::abs(static_cast<Real>(got[k]) - expected[at]) / (size[at] + 1e-25L);
    worst = off >= 0 ? std::max(worst, off) : std::numeric_limits<Real>::infinity();  // NaN, too
  }
  return static_cast<double>(worst / static_cast<Real>(std::numeric_limits<S>::epsilon()));
}

/// Everything that remembers, filled with NaN: what is read has been written since.
template <class S>
void spoil(Vector<S>& x) {
  x.setConstant(std::numeric_limits<S>::quiet_NaN());
}
template <class S>
void spoil(std::vector<Vector<S>>& stack) {
  for (Vector<S>& x : stack) spoil<S>(x);
}

/// Directions and cotangents that float represents, too.
inline Vector<double> rounded_normal(Random& random, Index size, double std_dev = 1) {
  Vector<double> x(size);
  for (Index k = 0; k < size; ++k) x[k] = static_cast<double>(static_cast<float>(std_dev * random.normal()));
  return x;
}

/// The four verbs of a model on an observation against the reference, on memory that has been used and spoilt; twice, to the same bytes. Returns the worst
/// error in units of rounding.
template <class M, class O, class Spoil>
double verbs_off(const M& model, const O& at, const Whole& W, const Vector<double>& theta_, const Vector<double>& v_, Random& random,
                 Spoil&& spoil_workspace) {
  using S = typename M::scalar_type;
  const Seen sums = seen(at);
  const Index m = at.count(), P = W.parameters;
  REQUIRE(static_cast<Index>(sums.sums.size()) == m);
  REQUIRE(model.parameter_count() == P);
  const Vector<double> zbar_ = rounded_normal(random, m), dzbar_ = rounded_normal(random, m), base_ = rounded_normal(random, P);
  const Vector<S> theta = theta_.cast<S>(), v = v_.cast<S>(), zbar = zbar_.cast<S>(), dzbar = dzbar_.cast<S>(), base = base_.cast<S>();

  // Expected.
  const auto count = static_cast<std::size_t>(m), entries = static_cast<std::size_t>(W.entries), parameters = static_cast<std::size_t>(P);
  std::vector<Real> z(count, 0), dz = z, z_size = z, dz_size = z, G(entries, 0), dG = G, G_size = G, dG_size = G, g(parameters, 0), hv = g,
                                 g_size = g, hv_size = g, added = g, added_size = g, hv_added = g, hv_added_size = g;
  for (std::size_t k = 0; k < count; ++k)
    for (const auto& [place, factor] : sums.sums[k]) {
      const auto e = static_cast<std::size_t>(place);
      const Real c = factor, y = zbar_[static_cast<Index>(k)], dy = dzbar_[static_cast<Index>(k)];
      z[k] += c * W.at[e].x, z_size[k] += std::abs(c) * W.size[e].x;
      dz[k] += c * W.at[e].t, dz_size[k] += std::abs(c) * W.size[e].t;
      G[e] += c * y, G_size[e] += std::abs(c * y);
      dG[e] += c * dy, dG_size[e] += std::abs(c * dy);
    }
  for (std::size_t p = 0; p < parameters; ++p) {
    for (std::size_t e = 0; e < entries; ++e) {
      const Jet &w = W.at[e + entries * p], &size = W.size[e + entries * p];
      g[p] += G[e] * w.s, g_size[p] += G_size[e] * size.s;
      hv[p] += dG[e] * w.s + G[e] * w.st, hv_size[p] += dG_size[e] * size.s + G_size[e] * size.st;
    }
    const Real b = base_[static_cast<Index>(p)];
    added[p] = g[p] + b, added_size[p] = g_size[p] + std::abs(b);
    hv_added[p] = hv[p] + b, hv_added_size[p] = hv_size[p] + std::abs(b);
  }

  // Got.
  const S nan = std::numeric_limits<S>::quiet_NaN();
  auto ws = model.workspace(at);
  struct Results {
    Vector<S> z, g, dz, hv, added, hv_added;
  };
  const auto run = [&](const Vector<S>& x) {
    Results r{
        Vector<S>::Constant(m, nan), Vector<S>::Constant(P, nan), Vector<S>::Constant(m, nan), Vector<S>::Constant(P, nan), base, base};
    model.evaluate(x, at, ws, r.z);
    model.pullback(x, at, ws, zbar, Write::add, r.added);
    model.pullback(x, at, ws, zbar, Write::set, r.g);
    model.pushforward(x, at, ws, v, r.dz);
    model.pullback_tangent(x, at, ws, zbar, dzbar, v, Write::add, r.hv_added);
    model.pullback_tangent(x, at, ws, zbar, dzbar, v, Write::set, r.hv);
    return r;
  };
  run(Vector<S>(theta + v));
  spoil_workspace(ws);
  const Results r = run(theta), again = run(theta);
  const auto same = [](const Vector<S>& a, const Vector<S>& b) {
    return std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(S)) == 0;
  };
  if (!(same(r.z, again.z) && same(r.g, again.g) && same(r.dz, again.dz) && same(r.hv, again.hv)))
    return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (const double off : {units_off(r.z, z, z_size), units_off(r.g, g, g_size), units_off(r.dz, dz, dz_size), units_off(r.hv, hv, hv_size),
                           units_off(r.added, added, added_size), units_off(r.hv_added, hv_added, hv_added_size)})
    worst = std::max(worst, off);
  return worst;
}

/// How many random models are tried: in the environment, or this many.
inline std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace laws::reference
