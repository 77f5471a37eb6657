// SPDX-License-Identifier: MIT
#pragma once
// What divides the cells of a text file. Of tab, "::" (as ':'), ';', ',' and '|', in this order, it is the first that divides all of the
// first lines into equally many cells (the first line may have one less: a header without a corner, as R writes it; unless a later one divides
// all of them, the first too, into more); else the first that
// does so below some lines of another kind (a title above the table); else the first that stands in the first line; else blanks, any run of
// them. Quoted text counts for nothing.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "parse_number.hpp"

namespace tacit::detail {

/// What divides the cells of a line: tab, "::" (as ':'), ';', ',', '|' or blanks, the first of these that stands outside of quotes.
inline char find_separator(std::string_view line) {
  bool quoted = false, tab = false, colons = false, semicolon = false, comma = false, pipe = false;
  for (std::size_t k = 0; k < line.size(); ++k) {
    if (line[k] == '"') quoted = !quoted;
    if (quoted) continue;
    tab |= line[k] == '\t';
    colons |= line.substr(k, 2) == "::";
    semicolon |= line[k] == ';';
    comma |= line[k] == ',';
    pipe |= line[k] == '|';
  }
  return tab ? '\t' : colons ? ':' : semicolon ? ';' : comma ? ',' : pipe ? '|' : ' ';
}
inline std::string separator_name(char separator) {
  switch (separator) {
    case '\t':
      return "tab";
    case ':':
      return "::";
    case ';':
      return "semicolon";
    case ',':
      return "comma";
    case '|':
      return "pipe";
    case ' ':
      return "blank";
    default:
      return std::string("'") + separator + "'";
  }
}

/// One of the first lines, with how often each separator divides it: tab, ::, ;, comma, pipe.
struct SampleLine {
  std::string_view text;
  std::array<int, 5> count{};
};

/// The first lines that are not empty, up to `most` and a million bytes. A quoted cell may hold line breaks.
inline std::vector<SampleLine> sample_lines(std::string_view text, std::size_t most = 12) {
  text = text.substr(0, 1000000);
  std::vector<SampleLine> lines;
  for (std::size_t at = 0; at < text.size() && lines.size() < most;) {
    SampleLine line;
    bool fresh = true;  // at the beginning of a cell, where a quote opens
    std::size_t k = at;
    for (; k < text.size() && text[k] != '\n' && text[k] != '\r'; ++k) {
      const char c = text[k];
      if (c == '"' && fresh) {
        std::size_t close = text.find('"', k + 1);
        while (close != text.npos && text.substr(close, 2) == "\"\"") close = text.find('"', close + 2);
        if (close != text.npos) k = close;
        continue;
      }
      const bool colons = c == ':' && text.substr(k, 2) == "::";
      line.count[0] += c == '\t';
      line.count[1] += colons;
      line.count[2] += c == ';';
      line.count[3] += c == ',';
      line.count[4] += c == '|';
      fresh = c == '\t' || c == ';' || c == ',' || c == '|' || colons || (fresh && c == ' ');
      k += colons;
    }
    k = std::min(k, text.size());
    line.text = text.substr(at, k - at);
    if (!trimmed(line.text).empty()) lines.push_back(line);
    at = k + 1;
  }
  return lines;
}

/// Whether blanks divide all lines alike, and commas stand inside of numbers only, one in each:  1,5 2,25.
inline bool blanks_between_decimal_commas(const std::vector<SampleLine>& lines) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t width = 0, top = 0;
  bool commas = false;
  for (std::size_t n = 0; n < lines.size(); ++n) {
    std::size_t cells = 0;
    for (std::string_view rest = trimmed(lines[n].text); !rest.empty(); ++cells) {
      const std::string_view cell = rest.substr(0, rest.find_first_of(" \t"));
      rest = trimmed(rest.substr(cell.size()));
      const std::size_t k = cell.find(',');
      if (k == cell.npos) continue;
      commas = true;
      if (cell.find_first_not_of("0123456789.,+-eE") != cell.npos || k == 0 || k + 1 == cell.size() || !is_digit(cell[k - 1]) ||
          !is_digit(cell[k + 1]) || cell.find(',', k + 1) != cell.npos)
        return false;
    }
    (n == 0 ? top : width) = cells;
    if (n > 0 && cells != top && cells != top + 1) return false;
    if (n > 1 && cells != width) return false;
  }
  return commas && width > 1;
}

/// The separator of a text, by its first lines.
inline char sampled_separator(std::string_view text) {
  constexpr std::array<char, 5> candidates = {'\t', ':', ';', ',', '|'};
  const std::vector<SampleLine> lines = sample_lines(text);
  if (lines.size() > 1) {
    // from which line on a separator divides all lines alike
    const auto alike_from = [&](std::size_t s) {
      const int count = lines.back().count[s];
      std::size_t from = lines.size() - 1;
      while (count > 0 && from > 0 && lines[from - 1].count[s] == count) --from;
      return count > 0 ? from : lines.size();
    };
    for (std::size_t s = 0; s < candidates.size(); ++s) {
      if (candidates[s] == ',' && blanks_between_decimal_commas(lines)) return ' ';
      const std::size_t from = alike_from(s);
      if (from > 1 || (from == 1 && (lines.size() < 4 || lines[0].count[s] + 1 != lines[1].count[s]))) continue;
      bool in_labels = false;
      for (std::size_t t = s + 1; from == 1 && t < candidates.size(); ++t)
        in_labels = in_labels || (alike_from(t) == 0 && lines[0].count[t] > lines[1].count[s]);
      if (!in_labels) return candidates[s];
    }
    for (std::size_t s = 0; s < candidates.size(); ++s)
      if (const std::size_t from = alike_from(s); from + 3 <= lines.size() && 2 * from <= lines.size()) return candidates[s];
  }
  return lines.empty() ? ' ' : find_separator(lines[0].text);
}

}  // namespace tacit::detail
