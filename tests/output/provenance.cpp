// SPDX-License-Identifier: MIT
#include <tacit/io/provenance.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::mentions;

TEST_CASE("provenance names version, compiler, seed and every setting in order") {
  Provenance provenance{.program = "demo \"1\""};
  provenance.compiler = "g++ 1.2.3";
  provenance.seed = 18446744073709551615ull;
  provenance.set("rate", 1e-3).set("depth", 3).set("init", "identity");
  CHECK(json(provenance) == "{\n  \"program\": \"demo \\\"1\\\"\",\n  \"tacit\": \"" + std::string(tacit::version) +
                                "\",\n  \"compiler\": \"g++ 1.2.3\",\n  \"seed\": 18446744073709551615,\n  \"settings\": {\n"
                                "    \"rate\": 0.001,\n    \"depth\": 3,\n    \"init\": \"identity\"\n  }\n}\n");
  const NamedCells all = provenance.all();
  REQUIRE(all.size() == 7);
  CHECK(all[0].first == "program");
  CHECK(all[3].first == "seed");
  CHECK(all[4].first == "rate");
}

TEST_CASE("without settings and seed it is still a whole JSON object") {
  Provenance provenance;
  provenance.compiler = "c";
  CHECK(json(provenance) ==
        "{\n  \"tacit\": \"" + std::string(tacit::version) + "\",\n  \"compiler\": \"c\",\n  \"seed\": null,\n  \"settings\": {}\n}\n");
}

TEST_CASE("the compiler is named, and a date has the form of ISO 8601") {
  const std::string compiler = compiler_name();
  CHECK((mentions(compiler, "g++ ") || mentions(compiler, "clang++ ") || mentions(compiler, "MSVC ")));
  CHECK(mentions(compiler, "Eigen "));
  Provenance provenance;
  provenance.date = now_utc();
  REQUIRE(provenance.date.size() == 20);
  CHECK(provenance.date.substr(0, 2) == "20");
  CHECK(provenance.date[10] == 'T');
  CHECK(provenance.date[19] == 'Z');
  CHECK(mentions(json(provenance), "\"date\": \"" + provenance.date + "\""));
}

TEST_CASE("it stands beside the output, but not beside a device") {
  scratch::Folder folder;
  scratch::put(folder / "x.csv", "a\n");
  write_provenance(folder / "x.csv", {});
  CHECK(scratch::get(folder / "x.csv.meta.json") == json(Provenance{}));
  write_provenance("/dev/null", {});
  CHECK_FALSE(scratch::fs::exists("/dev/null.meta.json"));
}
