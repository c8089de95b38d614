# SPDX-License-Identifier: MIT
# cmake -D BUILD=<build directory> -D NINJA=<ninja, or empty: make> -D HEADERS=<directory> -D SINGLE=<header>
#       -P included.cmake
# Of the object files of the unit tests, by what the compiler wrote down, many depend on the single
# header, and none on a file of the directory.
cmake_minimum_required(VERSION 3.23)

if(NINJA)
    execute_process(COMMAND "${NINJA}" -t deps WORKING_DIRECTORY "${BUILD}" OUTPUT_VARIABLE all
                    COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[^\n]*unit_tests.dir/[^\n]*\n( [^\n]*\n)*" objects "${all}")
else()
    file(GLOB_RECURSE files "${BUILD}/tests/CMakeFiles/unit_tests.dir/*.o.d")
    set(objects "")
    foreach(file IN LISTS files)
        file(READ "${file}" object)
        list(APPEND objects "${object}")
    endforeach()
endif()

set(including 0)
foreach(object IN LISTS objects)
    string(FIND "${object}" "${HEADERS}/" of_the_directory)
    if(NOT of_the_directory EQUAL -1)
        message(FATAL_ERROR "a header of ${HEADERS} is included:\n${object}")
    endif()
    string(FIND "${object}" "${SINGLE}" of_the_single_header)
    if(NOT of_the_single_header EQUAL -1)
        math(EXPR including "${including} + 1")
    endif()
endforeach()
if(including LESS 9) # so few with PROXYFIX_TEST_GROUPS, else more than 40
    message(FATAL_ERROR "only ${including} object files are known to include ${SINGLE}")
endif()
message(STATUS "${including} object files include ${SINGLE}")
