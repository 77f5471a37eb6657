// SPDX-License-Identifier: MIT
#pragma once
// What optimizers of other programs did on the problem of reference.py, from the files that its scripts write, and the same with ours.
// Anew:  /usr/bin/python3 tests/optimizer/reference/torch_reference.py  (Debian: python3-torch), and numpy_reference.py.

#include <tacit/optimizer/chain.hpp>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "catch.hpp"

namespace reference {

using namespace tacit;

constexpr Index n = 12;

/// f(x) = 1/2 (x - c)' A (x - c) + 1/4 sum_k q_k x_k^4 as in reference.py, in two blocks of 5 and 7 parameters.
struct Oracle {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0;
  };
  Layout layout() const { return Layout().add("first", {5}).add("second", {7}); }
  Index dimension() const { return n; }
  Value<double> value_and_gradient(In<double> x, Workspace&, Out<double> g) const {
    double f = 0;
    for (Index k = 0; k < n; ++k) {
      const auto off = [&](Index j) { return x[j] - (static_cast<double>(7 * j % 12) / 6 - 1); };
      const double q = 0.1 * static_cast<double>(1 + k % 3);
      double a = (0.5 + 0.25 * static_cast<double>(k)) * off(k);
      if (k > 0) a += 0.2 * off(k - 1);
      if (k + 1 < n) a += 0.2 * off(k + 1);
      g[k] = a + q * x[k] * x[k] * x[k];
      f += 0.5 * off(k) * a + 0.25 * q * std::pow(x[k], 4);
    }
    return {f, f};
  }
};
inline Vector<double> start() {
  Vector<double> x(n);
  for (Index k = 0; k < n; ++k) x[k] = static_cast<double>((5 * k + 3) % 12) / 6 - 0.9;
  return x;
}

using Path = std::map<Index, Vector<double>>;  ///< theta after some steps

inline Path path_of(const auto& optimizer) {
  const Oracle oracle;
  Oracle::Workspace ws;
  Step<double> step(n);
  step.theta = start();
  auto state = optimizer.start(oracle);
  Path path;
  Vector<double> next(n);
  for (Index t = 1; t <= 100; ++t) {
    step.iteration = t - 1;
    optimizer.step(oracle, ws, step, state);
    step.apply(next);
    step.theta = next;
    if (t != 1 && t != 10 && t != 100) continue;
    path[t] = next;
    if constexpr (std::remove_cvref_t<decltype(optimizer)>::reports) {
      step.iteration = t;
      optimizer.report(step, state, path[t]);
    }
  }
  return path;
}

/// The cases of a file, each to be met by one of ours.
class File {
 public:
  explicit File(const std::string& name) {
    std::ifstream in(std::string(TACIT_TESTS) + "/optimizer/reference/" + name);
    REQUIRE(in.good());
    for (std::string line; std::getline(in, line);) {
      if (line[0] == '#') continue;
      std::istringstream words(line);
      std::string of;
      Index t = 0;
      words >> of >> t;
      Vector<double> theta(n);
      for (double& x : theta) words >> x;
      REQUIRE_FALSE(words.fail());
      cases_[of][t] = theta;
    }
  }
  /// Ours is the case of that name to 1e-12, after 1, 10 and 100 steps.
  void equals(const std::string& name, const auto& optimizer) {
    INFO(name << ": " << sentence(optimizer));
    const auto found = cases_.find(name);
    REQUIRE(found != cases_.end());
    met_.insert(name);
    REQUIRE(found->second.size() == 3);
    const Path ours = path_of(optimizer);
    for (const auto& [t, theta] : found->second) {
      INFO("after " << t << " steps, ours is off by " << (ours.at(t) - theta).cwiseAbs().maxCoeff());
      CHECK((ours.at(t) - theta).cwiseAbs().maxCoeff() <= 1e-12);
    }
    CHECK((found->second.at(100) - start()).norm() > 0.1);
  }
  /// No case was forgotten.
  void all_met() const {
    for (const auto& [name, path] : cases_) {
      INFO(name);
      CHECK(met_.count(name) == 1);
    }
  }

 private:
  std::map<std::string, Path> cases_;
  std::set<std::string> met_;
};

}  // namespace reference
