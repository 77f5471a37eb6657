// SPDX-License-Identifier: MIT
#pragma once
// Whether the sanitizers are on, which make training some fifty times slower: the longest runs are cut short then.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif
