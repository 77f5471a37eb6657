// SPDX-License-Identifier: MIT
// The harness must report a file that does not compile, but says nothing about what it expects.
static_assert(sizeof(int) == 0, "another reason");
