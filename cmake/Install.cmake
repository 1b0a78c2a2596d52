# SPDX-License-Identifier: MIT
# An installed tree has the layout of the build tree (lib/estimator/tree.hpp): bin/, lib/, lib/whest/estimators/,
# include/. A .cpp handed to an installed whest is compiled against the headers and the library beside it; projects with
# a build of their own use find_package(whest) and whest_add_estimator.
include(CMakePackageConfigHelpers)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/whest ${CMAKE_SOURCE_DIR}/include/flopscope DESTINATION include)
install(TARGETS flopscope LIBRARY DESTINATION lib)

configure_file(${CMAKE_SOURCE_DIR}/cmake/whest-config.cmake.in ${CMAKE_BINARY_DIR}/generated/whest-config.cmake @ONLY)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/whest-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/generated/whest-config.cmake ${CMAKE_BINARY_DIR}/generated/whest-config-version.cmake
        DESTINATION lib/cmake/whest)
