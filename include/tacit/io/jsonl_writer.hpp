// SPDX-License-Identifier: MIT
#pragma once
// A Table as JSON Lines (one object a row, one row a line) or as one JSON list of objects; pandas.read_json(path, lines=True) and
// pandas.read_json(path) read them as they are. What made the table goes into `path`.meta.json (provenance.hpp).

#include <string>

#include "atomic_file.hpp"
#include "provenance.hpp"
#include "table.hpp"

namespace tacit {

inline void write_jsonl(const std::string& path, const Table& table, const Provenance& provenance = {}) {
  AtomicFile file(path);
  for (Index r = 0; r < table.rows(); ++r) file.write(json(table, r)).write("\n");
  file.commit();
  write_provenance(path, provenance);
}

inline void write_json(const std::string& path, const Table& table, const Provenance& provenance = {}) {
  AtomicFile file(path);
  file.write("[");
  for (Index r = 0; r < table.rows(); ++r) file.write(r ? ",\n " : "\n ").write(json(table, r));
  file.write("\n]\n").commit();
  write_provenance(path, provenance);
}

}  // namespace tacit
