# SPDX-License-Identifier: MIT
# Compiler settings and warnings, as two interface targets that every target of ours links.
option(WHEST_WERROR "Treat warnings as errors" OFF)
set(WHEST_SANITIZE "" CACHE STRING "Sanitizers, as given to -fsanitize (empty: none)")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Checks stay on in Release: no NDEBUG.
set(CMAKE_CXX_FLAGS_RELEASE "-O3")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib")

# lib/<room>/x.hpp is included as <whest/room/x.hpp>.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/rooms)
if(NOT EXISTS ${CMAKE_BINARY_DIR}/rooms/whest)
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/lib ${CMAKE_BINARY_DIR}/rooms/whest SYMBOLIC)
endif()

add_library(whest_settings INTERFACE)
target_compile_features(whest_settings INTERFACE cxx_std_23)
# No contraction outside kernels that ask for it, no fast-math anywhere: the same bits in every build.
target_compile_options(whest_settings INTERFACE -ffp-contract=off)
target_include_directories(whest_settings INTERFACE
  ${CMAKE_BINARY_DIR}/rooms ${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/generated)
if(WHEST_SANITIZE)
  target_compile_options(whest_settings INTERFACE -fsanitize=${WHEST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(whest_settings INTERFACE -fsanitize=${WHEST_SANITIZE})
endif()

add_library(whest_warnings INTERFACE)
target_compile_options(whest_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wcast-qual -Woverloaded-virtual
  -Wformat=2 -Wimplicit-fallthrough $<$<BOOL:${WHEST_WERROR}>:-Werror>)
