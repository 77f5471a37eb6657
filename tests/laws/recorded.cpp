// SPDX-License-Identifier: MIT
// Models from formulas keep the laws of all models, and a recorded product is a deep matrix.
#include "recorded.hpp"

#include "deep_matrices.hpp"

using namespace laws;

namespace {

constexpr double h = 2e-3;  // few entries pass the kinks of relu and abs

}  // namespace

TEST_CASE("recorded formulas keep the laws on every observation, double") {
  on_recorded_formulas([](const auto& factors, const auto& formula) {
    const Recorded<double> model(factors, formula);
    const Index rows = model.rows(), cols = model.cols();
    verbs_agree(model, AllEntries(rows, cols), h);
    verbs_agree(model, some_entries(rows, cols).through(Path::per_entry), h);
    verbs_agree(model, some_entries(rows, cols).through(Path::dense), h);
    verbs_agree(model, some_list(rows, cols), h);
    verbs_agree(model, some_measurements<double>(rows, cols), h);
  });
}
TEST_CASE("recorded formulas keep the laws on entries, float") {
  on_recorded_formulas([](const auto& factors, const auto& formula) {
    const Recorded<float> model(factors, formula);
    const Entries at = some_entries(model.rows(), model.cols());
    for (const Path path : {Path::per_entry, Path::dense}) verbs_agree(model, at.through(path), h);
  });
}
