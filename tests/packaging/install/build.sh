# SPDX-License-Identifier: MIT
cmake -S proxyfix -B build -D PROXYFIX_BUILD_TESTS=OFF -D PROXYFIX_BUILD_EXAMPLES=OFF
cmake --install build --prefix "$prefix"
