# SPDX-License-Identifier: MIT
export PKG_CONFIG_PATH="$prefix/share/pkgconfig"
pkg-config --atleast-version=0.1 proxyfix
c++ -std=c++20 $(pkg-config --cflags proxyfix) main.cpp other.cpp -o app
