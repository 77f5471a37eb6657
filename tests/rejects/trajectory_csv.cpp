// expect: Trajectory::write_csv: include <tacit/output/trajectory_csv.hpp> to write trajectories to files
// SPDX-License-Identifier: MIT
#include <tacit/tacit.hpp>

int main() {
  const tacit::Trajectory history(tacit::loss);
  history.write_csv("history.csv");
}
