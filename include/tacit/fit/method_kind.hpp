// SPDX-License-Identifier: MIT
#pragma once
// What a method of completion is made of: low rank (means, factorizations of whatever depth), or something else that may be a better tool.

namespace tacit {

enum class MethodKind { low_rank, neighbours, regression, features, stack };

}  // namespace tacit
