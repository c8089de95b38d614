// SPDX-License-Identifier: MIT
/// \file
/// Text on a page that may not be read: who reads it crashes.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

/// Two pages, the first of which may not be read.
class GuardedText {
  public:
    GuardedText()
        : memory_(static_cast<char*>(mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
        if (memory_ == MAP_FAILED || mprotect(memory_, page_, PROT_NONE) != 0) {
            std::perror("GuardedText");
            std::abort();
        }
    }
    ~GuardedText() { munmap(memory_, 2 * page_); }
    GuardedText(const GuardedText&) = delete;
    GuardedText& operator=(const GuardedText&) = delete;

    /// A page of unreadable bytes, followed by `readable`, which fits into a page. Valid until the
    /// next call.
    [[nodiscard]] std::string_view before(std::string_view readable) const {
        if (readable.size() > page_) std::abort();
        std::memcpy(memory_ + page_, readable.data(), readable.size());
        return {memory_, page_ + readable.size()};
    }

  private:
    std::size_t page_ = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    char* memory_;
};
