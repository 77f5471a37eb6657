// SPDX-License-Identifier: MIT
#pragma once
// race.html: one self-contained page of a race and its atlas. It is made from their tables alone (tables.hpp, atlas.hpp), so that what
// stands in the files is what is shown: the results as a table that is sorted by a click, loss curves by gradient equivalents and by
// seconds with bands, performance profiles, a heat map for every quantity of the atlas, what differs in words, surprises, and what it
// takes to make it again. Every run is in it, those that diverged, too. Curves by seconds: work times the median over seeds of the seconds
// that a gradient equivalent took in that cell. Nothing is loaded from anywhere; without script everything is shown, with logarithmic
// axes. Read at 1200 and at 420 pixels.

#include <string>
#include <utility>
#include <vector>

#include "../io/table.hpp"

namespace tacit {

/// What is shown; parts whose table is empty are left out.
struct RacePage {
  std::string title = "Optimizer race";
  Table results, cells, runs, bands, profiles, seconds, seconds_scores;  ///< as race/tables.hpp has them
  Table added;  ///< curves made elsewhere: problem, entrant, seed, gradients, loss, best
  std::vector<std::string> remarks;
  Table atlas;                     ///< rows of atlas()
  std::vector<std::string> words;  ///< of atlas_in_words()
  Table beliefs;                   ///< of ask_all()
  Table rerun;                     ///< of atlas_rerun()
  NamedCells protocol, made;       ///< settings; machine, compiler, commit, command line
};

std::string race_page(const RacePage& page);

/// name and SVG of every figure, with its style inside: what stands in figures/*.svg.
std::vector<std::pair<std::string, std::string>> race_figures(const RacePage& page);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/page.hpp"
#endif
