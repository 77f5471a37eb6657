// SPDX-License-Identifier: MIT
// Modes whose order means something: methods that use it are compared beside the others, win where neighbours are alike, and only there; what they fit is saved as it
// predicts. Where gaps come in runs, so do validation entries.
#include <tacit/compare/complete.hpp>
#include <tacit/compare/gap_validation.hpp>
#include <tacit/compare/impl/complete.hpp>
#include <tacit/compare/impl/tensor_methods.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace ordered_tests {

namespace {

/// Courses of three components that change slowly along mode 0, or, shuffled, in no order; noise of 0.1; so many of the entries are missing.
Data<double, TensorEntries> courses(const Shape& shape, bool shuffle, double missing = 0.5) {
  Random random(4, "courses");
  Matrix<double> A(shape[0], 3), B(static_cast<Index>(shape.size()) / shape[0], 3);
  for (Index q = 0; q < 3; ++q) {
    double x = random.normal();
    for (Index i = 0; i < A.rows(); ++i) A(i, q) = x = 0.93 * x + 0.37 * random.normal();
  }
  for (Index k = 0; k < B.size(); ++k) B.data()[k] = random.normal();
  const auto order = detail::shuffled(shape[0], 3);
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(shape.order()));
  std::vector<double> y;
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < B.rows(); ++j) {
      if (random.uniform() < missing) continue;
      index[0].push_back(static_cast<std::int32_t>(i));
      for (Index n = shape.order() - 1, left = j; n > 0; left /= shape[n--])
        index[static_cast<std::size_t>(n)].push_back(static_cast<std::int32_t>(left % shape[n]));
      y.push_back(A.row(shuffle ? order[static_cast<std::size_t>(i)] : i).dot(B.row(j)) + 0.1 * random.normal());
    }
  return observed<double>(shape, std::move(index), Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
}
Data<double> matrix_of(const Data<double, TensorEntries>& t) {
  return observed<double>(t.where.shape()[0], t.where.shape()[1], t.where.indices()[0], t.where.indices()[1], t.y);
}
CompletionSettings shortly() {
  CompletionSettings s;
  s.folds = 2;
  s.width = 4;
  s.iterations = 30;
  s.threads = 2;
  s.budget = 100;
  s.pace.counted = true;
  s.kinds = {TensorKind::cp};
  s.ordered = {{0}};
  return s;
}
template <class O>
CompletionResultOf<O> compared(const Data<double, O>& data, const CompletionSettings& s, const std::vector<std::string>& names) {
  std::vector<detail::Estimator<O>> kept;
  for (auto& method : detail::estimators_of(s, data, 30))
    if (std::find(names.begin(), names.end(), method.name) != names.end()) kept.push_back(std::move(method));
  REQUIRE(kept.size() == names.size());
  return detail::compared(data, s, {}, {}, kept);
}
template <class O>
double error_of(const CompletionResultOf<O>& r, const std::string& name) {
  for (const MethodResult& m : r.methods)
    if (m.name == name) return m.rmse;
  return std::nan("");
}

}  // namespace

TEST_CASE("slow courses: the ordered average is chosen, far better than the average, and saved as it predicts") {
  const auto data = matrix_of(courses({90, 8}, false));
  const auto r = compared(data, shortly(), {"depth 2, averaged", "depth 2, ordered", "interpolation in order"});
  CHECK(r.chosen().name == "depth 2, ordered");
  CHECK(r.chosen().rmse < 0.7 * error_of(r, "depth 2, averaged"));
  CHECK(r.chosen().rmse < 0.8 * error_of(r, "interpolation in order"));
  const scratch::Folder folder;
  save_model(folder / "model", *r.fit.model, r.fit.theta, {.centre = r.fit.centre.with_positive_scale(), .half_widths = r.half_widths});
  CHECK(load_model(folder / "model").predict(data.where) == r.fit.predict(data.where));
  CHECK(r.width > 0);
  CHECK_FALSE(r.validated_in_runs);
}

TEST_CASE("the same courses shuffled: the order is not used, and the error is that of the average") {
  const auto data = matrix_of(courses({90, 8}, true));
  const auto r = compared(data, shortly(), {"depth 2, averaged", "depth 2, ordered", "interpolation in order"});
  CHECK(r.chosen().name == "depth 2, averaged");
  CHECK(error_of(r, "interpolation in order") > 1.25 * r.chosen().rmse);
  CompletionSettings without = shortly();
  without.ordered = {};
  CHECK(r.chosen().rmse == compared(data, without, {"depth 2, averaged"}).chosen().rmse);
}

TEST_CASE("what is fitted in order predicts rows without entries from their neighbours, as a deep fit and as a Tucker model alike") {
  const auto tensor = courses({60, 3, 4}, false);
  std::vector<Index> kept;
  for (Index k = 0; k < tensor.count(); ++k)
    if (tensor.where.mode(0)[k] != 30) kept.push_back(k);
  const auto seen = subset(tensor, kept);
  const auto parts = hold_out_entries(seen, {.test = 0.1, .seed = 1});
  TensorEntries row(tensor.where.shape(), {{29, 30, 30}, {0, 0, 2}, {0, 0, 3}});
  CompletionSettings s = shortly();
  for (const auto& method : detail::estimators_of(s, seen, 30)) {
    if (method.name != "unfolding, ordered" && method.name != "interpolation in order") continue;
    INFO(method.name);
    const auto fitted = method.tune(parts.train, parts.test, 1, 100);
    const auto closing = method.close(parts.train, parts.test, seen, 1, false, 100);
    CHECK((closing.fit.predict(row) - fitted.predict(row)).norm() < 1e-6 * fitted.predict(row).norm());
    CHECK(std::abs(fitted.predict(row)[0] - fitted.predict(row)[1]) < 0.8);  // like the row before it
  }
}

TEST_CASE("where gaps come in runs along an order, a part of the validation entries does, too; else they are at random") {
  std::vector<Triplet<double>> entries;
  for (Index i = 0; i < 200; ++i)
    for (Index j = 0; j < 6; ++j)
      if ((i + 37 * j) % 60 >= 12) entries.push_back({i, j, static_cast<double>(i)});  // runs of 12 rows are missing in every column
  const auto data = observed<double>(200, 6, entries);
  CHECK(detail::validates_in_runs(data.where, {{0}}));
  CHECK_FALSE(detail::validates_in_runs(data.where, {}));
  const auto runs = [&](const Entries& test) {  // neighbours along columns that are held out together
    Index together = 0;
    for (Index j = 0; j < 6; ++j)
      for (Index k = test.col_start()[j] + 1; k < test.col_start()[j + 1]; ++k)
        together += test.row_by_col()[k] == test.row_by_col()[k - 1] + 1;
    return static_cast<double>(together) / static_cast<double>(test.count());
  };
  const auto parts = detail::gap_validation_part(data, data.where, {{0}}, 0.1, 1);
  const auto plain = hold_out_entries(data, {.test = 0.1, .seed = 1});
  CHECK(parts.train.count() + parts.test.count() == data.count());
  CHECK(parts.test.count() > 30);
  CHECK(runs(parts.test.where) > 0.2);
  CHECK(runs(plain.test.where) < 0.15);
}

TEST_CASE(
    "tensors with whole slices missing in runs: validation entries stand in such slices, and CP in order is better there; shuffled it is "
    "not") {
  for (const bool shuffle : {false, true}) {
    const auto whole = courses({36, 5, 4}, shuffle, 0.1);
    std::vector<std::int32_t> kept, gone;
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(whole.count()); ++k)
      (whole.where.mode(0)[k] % 6 >= 4 ? gone : kept).push_back(k);
    const auto seen = subset(whole, kept), missing = subset(whole, gone);
    REQUIRE(detail::validates_in_runs(seen.where, {{0}}));
    CHECK_FALSE(detail::validates_in_runs(whole.where, {{0}}));
    const auto parts = detail::gap_validation_part(seen, seen.where, {{0}}, 0.1, 1);
    CHECK(parts.train.count() + parts.test.count() == seen.count());
    CHECK(unobserved(parts.train.where)[0].size() > 12);  // beside the 12 slices that are missing anyway

    double error[2], validation[2];
    CompletionSettings s = shortly();
    s.ranks = {3};
    for (const auto& method : detail::estimators_of(s, seen, 30)) {
      if (method.name != "CP, averaged" && method.name != "CP, averaged, ordered") continue;
      const bool ordered = method.name == "CP, averaged, ordered";
      const auto fitted = method.tune(parts.train, parts.test, 1, 100);
      validation[ordered] = fitted.validation_rmse;
      const auto closing = method.close(parts.train, parts.test, seen, 1, true, 100);
      error[ordered] = detail::rmse(closing.fit.predict(missing.where), missing.y);
      if (ordered) CHECK(fitted.settings.find("in order of mode 1") != std::string::npos);
      CHECK(detail::rmse(closing.refitted(seen, missing.where), missing.y) < 1.3 * error[ordered]);
    }
    INFO("missing slices without order " << error[0] << ", with " << error[1] << "; validation " << validation[0] << ", " << validation[1]);
    if (shuffle) {
      CHECK(error[1] > 0.95 * error[0]);
    } else {
      CHECK(error[1] < 0.8 * error[0]);
      CHECK(validation[1] < 0.95 * validation[0]);
    }
  }
}

}  // namespace ordered_tests
