// SPDX-License-Identifier: MIT
// A loaded plugin and an instance of one of its classes. Loading runs the participant's static constructors: only in
// the process that is to run predict.
#pragma once

#include <whest/abi.h>

#include <memory>
#include <string>
#include <vector>
#include <whest/base/error.hpp>

namespace whest::estimator {

class Plugin {
 public:
  // Loads the shared object and checks its ABI version. `shown` is the name for messages: the participant's file. A
  // usage error when it is no plugin or was built for another version.
  static base::Expected<Plugin> open(const std::string& path, const std::string& shown);

  std::vector<std::string> class_names() const;

  // The class called `name`; with an empty name the only one, or the one called Estimator. A usage error otherwise.
  base::Expected<const whest_class*> select(const std::string& name) const;

 private:
  Plugin(const whest_plugin* table, std::string shown) : m_table(table), m_shown(std::move(shown)) {}
  const whest_plugin* m_table;  // the object stays loaded until the process ends: threads may still run its code
  std::string m_shown;
};

// An estimator object; its destruction runs the participant's destructor, whose exceptions end the process.
class Instance {
 public:
  Instance() = default;
  Instance(const whest_class& record, void* object) : m_class(&record), m_object(object) {}
  Instance(Instance&& other) noexcept : m_class(other.m_class), m_object(std::exchange(other.m_object, nullptr)) {}
  Instance& operator=(Instance other) noexcept {
    std::swap(m_class, other.m_class);
    std::swap(m_object, other.m_object);
    return *this;
  }
  ~Instance() {
    if (m_object != nullptr) m_class->destroy(m_object);
  }
  explicit operator bool() const { return m_object != nullptr; }
  const whest_class& type() const { return *m_class; }
  void* object() const { return m_object; }

 private:
  const whest_class* m_class = nullptr;
  void* m_object = nullptr;
};

}  // namespace whest::estimator
