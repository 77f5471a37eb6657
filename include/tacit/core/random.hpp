// SPDX-License-Identifier: MIT
#pragma once
// Random streams that give the same numbers with every compiler and standard library. std::mt19937_64 is specified to the bit,
// the standard distributions are not: so uniform, normal and integer draws are our own few lines. One stream per (seed, purpose):
// adding a draw to one purpose ("initial", "minibatch", ...) never shifts the numbers of another.

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "check.hpp"
#include "scalar.hpp"

namespace tacit {

class Random {
 public:
  Random() : Random(0, "") {}
  Random(std::uint64_t seed, std::string_view purpose) : engine_(mix(seed ^ mix(hash(purpose)))) {}

  /// Uniform on [0, 1) with 53 random bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Standard normal, by the polar method; draws come in pairs, the second is kept.
  double normal() {
    if (std::exchange(has_spare_, false)) return spare_;
    double u, v, r2;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      r2 = u * u + v * v;
    } while (r2 >= 1 || r2 == 0);
    const double factor = std::sqrt(-2 * std::log(r2) / r2);
    spare_ = v * factor;
    has_spare_ = true;
    return u * factor;
  }

  /// Uniform on {0, ..., n - 1}, without modulo bias; n >= 1.
  std::uint64_t below(std::uint64_t n) {
    require(n > 0, "Random::below: n is 0, there is nothing to draw from");
    const std::uint64_t reject = (0 - n) % n;  // 2^64 mod n
    std::uint64_t bits;
    do bits = engine_();
    while (bits < reject);
    return bits % n;
  }

  /// Fisher-Yates, in place.
  template <class Sequence>
  void shuffle(Sequence& items) {
    for (auto k = items.size(); k > 1; --k) std::swap(items[k - 1], items[static_cast<decltype(k)>(below(static_cast<std::uint64_t>(k)))]);
  }

  template <class Archive>
  void persist(Archive& archive) {
    archive("engine", engine_);
    archive("spare", spare_);
    archive("has_spare", has_spare_);
  }
  bool operator==(const Random&) const = default;

 private:
  static std::uint64_t hash(std::string_view text) {  // FNV-1a
    std::uint64_t h = 14695981039346656037ull;
    for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return h;
  }
  static std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64: neighbouring seeds give unrelated streams
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
  }

  std::mt19937_64 engine_;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace tacit
