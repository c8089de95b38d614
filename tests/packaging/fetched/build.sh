# SPDX-License-Identifier: MIT
cmake -S . -B build
cmake --build build
