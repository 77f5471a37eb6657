// SPDX-License-Identifier: MIT
#include <tacit/io/jsonl_writer.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

TEST_CASE("a table as lines and as a list, with its provenance beside it") {
  scratch::Folder folder;
  Table table({"depth", "why"});
  table.add({2, "a"}).add({3, "b"});
  Provenance provenance;
  provenance.seed = 7;
  write_jsonl(folder / "t.jsonl", table, provenance);
  CHECK(scratch::get(folder / "t.jsonl") == "{\"depth\": 2, \"why\": \"a\"}\n{\"depth\": 3, \"why\": \"b\"}\n");
  CHECK(scratch::get(folder / "t.jsonl.meta.json") == json(provenance));
  write_json(folder / "t.json", table, provenance);
  CHECK(scratch::get(folder / "t.json") == "[\n {\"depth\": 2, \"why\": \"a\"},\n {\"depth\": 3, \"why\": \"b\"}\n]\n");
  CHECK(scratch::get(folder / "t.json.meta.json") == json(provenance));
  write_json(folder / "none.json", Table({"a"}));
  CHECK(scratch::get(folder / "none.json") == "[\n]\n");
}
