// SPDX-License-Identifier: MIT
#include <tacit/core/simd.hpp>

#include "catch.hpp"

using namespace tacit;

TEMPLATE_TEST_CASE("the squared norm of every length", "", float, double) {
  using S = TestType;
  for (Index n = 0; n <= 20 * detail::lanes<S> + 3; ++n) {
    const Vector<S> x = Vector<S>::Random(n);
    double sum = 0;
    for (S v : x) sum += static_cast<double>(v) * static_cast<double>(v);
    INFO("n = " << n);
    CHECK(std::abs(static_cast<double>(detail::squared_norm(x.data(), n)) - sum) <= (sizeof(S) == 4 ? 1e-6 : 1e-14) * sum);
  }
}

// Every remainder of every unrolled loop: lengths around multiples of the packs, counts around the four columns.
TEMPLATE_TEST_CASE("dots and combinations of picked columns, for every length and count", "", float, double) {
  using S = TestType;
  const double tolerance = sizeof(S) == 4 ? 1e-4 : 1e-12;
  const Index columns = 11;
  for (Index r = 1; r <= 8 * detail::lanes<S> + 2 * detail::lanes<S> + 3; ++r) {
    const Matrix<S> P = Matrix<S>::Random(r, columns);
    const Vector<S> t = Vector<S>::Random(r);
    for (Index count = 0; count <= 9; ++count) {
      const auto pick = [&](Index k) { return (7 * k + 3) % columns; };
      const Vector<S> weights = Vector<S>::Random(10);
      for (const Write write : {Write::set, Write::add}) {
        Vector<S> z = Vector<S>::Constant(count + 1, 2), out = Vector<S>::Constant(r, 2);
        Vector<S> want_z = z, want_out = write == Write::set ? Vector<S>(Vector<S>::Zero(r)) : out;
        for (Index k = 0; k < count; ++k) {
          S sum = 0;
          for (Index q = 0; q < r; ++q) sum += t[q] * P(q, pick(k));
          want_z[k] = write == Write::set ? sum : 2 + sum;
          for (Index q = 0; q < r; ++q) want_out[q] += weights[k] * P(q, pick(k));
        }
        std::vector<std::int32_t> picks, places;  // the weights in reverse, found through places
        Vector<S> reversed = weights.reverse();
        for (Index k = 0; k < count; ++k)
          picks.push_back(static_cast<std::int32_t>(pick(k))), places.push_back(static_cast<std::int32_t>(9 - k));
        Vector<S> placed = out;
        detail::dots(t.data(), P.data(), r, count, picks.data(), write, z.data());
        detail::combine<S>(P.data(), r, count, picks.data(), weights.data(), nullptr, write, out.data());
        detail::combine<S>(P.data(), r, count, picks.data(), reversed.data(), places.data(), write, placed.data());
        INFO("r = " << r << ", count = " << count);
        CHECK((z - want_z).cwiseAbs().maxCoeff() < tolerance);
        CHECK((out - want_out).cwiseAbs().maxCoeff() < tolerance);
        CHECK(placed == out);
      }
    }
  }
}
