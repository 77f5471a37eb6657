// SPDX-License-Identifier: MIT
#include <tacit/core/singular_values_of_product.hpp>

#include "catch.hpp"
#include "normal.hpp"

#include <limits>
#include <vector>

using namespace tacit;

namespace {

template <class A, class B>
Matrix<double> product(const A& left, const B& right) {
  return left.template cast<double>().lazyProduct(right.template cast<double>());
}

Vector<double> values_of_matrix(const Matrix<double>& W) {
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values(W, ws, sigma);
  return sigma;
}

double relative_distance(const Vector<double>& sigma, const Vector<double>& expected) {
  REQUIRE(sigma.size() == expected.size());
  return (sigma - expected).cwiseAbs().maxCoeff() / expected[0];
}

}  // namespace

TEMPLATE_TEST_CASE("spectra of products come from the factors", "", double, float) {
  using S = TestType;
  SpectrumWorkspace<S> ws;
  Vector<S> sigma;
  struct Case {
    Index n1, r, r2, n2;
  };
  for (const auto& [n1, r, r2, n2] :
       {Case{120, 6, 4, 90}, {50, 8, 8, 50}, {5, 9, 7, 4}, {300, 1, 3, 2}, {3, 30, 5, 700}, {2000, 40, 12, 13}}) {
    INFO(n1 << " x " << r << " x " << r2 << " x " << n2);
    const Matrix<S> A = normal<S>(n1, r, 1), C = normal<S>(r, r2, 2) * S(1e-3), B = normal<S>(r2, n2, 3);
    singular_values_of_product(A, C, B, ws, sigma);
    CHECK(relative_distance(sigma.template cast<double>(), values_of_matrix(product(A, product(C, B))).head(std::min({n1, r, r2, n2}))) <
          tolerance<S>);
    singular_values_of_product(A, C, ws, sigma);
    CHECK(relative_distance(sigma.template cast<double>(), values_of_matrix(product(A, C)).head(std::min({n1, r, r2}))) < tolerance<S>);
  }
  const Matrix<S> A = Matrix<S>::Identity(4, 3), B = Matrix<S>::Identity(2, 5);
  CHECK_THROWS_WITH(singular_values_of_product(A, B, ws, sigma), "singular_values_of_product: the factors 4 x 3 and 2 x 5 do not chain.");
  CHECK_THROWS_WITH(singular_values_of_product(A, A, B, ws, sigma),
                    "singular_values_of_product: the factors 4 x 3, 4 x 3 and 2 x 5 do not chain.");
}

TEST_CASE("factors of extreme scales do not overflow in between") {
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  const Matrix<double> A = normal(30, 3, 1), B = normal(3, 20, 2);
  singular_values_of_product(A * 1e200, Matrix<double>::Identity(3, 3) * 1e-290, B * 1e200, ws, sigma);
  const Vector<double> expected = values_of_matrix(product(A, B)).head(3) * 1e110;
  CHECK(relative_distance(sigma, expected) < 1e-12);
}

TEST_CASE("a factor that is not finite makes every value NaN") {
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  Matrix<double> A = normal(10, 3, 1);
  A(4, 1) = std::numeric_limits<double>::infinity();
  singular_values_of_product(A, Matrix<double>::Ones(3, 4), ws, sigma);
  CHECK((sigma.size() == 3 && sigma.array().isNaN().all()));
  singular_values_of_product(Matrix<double>::Ones(5, 10), A, Matrix<double>::Ones(3, 2), ws, sigma);
  CHECK((sigma.size() == 2 && sigma.array().isNaN().all()));
}

TEST_CASE("a second product of the same shapes reuses the memory of the first") {
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  const Matrix<double> A = normal(200, 7, 1), C = normal(7, 5, 2), B = normal(5, 3000, 3);
  const auto addresses = [&] {
    singular_values_of_product(A, C, B, ws, sigma);
    return std::vector<const double*>{ws.chunk.data(), ws.left.data(), ws.middle.data(), ws.right.data(),
                                      ws.half.data(),  ws.core.data(), ws.matrix.data()};
  };
  const auto first = addresses();
  CHECK((addresses() == first));
}
