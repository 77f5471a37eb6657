// SPDX-License-Identifier: MIT
#include <tacit/core/archive.hpp>
#include <tacit/optimizer/any_schedule.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {
std::string refused_schedule(const std::string& text) {
  return thrown([&] { AnySchedule{text}; });
}
void same_rates(const AnySchedule& any, const auto& typed) {
  for (Index t = 0; t < 3000; t += 7) CHECK(any(t) == typed(t));
}
}  // namespace

TEST_CASE("a schedule read from text is the one written in the program") {
  same_rates(AnySchedule("0.1"), constant(0.1));
  same_rates(AnySchedule("constant(0.1)"), constant(0.1));
  same_rates(AnySchedule("step_rate({.rate = 0.1, .factor = 0.5, .every = 100})"), step_rate({.rate = 0.1, .factor = 0.5, .every = 100}));
  same_rates(AnySchedule("one_cycle({.rate = 1, .iterations = 2000, .anneal = linear})"),
             one_cycle({.rate = 1, .iterations = 2000, .anneal = Anneal::linear}));
  same_rates(AnySchedule("inverse_sqrt({.rate = 0.1, .warm_up = 400})"), inverse_sqrt({.rate = 0.1, .warm_up = 400}));
  same_rates(AnySchedule("inverse_time({rate = 0.1, decay = 0.5})"), inverse_time({.rate = 0.1, .decay = 0.5}));
  const auto typed = warm_up(100).then(cosine({.rate = 0.1, .final = 0.01, .iterations = 1000})).then(constant(0.01));
  same_rates(AnySchedule("warm_up(100) then cosine({.rate = 0.1, .final = 0.01, .iterations = 1000}) then constant(0.01)"), typed);
  same_rates(AnySchedule("  warm_up( 100, 0.1 )  then   cosine({ .rate = 0.1 , .final = 0.01, .iterations = 1'000 }) then 0.01 "), typed);
  same_rates(AnySchedule("step_rate({.rate = 1, .every = 50}) lasting 200 then linear({.rate = 2, .final = 1, .iterations = 300})"),
             step_rate({.rate = 1, .every = 50}).lasting(200).then(linear({.rate = 2, .final = 1, .iterations = 300})));
  same_rates(AnySchedule(cosine({.rate = 1, .iterations = 500})), cosine({.rate = 1, .iterations = 500}));
}

TEST_CASE("the text of a schedule reads back as the same one") {
  for (const char* text :
       {"0.3", "warm_up(100) then cosine({.rate = 0.1, .iterations = 1000}) then inverse_time({.rate = 1, .decay = 0.125})",
        "constant(0.1) lasting 7 then one_cycle({.rate = 0.7, .iterations = 77}) lasting 9 then 0.1"}) {
    const AnySchedule once(text), twice(once.text());
    CHECK(once.text() == twice.text());
    same_rates(once, twice);
  }
}

TEST_CASE("a schedule is a setting: read as text, listed as text, and kept by archives") {
  LearningRate<AnySchedule> rate;
  SettingsText given(".rate = warm_up(10, 0.1) then 0.05", "test");
  rate.persist(given);
  given.require_all_used();
  CHECK(rate.schedule(0) == 0.01);
  CHECK(rate.schedule(10) == 0.05);
  CHECK(sentence(rate) == "LearningRate{warm_up(10, 0.1) then 0.05}");
  CHECK(detail::settings_of(rate) == std::vector<SettingText>{{"rate", "warm_up(10, 0.1) then 0.05"}});

  OutputArchive out;
  rate.persist(out);
  LearningRate<AnySchedule> other{AnySchedule(0.7)};
  InputArchive in(out.bytes(), "archive");
  other.persist(in);
  CHECK(other.schedule.text() == rate.schedule.text());
  CHECK(thrown([] { (void)LearningRate<AnySchedule>{}.start<double>(Layout()); }) ==
        "LearningRate: the rate is nan, it needs to be positive and finite");
}

TEST_CASE("text that is not a schedule is refused with a sentence, and changes nothing") {
  CHECK(refused_schedule("cosin({.rate = 1})") ==
        "schedule: there is no schedule 'cosin'; there are constant, step_rate, cosine, linear, warm_up, one_cycle, inverse_sqrt, "
        "inverse_time, and a "
        "number");
  CHECK(refused_schedule("").rfind("schedule: there is no schedule ''; there are constant,", 0) == 0);
  CHECK(refused_schedule("0.1 then").rfind("schedule: there is no schedule '0.1 then'", 0) == 0);
  CHECK(refused_schedule("cosine") == "schedule: 'cosine' needs its settings in parentheses, as in cosine(...)");
  CHECK(refused_schedule("cosine(0.1)") == "schedule: 'cosine(0.1)' needs its settings in braces, as in cosine({.rate = 0.1, ...})");
  CHECK(refused_schedule("cosine({.rate = 0.1, .iterations = 0})").rfind("cosine: rate 0.1 and iterations 0 need to be positive", 0) == 0);
  CHECK(refused_schedule("cosine({.rate = 0.1, .iteration = 5})") ==
        "cosine: there is no setting .iteration; there are .rate, .final, .iterations");
  CHECK(refused_schedule("cosine({.rate = fast, .iterations = 5})") == "cosine: .rate is 'fast', which is not a number");
  CHECK(refused_schedule("constant(x)") == "schedule: 'x' in 'constant(x)' is not a number");
  CHECK(refused_schedule("warm_up(100)") ==
        "schedule: 'warm_up(100)' rises to the rate of what follows, and nothing does; write: warm_up(100, rate)");
  CHECK(refused_schedule("0.1 then 0.2") == "schedule: '0.1' has no end, so nothing can follow; write: 0.1 lasting 100 then ...");
  CHECK(refused_schedule("0.1 lasting long then 0.2") == "schedule: 'long' after lasting is not a number of iterations");
  AnySchedule s(0.25);
  CHECK_THROWS_AS(s.read("warm_up(5) then nothing"), std::invalid_argument);
  CHECK(s.text() == "0.25");
}
