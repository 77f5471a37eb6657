// SPDX-License-Identifier: MIT
#include "deep_matrices.hpp"

using namespace laws;

namespace {
template <class Check>
void on_each(Check&& check) {
  for (const auto& list : {small_deep_matrices(), large_deep_matrices()})
    for (const Widths& widths : list) check(DeepMatrix<float>(widths));
}
}  // namespace

TEST_CASE("deep matrices keep the laws on all entries, float") {
  on_each([](const auto& model) { verbs_agree(model, AllEntries(model.rows(), model.cols())); });
}
TEST_CASE("deep matrices keep the laws on entries, entry by entry, float") {
  on_each([](const auto& model) { verbs_agree(model, some_entries(model.rows(), model.cols()).through(Path::per_entry)); });
}
TEST_CASE("deep matrices keep the laws on entries, through the dense product, float") {
  on_each([](const auto& model) { verbs_agree(model, some_entries(model.rows(), model.cols()).through(Path::dense)); });
}
TEST_CASE("deep matrices keep the laws on lists of entries, float") {
  on_each([](const auto& model) { verbs_agree(model, some_list(model.rows(), model.cols())); });
}
TEST_CASE("deep matrices keep the laws on measurements, float") {
  on_each([](const auto& model) { verbs_agree(model, some_measurements<float>(model.rows(), model.cols())); });
}
