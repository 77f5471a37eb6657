// SPDX-License-Identifier: MIT
#pragma once
// Text that gzip has packed, unpacked in memory. Readers of text know it by its first two bytes. It takes zlib, which the library itself does not
// need: define TACIT_WITH_ZLIB for the whole program (every file of it alike) and link with -lz (CMake: find_package(ZLIB), ZLIB::ZLIB). Several gzip
// streams one after another are one text, as for gunzip. Memory: the packed and the unpacked bytes at once.

#include <stdexcept>
#include <string>
#include <string_view>

#ifdef TACIT_WITH_ZLIB
#if !__has_include(<zlib.h>)
#error "tacit: TACIT_WITH_ZLIB needs zlib's header <zlib.h> (Debian, Ubuntu: zlib1g-dev)"
#endif
#include <zlib.h>

#include <algorithm>
#include <limits>
#endif

namespace tacit::detail {

inline bool is_gzip(std::string_view bytes) { return bytes.substr(0, 2) == "\x1F\x8B"; }

#ifdef TACIT_WITH_ZLIB

/// zlib's state, which ends with it.
struct Inflater {
  z_stream stream{};
  Inflater() {
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("gzip: zlib cannot start");  // 16: gzip's header, checked
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
};

/// Bytes that are deflated without any header, as zip archives hold them, to `size` bytes.
inline std::string inflate_raw(const std::string& path, std::string_view packed, std::size_t size) {
  z_stream z{};
  if (inflateInit2(&z, -15) != Z_OK) throw std::runtime_error("zlib cannot start");
  std::string bytes(size, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // read only, whatever the type says
  z.avail_in = static_cast<uInt>(packed.size());                           // zip archives without extensions end at 4 GB
  z.next_out = reinterpret_cast<Bytef*>(bytes.data());
  z.avail_out = static_cast<uInt>(size);
  const int status = inflate(&z, Z_FINISH);
  const bool whole = status == Z_STREAM_END && z.avail_out == 0;
  inflateEnd(&z);
  if (!whole) throw std::runtime_error(path + ": is damaged: its deflated data cannot be unpacked");
  return bytes;
}

inline std::string gunzip(const std::string& path, std::string_view packed) {
  const auto fail = [&](const std::string& why) { throw std::runtime_error(path + ": " + why); };
  constexpr std::size_t step = std::numeric_limits<uInt>::max() / 2;  // zlib counts in 32 bits
  Inflater inflater;
  z_stream& z = inflater.stream;
  std::string text(std::max<std::size_t>(4 * packed.size(), 4096), '\0');
  std::size_t used = 0, written = 0;
  while (true) {
    if (written == text.size()) text.resize(text.size() + text.size() / 2);
    const auto in = static_cast<uInt>(std::min(step, packed.size() - used)), out = static_cast<uInt>(std::min(step, text.size() - written));
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + used));  // read only, whatever the type says
    z.avail_in = in;
    z.next_out = reinterpret_cast<Bytef*>(text.data() + written);
    z.avail_out = out;
    const int status = inflate(&z, Z_NO_FLUSH);
    used += in - z.avail_in;
    written += out - z.avail_out;
    if (status == Z_STREAM_END) {
      if (used == packed.size()) break;
      if (!is_gzip(packed.substr(used)))
        fail("is damaged: after the end of the gzip data come " + std::to_string(packed.size() - used) + " more bytes");
      inflateReset(&z);
    } else if (status == Z_MEM_ERROR) {
      fail("cannot be unpacked: out of memory");
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail(std::string("is damaged: its gzip data cannot be unpacked (") + (z.msg ? z.msg : "unknown reason") + ")");
    } else if (used == packed.size() && z.avail_out > 0) {
      fail("is cut short: its gzip data end after " + std::to_string(packed.size()) + " bytes, before their end mark");
    }
  }
  text.resize(written);
  return text;
}

#else

[[noreturn]] inline std::string inflate_raw(const std::string& path, std::string_view, std::size_t) {
  throw std::runtime_error(path + ": is deflated, which this program was built without; save it with numpy.savez or numpy.save");
}
[[noreturn]] inline std::string gunzip(const std::string& path, std::string_view) {
  throw std::runtime_error(
      path +
      ": is packed by gzip, which this program was built without; build it with TACIT_WITH_ZLIB defined and zlib linked, or "
      "unpack the file with gunzip");
}

#endif

/// The text of a file: its bytes, unpacked where they are gzip's.
inline std::string unpacked(const std::string& path, std::string bytes) {
  if (is_gzip(bytes)) return gunzip(path, bytes);
  if (path.size() > 3 && path.substr(path.size() - 3) == ".gz" && !bytes.empty())
    throw std::runtime_error(path + ": is no gzip file, in spite of its name: it does not begin with the bytes 1F 8B");
  return bytes;
}

}  // namespace tacit::detail
