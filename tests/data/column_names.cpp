// SPDX-License-Identifier: MIT
#include <tacit/data/column_names.hpp>

#include "catch.hpp"

using namespace tacit;

namespace column_names_tests {

namespace {
Naming said(const char* name) { return name_of_column(name).names; }
}  // namespace

TEST_CASE("names of users, items, ratings and times are known in the spellings that files have") {
  for (const char* name : {"user", "userId", "user_id", "User-ID", "userid", "USERID", "uid", "customer", "CustomerID", "reviewerID",
                           "user_id:token", "store_zip", "member no", "username", "row"}) {
    CAPTURE(name);
    CHECK(said(name) == Naming::row);
  }
  for (const char* name : {"item", "itemID", "movieId", "movie_id", "ISBN", "asin", "StockCode", "sku", "book", "artistID", "item_id:token",
                           "productid", "title", "movie title", "column"}) {
    CAPTURE(name);
    CHECK(said(name) == Naming::col);
  }
  for (const char* name : {"rating", "Rating", "Book-Rating", "score", "stars", "rating:float", "units", "play_count", "playcount",
                           "Quantity", "overall", "user_rating", "review_overall", "value"}) {
    CAPTURE(name);
    CHECK(said(name) == Naming::value);
  }
  for (const char* name : {"timestamp", "unixReviewTime", "date", "rating_time", "timestamp:float", "created_at", "year"}) {
    CAPTURE(name);
    CHECK(said(name) == Naming::time);
  }
}

TEST_CASE("a name of which a word is not known says nothing") {
  for (const char* name : {"", "id", "index", "calories", "salary", "age", "user_age", "item 5", "user1", "item_price", "number of users",
                           "Unnamed: 0", "stock", "protein", "systolic", "review text", "user item", "name", "row 3"}) {
    CAPTURE(name);
    CHECK(said(name) == Naming::nothing);
  }
}

TEST_CASE("an id is a better name than a noun, a noun than a title, a rating than a count") {
  CHECK(name_of_column("user_id").rank < name_of_column("user").rank);
  CHECK(name_of_column("user").rank < name_of_column("user name").rank);
  CHECK(name_of_column("movieId").rank < name_of_column("title").rank);
  CHECK(name_of_column("rating").rank < name_of_column("hours").rank);
}

}  // namespace column_names_tests
