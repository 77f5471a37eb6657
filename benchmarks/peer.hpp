// SPDX-License-Identifier: MIT
#pragma once
// peers/torch_step.py as a partner that takes turns with this process, on the same core: one line asks for a block, one line answers.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "measure.hpp"

namespace bench {

class Torch {
 public:
  /// Tries the python3 of the PATH and the system's; whichever has torch serves.
  explicit Torch(const std::string& script) {
    for (const char* python : {"python3", "/usr/bin/python3"})
      if (start(python, script)) return;
  }
  ~Torch() {
    if (to_) std::fclose(to_);
    if (from_) std::fclose(from_);
    if (child_ > 0) waitpid(child_, nullptr, 0);
  }
  Torch(const Torch&) = delete;
  Torch& operator=(const Torch&) = delete;

  bool ready() const { return ready_; }
  /// What serves, or why nothing does.
  const std::string& says() const { return says_; }

  /// Microseconds a step, in one block of about this many seconds; `what` is "implementation type n depth density".
  double block_us(const std::string& what, double seconds = 5e-3) {
    std::fprintf(to_, "%s %g\n", what.c_str(), seconds);
    std::fflush(to_);
    return std::strtod(line().c_str(), nullptr);
  }

 private:
  /// OpenBLAS takes a processor younger than itself for one of 2004, which makes its products five times slower: a comparison with that would mean nothing.
  static const char* core_type() {
    std::ifstream processor("/proc/cpuinfo");
    const char* kind = nullptr;
    for (std::string word; processor >> word && word != "bugs";) {
      if (word == "avx512vl") return "SkylakeX";
      if (word == "avx2") kind = "Haswell";
    }
    return kind;
  }
  bool start(const char* python, const std::string& script) {
    int down[2], up[2];
    if (pipe(down) != 0 || pipe(up) != 0) return false;
    child_ = fork();
    if (child_ == 0) {
      dup2(down[0], 0);
      dup2(up[1], 1);
      for (int end : {down[0], down[1], up[0], up[1]}) close(end);
      setenv("OMP_NUM_THREADS", "1", 1);
      setenv("OPENBLAS_NUM_THREADS", "1", 1);
      if (const char* kind = core_type()) setenv("OPENBLAS_CORETYPE", kind, 0);
      execlp(python, python, script.c_str(), "--serve", static_cast<char*>(nullptr));
      _exit(127);
    }
    close(down[0]);
    close(up[1]);
    to_ = fdopen(down[1], "w");
    from_ = fdopen(up[0], "r");
    const std::string greeting = line();
    ready_ = greeting.starts_with("ready ");
    const std::string reason = greeting.empty() ? std::string(python) + " does not start" : greeting.substr(greeting.find(' ') + 1);
    says_ = ready_ || says_.empty() ? reason : says_ + "; " + reason;
    if (ready_) return true;
    std::fclose(to_);
    std::fclose(from_);
    to_ = from_ = nullptr;
    waitpid(child_, nullptr, 0);
    child_ = -1;
    return false;
  }
  std::string line() {
    char buffer[512];
    if (!std::fgets(buffer, sizeof buffer, from_)) return {};
    std::string text = buffer;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

  std::FILE *to_ = nullptr, *from_ = nullptr;
  pid_t child_ = -1;
  bool ready_ = false;
  std::string says_;
};

}  // namespace bench
