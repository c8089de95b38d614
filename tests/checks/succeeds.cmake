# SPDX-License-Identifier: MIT
# cmake -D EMULATOR=<command, or empty> -D PROGRAM=<program> -D ARGUMENTS=<list> -P succeeds.cmake
# Runs the program, and says "CMake Error" if its exit status is not 0.
cmake_minimum_required(VERSION 3.23)

execute_process(COMMAND ${EMULATOR} "${PROGRAM}" ${ARGUMENTS} COMMAND_ERROR_IS_FATAL ANY)
