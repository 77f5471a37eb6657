// SPDX-License-Identifier: MIT
// A step of every optimizer of tests/optimizer/optimizers.txt: optimizers.cmake makes the other files of this program, which add the rows.
#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
