// SPDX-License-Identifier: MIT
#include <tacit/observation/split.hpp>
#include <tacit/observation/tensor_data.hpp>

#include <map>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("entries of a tensor keep their indices, path and shape") {
  const TensorEntries at(Shape{3, 4, 2}, {{0, 0, 2}, {1, 1, 0}, {0, 1, 1}});
  CHECK(at.count() == 3);
  CHECK(at.density() == 3.0 / 24);
  CHECK(at.where(2) == "entry (2, 0, 1)");
  CHECK(at.path() == Path::automatic);
  CHECK(at.through(Path::halves).path() == Path::halves);
  TensorEntryList batch = at.batch();
  const Index which[] = {2, 0, 2};
  at.gather(which, 3, batch);
  CHECK(batch.count() == 3);
  CHECK(batch.mode(0)[0] == 2);
  CHECK(batch.mode(1)[1] == 1);
  CHECK(batch.mode(2)[2] == 1);
}

TEST_CASE("what is not a set of entries of a tensor is refused with a sentence") {
  const auto refusal = [](Shape shape, std::vector<TensorEntries::Indices> index) { return thrown([&] { TensorEntries(shape, index); }); };
  CHECK(refusal(Shape{3, 4, 2}, {{0}, {1}}) == "TensorEntries: got indices of 2 modes for a 3 x 4 x 2 tensor");
  CHECK(refusal(Shape{3, 4, 2}, {{0}, {1, 1}, {0}}) == "TensorEntries: got 1 indices of mode 0, but 2 of mode 1");
  CHECK(refusal(Shape{3, 4, 2}, {{}, {}, {}}) == "TensorEntries: no entry of the 3 x 4 x 2 tensor is observed");
  CHECK(refusal(Shape{3, 4, 2}, {{0}, {4}, {1}}) ==
        "TensorEntries: observation 0 is at (0, 4, 1): index 4 of mode 1 lies outside the 3 x 4 x 2 tensor (indices start at 0)");
  CHECK(refusal(Shape{3, 4, 2}, {{1, 1}, {2, 2}, {1, 1}}) == "TensorEntries: (1, 2, 1) is observed twice");
  CHECK(refusal(Shape{3, 4, 2}, {{1, 1}, {2, 1}, {1, 1}}) ==
        "TensorEntries: observation 1 at (1, 1, 1) comes after (1, 2, 1); sort them, or let observed() do so");
  CHECK(thrown([] {
          observed<double>(Shape{3, 4}, {{0, 3}, {1, 1}}, Vector<double>::Zero(2));
        }) == "observed: observation 1 has index 3 of mode 0, outside the 3 x 4 tensor (indices start at 0)");
}

TEST_CASE("a tensor of order twelve and mode size 1000 has observed entries, but is never dense") {
  const Shape shape(std::vector<Index>(12, 1000));
  std::vector<TensorEntries::Indices> index(12, TensorEntries::Indices{999, 0});
  const auto data = observed<double>(shape, index, Vector<double>{{1.0, 2.0}});
  CHECK(data.where.count() == 2);
  CHECK(data.y[0] == 2);
  CHECK(thrown([&] { AllEntries all(shape); }).find("a dense 1000 x 1000") != std::string::npos);
  CHECK(thrown([&] { (void)shape.count(); }).find("overflows") != std::string::npos);
}

TEST_CASE("coordinates in any order are sorted with their values and weights") {
  const Shape shape{4, 3, 5};
  Random random(3, "test");
  std::vector<Index> cells(60);
  std::iota(cells.begin(), cells.end(), Index(0));
  random.shuffle(cells);
  std::vector<TensorEntries::Indices> index(3);
  Vector<double> y(25), weight(25);
  for (Index k = 0; k < 25; ++k) {
    const Index c = cells[static_cast<std::size_t>(k)];
    index[0].push_back(static_cast<std::int32_t>(c % 4));
    index[1].push_back(static_cast<std::int32_t>(c / 4 % 3));
    index[2].push_back(static_cast<std::int32_t>(c / 12));
    y[k] = static_cast<double>(c), weight[k] = static_cast<double>(c) + 1;
  }
  const auto data = observed<double>(shape, index, y, weight);
  for (Index k = 0; k < data.count(); ++k) {
    const double c = data.where.mode(0)[k] + 4.0 * data.where.mode(1)[k] + 12.0 * data.where.mode(2)[k];
    CHECK(data.y[k] == c);
    CHECK(data.weight[k] == c + 1);
  }
}

TEST_CASE("NaN marks what is missing in a tensor") {
  Tensor<double> t(Shape{2, 3, 2});
  for (Index k = 0; k < 12; ++k) t.values[k] = static_cast<double>(k);
  t({1, 2, 0}) = t({0, 0, 1}) = std::nan("");
  const auto data = observed(t);
  CHECK(data.count() == 10);
  for (Index k = 0; k < data.count(); ++k) CHECK(data.y[k] == t({data.where.mode(0)[k], data.where.mode(1)[k], data.where.mode(2)[k]}));
  CHECK(fully_observed(Tensor<double>(Shape{2, 2, 2})).count() == 8);
}

TEST_CASE("folds of a tensor are disjoint and together the whole; a cover keeps every slice observed") {
  Tensor<double> t(Shape{5, 4, 3});
  for (Index k = 0; k < t.values.size(); ++k) t.values[k] = static_cast<double>(k);
  const auto data = observed(t);
  std::map<double, int> tested;
  for (const auto& fold : k_folds(data, {.folds = 4, .seed = 2})) {
    CHECK(fold.train.count() + fold.test.count() == data.count());
    for (Index k = 0; k < fold.test.count(); ++k) ++tested[fold.test.y[k]];
  }
  CHECK(tested.size() == 60);
  for (const auto& [value, times] : tested) CHECK(times == 1);
  const auto covered = hold_out_entries(data, {.test = 0.8, .seed = 3, .cover = true});
  for (const auto& mode : unobserved(covered.train.where)) CHECK(mode.empty());
}

TEST_CASE("slices without observations are named, mode by mode") {
  const TensorEntries at(Shape{3, 4, 2}, {{0, 0, 2}, {1, 1, 0}, {0, 1, 1}});
  CHECK(unobserved(at) == std::vector<std::vector<Index>>{{1}, {2, 3}, {}});
}
