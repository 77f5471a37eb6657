// SPDX-License-Identifier: MIT
#include <tacit/model/symmetric_matrix.hpp>

#include "laws.hpp"

using namespace laws;

TEST_CASE("objectives of symmetric matrices have the derivatives that they claim") {
  const SymmetricMatrix<double> model({.size = 5, .width = 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 3, 0.5);
  const auto check = [&](const auto& at) {
    for (const bool weighted : {false, true})
      objective_is_smooth(Problem(model, targets_near(model, at, theta, weighted), MeanSquares{}), theta);
  };
  check(AllEntries(5, 5));
  check(some_entries(5, 5).through(Path::per_entry));
  check(some_measurements<double>(5, 5));
}
