# SPDX-License-Identifier: MIT
clang++-19 -std=c++20 -Iproxyfix/include --precompile proxyfix/include/proxyfix/proxyfix.cppm -o proxyfix.pcm
clang++-19 -std=c++20 -fmodule-file=proxyfix=proxyfix.pcm main.cpp proxyfix.pcm -o app
