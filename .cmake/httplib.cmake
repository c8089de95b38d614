# SPDX-License-Identifier: MIT
# The target PkgConfig::HTTPLIB, and HTTPLIB_VERSION, if pkg-config finds cpp-httplib. A package with a
# compiled one has macros that its users must define alike.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(HTTPLIB QUIET IMPORTED_TARGET GLOBAL cpp-httplib)
endif()
# Debian 13 names libcrypto for static linking only, but a program that makes a ThreadPool calls it.
if(TARGET PkgConfig::HTTPLIB AND "${HTTPLIB_CFLAGS}" MATCHES "OPENSSL")
    find_library(PROXYFIX_crypto_library crypto)
    mark_as_advanced(PROXYFIX_crypto_library)
    if(PROXYFIX_crypto_library)
        target_link_libraries(PkgConfig::HTTPLIB INTERFACE ${PROXYFIX_crypto_library})
    endif()
endif()
