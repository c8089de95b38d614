# SPDX-License-Identifier: MIT
cmake -S proxyfix -B build -D PROXYFIX_BUILD_TESTS=OFF -D PROXYFIX_BUILD_EXAMPLES=OFF
cmake --build build --target single_header
cp build/single_header/proxyfix/proxyfix.hpp .
c++ -std=c++20 main.cpp other.cpp -o app
