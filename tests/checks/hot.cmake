# SPDX-License-Identifier: MIT
# cmake -D CXX=<compiler> -D ROOT=<repository> -P hot.cmake
# g++ takes for unlikely whatever leads to a function that is cold, and makes it small and slow. What a user does
# behind a policy is not.
cmake_minimum_required(VERSION 3.23)

execute_process(
    COMMAND "${CXX}" -std=c++20 -O2 -ffunction-sections -S -o - "-I${ROOT}/include" "${ROOT}/tests/checks/hot.cpp"
    OUTPUT_VARIABLE assembly COMMAND_ERROR_IS_FATAL ANY)
if(NOT assembly MATCHES "[^a-z]\\.text\\._Z5servev")
    message(FATAL_ERROR "serve() is not among the functions that are likely")
endif()
