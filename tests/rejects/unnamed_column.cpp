// expect: Trajectory: every column needs a name
// SPDX-License-Identifier: MIT
#include <tacit/hook/trajectory.hpp>

int main() {
  tacit::Trajectory history(tacit::loss, [](const auto& now) { return now.loss(); });
}
