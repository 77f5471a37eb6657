// SPDX-License-Identifier: MIT
#include <tacit/io/csv_writer.hpp>
#include <tacit/output/result_folder.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

const std::vector<std::string> names{"completed.csv", "gaps.csv", "predictions.csv"};

Provenance run_on(const char* data, const char* program = "complete") {
  Provenance p;
  p.program = program;
  p.set("data", data);
  return p;
}
void write(ResultFolder& out, const char* name, const Provenance& by) { write_csv(out.path(name), Matrix<double>::Ones(1, 2), {}, by); }

}  // namespace

TEST_CASE("results of another run are removed, with what made them, and told") {
  scratch::Folder folder;
  {
    ResultFolder first(folder.path().string(), "complete", names);
    write(first, "completed.csv", run_on("table.csv"));
    write(first, "gaps.csv", run_on("table.csv"));
    CHECK(first.remove_old(run_on("table.csv")).empty());
  }
  ResultFolder second(folder.path().string(), "complete", names);
  write(second, "gaps.csv", run_on("ratings.csv"));
  CHECK(second.remove_old(run_on("ratings.csv")) == std::vector<std::string>{"completed.csv"});
  CHECK(folder.files() == 2);
  CHECK(second.written() == std::vector<std::string>{"gaps.csv"});
}

TEST_CASE("predictions of a saved model join the files of its fit") {
  scratch::Folder folder;
  ResultFolder fit(folder.path().string(), "complete", names);
  write(fit, "completed.csv", run_on("table.csv"));
  ResultFolder later(folder.path().string(), "complete", names);
  write(later, "predictions.csv", run_on("table.csv"));
  CHECK(later.remove_old(run_on("table.csv")).empty());
  CHECK(folder.files() == 4);
}

TEST_CASE("what others wrote stays") {
  scratch::Folder folder;
  scratch::put(folder / "completed.csv", "mine");  // no provenance
  write_csv(folder / "gaps.csv", Matrix<double>::Ones(1, 2), {}, run_on("x", "another program"));
  scratch::put(folder / "predictions.csv", "a,b\n");
  scratch::put(folder / "predictions.csv.meta.json", "not JSON");
  scratch::put(folder / "notes.txt", "mine");
  const ResultFolder out(folder.path().string(), "complete", names);
  CHECK(out.remove_old(run_on("y")).empty());
  CHECK(folder.files() == 6);
}

TEST_CASE("a result that is not in the list is refused: it would stay for ever") {
  scratch::Folder folder;
  ResultFolder out(folder.path().string(), "complete", names);
  CHECK(thrown([&] { out.path("other.csv"); }) == "ResultFolder: 'other.csv' is none of the results it knows");
}
