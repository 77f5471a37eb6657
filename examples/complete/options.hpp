// SPDX-License-Identifier: MIT
#pragma once
// The command line of `complete`.

#include <CLI/CLI.hpp>

#include "settings.hpp"

/// Throws what CLI11 throws, and std::invalid_argument.
Settings parse(const std::string& program, int argc, char** argv, CLI::App& app);
