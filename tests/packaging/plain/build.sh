# SPDX-License-Identifier: MIT
c++ -std=c++20 -Iproxyfix/include main.cpp other.cpp -o app
