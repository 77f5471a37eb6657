// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <tacit/io/csv_writer.hpp>
#include <tacit/race/beliefs.hpp>

#include "page.hpp"

using namespace tacit;

namespace {

/// A line on stderr whenever a twentieth of the cells is done.
class AtlasLine {
 public:
  void operator()(const AtlasProgress& now) {
    if (now.reused) ++reused_;
    const Index part = 20 * now.done / now.total, made = now.done - reused_;
    if (part == part_) return;
    part_ = part;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    std::cerr << "atlas: " << now.done << " of " << now.total << " cells";
    if (made > 0)
      std::cerr << ", about " << std::llround(seconds * static_cast<double>(now.total - now.done) / static_cast<double>(made)) << " s left";
    std::cerr << '\n';
  }

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Index reused_ = 0, part_ = 0;
};

std::vector<std::string> as_texts(const auto& values) {
  std::vector<std::string> texts;
  for (const auto value : values) texts.push_back(Cell(value).text());
  return texts;
}

}  // namespace

void run_atlas(const AtlasJob& job, RacePage& page) {
  std::vector<Entrant> entrants;
  for (const std::string& text : job.optimizers) entrants.push_back(race_entrant(text));
  std::vector<AtlasProblem> problems;
  for (const std::string& text : job.problems) problems.push_back(atlas_problem(text));
  const auto made = [&](const std::vector<std::uint64_t>& seeds) {
    AtlasSettings settings = job.settings;
    settings.seeds = seeds;
    AtlasLine line;
    return atlas(entrants, problems, settings,
                 {.threads = job.threads, .folder = job.folder, .progress = [&](const AtlasProgress& now) { line(now); }});
  };
  for (const std::uint64_t seed : job.rerun_seeds)
    require(!job.rerun || std::find(job.settings.seeds.begin(), job.settings.seeds.end(), seed) == job.settings.seeds.end(),
            "--atlas-seeds has ", seed, ", on which --atlas-rerun asks the claims again; give others");
  const Atlas found = made(job.settings.seeds);
  write_atlas(job.folder, found);
  const auto in = [&](const char* name) { return (std::filesystem::path(job.folder) / name).string(); };
  const auto families = atlas_families(found.runs, job.optimizers.front());
  page.atlas = found.runs;
  page.protocol.emplace_back("atlas", found.settings.text());
  page.words = atlas_in_words(families);
  page.beliefs = ask_all(common_beliefs(as_texts(job.settings.depths), as_texts(job.settings.scales)), found.runs);
  Table claims({"claim"});
  for (const auto& family : families)
    for (const PairedDifference& one : claimed(family)) claims.add({in_words(one)});
  write_csv(in("claims.csv"), claims);
  write_csv(in("beliefs.csv"), page.beliefs);
  if (job.rerun) {
    const Atlas again = made(job.rerun_seeds);
    write_csv(in("second.csv"), again.runs);
    page.rerun = atlas_rerun(families, again.runs);
    if (page.rerun.cols() > 0) write_csv(in("rerun.csv"), page.rerun);
  }
  for (const std::string& words : page.words) std::cout << words << '\n';
}
