// SPDX-License-Identifier: MIT
/// \file
/// Text on a page that may not be read: who reads it crashes.
#pragma once

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#define WIN32_LEAN_AND_MEAN  // without a name `byte`
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

/// Three pages, of which only the one in the middle may be read and written.
class GuardedPages {
  public:
    GuardedPages() {
        if (map()) return;
        std::perror("GuardedPages");
        std::abort();
    }
    GuardedPages(const GuardedPages&) = delete;
    GuardedPages& operator=(const GuardedPages&) = delete;

#ifdef _WIN32
    ~GuardedPages() { VirtualFree(memory, 0, MEM_RELEASE); }

  private:
    static std::size_t page_size() {
        SYSTEM_INFO system;
        GetSystemInfo(&system);
        return system.dwPageSize;
    }
    bool map() {
        memory = static_cast<char*>(VirtualAlloc(nullptr, 3 * size, MEM_RESERVE, PAGE_NOACCESS));
        return memory != nullptr &&
               VirtualAlloc(memory + size, size, MEM_COMMIT, PAGE_READWRITE) != nullptr;
    }
#else
    ~GuardedPages() { munmap(memory, 3 * size); }

  private:
    static std::size_t page_size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
    bool map() {
        void* mapped = mmap(nullptr, 3 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memory = static_cast<char*>(mapped);
        return mapped != MAP_FAILED && mprotect(memory + size, size, PROT_READ | PROT_WRITE) == 0;
    }
#endif

  public:
    const std::size_t size = page_size();  ///< Of one page.
    char* memory = nullptr;                ///< The first of them.
};

/// A page with one on either side that may not be read.
class GuardedText {
  public:
    /// A page of unreadable bytes, followed by `readable`, which fits into a page. Valid until the
    /// next call.
    [[nodiscard]] std::string_view before(std::string_view readable) const {
        write(pages_.size, readable);
        return {pages_.memory, pages_.size + readable.size()};
    }

    /// `readable`, which fits into a page; in front of its first byte nothing may be read. Valid
    /// until the next call.
    [[nodiscard]] std::string_view at_begin(std::string_view readable) const {
        return before(readable).substr(pages_.size);
    }

    /// `readable`, which fits into a page; behind its last byte nothing may be read. Valid until
    /// the next call.
    [[nodiscard]] std::string_view at_end(std::string_view readable) const {
        const std::size_t begin = 2 * pages_.size - readable.size();
        write(begin, readable);
        return {pages_.memory + begin, readable.size()};
    }

  private:
    void write(std::size_t to, std::string_view text) const {
        if (text.size() > pages_.size) std::abort();
        if (!text.empty()) std::memcpy(pages_.memory + to, text.data(), text.size());
    }

    GuardedPages pages_;
};
