# SPDX-License-Identifier: MIT
# cmake -D CXX=<compiler> -D ROOT=<repository> -D BUILD=<build directory> -D WORK=<directory>
#       -P consumer.cmake
# Builds and runs the consumer project against the installed library, and against its source.
cmake_minimum_required(VERSION 3.23)

file(REMOVE_RECURSE "${WORK}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix"
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
foreach(kind installed source)
    if(kind STREQUAL "installed")
        set(where "-DCMAKE_PREFIX_PATH=${WORK}/prefix")
    else()
        set(where "-DPROXYFIX_SOURCE=${ROOT}")
    endif()
    execute_process(COMMAND "${CMAKE_COMMAND}" -S "${ROOT}/tests/consumer" -B "${WORK}/${kind}"
                            "-DCMAKE_CXX_COMPILER=${CXX}" "${where}"
                    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND "${CMAKE_COMMAND}" --build "${WORK}/${kind}"
                    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND "${WORK}/${kind}/consumer" OUTPUT_VARIABLE output
                    COMMAND_ERROR_IS_FATAL ANY)
    if(NOT output STREQUAL "203.0.113.7\n")
        message(FATAL_ERROR "${kind}: the consumer printed '${output}'")
    endif()
endforeach()
