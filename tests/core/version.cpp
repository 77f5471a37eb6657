// SPDX-License-Identifier: MIT
#include <tacit/version.hpp>

#include "catch.hpp"

#include <string>

TEST_CASE("the version as text agrees with its three numbers") {
  const std::string numbers =
      std::to_string(TACIT_VERSION_MAJOR) + "." + std::to_string(TACIT_VERSION_MINOR) + "." + std::to_string(TACIT_VERSION_PATCH);
  CHECK(tacit::version == numbers);
  CHECK(tacit::version.data() == numbers);  // zero-terminated
}

TEST_CASE("CMake read the same version from the header") { CHECK(tacit::version == TACIT_VERSION_IN_CMAKE); }
