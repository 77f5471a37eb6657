// expect: a sentence that the compiler prints
// SPDX-License-Identifier: MIT
// The harness accepts a file that is refused with the expected sentence, also from inside a template.
#include <tacit/version.hpp>

#include <Eigen/Core>

template <class T>
int refuse(T) {
  static_assert(sizeof(T) == 0, "a sentence that the compiler prints");
  return 0;
}
int main() { return refuse(1); }
