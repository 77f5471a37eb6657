// SPDX-License-Identifier: MIT
#pragma once
// The version of Tacit: the three numbers below are the only place where it stands. The preprocessor compares them
// (#if TACIT_VERSION_MINOR >= 1), CMake reads them from this file, and every output file records `tacit::version`.
#include <string_view>

#define TACIT_VERSION_MAJOR 0
#define TACIT_VERSION_MINOR 1
#define TACIT_VERSION_PATCH 0

#define TACIT_DETAIL_TEXT_OF(number) #number
#define TACIT_DETAIL_TEXT(number) TACIT_DETAIL_TEXT_OF(number)

namespace tacit {

/// "major.minor.patch"; zero-terminated, so that `version.data()` serves C interfaces too.
inline constexpr std::string_view version =
    TACIT_DETAIL_TEXT(TACIT_VERSION_MAJOR) "." TACIT_DETAIL_TEXT(TACIT_VERSION_MINOR) "." TACIT_DETAIL_TEXT(TACIT_VERSION_PATCH);

}  // namespace tacit

#undef TACIT_DETAIL_TEXT
#undef TACIT_DETAIL_TEXT_OF
