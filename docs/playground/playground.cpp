// SPDX-License-Identifier: MIT
// What the page calls, compiled to WebAssembly by build.sh. An instance answers once.
#include "playground.hpp"

namespace {

std::string input, output;

}  // namespace

// Where to put an input of `size` bytes.
extern "C" __attribute__((export_name("input"))) char* playground_input(std::size_t size) {
    input.resize(size);
    return input.data();
}

// Answers it; the answer ends in a zero byte.
extern "C" __attribute__((export_name("answer"))) const char* playground_answer() {
    output = playground(input);
    return output.c_str();
}
