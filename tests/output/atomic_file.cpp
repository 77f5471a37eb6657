// SPDX-License-Identifier: MIT
#include <tacit/io/atomic_file.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

#if defined(__unix__)
#include <sys/resource.h>
#include <sys/stat.h>
#include <csignal>
#endif

using namespace tacit;
using scratch::file_error_of;
using scratch::mentions;

TEST_CASE("a file appears with commit, whole, and nothing else stays") {
  scratch::Folder folder;
  const std::string path = folder / "a.txt";
  {
    AtomicFile file(path);
    file.write("one ").write("").write("two");
    CHECK_FALSE(scratch::fs::exists(path));
    file.commit();
  }
  CHECK(scratch::get(path) == "one two");
  CHECK(folder.files() == 1);
}

TEST_CASE("without commit the old file stays, and nothing else") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.txt", "old");
  {
    AtomicFile file(path);
    file.write("new");
  }
  CHECK(scratch::get(path) == "old");
  CHECK(folder.files() == 1);
  write_file(path, "new");
  CHECK(scratch::get(path) == "new");
  CHECK(folder.files() == 1);
}

TEST_CASE("two writers of one file do not mix") {
  scratch::Folder folder;
  const std::string path = folder / "a.txt";
  AtomicFile first(path), second(path);
  first.write("first");
  second.write("second");
  first.commit();
  CHECK(scratch::get(path) == "first");
  second.commit();
  CHECK(scratch::get(path) == "second");
  CHECK(folder.files() == 1);
}

TEST_CASE("misuse is refused") {
  scratch::Folder folder;
  AtomicFile file(folder / "a.txt");
  file.commit();
  CHECK_THROWS_AS(file.write("x"), std::invalid_argument);
  CHECK_THROWS_AS(file.commit(), std::invalid_argument);
}

TEST_CASE("a place that cannot be written is named with its reason") {
  scratch::Folder folder;
  const std::string file = scratch::put(folder / "file", "x"), below = file + "/a.txt", nowhere = folder / "no/a.txt";
  CHECK(file_error_of(folder.path().string(), [&] { write_file(folder.path().string(), "x"); }) ==
        ": cannot be written: it is a directory");
  CHECK(file_error_of(below, [&] { write_file(below, "x"); }) == ": cannot be written: Not a directory");
  CHECK(file_error_of(nowhere, [&] { write_file(nowhere, "x"); }) ==
        ": cannot be written: No such file or directory (the folder " + (folder / "no") + " does not exist)");
}

TEST_CASE("folders are made, with those above them") {
  scratch::Folder folder;
  make_folder(folder / "a/b");
  make_folder(folder / "a/b");
  write_file(folder / "a/b/c", "x");
  const std::string below = folder / "a/b/c/d";
  CHECK(file_error_of(below, [&] { make_folder(below); }) == ": the folder cannot be made: Not a directory");
}

#if defined(__unix__)
TEST_CASE("no permission") {
  if (::geteuid() == 0) return;  // the superuser is never refused
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.txt", "old");
  ::chmod(folder.path().c_str(), 0500);
  CHECK(file_error_of(path, [&] { write_file(path, "new"); }) == ": cannot be written: Permission denied; the old file stays as it was");
  ::chmod(folder.path().c_str(), 0700);
  CHECK(scratch::get(path) == "old");
}

TEST_CASE("a disk that fills up while writing leaves the old file and no temporary") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.txt", "old");
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const std::size_t size = GENERATE(2000u, 200000u);  // noticed when flushing, and while writing
  rlimit small{1000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string error = file_error_of(path, [&] { write_file(path, std::string(size, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(error == ": cannot be written: File too large; the old file stays as it was");
  CHECK(scratch::get(path) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("links are followed and stay links") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.txt", "old"), link = folder / "link";
  scratch::fs::create_symlink(path, link);
  write_file(link, "new");
  CHECK(scratch::fs::is_symlink(link));
  CHECK(scratch::get(path) == "new");
}
#endif

#if defined(__linux__)
TEST_CASE("a full device is written directly, stays a device, and says why") {
  const std::string path = "/dev/full";
  if (!scratch::fs::exists(path)) return;
  CHECK(file_error_of(path, [&] { write_file(path, "x"); }) == ": cannot be written: No space left on device");
  CHECK(scratch::fs::is_character_file(path));
  write_file("/dev/null", "x");
  CHECK(scratch::fs::is_character_file("/dev/null"));
}
#endif
