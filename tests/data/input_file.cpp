// SPDX-License-Identifier: MIT
#include <tacit/data/input_file.hpp>
#include <tacit/io/npy_writer.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace input_file_tests {

TEST_CASE("a table that is edited while it is completed is written as it was read") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "t.csv", "n,a,b\nx,1.5,\ny,,4\n");
  const InputFile file = read_input(path);
  CHECK(file.kind == FileKind::matrix);
  scratch::put(path, "n,a,b,c\nz,9,9,9\n");
  write_completed(folder / "c.csv", file, Matrix<double>::Constant(2, 2, 7));
  CHECK(scratch::get(folder / "c.csv") == "n,a,b\nx,1.5,7\ny,7,4\n");
  scratch::fs::remove(path);
  write_completed(folder / "d.csv", file, Matrix<double>::Constant(2, 2, 7));
  CHECK(scratch::get(folder / "d.csv") == scratch::get(folder / "c.csv"));
}

TEST_CASE("every kind is read as read_observed reads it, and says which it is") {
  scratch::Folder folder;
  const std::string ratings = scratch::put(folder / "r.csv", "user,item,rating\n1,2,3\n4,2,\n1,5,2\n");
  const InputFile of_ratings = read_input(ratings);
  CHECK(of_ratings.kind == FileKind::triplets);
  CHECK(of_ratings.format == read_observed(ratings).format);
  CHECK(of_ratings.asked.size() == 1);
  write_npy(folder / "a.npy", Matrix<double>(Matrix<double>::Ones(2, 3)));
  CHECK(read_input(folder / "a.npy").kind == FileKind::npy);
  CHECK(read_input(folder / "a.npy").data.y.size() == 6);
  CHECK(read_input(ratings, {.kind = FileKind::matrix, .csv = {.marks = true}}).kind == FileKind::matrix);
  const std::string none = folder / "none.csv";
  CHECK(scratch::file_error_of(none, [&] { read_input(none); }) == ": cannot be read: No such file or directory");
}

TEST_CASE("a table keeps the names of its labels and of what is no data") {
  scratch::Folder folder;
  const InputFile file = read_input(scratch::put(folder / "t.csv", "name,a,colour,b\nx,1.5,red,\ny,,red,4\nz,3,blue,7\n"));
  CHECK(file.row_name == "name");
  CHECK(file.left_out == std::vector<std::string>{"colour"});
  CHECK(read_input(scratch::put(folder / "u.csv", "1.5,2\n3,4.5\n")).row_name.empty());
}

}  // namespace input_file_tests
