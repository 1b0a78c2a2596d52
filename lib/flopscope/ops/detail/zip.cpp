// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/ops/detail/zip.hpp>

namespace flopscope::detail {
namespace {

constexpr std::uint32_t k_local = 0x04034b50, k_central = 0x02014b50, k_end = 0x06054b50, k_end_64 = 0x06064b50,
                        k_locator_64 = 0x07064b50;
constexpr std::uint32_t k_in_extra = 0xffffffff;  // the real number is in the ZIP64 extra field
constexpr std::uint16_t k_stored = 0, k_deflated = 8;

[[noreturn]] void bad(std::string_view what) { throw_value_error(fmt::format("not a readable .npz file: {}", what)); }

// Little-endian numbers with every bound checked.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : m_bytes(bytes) {}
  std::uint64_t number(std::uint64_t at, int size) const {
    const std::string_view part = text(at, static_cast<std::uint64_t>(size));
    std::uint64_t x = 0;
    for (std::size_t i = part.size(); i-- > 0;) x = x << 8 | static_cast<unsigned char>(part[i]);
    return x;
  }
  std::uint32_t u32(std::uint64_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }
  std::uint16_t u16(std::uint64_t at) const { return static_cast<std::uint16_t>(number(at, 2)); }
  std::string_view text(std::uint64_t at, std::uint64_t size) const {
    if (at > m_bytes.size() || size > m_bytes.size() - at) bad("it is cut short");
    return m_bytes.substr(at, size);
  }
  std::uint64_t size() const { return m_bytes.size(); }

 private:
  std::string_view m_bytes;
};

struct Directory {
  std::uint64_t offset, count;
};

Directory directory_of(const Reader& in) {
  constexpr std::uint64_t k_end_size = 22, k_longest_comment = 65535;
  if (in.size() < k_end_size) bad("it is cut short");
  const std::uint64_t last = in.size() - k_end_size;
  for (std::uint64_t back = 0; back <= std::min(last, k_longest_comment); ++back) {
    const std::uint64_t at = last - back;
    if (in.u32(at) != k_end) continue;
    Directory d{in.u32(at + 16), in.u16(at + 10)};
    if (at >= 20 && in.u32(at - 20) == k_locator_64) {
      const std::uint64_t end_64 = in.number(at - 20 + 8, 8);
      if (in.u32(end_64) != k_end_64) bad("its ZIP64 directory is damaged");
      d = {in.number(end_64 + 48, 8), in.number(end_64 + 32, 8)};
    }
    return d;
  }
  bad("it has no directory");
}

struct Entry {
  std::string_view name;
  std::uint16_t method;
  std::uint32_t checksum;
  std::uint64_t packed, unpacked, offset;
  std::uint64_t next;  // of the following entry
};

Entry entry_at(const Reader& in, std::uint64_t at) {
  if (in.u32(at) != k_central) bad("its directory is damaged");
  const std::uint64_t name_size = in.u16(at + 28), extra_size = in.u16(at + 30), comment_size = in.u16(at + 32);
  Entry e{in.text(at + 46, name_size),
          in.u16(at + 10),
          in.u32(at + 16),
          in.u32(at + 20),
          in.u32(at + 24),
          in.u32(at + 42),
          at + 46 + name_size + extra_size + comment_size};
  const std::uint64_t extra_end = at + 46 + name_size + extra_size;
  for (std::uint64_t x = at + 46 + name_size; x + 4 <= extra_end; x += 4 + in.u16(x + 2)) {
    if (in.u16(x) != 1) continue;
    std::uint64_t field = x + 4;
    for (std::uint64_t* number : {&e.unpacked, &e.packed, &e.offset})
      if (*number == k_in_extra) {
        *number = in.number(field, 8);
        field += 8;
      }
  }
  return e;
}

std::string inflated(std::string_view packed, std::uint64_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) bad("zlib does not start");
  std::size_t read = 0, written = 0;
  int status = Z_OK;
  // In pieces, since zlib counts in 32 bits.
  constexpr std::size_t k_piece = std::size_t{1} << 30;
  while (status == Z_OK) {
    const std::size_t give = std::min(packed.size() - read, k_piece), take = std::min(out.size() - written, k_piece);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + read));
    stream.avail_in = static_cast<uInt>(give);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
    stream.avail_out = static_cast<uInt>(take);
    status = inflate(&stream, Z_NO_FLUSH);
    read += give - stream.avail_in;
    written += take - stream.avail_out;
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || written != size) bad("a member is damaged");
  return out;
}

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string unpacked(const Reader& in, const Entry& e) {
  if (in.u32(e.offset) != k_local) bad("a member is not where the directory says");
  const std::uint64_t start = e.offset + 30 + in.u16(e.offset + 26) + in.u16(e.offset + 28);
  const std::string_view packed = in.text(start, e.packed);
  // Deflate gains at most a factor of about 1032: a larger claim is no archive of ours.
  if (e.method == k_deflated && e.unpacked / 1040 > e.packed + 1) bad("a member claims an impossible size");
  std::string bytes;
  if (e.method == k_stored)
    bytes = std::string(packed);
  else if (e.method == k_deflated)
    bytes = inflated(packed, e.unpacked);
  else
    bad(fmt::format("member '{}' is packed in an unknown way", e.name));
  if (bytes.size() != e.unpacked || checksum_of(bytes) != e.checksum) bad("a member is damaged");
  return bytes;
}

void append(std::string& out, std::uint64_t x, int size) {
  for (int i = 0; i < size; ++i) out += static_cast<char>(x >> (8 * i) & 0xff);
}

std::string deflated(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    bad("zlib does not start");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) bad("zlib does not pack it");
  return out;
}

// The fields that the local header and the directory share, from "version needed" to the extra field's length.
std::string common_fields(std::uint16_t method, std::uint32_t checksum, std::size_t packed, const ZipMember& m) {
  constexpr std::uint16_t k_version = 20, k_first_of_1980 = 0x21;
  std::string f;
  append(f, k_version, 2);
  append(f, 0, 2);
  append(f, method, 2);
  append(f, 0, 2);
  append(f, k_first_of_1980, 2);
  append(f, checksum, 4);
  append(f, packed, 4);
  append(f, m.bytes.size(), 4);
  append(f, m.name.size(), 2);
  append(f, 0, 2);
  return f;
}

}  // namespace

std::vector<ZipMember> members_of_zip(std::string_view archive) {
  const Reader in(archive);
  const Directory d = directory_of(in);
  std::vector<ZipMember> out;
  std::uint64_t at = d.offset;
  for (std::uint64_t i = 0; i < d.count; ++i) {
    const Entry e = entry_at(in, at);
    out.push_back({std::string(e.name), unpacked(in, e)});
    at = e.next;
  }
  return out;
}

std::string zip_of(const std::vector<ZipMember>& members, bool deflate) {
  std::string out, directory;
  for (const ZipMember& m : members) {
    if (m.bytes.size() >= k_in_extra || out.size() >= k_in_extra) throw_value_error("an .npz file above 4 GiB");
    const std::string packed = deflate ? deflated(m.bytes) : std::string();
    const std::string& body = deflate ? packed : m.bytes;
    const std::string fields = common_fields(deflate ? k_deflated : k_stored, checksum_of(m.bytes), body.size(), m);
    const std::size_t offset = out.size();
    append(out, k_local, 4);
    out += fields;
    out += m.name;
    out += body;
    append(directory, k_central, 4);
    append(directory, 20, 2);  // made by version 2.0
    directory += fields;
    for (int zeros = 0; zeros < 10; ++zeros) directory += '\0';  // no comment, first disk, no attributes
    append(directory, offset, 4);
    directory += m.name;
  }
  const std::size_t start = out.size();
  if (start >= k_in_extra) throw_value_error("an .npz file above 4 GiB");
  out += directory;
  append(out, k_end, 4);
  append(out, 0, 4);
  append(out, members.size(), 2);
  append(out, members.size(), 2);
  append(out, directory.size(), 4);
  append(out, start, 4);
  append(out, 0, 2);
  return out;
}

}  // namespace flopscope::detail
