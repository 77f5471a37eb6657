// SPDX-License-Identifier: MIT
#include <tacit/core/archive.hpp>
#include <tacit/core/random.hpp>

#include <limits>

#include "catch.hpp"

using namespace tacit;

namespace {

enum class Colour : std::int32_t { red, blue };

struct Inner {
  double x = 0;
  std::string name;
  template <class Archive>
  void persist(Archive& archive) {
    archive("x", x);
    archive("name", name);
  }
  bool operator==(const Inner&) const = default;
};

/// One of everything.
struct Everything {
  bool flag = false;
  char letter = 0;
  short small = 0;
  int number = 0;
  Index index = 0;
  float single = 0;
  double real = 0;
  Colour colour = Colour::red;
  std::string text;
  std::vector<Index> which;
  std::vector<std::string> names;
  std::vector<Inner> parts;
  Vector<float> v;
  Vector<double> w;
  Random random;
  Inner inner;

  template <class Archive>
  void persist(Archive& archive) {
    archive("flag", flag);
    archive("letter", letter);
    archive("small", small);
    archive("number", number);
    archive("index", index);
    archive("single", single);
    archive("real", real);
    archive("colour", colour);
    archive("text", text);
    archive("which", which);
    archive("names", names);
    archive("parts", parts);
    archive("v", v);
    archive("w", w);
    archive("random", random);
    archive("inner", inner);
  }
  bool operator==(const Everything&) const = default;
};

Everything filled() {
  Everything e;
  e.flag = true, e.letter = 'x', e.small = -3, e.number = 1 << 30, e.index = Index(1) << 40, e.single = 0.1f;
  e.real = -std::numeric_limits<double>::denorm_min(), e.colour = Colour::blue, e.text = std::string("a\0b", 3);
  e.which = {3, 1, 2}, e.names = {"one", "", "three"}, e.parts = {{1.5, "p"}, {2.5, "q"}};
  e.v = Vector<float>::LinSpaced(5, 0, 1), e.w = Vector<double>::LinSpaced(3, -1, 1);
  e.random = Random(4, "archive");
  e.random.normal();  // leaves a spare draw behind
  e.inner = {std::numeric_limits<double>::infinity(), "inner"};
  return e;
}

/// Inner with another first name.
struct Renamed {
  double y = 0;
  template <class Archive>
  void persist(Archive& archive) {
    archive("y", y);
  }
};
/// The archived form of a Random.
struct Stream {
  std::string engine;
  template <class Archive>
  void persist(Archive& archive) {
    archive("engine", engine);
    double spare = 0;
    archive("spare", spare);
    bool has_spare = false;
    archive("has_spare", has_spare);
  }
};

template <class T>
std::string written(T item) {
  OutputArchive out;
  out("item", item);
  return out.bytes();
}
template <class T>
std::string refusal(const std::string& bytes, T into = {}) {
  try {
    InputArchive in(bytes, "file");
    in("item", into);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("what was written is read back bit for bit") {
  Everything before = filled(), after;
  InputArchive in(written(before), "file");
  in("item", after);
  CHECK(in.at_end());
  CHECK(after == before);
  CHECK(after.random.normal() == before.random.normal());
  CHECK(after.random.uniform() == before.random.uniform());
}

TEST_CASE("reading replaces what was there, also by less") {
  Everything before, after = filled();
  InputArchive in(written(before), "file");
  in("item", after);
  CHECK(after == before);
}

TEST_CASE("a field of another name, type or length is refused by name") {
  CHECK(refusal<Renamed>(written(Inner{1, "n"})) ==
        "file: the field 'y' is expected here, but the file goes on with 'x': it was saved by another kind of run");
  CHECK(refusal<float>(written(1.0)) == "file: the field 'item' is stored as float64, this run needs float32");
  CHECK(refusal<Index>(written(1)) == "file: the field 'item' is stored as int32, this run needs int64");
  CHECK(refusal<std::string>(written(true)) == "file: the field 'item' is stored as bool, this run needs text");
  CHECK(refusal<Vector<double>>(written(Vector<float>(Vector<float>::Zero(3)))) ==
        "file: the field 'item' is stored as float32, this run needs float64");
  CHECK(refusal<double>(written(Vector<double>(Vector<double>::Zero(3)))) == "file: the field 'item' holds 3 values, this run needs 1");
}

TEST_CASE("bytes that are cut short anywhere are refused, never read past") {
  const std::string whole = written(filled());
  for (std::size_t size = 0; size < whole.size(); size += size < 600 ? 1 : 97) {
    const std::string said = refusal<Everything>(whole.substr(0, size));
    INFO("cut to " << size << " of " << whole.size());
    CHECK(said.find("file: the field '") == 0);
    CHECK(said.find("is cut short") != std::string::npos);
  }
}

TEST_CASE("a damaged width or count is refused, not believed") {
  const std::string name = "item", type = "float32";
  std::string bytes = written(Vector<float>(Vector<float>::Zero(4)));
  const std::size_t count_at = 4 + name.size() + 4 + type.size();
  std::string wide = bytes, many = bytes;
  wide[count_at + 8] = 8;  // the bytes of one value: a reader that trusts them writes past its vector
  CHECK(refusal<Vector<float>>(wide) == "file: the field 'item' is stored with 8 bytes a value, this run needs 4");
  many[count_at + 7] = 0x40;  // 2^62 values
  CHECK(refusal<Vector<float>>(many) == "file: the field 'item' is cut short");
}

TEST_CASE("a stream that cannot be read is refused") {
  CHECK(refusal<Random>(written(Stream{"1 2 three"})) == "the field 'engine' is not the state of a random stream");
}

TEST_CASE("fingerprints see every number, and the borders between fields") {
  const auto hash = [](auto item) {
    HashArchive archive;
    archive("item", item);
    return archive.value();
  };
  CHECK(hash(filled()) == hash(filled()));
  Everything other = filled();
  other.w[1] = std::nextafter(other.w[1], 1.0);
  CHECK(hash(other) != hash(filled()));
  other = filled();
  other.random.uniform();
  CHECK(hash(other) != hash(filled()));
  CHECK(hash(std::vector<std::string>{"ab", "c"}) != hash(std::vector<std::string>{"a", "bc"}));
  CHECK(hash(std::vector<Index>{0}) != hash(std::vector<Index>{0, 0}));
}
