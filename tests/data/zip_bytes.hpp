// SPDX-License-Identifier: MIT
#pragma once
// Zip archives for tests: the bytes that numpy.savez writes, with sizes and places, but without check sums.

#include <string>
#include <vector>

namespace zip {

struct File {
  std::string name, packed;
  std::size_t size;
  int method = 0;
};

inline std::string number(std::size_t value, int width) {
  std::string bytes;
  for (int k = 0; k < width; ++k) bytes += k < 8 ? static_cast<char>(value >> (8 * k) & 255u) : char(0);
  return bytes;
}
inline std::string archive(const std::vector<File>& files) {
  std::string bytes, list;
  for (const File& f : files) {
    const std::string middle = number(static_cast<std::size_t>(f.method), 2) + number(0, 8) + number(f.packed.size(), 4) +
                               number(f.size, 4) + number(f.name.size(), 2);
    list += "PK\x01\x02" + number(20, 2) + number(20, 2) + number(0, 2) + middle + number(0, 12) + number(bytes.size(), 4) + f.name;
    bytes += "PK\x03\x04" + number(20, 2) + number(0, 2) + middle + number(5, 2) + f.name + "extra" + f.packed;
  }
  const std::size_t start = bytes.size();
  return bytes + list + "PK\x05\x06" + number(0, 4) + number(files.size(), 2) + number(files.size(), 2) + number(list.size(), 4) +
         number(start, 4) + number(0, 2);
}

}  // namespace zip
