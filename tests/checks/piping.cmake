# SPDX-License-Identifier: MIT
# cmake -D CXX=<compiler> -D ROOT=<repository> -P piping.cmake
# A piped stack compiles to as many instructions as a nested one.
cmake_minimum_required(VERSION 3.23)

foreach(piped 0 1)
    execute_process(
        COMMAND "${CXX}" -std=c++20 -O2 -S -o - "-I${ROOT}/include" -DPIPED=${piped}
                "${ROOT}/tests/checks/piping.cpp"
        OUTPUT_VARIABLE assembly COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "\n\t[a-z][^\n]*" instructions "${assembly}")
    list(LENGTH instructions count_${piped})
endforeach()
if(count_0 LESS 50 OR NOT count_0 EQUAL count_1)
    message(FATAL_ERROR "${count_0} instructions nested, ${count_1} piped")
endif()
message(STATUS "${count_0} instructions nested, ${count_1} piped")
