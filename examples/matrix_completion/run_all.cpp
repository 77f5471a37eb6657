// SPDX-License-Identifier: MIT
#include <atomic>
#include <exception>
#include <iostream>
#include <mutex>
#include <tacit/core/check.hpp>
#include <thread>

#include "report.hpp"
#include "synthetic.hpp"

std::vector<Result> run_all(const std::vector<Job>& jobs, const std::function<void()>& beside, const Settings& settings) {
  // The deepest first: they take longest. The baseline goes with them as one more piece of work.
  const std::size_t pieces = jobs.size() + (beside ? 1 : 0);
  std::vector<Result> results(jobs.size());
  std::vector<std::exception_ptr> failures(pieces);
  std::atomic<std::size_t> next = 0;
  std::mutex printing;
  const auto work = [&] {
    for (std::size_t piece; (piece = next++) < pieces && !interrupt_requested();) {
      try {
        if (piece == jobs.size()) {
          beside();
          continue;
        }
        const std::size_t at = jobs.size() - 1 - piece;
        results[at] = run_job(jobs[at]);
        const std::lock_guard lock(printing);
        if (!settings.quiet && !results[at].interrupted)
          std::cerr << "depth " << jobs[at].depth << ": " << results[at].outcome << std::flush;
      } catch (...) {
        failures[piece] = std::current_exception();
      }
    }
  };
  const auto cores = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> team;
  for (std::size_t k = 1; k < std::min<std::size_t>(settings.threads ? static_cast<std::size_t>(settings.threads) : cores, pieces); ++k)
    team.emplace_back(work);
  work();
  for (std::thread& member : team) member.join();
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  if (interrupt_requested())
    for (Result& result : results) result.interrupted = true;
  return results;
}

std::string list_of(const std::vector<Eigen::Index>& items, const std::vector<std::string>& labels) {
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(items.size(), 10); ++k)
    text += (k ? ", " : "") + (labels.empty() ? std::to_string(items[k]) : labels[static_cast<std::size_t>(items[k])]);
  return text + (items.size() > 10 ? ", ..." : "");
}

void conclude(const Findings& findings, const std::function<std::vector<std::string>()>& write_more) {
  std::cout << findings.headline << "\n\n" << findings.summary << '\n';
  for (const std::string& remark : findings.remarks) std::cout << remark << (remark.back() == '\n' ? "" : "\n");
  std::cout.flush();
  auto files = findings.write();
  if (write_more)
    for (std::string& file : write_more()) files.push_back(std::move(file));
  std::cout << "written to " << findings.settings.out << ':';
  for (const std::string& file : files) std::cout << ' ' << file;
  std::cout << '\n';
  for (const Result& r : findings.results)
    if (!r.unsaved.empty()) throw std::runtime_error(r.unsaved);
  for (const Result& r : findings.results)
    if (r.outcome.reason == tacit::Reason::diverged)
      throw Diverged(tacit::sentence("depth ", r.depth, " diverged: ", r.outcome.why,
                                     "; a smaller --rate may help (everything up to iteration ", r.outcome.iterations, " is written)"));
}
