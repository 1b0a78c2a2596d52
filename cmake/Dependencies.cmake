# SPDX-License-Identifier: MIT
# Debian 12 packages, found by find_package or pkg-config; README lists their names.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9 REQUIRED)
pkg_check_modules(openblas REQUIRED IMPORTED_TARGET openblas)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  find_package(doctest 2.4 REQUIRED)
  find_package(benchmark 1.7 REQUIRED)
endif()
