// SPDX-License-Identifier: MIT
/// \file
/// Counts the allocations of a thread, and makes them fail from a chosen one on.
#pragma once

#include <cstddef>

/// Allocations of this thread since the program started.
std::size_t allocation_count() noexcept;

/// While it lives, this thread's allocations fail from the `n`-th one on (0: the next one).
class FailingAllocations {
  public:
    explicit FailingAllocations(std::size_t n) noexcept;
    ~FailingAllocations();
    FailingAllocations(const FailingAllocations&) = delete;
    FailingAllocations& operator=(const FailingAllocations&) = delete;
};
