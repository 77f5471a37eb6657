// SPDX-License-Identifier: MIT
// What papers say about these models, measured anew: a row for every statement and for every negative control, a setting in which the effect
// must not show.
//
//   paper_checks --list                     all rows: claim, source, provenance, setting, bound, seeds
//   paper_checks all                        runs every check
//   paper_checks arora2019 zhao2022/1       one paper's, one item's with its control
//   paper_checks all --quick                those that take a second
//   paper_checks all --seeds 101,102,103    other seeds for every random check
//   paper_checks all --json table.json      the whole table, with every draw's figures; - is the standard output
//
// The exit code is 0 if no row fails, 1 if one does (a statement, or a control), 2 for an unknown name or option, 3 for other errors.

#include <CLI/CLI.hpp>
#include <iostream>

#include <tacit/io/atomic_file.hpp>

#include "table.hpp"

using namespace paper_checks;

namespace {

int run_checks(int argc, char** argv) {
  CLI::App app("Statements of papers, measured anew: a row for each, and for each negative control.");
  std::vector<std::string> wanted;
  std::vector<std::uint64_t> own_seeds;
  bool only_list = false, quick = false;
  std::string json;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  app.add_option("checks", wanted, "all, PAPER or PAPER/ITEM; none: what --list shows");
  app.add_flag("--list", only_list, "show the rows, run nothing");
  app.add_option("--json", json, "write the table to this file; - is the standard output, which then has nothing else");
  app.add_option("--seeds", own_seeds, "seeds for every random check, as in 101,102,103")->delimiter(',')->allow_extra_args(false);
  app.add_flag("--quick", quick, "only rows that take about a second");
  app.add_option("--threads", threads, "draws that run at a time")->check(CLI::Range(1u, 1024u));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  std::vector<Row> rows = rows_of(registered_papers(), own_seeds);
  for (const std::string& name : wanted)
    if (std::none_of(rows.begin(), rows.end(), [&](const Row& row) { return row.is_asked_for(name); })) {
      std::cerr << "paper_checks: there is no check '" << name << "'; --list shows them all\n";
      return 2;
    }
  const bool lists = only_list || (wanted.empty() && !quick);
  std::erase_if(rows, [&](const Row& row) {
    const bool asked =
        wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const auto& name) { return row.is_asked_for(name); });
    return !asked || (quick && !row.quick);
  });

  const bool to_output = json == "-";
  const auto start = std::chrono::steady_clock::now();
  if (!lists) run(rows, threads, [&](const Row& row) { print(to_output ? std::cerr : std::cout, row); });
  else if (!to_output) list(std::cout, rows);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

  const std::string text = json.empty() ? "" : json_of(rows, !lists, threads, seconds.count());
  if (to_output) std::cout << text << std::flush;
  else if (!json.empty()) {
    tacit::AtomicFile file(json);
    file.write(text);
    file.commit();
  }
  if (lists) return 0;
  std::size_t by_verdict[4] = {};
  for (const Row& row : rows) ++by_verdict[static_cast<int>(row.judgement.verdict)];
  (to_output ? std::cerr : std::cout) << rows.size() << " rows in " << figure(seconds.count()) << " s: " << by_verdict[0] << " hold, "
                                      << by_verdict[1] << " hold in the median, " << by_verdict[2] << " fail, " << by_verdict[3]
                                      << " controls failed\n";
  return by_verdict[2] + by_verdict[3] > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) try { return run_checks(argc, argv); } catch (const std::exception& error) {
  std::cerr << "paper_checks: " << error.what() << '\n';
  return 3;
}
