// SPDX-License-Identifier: MIT
// The rows of the bench summary on transforms that treat every entry alike, alone.
#include "entrywise.hpp"

int main() {
  bench::pin_to_this_core();
  bench::Report report;
  bench::entrywise(report);
  return report.conclude() ? 0 : 1;
}
