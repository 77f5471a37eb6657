// SPDX-License-Identifier: MIT
#pragma once
// Catch2 version 2 or 3, whichever is installed. Tests keep to what both share: TEST_CASE, TEMPLATE_TEST_CASE, SECTION, GENERATE,
// REQUIRE*, CHECK*, and of the matchers only Catch::Matchers::WithinAbs and WithinRel.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
