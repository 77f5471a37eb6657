// SPDX-License-Identifier: MIT
#include <tacit/race/exchange.hpp>

#include <tacit/data/npy.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/json_reader.hpp>
#include <tacit/io/npy_writer.hpp>
#include <tacit/output/blocks.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "planted.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace race_exchange_tests {
const RaceProblem completion =
    race_problem("matrix_completion({.rows = 5, .cols = 4, .rank = 1, .observed = 12, .depth = 2, .product_scale = 0.1})");
/// Three thetas of gradient descent with their objectives: the start, and after one and two steps.
struct Theirs {
  Matrix<double> thetas;
  Table rows{{"gradients", "loss"}};
  explicit Theirs(double lie = 0) {
    const RaceInstance one = completion.make(101);
    auto ws = one.problem.workspace();
    Vector<double> theta = one.theta, g(theta.size());
    thetas.resize(3, theta.size());
    for (int k = 0; k < 3; ++k) {
      thetas.row(k) = theta;
      rows.add({k, one.problem.value_and_gradient(theta, ws, g).objective * (1 + lie)});
      theta -= 0.1 * g;
    }
  }
};
struct Files {
  scratch::Folder folder;
  std::string csv = folder / "theirs.csv", npy = folder / "theirs.npy";
  explicit Files(const Theirs& theirs = Theirs()) {
    write_csv(csv, theirs.rows);
    write_npy(npy, theirs.thetas);
  }
  AddedCurve read() const { return added_curve("theirs", csv, npy, completion, 101, {.targets = {0.999999, 1e-9}}); }
};
std::string trouble(const auto& action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST_CASE("an exported problem is the instance: start, blocks, data and objective") {
  scratch::Folder folder;
  const auto written = export_problem(folder / "problem", completion, 101);
  for (const std::string& name : written) CHECK(std::filesystem::exists(folder / ("problem/" + name)));
  const RaceInstance one = completion.make(101);
  CHECK(load_blocks<double>(folder / "problem", one.problem.layout()) == one.theta);
  const NpyArray theta = read_npy(folder / "problem/theta.npy"), entries = read_npy(folder / "problem/entries.npy");
  CHECK(theta.values == std::vector<double>(one.theta.begin(), one.theta.end()));
  CHECK(entries.shape == Shape{12, 3});
  const JsonValue settings = read_json(folder / "problem/problem.json");
  CHECK(settings["problem"].text() == completion.name);
  CHECK(settings["seed"].integer() == 101);
  CHECK(settings["parameters"].integer() == one.theta.size());
  CHECK(settings["blocks"].size() == 2);
  const Matrix<double> table = entries.matrix(), W2 = one.problem.layout().matrix(one.theta, 1),
                       W1 = one.problem.layout().matrix(one.theta, 0);
  double sum = 0;
  for (Index k = 0; k < 12; ++k) {
    const double z = W2.row(static_cast<Index>(table(k, 0))).dot(W1.col(static_cast<Index>(table(k, 1))));
    sum += (z - table(k, 2)) * (z - table(k, 2)) / 12;
  }
  CHECK(std::abs(settings["objective_at_start"].number() - sum) < 1e-14);
}

TEST_CASE("losses of an added curve are computed from its parameters") {
  const AddedCurve curve = Files().read();
  REQUIRE(curve.curve.size() == 3);
  CHECK(curve.curve[0].loss == 1);
  CHECK(curve.curve[2].loss < curve.curve[1].loss);
  CHECK(curve.reached[0] == 1);
  CHECK(curve.reached[1] == RaceRun::never);
  CHECK(curve.apart < 1e-15);
  CHECK(curve.validation_error > 0);
  const AddedCurve lying = Files(Theirs(0.5)).read();  // what they say of themselves is compared, not believed
  CHECK(lying.curve[2].loss == curve.curve[2].loss);
  CHECK(std::abs(lying.apart - 0.5) < 1e-12);
  CHECK(added_table({curve}).rows() == 3);
}

TEST_CASE("a curve without its parameters, or with others, is refused") {
  const Files files;
  CHECK(thrown([&] { added_curve("theirs", files.csv, "", completion, 101); }).find("comes without its parameters") != std::string::npos);
  CHECK(trouble([&] { added_curve("theirs", files.csv, files.folder / "none.npy", completion, 101); }).find("none.npy") !=
        std::string::npos);
  Theirs shorter;
  shorter.thetas = Matrix<double>(shorter.thetas.topRows(2));
  CHECK(trouble([&] { Files(shorter).read(); }).find("make it 3 x ") != std::string::npos);
  Theirs nameless;
  nameless.rows = Table({"steps"}).add({0}).add({1}).add({2});
  CHECK(trouble([&] { Files(nameless).read(); }).find("has no column 'gradients'") != std::string::npos);
  Theirs falling;
  falling.rows = Table({"gradients"}).add({0}).add({2}).add({1});
  CHECK(trouble([&] { Files(falling).read(); }).find("row 3: gradients is 1") != std::string::npos);
}

}  // namespace race_exchange_tests
