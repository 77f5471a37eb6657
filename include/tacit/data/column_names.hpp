// SPDX-License-Identifier: MIT
#pragma once
// What the name of a column says about a file of ratings:  row ("userId", "User-ID", "customer"),  column ("movieId", "ISBN", "sku"),  value ("rating",
// "Book-Rating", "units")  or  time ("timestamp", "unixReviewTime"), which is never one of the three. A name is cut into words ("unixReviewTime" is unix,
// review, time; ":token" and ":float" of RecBole are taken off), and says something only if all of its words are known: "user_age" and "item 5" say nothing.
// The words stand in the tables below; the README explains them.                                                        O(length of the name)

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "matrix_file.hpp"

namespace tacit {

enum class Naming { nothing, row, col, value, time };

/// What a name says, and how well: 0 an id or a rating by that word, 1 the bare noun or a count, 2 a name or title.
struct ColumnName {
  Naming names = Naming::nothing;
  int rank = 0;
};

namespace detail {

inline constexpr std::array row_nouns{"user",       "customer",    "client",      "reviewer", "rater",   "member",  "person",  "consumer",
                                      "subscriber", "patient",     "participant", "student",  "learner", "subject", "voter",   "respondent",
                                      "visitor",    "viewer",      "reader",      "listener", "player",  "buyer",   "shopper", "store",
                                      "shop",       "household",   "critic",      "row",      "who",     "judge",   "nutzer",  "benutzer",
                                      "kunde",      "utilisateur", "usuario",     "cliente",  "utente"};
inline constexpr std::array col_nouns{"item",     "movie",    "film",     "book",     "product",  "article", "song",   "track",
                                      "artist",   "album",    "game",     "anime",    "recipe",   "joke",    "beer",   "restaurant",
                                      "business", "question", "exercise", "video",    "course",   "venue",   "column", "col",
                                      "hotel",    "wine",     "app",      "podcast",  "artikel",  "produkt", "buch",   "produit",
                                      "livre",    "producto", "libro",    "pelicula", "prodotto", "what"};
/// Nouns that name rows or columns only together with an id, as in "StockCode": alone they are as often a quantity.
inline constexpr std::array row_nouns_with_id{"session", "account", "profile", "drug", "compound", "device", "employee", "u"};
inline constexpr std::array col_nouns_with_id{"stock",    "part", "material", "gene",   "protein", "target", "place",
                                              "location", "page", "show",     "series", "problem", "i"};
inline constexpr std::array row_id_names{"uid"};
inline constexpr std::array col_id_names{"iid", "isbn", "sku", "asin", "ean", "upc", "gtin", "url"};
inline constexpr std::array rating_nouns{"rating", "ratings", "score",    "stars",     "star",   "overall",
                                         "value",  "grade",   "affinity", "bewertung", "sterne", "preference"};
inline constexpr std::array count_nouns{"units",     "unit",   "count",   "counts", "plays",    "play",   "playcount", "quantity", "qty",
                                        "amount",    "weight", "listens", "views",  "clicks",   "hours",  "sales",     "sold",     "demand",
                                        "purchases", "votes",  "vote",    "likes",  "response", "anzahl", "menge"};
inline constexpr std::array time_nouns{"time", "timestamp", "date", "datetime", "tstamp", "ts",      "when",    "epoch", "year", "month",
                                       "day",  "week",      "hour", "minute",   "second", "created", "updated", "datum", "zeit", "fecha"};
inline constexpr std::array id_words{"id",  "ids", "no",   "nr",   "num",  "number", "code", "key",
                                     "zip", "ref", "uuid", "guid", "hash", "slug",   "pk"};
inline constexpr std::array name_words{"name", "title", "label"};
inline constexpr std::array empty_words{"review", "reviews", "the", "of", "total", "unix"};

template <std::size_t N>
bool among(const std::array<const char*, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The words of a name in small letters: "User-ID" is user, id; "StockCode" is stock, code; "userIDs" is user, ids. Bytes outside of ASCII are letters.
inline std::vector<std::string> words_of(std::string_view name) {
  for (std::string_view type : {":token_seq", ":float_seq", ":token", ":float"})
    if (name.ends_with(type)) name.remove_suffix(type.size());
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto small = [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 128; };
  std::vector<std::string> words;
  bool inside = false;
  for (std::size_t k = 0; k < name.size(); ++k) {
    const char c = name[k];
    if (!upper(c) && !small(c) && !digit(c)) {
      inside = false;
      continue;
    }
    const char before = k > 0 ? name[k - 1] : ' ', after = k + 1 < name.size() ? name[k + 1] : ' ';
    const bool plural = after == 's' && (k + 2 == name.size() || !small(name[k + 2]));  // the s of IDs
    const bool hump = upper(c) && (small(before) || (upper(before) && small(after) && !plural));
    if (!inside || hump || digit(c) != digit(before)) words.emplace_back();
    words.back() += lower(c);
    inside = true;
  }
  return words;
}

/// What a single word says; `id` and `title` where it is no more than "id" or "name".
struct WordSense {
  Naming names = Naming::nothing;
  int rank = 1;
  bool known = false, id = false, title = false, needs_id = false;
};
inline WordSense sense_of(std::string_view word) {
  if (among(time_nouns, word)) return {Naming::time, 0, true};
  if (among(row_id_names, word)) return {Naming::row, 0, true, true};
  if (among(col_id_names, word)) return {Naming::col, 0, true, true};
  if (among(row_nouns, word)) return {Naming::row, 1, true};
  if (among(col_nouns, word)) return {Naming::col, 1, true};
  if (among(row_nouns_with_id, word)) return {.names = Naming::row, .known = true, .needs_id = true};
  if (among(col_nouns_with_id, word)) return {.names = Naming::col, .known = true, .needs_id = true};
  if (among(rating_nouns, word)) return {Naming::value, 0, true};
  if (among(count_nouns, word)) return {Naming::value, 1, true};
  if (among(id_words, word)) return {.known = true, .id = true};
  if (among(name_words, word)) return {.known = true, .title = true};
  if (among(empty_words, word)) return {.known = true};
  return {};
}

}  // namespace detail

inline ColumnName name_of_column(std::string_view name) {
  std::vector<std::string> words = detail::words_of(name);
  for (std::size_t k = 0; k < words.size(); ++k)  // "userid" is user id
    for (std::string_view end : {"id", "ids", "name", "code", "no", "nr"}) {
      const std::string word = words[k];
      if (word.size() <= end.size() || !word.ends_with(end) || detail::sense_of(word).known) continue;
      const std::string stem = word.substr(0, word.size() - end.size());
      if (const detail::WordSense sense = detail::sense_of(stem); sense.names != Naming::row && sense.names != Naming::col) continue;
      words[k] = stem;
      words.insert(words.begin() + static_cast<std::ptrdiff_t>(k) + 1, std::string(end));
    }
  bool id = false, title = false, needs_id = false, row = false, col = false, all_known = true;
  int value_rank = 1;
  Naming last = Naming::nothing;
  for (const std::string& word : words) {
    const detail::WordSense sense = detail::sense_of(word);
    if (sense.names == Naming::time) return {Naming::time, 0};
    all_known &= sense.known;
    id |= sense.id;
    title |= sense.title;
    if (sense.names == Naming::nothing) continue;
    needs_id |= sense.needs_id;
    last = sense.names;
    row |= last == Naming::row;
    col |= last == Naming::col;
    if (last == Naming::value) value_rank = std::min(value_rank, sense.rank);
  }
  if (!all_known) return {};
  if (words.size() == 1 && words[0] == "title") return {Naming::col, 2};
  if (last == Naming::value) return id && !row && !col ? ColumnName{} : ColumnName{Naming::value, value_rank};  // "Book-Rating"
  if (row == col || (needs_id && !id)) return {};
  return {row ? Naming::row : Naming::col, id ? 0 : title ? 2 : 1};
}

}  // namespace tacit
