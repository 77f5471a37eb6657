// SPDX-License-Identifier: MIT
// The values of recorded formulas against the same formulas on plain matrices, one loop an operation. (The laws compare a model with itself: an
// entry in a wrong place would pass them.)
#include "recorded.hpp"

#include <algorithm>

using namespace laws;

namespace {

struct Plain {
  Matrix<double> m;
  Plain(Index rows, Index cols) : m(rows, cols) {}
  template <class D>
  Plain(const Eigen::MatrixBase<D>& given) : m(given) {}

  template <class F>
  static Plain filled(Index rows, Index cols, F&& entry) {
    Plain out(rows, cols);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < cols; ++j) out.m(i, j) = entry(i, j);
    return out;
  }
  Plain constant(const Plain& given) const { return given; }
  template <class F>
  Plain each(F&& f) const {
    return filled(m.rows(), m.cols(), [&](Index i, Index j) { return Dual<double>(f(Dual<double>::variable(m(i, j)))).value; });
  }

  friend Plain operator*(const Plain& a, const Plain& b) {
    return filled(a.m.rows(), b.m.cols(), [&](Index i, Index j) {
      double sum = 0;
      for (Index k = 0; k < a.m.cols(); ++k) sum += a.m(i, k) * b.m(k, j);
      return sum;
    });
  }
  friend Plain operator+(const Plain& a, const Plain& b) {
    return filled(a.m.rows(), a.m.cols(), [&](Index i, Index j) { return a.m(i, j) + b.m(i, j); });
  }
  friend Plain operator*(double c, const Plain& a) {
    return filled(a.m.rows(), a.m.cols(), [&](Index i, Index j) { return c * a.m(i, j); });
  }
  friend Plain operator*(const Plain& a, double c) { return c * a; }
  friend Plain operator/(const Plain& a, double c) { return (1 / c) * a; }
  friend Plain operator-(const Plain& a) { return -1.0 * a; }
  friend Plain operator-(const Plain& a, const Plain& b) { return a + -b; }
  friend Plain transpose(const Plain& a) {
    return filled(a.m.cols(), a.m.rows(), [&](Index i, Index j) { return a.m(j, i); });
  }
  friend Plain reshape(const Plain& a, Index rows, Index cols) {
    return filled(rows, cols, [&](Index i, Index j) { return a.m((i + rows * j) % a.m.rows(), (i + rows * j) / a.m.rows()); });
  }
  friend Plain hadamard(const Plain& a, const Plain& b) {
    return filled(a.m.rows(), a.m.cols(), [&](Index i, Index j) { return a.m(i, j) * b.m(i, j); });
  }
  friend Plain khatri_rao(const Plain& a, const Plain& b) {
    const Index n = b.m.rows();
    return filled(a.m.rows() * n, a.m.cols(), [&](Index i, Index r) { return a.m(i / n, r) * b.m(i % n, r); });
  }
  template <class F>
  friend Plain entrywise(const Plain& a, F&& f) {
    return a.each(f);
  }
  friend Plain pow(const Plain& a, double p) {
    return a.each([&](auto x) { return pow(x, p); });
  }
};
#define PLAIN(id)                                \
  Plain id(const Plain& a) {                     \
    return a.each([](auto x) { return id(x); }); \
  }
PLAIN(abs)
PLAIN(relu)
PLAIN(square)
PLAIN(sqrt)
PLAIN(exp)
PLAIN(log)
PLAIN(tanh)
PLAIN(sigmoid)
#undef PLAIN

}  // namespace

TEST_CASE("recorded formulas have the values of the same formulas on plain matrices") {
  on_recorded_formulas([]<std::size_t N>(const Blocks<N>& factors, const auto& formula) {
    const Recorded<double> model(factors, formula);
    INFO(model);
    const Vector<double> theta = normal<double>(model.parameter_count(), 95, 0.5);
    const Matrix<double> expected = [&]<std::size_t... l>(std::index_sequence<l...>) {
      return formula(Plain(model.block(theta, static_cast<Index>(l)))...).m;
    }
    (std::make_index_sequence<N>());
    REQUIRE(model.shape() == Shape{expected.rows(), expected.cols()});
    const Vector<double> W = Verbs<Recorded<double>, AllEntries>(model, AllEntries(model.shape())).evaluate(theta);
    check_close(W, Eigen::Map<const Vector<double>>(expected.data(), expected.size()), 1e-13);
    const Entries some = some_entries(model.rows(), model.cols()).through(Path::per_entry);
    Vector<double> z(some.count());
    for (Index k = 0; k < z.size(); ++k) z[k] = expected(some[k].row, some[k].col);
    check_close(Verbs<Recorded<double>, Entries>(model, some).evaluate(theta), z, 1e-13);
  });
}
