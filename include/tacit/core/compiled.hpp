// SPDX-License-Identifier: MIT
#pragma once
// Some functions that are no templates take seconds to compile. They are declared in their header and defined in impl/ beside it, which the header
// includes: nobody who uses headers alone needs to know. Where TACIT_COMPILED is defined, the header stops at the declarations, and the definitions
// come from the static library tacit_compiled (tests/compiled/CMakeLists.txt), whose sources are the files of impl/ themselves.

#ifdef TACIT_COMPILING  // the library: present in its object file, whoever calls it
#define TACIT_INLINE [[gnu::used]] inline
#else
#define TACIT_INLINE inline
#endif
