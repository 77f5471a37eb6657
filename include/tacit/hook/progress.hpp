// SPDX-License-Identifier: MIT
#pragma once
// A progress report on a stream that the caller names (the library prints nowhere by itself):
//   every(100, progress_line(std::cerr))    on a terminal: one line that is rewritten, at most five times a second
//   every(5000, progress_log(std::cerr))    in a log: one quiet line each time it is called
// Each shows iteration, share of the run, iterations per second, remaining time, and the loss.

#include <chrono>
#include <ostream>

#include "snapshot.hpp"

namespace tacit {

namespace detail {

inline std::string short_time(double seconds) {
  if (seconds < 90) return tacit::sentence(std::round(seconds), " s");
  if (seconds < 5400) return tacit::sentence(std::round(seconds / 60), " min");
  return tacit::sentence(std::round(seconds / 360) / 10, " h");
}

class ProgressReport {
 public:
  ProgressReport(std::ostream& out, bool rewrites) : out_(&out), rewrites_(rewrites) {}

  void operator()(const auto& now) {
    using Clock = std::chrono::steady_clock;
    const auto moment = Clock::now();
    if (calls_++ == 0) started_ = moment, first_ = now.iteration();
    else if (rewrites_ && !now.closing() && moment - shown_ < std::chrono::milliseconds(200)) return;
    shown_ = moment;
    const double seconds = std::chrono::duration<double>(moment - started_).count(), done = static_cast<double>(now.iteration() - first_);
    const double speed = seconds > 0 ? done / seconds : 0;
    const auto precision = out_->precision(4);
    *out_ << (rewrites_ ? "\r" : "") << "iteration " << now.iteration() << " of " << now.until() << "  " << std::round(speed) << "/s  ";
    if (now.closing()) *out_ << "done";
    else if (speed > 0) *out_ << short_time(static_cast<double>(now.until() - now.iteration()) / speed) << " left";
    *out_ << "  loss " << now.loss() << (rewrites_ ? "\x1b[K" : "\n");
    if (rewrites_ && now.closing()) *out_ << '\n';
    out_->flush();
    out_->precision(precision);
  }

 private:
  std::ostream* out_;
  bool rewrites_;
  std::size_t calls_ = 0;
  Index first_ = 0;
  std::chrono::steady_clock::time_point started_, shown_;
};

}  // namespace detail

inline detail::ProgressReport progress_line(std::ostream& out) { return {out, true}; }
inline detail::ProgressReport progress_log(std::ostream& out) { return {out, false}; }

}  // namespace tacit
