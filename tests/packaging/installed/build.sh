# SPDX-License-Identifier: MIT
cmake -S . -B build -D CMAKE_PREFIX_PATH="$prefix"
cmake --build build
