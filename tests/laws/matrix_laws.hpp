// SPDX-License-Identifier: MIT
#pragma once
// The laws of laws.hpp for a model of matrices, on every kind of observation.

#include "laws.hpp"

namespace laws {

template <class M>
void matrix_laws_hold(const M& model) {
  const Index rows = model.rows(), cols = model.cols();
  verbs_agree(model, AllEntries(rows, cols));
  verbs_agree(model, some_entries(rows, cols).through(Path::per_entry));
  verbs_agree(model, some_entries(rows, cols).through(Path::dense));
  verbs_agree(model, some_list(rows, cols));
  verbs_agree(model, some_measurements<typename M::scalar_type>(rows, cols));
}

}  // namespace laws
