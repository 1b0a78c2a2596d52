// SPDX-License-Identifier: MIT
// Where exceptions end: runs a body and turns what it throws into the thread's last error and a status.
#pragma once

#include <flopscope/abi.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <whest/flopscope/core/errors.hpp>

namespace flopscope::abi {

flopscope_status record_error(const Error& error);
flopscope_status record_error(ErrorKind kind, const char* message);

template <class F>
flopscope_status guarded(F&& body) noexcept {
  try {
    body();
    return FLOPSCOPE_OK;
  } catch (const Error& e) {
    return record_error(e);
  } catch (const std::bad_alloc&) {
    return record_error(ErrorKind::memory_error, "out of memory");
  } catch (const std::length_error&) {
    return record_error(ErrorKind::memory_error, "more elements were asked for than any memory holds");
  } catch (const std::exception& e) {
    return record_error(ErrorKind::runtime_error, e.what());
  } catch (...) {
    return record_error(ErrorKind::runtime_error, "an exception of unknown type");
  }
}

}  // namespace flopscope::abi
