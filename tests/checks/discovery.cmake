# SPDX-License-Identifier: MIT
# cmake -D CTEST=<ctest> -D BUILD=<build directory> -D EMULATOR=<command, or empty>
#       -D PROGRAM=<test program> -D PREFIX=<prefix> -P discovery.cmake
# CTest knows as many tests with the prefix as the program lists, and at least one.
cmake_minimum_required(VERSION 3.23)

execute_process(COMMAND "${CTEST}" -N WORKING_DIRECTORY "${BUILD}" OUTPUT_VARIABLE known
                COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "Test +#[0-9]+: ${PREFIX}" known "${known}")
list(LENGTH known known_count)

# Catch2 v2 says how many there are in the exit status and on the last line, v3 on the last line.
execute_process(COMMAND ${EMULATOR} "${PROGRAM}" --list-tests OUTPUT_VARIABLE listed)
if(NOT listed MATCHES "\n([0-9]+) (matching )?test cases?")
    message(FATAL_ERROR "${PROGRAM} --list-tests printed no count:\n${listed}")
endif()
set(listed_count ${CMAKE_MATCH_1})
if(known_count EQUAL 0 OR NOT known_count EQUAL listed_count)
    message(FATAL_ERROR "${PROGRAM} has ${listed_count} tests, CTest knows ${known_count}")
endif()
message(STATUS "${known_count} tests")
