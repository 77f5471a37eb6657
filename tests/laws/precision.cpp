// SPDX-License-Identifier: MIT
// Computed in float, gradients and Hessian-vector products stay within 1e-4 of double's, relative to their norm.
#include <tacit/loss/huber.hpp>
#include <tacit/model/symmetric_matrix.hpp>

#include "deep_matrices.hpp"

using namespace laws;

namespace {

template <class P>
std::pair<Vector<double>, Vector<double>> gradient_and_product(const P& problem, const Vector<double>& theta, const Vector<double>& v) {
  using S = typename P::scalar_type;
  auto ws = problem.workspace();
  Vector<S> g(theta.size()), hv(theta.size());
  const Vector<S> x = theta.cast<S>(), direction = v.cast<S>();
  problem.value_and_gradient(x, ws, g);
  problem.hessian_times_linearized(x, direction, ws, hv);
  return {g.template cast<double>(), hv.template cast<double>()};
}

template <class MakeModel, class Loss>
void check_precision(MakeModel&& make, const Loss& loss) {
  const auto model = make(double());
  const auto narrow = make(float());
  INFO(model);
  const Vector<double> theta = normal<double>(model.parameter_count(), 51, 0.5), v = normal<double>(theta.size(), 52);
  for (const Path path : {Path::per_entry, Path::dense}) {
    const auto at = some_entries(model.rows(), model.cols()).through(path);
    const auto data = targets_near(model, at, theta, true);
    const Data<float> single(at, data.y.template cast<float>(), data.weight.template cast<float>());
    const auto [g, hv] = gradient_and_product(Problem(model, data, loss), theta, v);
    const auto [gf, hvf] = gradient_and_product(Problem(narrow, single, loss), theta, v);
    CHECK((g - gf).norm() <= 1e-4 * g.norm());
    CHECK((hv - hvf).norm() <= 1e-4 * hv.norm());
    CHECK((g - gf).norm() > 0);  // or one of them did not run in float
  }
}

}  // namespace

TEST_CASE("deep matrices in float agree with double") {
  for (const Widths& widths : {Widths{20, 12}, Widths{12, 83, 9}, Widths{30, 17, 35, 20}, Widths{9, 16, 8, 31, 13}})
    check_precision([&](auto scalar) { return DeepMatrix<decltype(scalar)>(widths); }, MeanSquares{});
  check_precision([](auto scalar) { return DeepMatrix<decltype(scalar)>({30, 17, 35, 20}); }, huber());
}
TEST_CASE("symmetric matrices in float agree with double") {
  check_precision([](auto scalar) { return SymmetricMatrix<decltype(scalar)>({.size = 20, .width = 7}); }, MeanSquares{});
}
