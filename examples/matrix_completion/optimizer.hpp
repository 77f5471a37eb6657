// SPDX-License-Identifier: MIT
#pragma once
// Which optimizer the settings name.

#include <string>
#include <tacit/optimizer/any_optimizer.hpp>

#include "settings.hpp"

/// The optimizer that the settings name. Its type is forgotten, so that a program that offers every one compiles one training loop.
tacit::AnyOptimizer<double> optimizer_of(const Settings& s);
/// Empty where --optimizer names one; else why not, and what is near.
std::string why_no_optimizer(const std::string& text);
