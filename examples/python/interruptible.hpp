// SPDX-License-Identifier: MIT
#pragma once
// Long work beside Python: it runs on a thread of its own without the interpreter's lock, while the calling thread asks for signals twenty times a second. At
// Ctrl-C the work is told to stop and the exception is raised at once; a thread that has not come home by then (the work asks between steps, and steps on
// large data take seconds) is left to end by itself, and waited for when the interpreter ends.
//
//   auto result = interruptible([data](const std::function<bool()>& stop) { return complete(*data, {.pace = {.stop = stop}}); });

#include <pybind11/pybind11.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace tacit::from_python {

/// Threads that were told to stop, of this process (a fork has none of them).
class Stragglers {
 public:
  void add(std::thread thread) {
    const std::scoped_lock lock(guard_);
    if (process_ != getpid()) forget();
    threads_->push_back(std::move(thread));
  }
  void join() {
    const std::scoped_lock lock(guard_);
    if (process_ != getpid()) forget();
    for (std::thread& thread : *threads_) thread.join();
    threads_->clear();
  }

 private:
  void forget() { threads_ = new std::vector<std::thread>, process_ = getpid(); }  // never destroyed: theirs to end, not ours

  std::mutex guard_;
  pid_t process_ = getpid();
  std::vector<std::thread>* threads_ = new std::vector<std::thread>;
};
inline Stragglers& stragglers() {
  static auto* all = new Stragglers;
  return *all;
}

/// work(stop) -> a result; called with the interpreter's lock, returns with it. `work` must own what it uses, and touch nothing of Python.
template <class Work>
auto interruptible(Work work) {
  using Result = decltype(work(std::function<bool()>()));
  struct Shared {
    std::atomic<bool> stop = false;
    std::mutex guard;
    std::condition_variable changed;
    bool done = false;
    std::optional<Result> result;
    std::exception_ptr error;
  };
  const auto shared = std::make_shared<Shared>();
  std::thread thread([shared, work = std::move(work)] {
    std::optional<Result> result;
    std::exception_ptr error;
    try {
      result = work(std::function<bool()>([shared] { return shared->stop.load(); }));
    } catch (...) {
      error = std::current_exception();
    }
    const std::scoped_lock lock(shared->guard);
    shared->result = std::move(result), shared->error = error, shared->done = true;
    shared->changed.notify_all();
  });
  const auto finished = [&](std::chrono::milliseconds within) {
    pybind11::gil_scoped_release others_may_run;
    std::unique_lock lock(shared->guard);
    return shared->changed.wait_for(lock, within, [&] { return shared->done; });
  };
  while (!finished(std::chrono::milliseconds(50))) {
    if (PyErr_CheckSignals() == 0) continue;
    pybind11::error_already_set interrupt;
    shared->stop = true;
    if (finished(std::chrono::milliseconds(300))) thread.join();
    else stragglers().add(std::move(thread));
    throw interrupt;
  }
  thread.join();
  if (shared->error) std::rethrow_exception(shared->error);
  return std::move(*shared->result);
}

}  // namespace tacit::from_python
