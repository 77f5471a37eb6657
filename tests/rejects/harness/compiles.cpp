// expect: a sentence that nobody prints
// SPDX-License-Identifier: MIT
// The harness must report a file that compiles.
#include <tacit/version.hpp>

int main() { return tacit::version.empty() ? 1 : 0; }
