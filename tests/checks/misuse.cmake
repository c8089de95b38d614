# SPDX-License-Identifier: MIT
# cmake -D CXX=<compiler> -D ROOT=<repository> -D MISUSE=<number> -D "MESSAGE=<regex>" -P misuse.cmake
# The compiler refuses the case, and what it says matches MESSAGE; without MESSAGE it compiles.
cmake_minimum_required(VERSION 3.23)

execute_process(
    COMMAND "${CXX}" -std=c++20 -fsyntax-only "-I${ROOT}/include" -DMISUSE=${MISUSE}
            "${ROOT}/tests/checks/misuse.cpp"
    RESULT_VARIABLE status ERROR_VARIABLE output OUTPUT_VARIABLE output)
if(NOT MESSAGE)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "correct code does not compile:\n${output}")
    endif()
elseif(status EQUAL 0)
    message(FATAL_ERROR "misuse ${MISUSE} compiles")
elseif(NOT output MATCHES "${MESSAGE}")
    message(FATAL_ERROR "misuse ${MISUSE} is refused without saying '${MESSAGE}':\n${output}")
endif()
