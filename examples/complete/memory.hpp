// SPDX-License-Identifier: MIT
#pragma once
// What is freed goes back to the system. By default glibc keeps freed buffers of up to 32 MB for later ones, which of a large table is as much again as is used.
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// At the start of the program: buffers from 1 MB on go back when they are freed.
inline void give_back_large_buffers() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}
/// What smaller ones have left free until now.
inline void give_back_small_buffers() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
