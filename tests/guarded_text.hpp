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

/// A page with one on either side that may not be read.
class GuardedText {
  public:
    GuardedText()
        : memory_(static_cast<char*>(
              mmap(nullptr, 3 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
        if (memory_ == MAP_FAILED ||
            mprotect(memory_ + page_, page_, PROT_READ | PROT_WRITE) != 0) {
            std::perror("GuardedText");
            std::abort();
        }
    }
    ~GuardedText() { munmap(memory_, 3 * page_); }
    GuardedText(const GuardedText&) = delete;
    GuardedText& operator=(const GuardedText&) = delete;

    /// A page of unreadable bytes, followed by `readable`, which fits into a page. Valid until the
    /// next call.
    [[nodiscard]] std::string_view before(std::string_view readable) const {
        write(page_, readable);
        return {memory_, page_ + readable.size()};
    }

    /// `readable`, which fits into a page; in front of its first byte nothing may be read. Valid
    /// until the next call.
    [[nodiscard]] std::string_view at_begin(std::string_view readable) const {
        return before(readable).substr(page_);
    }

    /// `readable`, which fits into a page; behind its last byte nothing may be read. Valid until
    /// the next call.
    [[nodiscard]] std::string_view at_end(std::string_view readable) const {
        const std::size_t begin = 2 * page_ - readable.size();
        write(begin, readable);
        return {memory_ + begin, readable.size()};
    }

  private:
    void write(std::size_t to, std::string_view text) const {
        if (text.size() > page_) std::abort();
        if (!text.empty()) std::memcpy(memory_ + to, text.data(), text.size());
    }

    std::size_t page_ = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    char* memory_;
};
