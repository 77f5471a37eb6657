// SPDX-License-Identifier: MIT
#pragma once
// How tables in text files are to be read, where what is found by itself is not what is meant. Each member is an option of the program
// `complete`.

#include <string>
#include <vector>

#include "encoding.hpp"

namespace tacit {

enum class Labels { detect, absent, present };

/// What becomes of rows whose labels are equal: an error, one row of the last (or of the mean) of what each entry has, or rows of their
/// own, of which the second is called "label (2)".
enum class RowsAgain { refuse, last, mean, keep };

struct CsvOptions {
  char separator = 0;  ///< 0: found in the first lines; ' ' stands for any run of blanks
  Labels header = Labels::detect, row_labels = Labels::detect;
  bool marks = false;                          ///< whether a lone - ? . or .. is a gap
  std::vector<std::string> missing = {};       ///< further spellings of gaps; numbers by their value: -200 is -200.0, too
  char decimal = 0;                            ///< '.' or ','; 0: found in all numbers together
  Encoding encoding = Encoding::detect;        ///< found: UTF-8, or where that is impossible Latin-1
  std::string label_column = {};               ///< the column of row labels, by its name or its number from 1; empty: found, the first
  std::vector<std::string> text_columns = {};  ///< columns that are no data, by name or number, and stay as they are
  std::vector<std::string> drop_columns = {};  ///< the same, for columns of numbers
  RowsAgain duplicates = RowsAgain::refuse;
};

}  // namespace tacit
