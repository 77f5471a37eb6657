// SPDX-License-Identifier: MIT
#pragma once
// What the name of a column says about a table: that it holds ids (sample_id, zip_code, CaseNum, Obs), or parts of a date (year, quarter).
//   names_ids       what rows are called, if it is the first column and its numbers are whole and different
//   names_codes     ids or codes wherever the column stands, and whether they repeat or not: never a quantity
//   names_calendar  part of a date: together with others it may name the rows
// A name is cut into words as those of ratings are (column_names.hpp).                                                O(length of the name)

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "column_names.hpp"

namespace tacit::detail {

/// Whether a name ends in the word id: id, sample_id, userId, SampleID, userid; but not Madrid.
inline bool ends_in_id(std::string_view name) {
  const std::string low = lower(name);
  if (low.size() < 2 || low.substr(low.size() - 2) != "id") return false;
  if (low.size() == 2) return true;
  const char before = name[name.size() - 3];
  if (before == '_' || before == ' ' || before == '-' || before == '.') return true;
  if (name[name.size() - 2] == 'I' && before >= 'a' && before <= 'z') return true;
  for (const char* word : {"user",   "item",   "movie",   "sample",  "patient",   "subject",  "customer", "product",     "gene",
                           "cell",   "case",   "record",  "person",  "student",   "station",  "site",     "object",      "participant",
                           "pat",    "cpu",    "county",  "country", "state",     "district", "city",     "store",       "order",
                           "row",    "obs",    "family",  "house",   "household", "school",   "firm",     "company",     "employee",
                           "device", "sensor", "species", "plot",    "trial",     "event",    "animal",   "observation", "respondent"})
    if (low.substr(0, low.size() - 2) == word) return true;
  return false;
}

/// Ids and codes, which nobody would fill or average: ends_in_id, identifier, zip, any code, a person in the singular (subject), the number
/// of a case, sample, ..., and what pandas calls an index that it wrote.
inline bool names_codes(std::string_view name) {
  if (ends_in_id(name) || name.substr(0, 9) == "Unnamed: ") return true;
  static constexpr std::array words{"ids",      "identifier", "identifiers", "uid",  "guid",  "uuid",   "zip",     "zipcode",
                                    "postcode", "postalcode", "plz",         "fips", "isbn",  "ean",    "upc",     "sku",
                                    "barcode",  "ssn",        "gtin",        "code", "codes", "idcode", "casenum", "caseno"};
  static constexpr std::array counted{"case",        "sample",     "obs",       "observation", "record",         "row",
                                      "subject",     "patient",    "iso",       "serial",      "account",        "station",
                                      "participant", "individual", "order",     "id",          "identification", "customer",
                                      "invoice",     "phone",      "telephone", "respondent"};
  static constexpr std::array persons{"user",       "customer",   "client",      "reviewer", "rater",   "member", "person",
                                      "subscriber", "patient",    "participant", "student",  "learner", "voter",  "respondent",
                                      "player",     "individual", "subject",     "employee", "store"};
  static constexpr std::array numbers{"number", "num", "no", "nr"};
  const std::vector<std::string> cut = words_of(name);
  if (cut.empty()) return false;
  if (among(words, cut.back()) || (cut.size() == 1 && among(persons, cut[0]))) return true;
  return cut.size() > 1 && among(numbers, cut.back()) && among(counted, cut[cut.size() - 2]);
}

/// Whether the first column is called what rows are called.
inline bool names_ids(std::string_view name) {
  const std::string low = lower(name);
  for (const char* word :
       {"ids",      "index",     "idx",  "key",        "code",   "name",    "label",       "no",          "no.",   "nr",
        "nr.",      "number",    "row",  "rowname",    "sample", "subject", "patient",     "participant", "date",  "time",
        "datetime", "timestamp", "year", "unnamed: 0", "#",      "obs",     "observation", "case",        "record"})
    if (low == word) return true;
  return names_codes(name);
}
inline bool names_time(const std::string& called) {
  return called == "date" || called == "time" || called == "datetime" || called == "timestamp";
}
/// Part of a date or a time of day, as whole numbers.
inline bool names_calendar(std::string_view name) {
  const std::string low = lower(name);
  for (const char* word : {"year", "yr",  "yyyy", "jahr", "annee", "quarter", "qtr", "month",  "mm",     "monat",
                           "week", "day", "dd",   "doy",  "tag",   "hour",    "hr",  "stunde", "minute", "second"})
    if (low == word) return true;
  return false;
}

}  // namespace tacit::detail
