// SPDX-License-Identifier: MIT
#pragma once
// Items that are needed again much later, in a temporary file that has no name and is gone with the process, so that they take no memory meanwhile. Where there is no
// room for such a file, or there are few bytes, they stay where they are.
//
//   SetAside aside(text);   ... text is empty ...   aside.bring_back(text);

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tacit {

template <class Items>
class SetAside {
  using Item = typename Items::value_type;
  static_assert(std::is_trivially_copyable_v<Item>, "tacit: SetAside writes items byte by byte");

 public:
  static constexpr std::size_t least_bytes = std::size_t(1) << 20;

  explicit SetAside(Items& items) : count_(items.size()) {
    if (count_ * sizeof(Item) < least_bytes) return;
    file_.reset(std::tmpfile());
    if (!file_) return;
    if (std::fwrite(items.data(), sizeof(Item), count_, file_.get()) == count_ && std::fflush(file_.get()) == 0)
      Items().swap(items);  // an assignment may keep the memory
    else file_.reset();
  }

  /// Whether they are in a file now.
  bool away() const { return file_ != nullptr; }
  /// Into the same object; throws std::runtime_error where the file cannot be read.
  void bring_back(Items& items) {
    if (!file_) return;
    std::rewind(file_.get());
    items.resize(count_);
    if (std::fread(items.data(), sizeof(Item), count_, file_.get()) != count_)
      throw std::runtime_error("the temporary file of what was set aside cannot be read again");
    file_.reset();
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::size_t count_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace tacit
