// SPDX-License-Identifier: MIT
// .npy and .npz: every dtype there and back, files as NumPy writes them, damaged files refused.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstring>
#include <whest/base/file.hpp>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/core/waist.hpp>

using namespace flopscope;

namespace {

struct TemporaryFile {
  std::string path;
  explicit TemporaryFile(std::string_view suffix) {
    char name[] = "/tmp/flopscope_io_XXXXXX";
    const int fd = mkstemp(name);
    REQUIRE(fd >= 0);
    close(fd);
    unlink(name);
    path = std::string(name) + std::string(suffix);
  }
  ~TemporaryFile() { unlink(path.c_str()); }
  void write(std::string_view bytes) const { REQUIRE(whest::base::write_file_atomically(path, bytes)); }
  std::string read() const { return whest::base::read_file(path).value(); }
};

Result load(const std::string& path) {
  const Value args[] = {Value::string(path)};
  return invoke("load", args, {});
}

bool same(const Array& a, const Array& b) {
  return a.type() == b.type() && Dims(a.dims()) == Dims(b.dims()) &&
         std::memcmp(a.data, b.data, static_cast<std::size_t>(a.size * a.item_bytes())) == 0;
}

ArrayRef sample(DType d, const Dims& shape) {
  ArrayRef a = Array::make(DType::int64, shape);
  for (std::int64_t i = 0; i < a->size; ++i) a->mutable_items<std::int64_t>()[i] = i * 7 % 5;
  return cast(*a, d);
}

std::string npy(std::string_view header, std::string_view data) {
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size());
  out += '\0';
  return out.append(header).append(data);
}

// Saving is refused under the default model: these run under one that allows it.
struct Saving {
  BudgetContext context;
  Saving() : context(open()) { context.enter(); }
  ~Saving() {
    context.exit();
    set_active_cost_model(cost_model("flopscope-0.5"));
  }
  static BudgetOptions open() {
    set_active_cost_model(cost_model("flopscope-0.9"));
    return {.flop_budget = 1e9, .quiet = true, .name_space = {}, .wall_time_limit_s = {}};
  }
};

}  // namespace

TEST_CASE("every dtype and shape survives save and load") {
  Saving saving;
  const TemporaryFile file(".npy");
  for (int d = 0; d < k_dtype_count; ++d)
    for (const Dims& shape : {Dims{}, Dims{0, 3}, Dims{5}, Dims{2, 3, 4}}) {
      const ArrayRef a = sample(static_cast<DType>(d), shape);
      const Value args[] = {Value::string(file.path), Value(a)};
      invoke("save", args, {});
      CHECK(same(*load(file.path).array(), *a));
    }
}

TEST_CASE("what leaves is billed: four for each element and byte of shape and name") {
  Saving saving;
  const TemporaryFile file(".npy"), archive(".npz");
  const ArrayRef a = sample(DType::float32, {3, 4}), b = sample(DType::float64, {3});
  const Value one[] = {Value::string(file.path), Value(a)};
  invoke("save", one, {});
  CHECK(saving.context.flops_used() == 4 * (12 + 16));
  const Value two[] = {Value::string(archive.path), Value(a), Value(b)};
  invoke("savez", two, {});
  CHECK(saving.context.flops_used() - 112 == 2 * 4 * (12 + 3 + 16 + 8 + 10 + 8));
}

TEST_CASE("archives keep names and arrays, stored or deflated") {
  Saving saving;
  const TemporaryFile file(".npz");
  const ArrayRef a = sample(DType::float32, {40, 40}), b = sample(DType::complex128, {3});
  const Value names[] = {Value::string("weights"), Value::string("b")};
  for (const char* op : {"savez", "savez_compressed"}) {
    const Value args[] = {Value::string(file.path), Value(a), Value(b)};
    const NamedValue named[] = {{"names", Value::list(names)}};
    invoke(op, args, named);
    const Result r = load(file.path);
    const auto& parts = *r.items();
    REQUIRE(parts.size() == 2);
    CHECK(std::get<std::string>((*parts[0].items())[0].variant()) == "weights");
    CHECK(std::get<std::string>((*parts[0].items())[1].variant()) == "b");
    CHECK(same(*(*parts[1].items())[0].array(), *a));
    CHECK(same(*(*parts[1].items())[1].array(), *b));
  }
}

TEST_CASE("big-endian and Fortran-ordered files are read as NumPy means them") {
  const TemporaryFile file(".npy");
  file.write(npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }\n",
                 std::string_view("\0\1\0\2\0\3\0\4\0\5\0\6", 12)));
  const ArrayRef a = load(file.path).array();
  CHECK(a->type() == DType::int16);
  CHECK(Dims(a->dims()) == Dims{2, 3});
  const std::int16_t expected[] = {1, 3, 5, 2, 4, 6};
  for (int i = 0; i < 6; ++i) CHECK(a->items<std::int16_t>()[i] == expected[i]);
}

TEST_CASE("damaged files are refused, wherever they are cut or changed") {
  Saving saving;
  const TemporaryFile file(".npz");
  const ArrayRef a = sample(DType::float32, {5, 5});
  const Value args[] = {Value::string(file.path), Value(a)};
  invoke("savez_compressed", args, {});
  const std::string whole = file.read();
  for (std::size_t cut = 2; cut < whole.size(); ++cut) {
    file.write(whole.substr(0, cut));
    CHECK_THROWS_AS(load(file.path), Error);
  }
  // One changed byte of the packed data is found by the checksum (or by the format itself).
  std::string changed = whole;
  changed[50] = static_cast<char>(changed[50] ^ 0x55);
  file.write(changed);
  CHECK_THROWS_AS(load(file.path), Error);
}

TEST_CASE("headers that lie are refused") {
  const TemporaryFile file(".npy");
  for (const char* header :
       {"{'descr': '<f8', 'fortran_order': False, 'shape': (100,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "{'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 1, }",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }"}) {
    file.write(npy(header, "12345678"));
    CHECK_THROWS_AS(load(file.path), Error);
  }
  CHECK_THROWS_AS(load("/nonexistent/file.npy"), Error);
}
