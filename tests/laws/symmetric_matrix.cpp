// SPDX-License-Identifier: MIT
#include <tacit/model/symmetric_matrix.hpp>

#include "laws.hpp"

using namespace laws;

TEMPLATE_TEST_CASE("symmetric matrices keep the laws on every observation", "", float, double) {
  using S = TestType;
  for (const auto& [n, r] : {std::pair<Index, Index>{4, 2}, {3, 5}, {5, 5}, {1, 1}, {17, 11}, {12, 83}}) {
    const SymmetricMatrix<S> model({.size = n, .width = r});
    verbs_agree(model, AllEntries(n, n));
    verbs_agree(model, some_entries(n, n).through(Path::per_entry));
    verbs_agree(model, some_entries(n, n).through(Path::dense));
    verbs_agree(model, some_list(n, n));
    verbs_agree(model, some_measurements<S>(n, n));
  }
}

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
