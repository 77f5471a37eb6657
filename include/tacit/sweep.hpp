// SPDX-License-Identifier: MIT
#pragma once
// A sweep: one function, called for every setting of a grid, on all cores.
//
//   const auto run = [](const Setting& s) {
//     auto [truth, seen] = low_rank_completion({.seed = s.seed()});
//     DeepMatrix<double> model(std::vector<Index>(s.depth() + 1, 100));
//     Problem problem(model, seen, MeanSquares{});
//     Vector<double> theta = model.near_zero({.product_scale = s.scale(), .seed = s.seed()});
//     Trajectory history(loss, effective_rank, error_to(truth));
//     auto outcome = train(problem, theta, group_rmsprop(), {.iterations = 40'000}, every(100, history), stop_when(loss_below(1e-6)));
//     return std::pair{history, outcome};
//   };
//   sweep(depths({1, 2, 3, 4}) * scales({1e-4, 1e-2}) * seeds(10), run).write_csv("runs.csv");
//
// Each run has one thread to itself and shares nothing with the others, so the table is the same, byte for byte, for any number of threads; its rows stand in
// the order of the grid. (Do not compile such programs with -fopenmp: Eigen would start threads of its own.) With .store and .key every finished run is
// kept in a file, and a sweep that was interrupted does only what is missing. A run that throws is reported, and tried again next time; the others go on.
//
// The long table: the axes, "iteration" and the probes, then "reason" and "iterations" where run returned its outcome ("seconds" where asked for), and
// "error": empty, or the sentence of a run that failed, whose single row holds nothing else. In Python, for one scale, a run that has ended keeping its last value:
//
//   import pandas, matplotlib.pyplot as plt
//   runs = pandas.read_csv("runs.csv", float_precision="round_trip").dropna(subset=["iteration"])
//   one = runs[runs["scale"] == 1e-4]
//   curves = one.pivot(index="iteration", columns=["depth", "seed"], values="effective_rank").interpolate(method="index")
//   curves.T.groupby("depth").median().T.plot(logx=True, xlabel="iteration", ylabel="effective rank (median)")
//   plt.savefig("runs.png")

#include <concepts>
#include <functional>
#include <mutex>
#include <optional>

#include "sweep/pool.hpp"
#include "sweep/result.hpp"
#include "sweep/store.hpp"

namespace tacit {

/// One run has just finished, failed, or been found in the store.
struct SweepProgress {
  Index done, total;
  const Setting& setting;
  bool reused;               ///< it was in the store
  const std::string& error;  ///< empty, or why it failed
};

struct SweepOptions {
  unsigned threads = 0;    ///< 0: one for each core
  std::string store = {};  ///< a folder for finished runs; empty: none
  std::string key =
      {};  ///< goes with .store: a text of yours to change whenever the code of `run` does, so that old runs are not taken for done
  bool seconds = false;                                     ///< a column of wall times, which are never the same twice
  std::function<void(const SweepProgress&)> progress = {};  ///< called from the threads, one call at a time; what it throws ends the sweep
};

namespace detail {

/// The columns that a sweep writes must not come from the run as well.
inline void require_free_names(const RunRecord& record, const Setting& setting) {
  const auto refuse = [&](const std::string& name, const char* taken) {
    require(!record.table.has(name), "sweep: the run records a column '", name, "', which is ", taken,
            "; give one of the two another name");
  };
  for (const auto& [name, cell] : setting.cells()) refuse(name, "an axis of the grid, too");
  for (const char* name : {"reason", "iterations", "seconds", "error"}) refuse(name, "one that the sweep adds itself");
}

/// One setting: from the store, or by running it.
template <class Run>
SweepSlot run_one(const Run& run, const Setting& setting, const std::optional<RunStore>& store) {
  SweepSlot slot;
  if (store) {
    if (auto found = store->find(setting)) return {std::move(*found), true};
  }
  try {
    slot.record = record_of(run(setting));
  } catch (const std::exception& error) {
    slot.error = *error.what() ? error.what() : "an exception without a text";
  } catch (...) {
    slot.error = "something was thrown that is no std::exception";
  }
  require_free_names(slot.record, setting);
  if (!store || !slot.error.empty()) return slot;
  try {
    store->keep(setting, slot.record);
  } catch (const std::exception& error) {
    slot.warning = error.what();
  }
  return slot;
}

}  // namespace detail

/// run(setting) for every setting of the grid, each on one thread. Throws std::invalid_argument for options that do not go together and for a run that
/// records a column of a name that is taken, std::runtime_error where the folder of the store cannot be made; what a run throws is in the result.
template <class Run>
SweepResult sweep(const Grid& grid, const Run& run, const SweepOptions& options = {}) {
  constexpr bool callable = std::invocable<const Run&, const Setting&>;
  static_assert(callable,
                "sweep: run is called as run(const Setting&) from several threads at once, so it takes a Setting and is not mutable");
  if constexpr (callable) {
    constexpr bool understood = RunResult<std::remove_cvref_t<std::invoke_result_t<const Run&, const Setting&>>>;
    static_assert(understood,
                  "sweep: run returns a Trajectory, a Table or NamedCells, alone or with its Outcome as std::pair{history, outcome}");
    if constexpr (understood) {
      require(options.store.empty() == options.key.empty(),
              "sweep: .store and .key go together; .key is a text of yours that changes whenever the code of "
              "run does, so that runs of older code are not taken for done");
      std::optional<RunStore> store;
      if (!options.store.empty()) store.emplace(options.store, options.key);
      std::vector<SweepSlot> slots(static_cast<std::size_t>(grid.size()));
      std::mutex guard;
      Index done = 0;
      detail::on_threads(grid.size(), options.threads, [&](Index k) {
        const Setting setting = grid[k];
        SweepSlot& slot = slots[static_cast<std::size_t>(k)];
        slot = detail::run_one(run, setting, store);
        const std::scoped_lock lock(guard);
        ++done;
        if (options.progress) options.progress({done, grid.size(), setting, slot.reused, slot.error});
      });
      return SweepResult(grid, std::move(slots), options.key, options.seconds);
    }
  }
}

}  // namespace tacit
