// SPDX-License-Identifier: MIT
#include "allocation.hpp"

#include <cstdlib>
#include <limits>
#include <new>

namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
thread_local std::size_t count = 0;
thread_local std::size_t fails_from = never;

}  // namespace

std::size_t allocation_count() noexcept { return count; }

FailingAllocations::FailingAllocations(std::size_t n) noexcept { fails_from = count + n; }
FailingAllocations::~FailingAllocations() { fails_from = never; }

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return count++ >= fails_from ? nullptr : std::malloc(size != 0 ? size : 1);
}

void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) return memory;
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

// The sanitizers' own would not count.
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
