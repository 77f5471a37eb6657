// SPDX-License-Identifier: MIT
#pragma once
// The laws that every model and every problem keeps, whatever is in them: instantiate them for a new model, observation, loss or penalty.
//   verbs_agree(model, at)       adjoint identity, adding, homogeneity, both tangents against finite differences, symmetry of the second order
//   objective_is_smooth(p, x)    gradient and Hessian-vector product against finite differences, Hessian symmetric, both forms of each call alike
// Differences are taken relative to the norms involved. Finite differences are central, of sixth order: exact for polynomials of degree six.

#include <tacit/core/random.hpp>
#include <tacit/problem.hpp>

#include "catch.hpp"

namespace laws {

using namespace tacit;

template <class S>
constexpr double rounding = sizeof(S) == 4 ? 2e-5 : 1e-12;

template <class S>
Vector<S> normal(Index size, std::uint64_t seed, double std_dev = 1) {
  Random random(seed, "laws");
  Vector<S> x(size);
  for (Index k = 0; k < size; ++k) x[k] = static_cast<S>(std_dev * random.normal());
  return x;
}
template <class S>
Matrix<S> normal_matrix(Index rows, Index cols, std::uint64_t seed) {
  return Eigen::Map<const Matrix<S>>(normal<S>(rows * cols, seed).data(), rows, cols);
}

/// |a - b| <= tolerance (|a| + |b|), and they are not zero, nor NaN.
inline void check_close(const Vector<double>& a, const Vector<double>& b, double tolerance) {
  REQUIRE(a.size() == b.size());
  const double size = a.norm() + b.norm();
  CHECK(size > 0);
  CHECK((a - b).norm() <= tolerance * size);
}
inline void check_close(const Vector<float>& a, const Vector<float>& b, double tolerance) {
  check_close(Vector<double>(a.cast<double>()), Vector<double>(b.cast<double>()), tolerance);
}

/// d/dt f(t) at 0, for f with values in T.
template <class T, class F>
T derivative(F&& f, double h) {
  using R = std::conditional_t<std::same_as<T, Vector<float>>, float, double>;
  const T one = f(h) - f(-h), two = f(2 * h) - f(-2 * h), three = f(3 * h) - f(-3 * h);
  return (R(45) * one - R(9) * two + three) / static_cast<R>(60 * h);
}

// ---- Observations of every kind ------------------------------------------------------------------------------------------------------

/// About 40 % of the entries, in every fashion that indexing can get wrong: an empty row, an empty column, a full row.
inline Entries some_entries(Index rows, Index cols) {
  Entries::Indices row, col;
  Random random(17, "entries");
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      const bool drawn = random.uniform() < 0.4;
      if ((rows > 2 && i == 1) || (cols > 2 && j == cols - 2)) continue;
      if (!drawn && i != rows - 1) continue;
      row.push_back(static_cast<std::int32_t>(i));
      col.push_back(static_cast<std::int32_t>(j));
    }
  return Entries(rows, cols, row, col);
}
/// A batch drawn with replacement: any order, entries twice.
inline EntryList some_list(Index rows, Index cols) {
  EntryList list(rows, cols);
  list.resize(rows * cols);
  Random random(18, "list");
  for (Index k = 0; k < list.count(); ++k)
    list.set(k, static_cast<Index>(random.below(static_cast<std::uint64_t>(rows))),
             static_cast<Index>(random.below(static_cast<std::uint64_t>(cols))));
  return list;
}
template <class S>
LinearMap<S> some_measurements(Index rows, Index cols) {
  return LinearMap<S>(rows, cols, normal_matrix<S>(rows * cols, 7, 19));
}

// ---- Models: the verbs ---------------------------------------------------------------------------------------------------------------

/// The verbs as functions of theta. All share one workspace, so that what one leaves behind cannot disturb another unseen.
template <class M, class O>
class Verbs {
 public:
  using S = typename M::scalar_type;
  Verbs(const M& model, O at) : model_(model), at_(std::move(at)), ws_(model.workspace(at_)) {}

  Vector<S> evaluate(const Vector<S>& theta) {
    Vector<S> z = Vector<S>::Constant(at_.count(), 99);
    model_.evaluate(theta, at_, ws_, z);
    return z;
  }
  Vector<S> pullback(const Vector<S>& theta, const Vector<S>& zbar) {
    return pulled(theta, zbar, Write::set, Vector<S>::Constant(theta.size(), 99));
  }
  Vector<S> pulled(const Vector<S>& theta, const Vector<S>& zbar, Write write, Vector<S> g) {
    evaluate(theta);
    model_.pullback(theta, at_, ws_, zbar, write, g);
    return g;
  }
  Vector<S> pushforward(const Vector<S>& theta, const Vector<S>& v) {
    evaluate(theta);
    Vector<S> dz = Vector<S>::Constant(at_.count(), 99);
    model_.pushforward(theta, at_, ws_, v, dz);
    return dz;
  }
  /// J^T dzbar + (dJ[v])^T zbar.
  Vector<S> pullback_tangent(const Vector<S>& theta, const Vector<S>& zbar, const Vector<S>& dzbar, const Vector<S>& v) {
    return pulled_tangent(theta, zbar, dzbar, v, Write::set, Vector<S>::Constant(theta.size(), 99));
  }
  Vector<S> pulled_tangent(const Vector<S>& theta, const Vector<S>& zbar, const Vector<S>& dzbar, const Vector<S>& v, Write write,
                           Vector<S> hv) {
    pullback(theta, zbar);
    Vector<S> dz(at_.count());
    model_.pushforward(theta, at_, ws_, v, dz);
    model_.pullback_tangent(theta, at_, ws_, zbar, dzbar, v, write, hv);
    return hv;
  }

 private:
  const M& model_;
  O at_;
  detail::WorkspaceOf<M, O> ws_;
};

/// z is homogeneous of degree N: z(c theta) = c^N z(theta), and by Euler's theorem J theta = N z.
template <class M, class O>
void scales(const M& model, Verbs<M, O>& verbs, const Vector<typename M::scalar_type>& theta, const Vector<typename M::scalar_type>& zbar) {
  using S = typename M::scalar_type;
  if constexpr (requires { model.homogeneous(); })
    if (!model.homogeneous()) return;
  const Vector<S> z = verbs.evaluate(theta);
  const S c = S(1.5), N = static_cast<S>(model.degree());
  check_close(verbs.evaluate(c * theta), Vector<S>(std::pow(c, N) * z), rounding<S>);
  check_close(verbs.pullback(c * theta, zbar), Vector<S>(std::pow(c, N - 1) * verbs.pullback(theta, zbar)), rounding<S>);
  check_close(verbs.pushforward(theta, theta), Vector<S>(N * z), rounding<S>);
}

/// At thetas of draw_theta(seed), with finite differences over steps of h.
template <class M, class O, class Draw>
void verbs_agree(const M& model, const O& at, Draw&& draw_theta, double h) {
  using S = typename M::scalar_type;
  INFO(model << " on " << at.count() << " observations");
  constexpr double tight = rounding<S>, differences = sizeof(S) == 4 ? 2e-3 : 1e-10;
  const Index P = model.parameter_count(), m = at.count();
  Verbs<M, O> verbs(model, at);
  for (std::uint64_t draw = 0; draw < 2; ++draw) {
    const Vector<S> theta = draw_theta(10 * draw + 1), u = normal<S>(P, 10 * draw + 2), v = normal<S>(P, 10 * draw + 3);
    const Vector<S> zbar = normal<S>(m, 10 * draw + 4), dzbar = normal<S>(m, 10 * draw + 5), base = normal<S>(P, 10 * draw + 6);
    const Vector<S> Jv = verbs.pushforward(theta, v), JTz = verbs.pullback(theta, zbar);

    // <J v, zbar> = <v, J^T zbar>
    CHECK(std::abs(Jv.dot(zbar) - v.dot(JTz)) <= tight * Jv.norm() * zbar.norm());
    // Write::add adds.
    check_close(verbs.pulled(theta, zbar, Write::add, base), Vector<S>(base + JTz), tight);
    const Vector<S> tangent = verbs.pullback_tangent(theta, zbar, dzbar, v);
    check_close(verbs.pulled_tangent(theta, zbar, dzbar, v, Write::add, base), Vector<S>(base + tangent), tight);
    scales(model, verbs, theta, zbar);
    // Both tangents are derivatives along v.
    const auto moved = [&](double t) { return Vector<S>(theta + static_cast<S>(t) * v); };
    check_close(derivative<Vector<S>>([&](double t) { return verbs.evaluate(moved(t)); }, h), Jv, differences);
    check_close(derivative<Vector<S>>([&](double t) { return verbs.pullback(moved(t), zbar + static_cast<S>(t) * dzbar); }, h), tangent,
                differences);
    // <u, (dJ[v])^T zbar> = <v, (dJ[u])^T zbar>: second derivatives of <z, zbar> commute.
    const Vector<S> none = Vector<S>::Zero(m), uv = verbs.pullback_tangent(theta, zbar, none, v),
                    vu = verbs.pullback_tangent(theta, zbar, none, u);
    CHECK(std::abs(u.dot(uv) - v.dot(vu)) <= tight * (u.norm() * uv.norm() + v.norm() * vu.norm()));
  }
}

/// At thetas with normal entries. h is small where z is not a polynomial of degree six in theta.
template <class M, class O>
void verbs_agree(const M& model, const O& at, double h = 0.05) {
  using S = typename M::scalar_type;
  verbs_agree(
      model, at, [&](std::uint64_t seed) { return normal<S>(model.parameter_count(), seed, 0.5); }, h);
}

// ---- Problems: the objective ---------------------------------------------------------------------------------------------------------

/// In double precision only: finite differences in float say little; compare float with double instead.
template <class P>
void objective_is_smooth(const P& problem, const Vector<double>& theta) {
  static_assert(std::same_as<typename P::scalar_type, double>);
  const Index n = problem.dimension();
  auto ws = problem.workspace();
  Vector<double> g = Vector<double>::Constant(n, 99), hv = g, hu = g, other = g;
  const auto value = problem.value_and_gradient(theta, ws, g);
  CHECK(ws.gradients == 1);
  CHECK(std::abs(problem.value(theta, ws).objective - value.objective) <= 1e-14 * std::abs(value.objective));

  const auto objective = [&](const Vector<double>& x) { return problem.value(x, ws).objective; };
  const double h = 1e-2;
  Vector<double> differences(n);
  for (Index k = 0; k < n; ++k)
    differences[k] = derivative<double>([&](double t) { return objective(theta + t * Vector<double>::Unit(n, k)); }, h);
  check_close(g, differences, 1e-8);

  const auto gradient = [&](const Vector<double>& x) {
    Vector<double> out(n);
    problem.value_and_gradient(x, ws, out);
    return out;
  };
  for (std::uint64_t draw = 0; draw < 3; ++draw) {
    const Vector<double> u = normal<double>(n, 100 + draw).normalized(), v = normal<double>(n, 200 + draw).normalized();
    problem.hessian_times(theta, v, ws, hv);
    check_close(hv, derivative<Vector<double>>([&](double t) { return gradient(theta + t * v); }, h), 1e-8);
    // u^T H v = v^T H u
    problem.hessian_times(theta, u, ws, hu);
    CHECK(std::abs(u.dot(hv) - v.dot(hu)) <= 1e-12 * (hu.norm() + hv.norm()));
    // Linearised once, the workspace serves any number of directions.
    problem.value_and_gradient(theta, ws, other);
    problem.hessian_times_linearized(theta, u, ws, other);
    check_close(other, hu, 1e-15);
    problem.hessian_times_linearized(theta, v, ws, other);
    check_close(other, hv, 1e-15);
  }
}

/// Targets around the predictions at theta, with residuals between 0.2 and 2 that stay away from 1, where Huber's loss is not smooth.
template <class M, class O>
Data<typename M::scalar_type, O> targets_near(const M& model, const O& at, const Vector<typename M::scalar_type>& theta, bool weighted) {
  using S = typename M::scalar_type;
  Vector<S> y = Verbs<M, O>(model, at).evaluate(theta), weight(weighted ? y.size() : 0);
  const S residual[] = {S(0.3), S(-1.6), S(0.7), S(-0.4), S(1.9), S(-0.8), S(0.2)};
  for (Index k = 0; k < y.size(); ++k) y[k] += residual[k % 7];
  for (Index k = 0; k < weight.size(); ++k) weight[k] = S(0.5) * static_cast<S>(k % 5);  // zero is a weight, too
  return Data<S, O>(at, y, weight);
}

}  // namespace laws
