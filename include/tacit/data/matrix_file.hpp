// SPDX-License-Identifier: MIT
#pragma once
// A matrix of observed entries as it came from a file: what read_csv, read_triplets, read_npy and read_observed return.

#include <string>
#include <vector>

#include "../io/text_file.hpp"
#include "../observation/data.hpp"
#include "../observation/line_order.hpp"

namespace tacit {

/// What a reader returns: a matrix of observed entries, the labels of its rows and columns (empty where the file has none), one line on how
/// the file was read, for people to check, and remarks on what might be meant otherwise, each with the option that says so.
struct MatrixFile {
  Data<double> data;
  std::vector<std::string> row_labels, col_labels;
  std::string format;
  std::vector<std::string> remarks = {};
  std::string row_name = {}, col_name = {};  ///< what the file's header calls its row ids and its column ids, as in userId and movieId
  std::vector<std::string> left_out = {};    ///< columns of a table beside the first labels that are no data, by name
  std::vector<Entry> asked = {};             ///< pairs that came without a value, by row, then column: to be predicted
  std::vector<LineOrder> order = {};         ///< modes whose order means something by what they are called: dates, times, even steps
};

}  // namespace tacit
