// SPDX-License-Identifier: MIT
#include <tacit/analysis/tangent_kernel.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/data.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;

namespace tangent_kernel_test {

Entries some_entries(Index rows, Index cols) {
  Matrix<double> W = Matrix<double>::Ones(rows, cols);
  for (Index k = 0; k < W.size(); k += 3) W.data()[k] = std::nan("");
  return observed(W).where;
}
/// Products of factors from - 1 down to to, of a chain; the identity where there is none.
Matrix<double> chain(const DeepMatrix<double>& model, const Vector<double>& theta, Index to, Index from) {
  Matrix<double> P = Matrix<double>::Identity(model.width(to), model.width(to));
  for (Index l = to; l < from; ++l) P = (model.layer(theta, l) * P).eval();
  return P;
}

TEST_CASE("tangent kernel: of deep matrices it is the sum over layers of outer Gram matrices") {
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    std::vector<Index> widths{4, 3, 5, 2, 3};
    widths.resize(static_cast<std::size_t>(depth) + 1);
    const DeepMatrix<double> model(widths);
    const Vector<double> theta = model.near_zero({.entry_std = 0.7, .seed = 5});
    for (const Path path : {Path::dense, Path::per_entry}) {
      const Entries at = some_entries(model.rows(), model.cols()).through(path);
      const Matrix<double> K = tangent_kernel(model, at, theta);
      REQUIRE(K.rows() == at.count());
      Matrix<double> expected = Matrix<double>::Zero(at.count(), at.count());
      for (Index t = 0; t < depth; ++t) {
        const Matrix<double> P = chain(model, theta, t + 1, depth), Q = chain(model, theta, 0, t);
        const Matrix<double> PP = P * P.transpose(), QQ = Q.transpose() * Q;
        for (Index k = 0; k < at.count(); ++k)
          for (Index l = 0; l < at.count(); ++l) expected(k, l) += PP(at[k].row, at[l].row) * QQ(at[k].col, at[l].col);
      }
      CHECK((K - expected).norm() < 1e-13 * expected.norm());
      if (depth != 2) continue;
      for (Index k = 0; k < at.count(); ++k)
        for (Index l = 0; l < at.count(); ++l)
          if (at[k].row != at[l].row && at[k].col != at[l].col) CHECK(K(k, l) == 0);
    }
  }
}
TEST_CASE("tangent kernel: z moves by -rate K times the slope, to first order; a theta of another size is refused") {
  const DeepMatrix<float> model({3, 4, 3});
  const Vector<float> theta = model.near_zero({.entry_std = 0.5, .seed = 2});
  const AllEntries at(3, 3);
  const Vector<float> slope = Vector<float>::LinSpaced(9, -1, 2);
  auto ws = model.workspace(at);
  Vector<float> z(9), moved(9), g(theta.size());
  model.evaluate(theta, at, ws, z);
  model.pullback(theta, at, ws, slope, Write::set, g);
  model.pushforward(theta, at, ws, g, moved);
  CHECK((moved - tangent_kernel(model, at, theta) * slope).norm() < 1e-5f * moved.norm());
  CHECK(scratch::mentions(scratch::error_of([&] { tangent_kernel(model, at, Vector<float>(theta.head(3))); }), "tangent_kernel"));
}

}  // namespace tangent_kernel_test
