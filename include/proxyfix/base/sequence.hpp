// SPDX-License-Identifier: MIT
/// \file
/// `Sequence`: a row of values, also at compile time.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace proxyfix::inline v0 {

/// Small values in a row, made at start-up and then only read. It stands in for a `std::vector`,
/// which is no literal type in the debug mode of libstdc++, so that nothing that has one could be
/// `constexpr` there.
template <class T> class Sequence {
    static_assert(std::is_trivially_copyable_v<T>, "Sequence<T> holds small values");

  public:
    /// No values.
    constexpr Sequence() noexcept = default;
    /// These values, in this order.
    constexpr Sequence(std::initializer_list<T> values) : Sequence() {
        for (const T& value : values) append(value);
    }
    /// A copy, which owns its values.
    constexpr Sequence(const Sequence& other)
        : data_(other.size_ == 0 ? nullptr : new T[other.size_]),
          size_(other.size_),
          capacity_(other.size_) {
        for (std::size_t i = 0; i < size_; ++i) data_[i] = other.data_[i];
    }
    /// Takes the values of `other`, and leaves it empty.
    constexpr Sequence(Sequence&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    /// Replaces the values by a copy of the others. If there is no memory for it, they stay.
    constexpr Sequence& operator=(const Sequence& other) {
        if (this != &other) *this = Sequence(other);
        return *this;
    }
    /// Exchanges the values with those of `other`.
    constexpr Sequence& operator=(Sequence&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    constexpr ~Sequence() { delete[] data_; }  ///< Frees the values.

    /// Puts a value behind the others, in constant time on average. If there is no memory, nothing
    /// changes.
    constexpr void append(T value) {
        if (size_ == capacity_) {
            Sequence larger;
            const std::size_t capacity = 2 * size_ + 1;
            larger.data_ = new T[capacity];
            larger.capacity_ = capacity;
            for (const T& old : *this) larger.data_[larger.size_++] = old;
            *this = std::move(larger);
        }
        data_[size_++] = value;
    }

    /// The first value, if there is one. Values are contiguous.
    [[nodiscard]] constexpr const T* begin() const noexcept { return data_; }
    /// Behind the last value.
    [[nodiscard]] constexpr const T* end() const noexcept { return data_ + size_; }
    /// How many values there are.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    /// The last value. Precondition: `!empty()`.
    [[nodiscard]] constexpr T& back() noexcept { return data_[size_ - 1]; }
    /// Is there no value?
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    /// The value at index `i`. Precondition: `i < size()`.
    [[nodiscard]] constexpr const T& operator[](std::size_t i) const noexcept { return data_[i]; }

    /// Equal values in the same order.
    friend constexpr bool operator==(const Sequence& a, const Sequence& b) noexcept {
        for (std::size_t i = 0; a.size_ == b.size_ && i < a.size_; ++i) {
            if (!(a[i] == b[i])) return false;
        }
        return a.size_ == b.size_;
    }

  private:
    T* data_ = nullptr;
    std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace proxyfix::inline v0
