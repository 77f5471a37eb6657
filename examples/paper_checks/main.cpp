// SPDX-License-Identifier: MIT
// What papers say about these models, trained anew and compared. The statements that take seconds are tests (tests/papers); here are those
// that
// take minutes.
//
//   paper_checks --list               names and bounds
//   paper_checks all                  every check (two threads)
//   paper_checks arora2019 zhao2022/1 one paper's, or single ones
//
// Prints a line for each: name, bound, what was measured, whether the bound holds. The exit code is 0 if all hold, 1 if one fails, 2 for an
// unknown name.

#include "check.hpp"

#include <chrono>
#include <iostream>

int main(int argc, char** argv) try {
  std::vector<Check> checks;
  for (auto paper : {arora2019, cohen2025, gunasekar2017, hariz2022, karakida2023, razin2020, razin2021, razin2022, zhao2022})
    for (Check& check : paper()) checks.push_back(std::move(check));

  const std::vector<std::string> wanted(argv + 1, argv + argc);
  if (wanted.empty() || wanted[0] == "--list" || wanted[0] == "--help") {
    std::cout << "usage: paper_checks --list | all | PAPER... | PAPER/ITEM...\n";
    for (const Check& check : checks) std::cout << check.name << "  " << check.bound << '\n';
    return 0;
  }
  const auto asks_for = [](const std::string& name, const Check& check) {
    return name == "all" || name == check.name || check.name.rfind(name + "/", 0) == 0;
  };
  for (const std::string& name : wanted) {
    bool known = false;
    for (const Check& check : checks) known = known || asks_for(name, check);
    if (known) continue;
    std::cerr << "paper_checks: there is no check '" << name << "'; --list shows them all\n";
    return 2;
  }
  int failed = 0;
  for (const Check& check : checks) {
    bool asked = false;
    for (const std::string& name : wanted) asked = asked || asks_for(name, check);
    if (!asked) continue;
    const auto start = std::chrono::steady_clock::now();
    const Finding finding = check.run();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::cout << check.name << " | " << check.bound << " | " << finding.measured << " | " << (finding.holds ? "holds" : "FAILS") << " | "
              << seconds.count() << " s" << std::endl;
    failed += !finding.holds;
  }
  return failed ? 1 : 0;
} catch (const std::exception& error) {
  std::cerr << "paper_checks: " << error.what() << '\n';
  return 3;
}
