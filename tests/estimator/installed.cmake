# SPDX-License-Identifier: MIT
# Installs the build tree into a fresh folder and runs the room's tests from there: names, compilation against the
# installed SDK, classes. Then a project of its own finds the package and builds a plugin.
file(REMOVE_RECURSE ${PREFIX})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${PREFIX} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(COPY ${BINARY_DIR}/bin/test_estimator DESTINATION ${PREFIX}/bin)
execute_process(COMMAND ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${PREFIX}/lib ${PREFIX}/bin/test_estimator
                COMMAND_ERROR_IS_FATAL ANY)

file(WRITE ${PREFIX}/project/CMakeLists.txt
  "cmake_minimum_required(VERSION 3.25)\nproject(mine CXX)\nfind_package(whest 0.1 REQUIRED)\nwhest_add_estimator(mine mine.cpp)\n")
file(COPY_FILE ${SOURCE_DIR}/estimators/zeros.cpp ${PREFIX}/project/mine.cpp)
execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${PREFIX}/project -B ${PREFIX}/project/build -Dwhest_DIR=${PREFIX}/lib/cmake/whest
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${PREFIX}/project/build OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
if(NOT EXISTS ${PREFIX}/project/build/mine.so)
  message(FATAL_ERROR "no plugin was built")
endif()
file(REMOVE_RECURSE ${PREFIX})
