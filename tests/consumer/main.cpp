// SPDX-License-Identifier: MIT
// What a project that uses Tacit needs from its package: the headers, Eigen, C++20, and a library of threads.
#include <tacit/version.hpp>

#include <Eigen/Core>

#include <iostream>
#include <thread>

int main() {
  double sum = 0;
  std::thread([&] { sum = Eigen::Vector3d::Ones().sum(); }).join();
  std::cout << "tacit " << tacit::version << ", Eigen " << EIGEN_WORLD_VERSION << '.' << EIGEN_MAJOR_VERSION << '\n';
  return sum == 3.0 ? 0 : 1;
}
