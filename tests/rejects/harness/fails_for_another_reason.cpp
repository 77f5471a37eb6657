// expect: a sentence that the compiler does not print
// SPDX-License-Identifier: MIT
// The harness must report a file that fails for another reason than the expected one.
static_assert(sizeof(int) == 0, "another reason");
