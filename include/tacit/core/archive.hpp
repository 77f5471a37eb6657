// SPDX-License-Identifier: MIT
#pragma once
// Archives: one visitor, three uses. A type that offers   template <class Archive> void persist(Archive& archive)   and calls
// archive("name", member) for every number and random stream it owns can be written, read back bit for bit, and fingerprinted.
//   OutputArchive  appends fields (name, type, count, bytes) to a string
//   InputArchive   reads them back in the same order; a field of another name, type or length is refused with a sentence naming it
//   HashArchive    64-bit FNV-1a over the same bytes: the fingerprint of a data set
// Numbers are stored as they stand in memory: checkpoints belong to one kind of machine, which their header says.

#include <cstring>
#include <locale>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "check.hpp"
#include "scalar.hpp"

namespace tacit {

namespace detail {

template <class T>
constexpr std::string_view type_tag() {
  if constexpr (std::is_same_v<T, bool>) return "bool";
  else if constexpr (std::is_floating_point_v<T>) return sizeof(T) == 4 ? "float32" : sizeof(T) == 8 ? "float64" : "long double";
  else if constexpr (std::is_integral_v<T>) return sizeof(T) == 1 ? "int8" : sizeof(T) == 2 ? "int16" : sizeof(T) == 4 ? "int32" : "int64";
  else if constexpr (std::is_enum_v<T>) return type_tag<std::underlying_type_t<T>>();
  else return "object";
}

template <class T>
constexpr bool is_number = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// Reduces every type to spans of numbers, text, or nested objects, and asks `Derived` for each span.
template <class Derived>
class ArchiveBase {
 public:
  template <class T>
  void operator()(std::string_view name, T& item) {
    if constexpr (is_number<T>) self().field(name, type_tag<T>(), &item, sizeof(T));
    else item.persist(self());
  }
  void operator()(std::string_view name, std::string& text) { self().resizable(name, "text", text); }
  template <class T>
  void operator()(std::string_view name, std::vector<T>& items) {
    if constexpr (is_number<T>) self().resizable(name, type_tag<T>(), items);
    else {
      std::vector<char> size(items.size());  // the count travels as the length of an empty marker
      self().resizable(name, "count", size);
      items.resize(size.size());
      for (T& item : items) (*this)(name, item);
    }
  }
  template <Scalar S>
  void operator()(std::string_view name, Vector<S>& items) {
    self().resizable(name, type_tag<S>(), items);
  }
  void operator()(std::string_view name, std::mt19937_64& engine) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << engine;
    std::string text = out.str();
    (*this)(name, text);
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    if (!(in >> engine)) throw std::runtime_error(sentence("the field '", name, "' is not the state of a random stream"));
  }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }
};

}  // namespace detail

class OutputArchive : public detail::ArchiveBase<OutputArchive> {
 public:
  const std::string& bytes() const { return bytes_; }

  void field(std::string_view name, std::string_view type, const void* data, std::size_t width, std::size_t count = 1) {
    put(name);
    put(type);
    raw(&count, sizeof count);
    raw(&width, sizeof width);
    raw(data, count * width);
  }
  template <class Items>
  void resizable(std::string_view name, std::string_view type, Items& items) {
    field(name, type, items.data(), sizeof(items.data()[0]), static_cast<std::size_t>(items.size()));
  }

 private:
  void raw(const void* data, std::size_t size) {
    if (size) bytes_.append(static_cast<const char*>(data), size);
  }
  void put(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    raw(&size, sizeof size);
    bytes_.append(text);
  }
  std::string bytes_;
};

class InputArchive : public detail::ArchiveBase<InputArchive> {
 public:
  /// `where` names the file in every error.
  InputArchive(std::string bytes, std::string where) : bytes_(std::move(bytes)), where_(std::move(where)) {}

  void field(std::string_view name, std::string_view type, void* data, std::size_t width) {
    const std::size_t count = header(name, type, width);
    if (count != 1) fail(name, sentence("holds ", count, " values, this run needs 1"));
    take(name, data, width);
  }
  template <class Items>
  void resizable(std::string_view name, std::string_view type, Items& items) {
    const std::size_t width = sizeof(items.data()[0]), count = header(name, type, width);
    if (count > (bytes_.size() - at_) / width) fail(name, "is cut short");
    items.resize(static_cast<decltype(items.size())>(count));
    take(name, items.data(), count * width);
  }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  /// How many values follow, each of `width` bytes.
  std::size_t header(std::string_view name, std::string_view type, std::size_t width) {
    const std::string found = text(name), kind = text(name);
    if (found != name) fail(name, "is expected here, but the file goes on with '" + found + "': it was saved by another kind of run");
    if (kind != type) fail(name, "is stored as " + kind + ", this run needs " + std::string(type));
    std::size_t count = 0, stored = 0;
    take(name, &count, sizeof count);
    take(name, &stored, sizeof stored);
    if (stored != width) fail(name, sentence("is stored with ", stored, " bytes a value, this run needs ", width));
    return count;
  }
  std::string text(std::string_view name) {
    std::uint32_t size = 0;
    take(name, &size, sizeof size);
    if (size > bytes_.size() - at_) fail(name, "is cut short");
    std::string out = bytes_.substr(at_, size);
    at_ += size;
    return out;
  }
  void take(std::string_view name, void* data, std::size_t size) {
    if (size > bytes_.size() - at_) fail(name, "is cut short");
    if (size) std::memcpy(data, bytes_.data() + at_, size);
    at_ += size;
  }
  [[noreturn]] void fail(std::string_view name, const std::string& why) const {
    throw std::runtime_error(sentence(where_, ": the field '", name, "' ", why));
  }
  std::string bytes_, where_;
  std::size_t at_ = 0;
};

class HashArchive : public detail::ArchiveBase<HashArchive> {
 public:
  std::uint64_t value() const { return hash_; }
  void bytes(const void* data, std::size_t size) {
    const auto* p = static_cast<const unsigned char*>(data);
    for (; size >= 8; size -= 8, p += 8) {  // eight bytes a round: a fingerprint of 10^7 entries takes milliseconds
      std::uint64_t word;
      std::memcpy(&word, p, 8);
      hash_ = (hash_ ^ word) * 1099511628211ull;
      hash_ ^= hash_ >> 29;
    }
    for (; size; --size, ++p) hash_ = (hash_ ^ *p) * 1099511628211ull;
  }
  void field(std::string_view name, std::string_view, const void* data, std::size_t width) { add(name, data, width); }
  template <class Items>
  void resizable(std::string_view name, std::string_view, const Items& items) {
    const auto size = static_cast<std::uint64_t>(items.size());
    add(name, &size, sizeof size);
    bytes(items.data(), static_cast<std::size_t>(items.size()) * sizeof(items.data()[0]));
  }

 private:
  void add(std::string_view name, const void* data, std::size_t size) {
    bytes(name.data(), name.size());
    bytes(data, size);
  }
  std::uint64_t hash_ = 14695981039346656037ull;
};

}  // namespace tacit
