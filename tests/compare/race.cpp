// SPDX-License-Identifier: MIT
// Methods that are hopeless on the first fold are left out of the others, and only those.
#include <tacit/compare/folds.hpp>
#include <tacit/compare/holdout.hpp>
#include <tacit/compare/impl/compare.hpp>

#include <atomic>

#include "catch.hpp"

using namespace tacit;
using tacit::detail::Estimator;
using tacit::detail::FoldPlan;
using O = TensorEntries;

namespace {

/// Normal numbers of a 10 x 10 x 10 tensor, first index fastest, and 600 of its entries.
Vector<double> numbers() {
  Random random(1, "race");
  Vector<double> y(1000);
  for (double& x : y) x = random.normal();
  return y;
}
Data<double, O> some_of(const Vector<double>& all) {
  std::vector<O::Indices> index(3);
  for (Index k = 0; k < 600; ++k)
    for (Index n = 0, left = k; n < 3; ++n, left /= 10) index[static_cast<std::size_t>(n)].push_back(static_cast<std::int32_t>(left % 10));
  return observed<double>({10, 10, 10}, index, all.head(600));
}

/// Methods that predict the truth with a normal error of a given size, and how often each was asked.
struct Field {
  const Vector<double> truth = numbers();
  const Data<double, O> data = some_of(truth);
  std::vector<Estimator<O>> methods;
  std::vector<std::shared_ptr<std::atomic<int>>> asked;

  void add(double error, bool ours, bool choosable, double validation, double share = 1) {
    const auto count = std::make_shared<std::atomic<int>>(0);
    asked.push_back(count);
    Estimator<O> method{sentence("method ", methods.size()), ours,
                        [this, error, validation, count, id = methods.size()](const Data<double, O>&, const Data<double, O>&,
                                                                              std::uint64_t seed, double) -> tacit::detail::Fitted<O> {
                          ++*count;
                          return {"settings", validation, [this, error, seed, id](const O& at) {
                                    Random random(seed + 100 * id, "errors");
                                    Vector<double> z(at.count());
                                    for (Index k = 0; k < z.size(); ++k)
                                      z[k] = truth[at.mode(0)[k] + 10 * at.mode(1)[k] + 100 * at.mode(2)[k]] + error * random.normal();
                                    return z;
                                  }};
                        }};
    if (choosable)
      method.close = [](const Data<double, O>&, const Data<double, O>&, const Data<double, O>&, std::uint64_t, bool, double) {
        return tacit::detail::Closing<O>{};
      };
    method.share = share;
    methods.push_back(std::move(method));
  }
};
struct Seconds {
  std::vector<double> left_out;
  Index to_come = 0;
  double of(const Estimator<O>&, double) const { return 1; }
  void leave_out(const std::vector<double>& times, Index folds) { left_out = times, to_come = folds; }
};
auto compared(const Field& field, int threads, Seconds& seconds, bool race = true) {
  FoldPlan plan{4, 1, 60, 1, threads, {.counted = true}, race};
  auto folds = plan.draw([&](const Folds& of) { return tacit::detail::test_parts(field.data, Holdout{}, of); });
  return tacit::detail::compare_on_folds(
      "race", folds, plan, field.methods,
      [](const Data<double, O>& train, std::uint64_t seed) { return hold_out_entries(train, {.test = 0.1, .seed = seed}); }, seconds,
      [](const O&) { return Vector<double>(); });
}

}  // namespace

TEST_CASE("what is far worse on test and validation entries runs one fold alone, and its time goes to the others") {
  Field field;
  field.add(0.10, true, true, 0.10);      // 0
  field.add(0.10, true, true, 0.10);      // 1: as good
  field.add(0.20, true, true, 0.20);      // 2: out
  field.add(0.30, true, true, 0.30);      // 3: out
  field.add(0.30, true, true, 0.10);      // 4: validation likes it: stays
  field.add(0.30, false, true, 0.30);     // 5: the best of the others: stays
  field.add(0.40, false, true, 0.40);     // 6: out
  field.add(0.40, false, true, 0.40, 0);  // 7: costs nothing: stays
  field.add(0.30, true, true, 0.102);     // 8: not much worse by validation: stays
  Seconds seconds;
  const auto one = compared(field, 2, seconds);
  std::vector<int> asked;
  for (const auto& count : field.asked) asked.push_back(*count);
  CHECK(asked == std::vector<int>{4, 4, 1, 1, 4, 4, 1, 4, 4});
  CHECK(seconds.to_come == 3);
  CHECK(one.folds == 4);
  for (std::size_t m = 0; m < one.methods.size(); ++m) {
    const MethodResult& row = one.methods[m];
    INFO(row.name << ": " << row.settings);
    CHECK(row.left_out == (asked[m] == 1));
    CHECK(row.of_folds.size() == static_cast<std::size_t>(asked[m]));
    CHECK((row.settings.find("left out after the first fold, its error there being ") == 0) == row.left_out);
    CHECK(std::isfinite(row.rmse));
    CHECK((row.chosen || std::isfinite(row.difference_error)));
  }
  CHECK(seconds.left_out[3] > 2);
  CHECK(seconds.left_out[3] < 4);
  CHECK(one.winner.ours);
  CHECK(method_table(one.methods, one.folds).rows() == 9);
  // The same on one thread.
  Seconds again;
  const auto two = compared(field, 1, again);
  CHECK(again.left_out == seconds.left_out);
  CHECK(two.tested_z == one.tested_z);
  CHECK(two.winner.name == one.winner.name);
}

TEST_CASE("nobody is left out where differences are small or may be chance, or where it is not asked for") {
  Field alike;
  for (double error : {0.100, 0.101, 0.102, 0.103, 0.104, 0.104}) alike.add(error, true, true, error);
  Seconds unused;
  for (const MethodResult& m : compared(alike, 2, unused).methods) CHECK_FALSE(m.left_out);
  for (const auto& count : alike.asked) CHECK(*count == 4);
  Field far;
  for (double error : {0.1, 0.1, 0.1, 0.5, 0.5}) far.add(error, true, true, error);
  Seconds seconds;
  const auto r = compared(far, 2, seconds, false);
  for (const MethodResult& m : r.methods) CHECK_FALSE(m.left_out);
  CHECK(seconds.to_come == 0);
}

TEST_CASE("a method that cannot be chosen is no reason to leave others out; chance, entry by entry, is not either") {
  using tacit::detail::FirstFold;
  using tacit::detail::left_out_after;
  const auto method = [](double error, bool choosable, double outlier = 0) {
    Vector<double> squares = Vector<double>::Constant(400, error * error);
    for (Index k = 0; k < 400; k += 2) squares[k] *= 1.5;
    for (Index k = 1; k < 400; k += 2) squares[k] *= 0.5;
    squares[0] += outlier;
    return FirstFold{true, choosable, false, error, std::sqrt(squares.mean()), squares};
  };
  // Without the first method, which has no factors, all are alike.
  std::vector<FirstFold> first{method(0.1, false)};
  for (int k = 0; k < 5; ++k) first.push_back(method(1 + 0.01 * k, true));
  CHECK(left_out_after(first) == std::vector<double>(6, 0));
  // A third worse: beyond chance if everywhere, not if by a single entry.
  first = {method(1, true), method(1, true), method(1, true), method(1.3, true), method(1, true, 250)};
  first[4].validation_rmse = 1.3;
  const std::vector<double> times = left_out_after(first);
  CHECK(times[3] > 1.2);
  CHECK(times[4] == 0);
  CHECK(first[4].test_rmse > first[3].test_rmse - 0.1);
}

TEST_CASE("the shares of methods that are left out go to the others, of a counted budget all of it") {
  Field field;
  for (const double share : {2, 1, 1, 0}) field.add(0.1, true, true, 0.1, share);
  const FoldPlan plan{4, 1, 60, 1, 1, {.counted = true}};
  tacit::detail::FoldSeconds<O> seconds(plan, field.methods, 4);
  const auto of_fold = [&](std::vector<std::size_t> which) {
    double sum = 0;
    for (const std::size_t m : which) sum += seconds.of(field.methods[m], 0);
    return sum;
  };
  CHECK(of_fold({0, 1, 2, 3}) == 30);  // 60 s of two cores for four folds
  CHECK(seconds.of(field.methods[0], 0) == 15);
  seconds.leave_out({0, 1.5, 0, 0}, 3);
  CHECK(of_fold({0, 2, 3}) == 30);
  CHECK(seconds.of(field.methods[0], 0) == 20);
  CHECK(seconds.of_closing_fit(field.methods[2]) == 10);
}
