// SPDX-License-Identifier: MIT
#include <tacit/race/instance.hpp>

#include <Eigen/Eigenvalues>
#include <tacit/data/low_rank.hpp>
#include <tacit/data/named_problem.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace race_problem_tests {
double objective(const RaceInstance& one, const Vector<double>& theta) {
  auto ws = one.problem.workspace();
  Vector<double> g(theta.size());
  return one.problem.value_and_gradient(theta, ws, g).objective;
}
const std::vector<std::string> all{
    "matrix_completion({.rows = 8, .cols = 6, .rank = 2, .observed = 30, .depth = 1})",
    "matrix_completion({.rows = 8, .cols = 6, .rank = 2, .observed = 30, .depth = 4, .condition = 50})",
    "matrix_sensing({.rows = 5, .cols = 5, .rank = 1, .observed = 20})",
    "tensor_completion({.kind = cp, .size = 4, .rank = 3, .observed = 30})",
    "tensor_completion({.kind = hierarchical, .order = 4, .size = 3, .rank = 2, .truth_rank = 2, .observed = 40})",
    "diagonal_regression({.size = 12, .observed = 8, .sparsity = 2})",
    "classification({.samples = 30, .features = 6, .classes = 3})",
    "power_regression({.samples = 20, .features = 4, .depth = 2, .width = 3})"};

TEST_CASE("every kind of problem has a start, a finite objective, an error of what was not observed, and its data") {
  for (const std::string& text : all) {
    INFO(text);
    const RaceProblem problem = race_problem(text);
    CHECK(problem.name == text);
    const RaceInstance one = problem.make(3), same = problem.make(3), other = problem.make(4);
    CHECK(one.theta.size() == one.problem.dimension());
    CHECK(std::isfinite(objective(one, one.theta)));
    CHECK(objective(one, one.theta) > 0);
    CHECK(objective(one, one.theta) == objective(same, same.theta));
    CHECK(objective(one, one.theta) != objective(other, other.theta));
    REQUIRE(one.validation_error);
    CHECK(one.validation_error(one.theta) > 0);
    CHECK_FALSE(one.arrays().empty());
    CHECK_FALSE(one.objective.empty());
  }
}

TEST_CASE("names and settings of data/named_problem.hpp make the same problem and start") {
  for (std::size_t k = 0; k < 6; ++k) {
    INFO(all[k]);
    const RaceInstance one = race_problem(all[k]).make(1);
    const NamedProblem<double> named = problem_named<double>(all[k]);  // .seed = 1
    CHECK(one.theta == named.theta);
    auto ws = named.problem.workspace();
    Vector<double> g(named.theta.size());
    CHECK(objective(one, one.theta) == named.problem.value_and_gradient(named.theta, ws, g).objective);
  }
}

TEST_CASE("the error of completion is relative, over unobserved entries alone") {
  const RaceInstance one = race_problem("matrix_completion({.rows = 4, .cols = 3, .rank = 1, .observed = 7, .depth = 1})").make(2);
  const Matrix<double> truth = low_rank_completion<double>({.rows = 4, .cols = 3, .rank = 1, .observed = 7, .seed = 2}).truth;
  Vector<double> theta(12);
  one.problem.layout().matrix(theta, 0) = truth;
  CHECK(one.validation_error(theta) < 1e-15);
  CHECK(objective(one, theta) == 0);
  Matrix<double> unseen = Matrix<double>::Ones(4, 3);
  for (Index k = 0; k < 7; ++k) unseen(one.entries->where.row()[k], one.entries->where.col()[k]) = 0;
  one.problem.layout().matrix(theta, 0) = truth + 0.5 * truth.cwiseProduct(unseen);
  CHECK(objective(one, theta) == 0);
  CHECK(std::abs(one.validation_error(theta) - 0.5) < 1e-14);
}

TEST_CASE("a truth of given condition has geometric singular values, and none given leaves the old numbers") {
  const LowRank plain{.rows = 12, .cols = 9, .rank = 3, .observed = 20, .seed = 5};
  LowRank given = plain;
  given.condition = 100;
  const Matrix<double> truth = low_rank_completion<double>(given).truth;
  const Matrix<double> gram = truth.transpose() * truth;
  Vector<double> sigma = Eigen::SelfAdjointEigenSolver<Matrix<double>>(gram).eigenvalues().tail(3).cwiseSqrt();
  CHECK(std::abs(sigma[2] / sigma[1] - 10) < 1e-9);
  CHECK(std::abs(sigma[1] / sigma[0] - 10) < 1e-6);  // through the Gram matrix the smallest loses digits
  CHECK(std::abs(truth.norm() - std::sqrt(12.0 * 9)) < 1e-12);
  CHECK(low_rank_completion<double>(plain).seen.where.count() == 20);
  LowRank bad = plain;
  bad.condition = 0.5;
  CHECK(thrown([&] { low_rank_completion<double>(bad); }).find("the condition is 0.5") != std::string::npos);
}

TEST_CASE("labels of the classification are those of its teacher, and its error is a share of wrong ones") {
  const RaceInstance one = race_problem("classification({.samples = 200, .features = 5, .classes = 3, .depth = 1})").make(1);
  Vector<double> zero = Vector<double>::Zero(15);
  CHECK(std::abs(objective(one, zero) - std::log(3.0)) < 1e-14);
  CHECK(one.validation_error(zero) > 0.2);
  CHECK(one.validation_error(zero) < 1);
}

TEST_CASE("one's own file: held out entries, and what cannot be read is refused at once") {
  scratch::Folder folder;
  std::string csv = "row,col,value\n";
  for (int i = 0; i < 12; ++i)
    for (int j = 0; j < 9; ++j) csv += std::to_string(i) + "," + std::to_string(j) + "," + std::to_string((i + 1) * (j + 2)) + "\n";
  const std::string path = scratch::put(folder / "mine.csv", csv);
  for (const std::string& text :
       {"file(" + path + ")", "file(" + path + ", .depth = 3, .width = 4)", "file({.path = " + path + ", .held_out = 0.2})"}) {
    INFO(text);
    const RaceInstance one = race_problem(text).make(1);
    CHECK(one.problem.model().shape() == Shape{12, 9});
    CHECK(one.entries->count() == (text.find("0.2") == std::string::npos ? 97 : 86));
    CHECK(std::abs(one.entries->y.mean()) < 1e-14);
    CHECK(one.validation_error(one.theta) > 0.5);
  }
  CHECK_THROWS_AS(race_problem("file(" + (folder / "none.csv") + ")"), std::runtime_error);
  CHECK(thrown([] { race_problem("file()"); }) == "file: no path is given; write  file(ratings.csv)");
  CHECK(thrown([] { race_problem("file"); }) == "file: no path is given; write  file(ratings.csv)");
  CHECK(thrown([&] { race_problem("file(" + path + ", .dept = 3)"); }).find("there is no setting .dept") != std::string::npos);
}

TEST_CASE("names and settings of problems that nobody knows are refused with what is near") {
  CHECK(thrown([] {
          race_problem("matrix_completions");
        }).find("there is no problem 'matrix_completions'; the nearest are matrix_completion") == 0);
  CHECK(thrown([] { race_problem("matrix_completion({.dept = 3})"); }).find("there is no setting .dept") != std::string::npos);
  CHECK(thrown([] { race_problem("classification({.flipped = 2})").make(1); }).find(".flipped is 2") != std::string::npos);
  CHECK(thrown([] { race_problem("power_regression({.p = 0.5})").make(1); }).find("p is 0.5") != std::string::npos);
  CHECK(race_problem_names().size() == 7);
  for (const std::string& name : race_problem_names()) CHECK_FALSE(race_problem_settings(name).empty());
}

}  // namespace race_problem_tests
