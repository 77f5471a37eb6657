// SPDX-License-Identifier: MIT
#include <tacit/data/npz.hpp>
#include <tacit/data/tensor_file.hpp>
#include <tacit/io/npy_writer.hpp>

#include "catch.hpp"
#include "scratch.hpp"
#include "zip_bytes.hpp"

using namespace tacit;

namespace npz_tests {

namespace {

std::string npy(const Matrix<double>& W) {
  scratch::Folder folder;
  write_npy(folder / "a.npy", W);
  return scratch::get(folder / "a.npy");
}
std::string refused(const std::string& bytes) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.npz", bytes);
  return scratch::file_error_of(path, [&] { read_npz(path); });
}

}  // namespace

TEST_CASE("an archive of one array is that array") {
  Matrix<double> W(2, 3);
  W << 1, std::nan(""), 3, 4, 5.5, 6;
  const std::string bytes = npy(W);
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.npz", zip::archive({{"arr_0.npy", bytes, bytes.size()}}));
  const MatrixFile file = read_observed(path);
  CHECK(file.data.where.rows() == 2);
  CHECK(file.data.y == Vector<double>{{1, 3, 4, 5.5, 6}});
  CHECK(file.format == "NPY array, 2 x 3, float64");
  CHECK(read_tensor(path).data.count() == 5);
}

TEST_CASE("other archives are refused with what they hold") {
  const std::string a = npy(Matrix<double>::Ones(2, 2));
  CHECK(refused(zip::archive({{"x.npy", a, a.size()}, {"y.npy", a, a.size()}})) ==
        ": holds 2 arrays (x.npy, y.npy); save one of them with numpy.save");
  CHECK(refused(zip::archive({{"readme.txt", "abc", 3}})) == ": holds readme.txt, which is no NPY file");
  CHECK(refused(zip::archive({})) == ": holds 0 arrays (); save one of them with numpy.save");
  CHECK(refused(zip::archive({{"x.npy", a, a.size(), 12}})) == ": is packed by method 12; save it with numpy.save");
  const std::string whole = zip::archive({{"x.npy", a, a.size()}});
  CHECK(refused(whole.substr(0, whole.size() - 30)) == ": is damaged: it is cut short, or no zip archive");
  CHECK(refused("") == ": is empty");
  CHECK(refused("a,b\n") == ": is not an NPZ file: it is no zip archive");
  CHECK(refused(zip::archive({{"x.npy", a.substr(0, 100), 100}})).substr(0, 15) == ": is cut short ");
}

}  // namespace npz_tests
