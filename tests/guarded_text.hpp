// SPDX-License-Identifier: MIT
/// \file
/// Text on a page that may not be read: who reads it crashes.
#pragma once

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN  // without a name `byte`
#endif
#include <windows.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#ifdef _WIN32
inline std::size_t page_size() {
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    return system.dwPageSize;
}
/// Three pages, of which only the one in the middle may be read and written; or nothing.
inline char* map_guarded_page() {
    const std::size_t size = page_size();
    void* pages = VirtualAlloc(nullptr, 3 * size, MEM_RESERVE, PAGE_NOACCESS);
    char* const memory = static_cast<char*>(pages);
    return memory && VirtualAlloc(memory + size, size, MEM_COMMIT, PAGE_READWRITE) ? memory
                                                                                   : nullptr;
}
inline void unmap_guarded_page(char* memory) { VirtualFree(memory, 0, MEM_RELEASE); }
#else
inline std::size_t page_size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
/// Three pages, of which only the one in the middle may be read and written; or nothing.
inline char* map_guarded_page() {
    const std::size_t size = page_size();
    void* pages = mmap(nullptr, 3 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return nullptr;
    char* const memory = static_cast<char*>(pages);
    return mprotect(memory + size, size, PROT_READ | PROT_WRITE) == 0 ? memory : nullptr;
}
inline void unmap_guarded_page(char* memory) { munmap(memory, 3 * page_size()); }
#endif

/// A page with one on either side that may not be read.
class GuardedText {
  public:
    GuardedText() {
        if (memory_) return;
        std::fputs("GuardedText: no memory\n", stderr);
        std::abort();
    }
    ~GuardedText() { unmap_guarded_page(memory_); }
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

    std::size_t page_ = page_size();
    char* memory_ = map_guarded_page();
};
