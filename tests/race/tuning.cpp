// SPDX-License-Identifier: MIT
#include <tacit/race/tuning.hpp>

#include "catch.hpp"
#include "planted.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace race_tuning_tests {
bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::abs(b); }
const RaceProtocol protocol{.trials = 9, .grid = 5, .factor = 10, .gradients = 200, .targets = {1e-1, 1e-2, 1e-4, 1e-6}};
/// Of gradient descent on the quadratic with Hessian diag(first, second).
RaceTuning descent(double centre, double first, double second, const RaceProtocol& how = protocol) {
  const RaceInstance instance = planted::quadratic("q", first, second).make(1);
  return tune(true, centre, 1, how, "descent", [&](double rate, Index) {
    RaceTrial trial;
    trial.score = score_of({race_run(instance, planted::asking(rate), how)}, how);
    return trial;
  });
}
/// With a known score, of the logarithm of the value.
template <class Score>
RaceTuning known(Score score, Index alternatives = 1, bool searched = true, const RaceProtocol& how = protocol) {
  return tune(searched, 1, alternatives, how, "known", [&](double value, Index alternative) {
    RaceTrial trial;
    trial.score.work = score(std::log10(value), alternative);
    return trial;
  });
}

TEST_CASE("a planted best rate is found: 1 / curvature where all curvatures are equal") {
  for (const double centre : {0.1, 0.1 * std::sqrt(10.0), 1e-3, 1e3}) {
    const RaceTuning tuning = descent(centre, 1, 1);
    CHECK(near(tuning.best().value, 1));
    CHECK_FALSE(tuning.on_edge);
  }
}

TEST_CASE("with two curvatures the best of a fine grid of rates is met within the resolution of nine trials") {
  const RaceInstance instance = planted::quadratic("q", 1, 10).make(1);
  double best = 0;
  RaceScore least{1e300, 0};
  for (int k = 0; k <= 600; ++k) {
    const double rate = std::pow(10.0, -3 + k / 200.0);
    const RaceScore score = score_of({race_run(instance, planted::asking(rate), protocol)}, protocol);
    if (score < least) least = score, best = rate;
  }
  const RaceTuning tuning = descent(0.1, 1, 10);
  CHECK(std::abs(std::log10(tuning.best().value / best)) <= 0.25);  // nine trials halve a gap of one decade twice
}

TEST_CASE("an edge winner is flagged where the trials end there, and not where one more goes beyond it") {
  const RaceTuning ended = descent(1e-6, 1, 1);  // 1e-8 ... 1e-4, then 1e-3, 1e-2, 0.1, 1
  CHECK(near(ended.best().value, 1));
  CHECK(ended.on_edge);
  RaceProtocol more = protocol;
  more.trials = 10;
  CHECK_FALSE(descent(1e-6, 1, 1, more).on_edge);
  CHECK(known([](double x, Index) { return x; }).on_edge);
  CHECK(known([](double x, Index) { return -x; }).on_edge);
  CHECK_FALSE(known([](double x, Index) { return x * x; }).on_edge);
}

TEST_CASE("the grid widens while the best sits on its edge, by the same factor") {
  const RaceTuning tuning = known([](double x, Index) { return x; });
  std::vector<double> logs;
  for (const RaceTrial& trial : tuning.trials) logs.push_back(std::round(1e6 * std::log10(trial.value)) / 1e6);
  CHECK(logs == std::vector<double>{-2, -1, 0, 1, 2, -3, -4, -5, -6});
}

TEST_CASE("everybody has the same number of trials, and more are impossible") {
  for (const double at : {-20.0, -1.3, 0.0, 0.7, 20.0})
    for (const Index alternatives : {1, 2, 5})
      CHECK(known([at](double x, Index a) { return std::abs(x - at) + static_cast<double>(a); }, alternatives).trials.size() == 9);
  CHECK(known([](double, Index a) { return -static_cast<double>(a); }, 3, false).trials.size() == 3);
  CHECK(thrown([] { known([](double, Index) { return 0.0; }, 6); }) ==
        "race: 'known' has 6 alternatives, which with the 5 values of the grid are more than the 9 trials that every optimizer has");
  CHECK(thrown([] { known([](double, Index) { return 0.0; }, 10, false); }).find("more than the 9 trials") != std::string::npos);
}

TEST_CASE("alternatives are tried at the best value, and chosen by the same score") {
  const RaceTuning tuning = known([](double x, Index a) { return std::abs(x - 1) + (a == 1 ? -0.5 : a == 2 ? 0.5 : 0.0); }, 3);
  CHECK(tuning.best().alternative == 1);
  CHECK(near(tuning.best().value, 10));
}

TEST_CASE("of equal scores the smaller value is chosen") {
  RaceProtocol grid_only = protocol;
  grid_only.trials = 5;
  const RaceTuning tuning = known([](double x, Index) { return std::abs(x) < 1.5 ? 0.0 : 1.0; }, 1, true, grid_only);
  CHECK(near(std::log10(tuning.best().value), -1));
}

TEST_CASE("the score is the mean log2 of work to the targets, what is not reached counting as twice the budget, then the loss") {
  RaceRun run;
  run.reached = {2, 8, 32, RaceRun::never};
  run.best_loss = 1e-5;
  const RaceScore score = score_of({run}, protocol);
  CHECK(near(score.work, (1 + 3 + 5 + std::log2(400.0)) / 4));
  CHECK(near(score.loss, -5));
  RaceRun worse = run;
  worse.best_loss = 1e-4;
  CHECK(score < score_of({worse}, protocol));
  CHECK_FALSE(score_of({worse}, protocol) < score);
}

TEST_CASE("the defaults are those that the README states") {
  const RaceProtocol p;
  CHECK(p.trials == 9);
  CHECK(p.grid == 5);
  CHECK(p.factor == 10);
  CHECK(p.tuning_seeds.size() == 3);
  CHECK(p.fresh_seeds.size() == 5);
  CHECK(p.gradients == 3000);
  CHECK(p.seconds == RaceRun::never);
  CHECK(p.targets == std::vector<double>{1e-1, 1e-2, 1e-4, 1e-6});
  CHECK(p.quorum == 3);
  CHECK(p.tau_max == 8);
  CHECK(p.diverged_above == 1e6);
  CHECK(p.stop_at_last_target);
}

TEST_CASE("protocols that do not hold together are refused with the setting and its value") {
  const auto why = [](auto&& change) {
    RaceProtocol p;
    change(p);
    return thrown([&] { p.check(); });
  };
  CHECK(why([](RaceProtocol&) {}) == "nothing was thrown");
  CHECK(why([](RaceProtocol& p) { p.grid = 0; }) ==
        "race: .grid is 0 and .trials 9: an empty grid finds nothing, and the trials contain the grid; give 1 <= .grid <= .trials");
  CHECK(why([](RaceProtocol& p) { p.trials = 4; }).find(".trials 4") != std::string::npos);
  CHECK(why([](RaceProtocol& p) { p.tuning_seeds = {}; }) == "race: .tuning_seeds is empty, a choice needs at least one");
  CHECK(why([](RaceProtocol& p) { p.fresh_seeds = {}; }) == "race: .fresh_seeds is empty, there would be nothing to score");
  CHECK(why([](RaceProtocol& p) { p.tuning_seeds = {101}; }) ==
        "race: the seed 101 stands twice; fresh seeds are such that nothing was chosen on them");
  CHECK(why([](RaceProtocol& p) { p.targets = {1e-2, 1e-1}; }).find("fall from each to the next") != std::string::npos);
  CHECK(why([](RaceProtocol& p) { p.targets = {}; }) == "race: .targets is empty, there is nothing to reach");
  CHECK(why([](RaceProtocol& p) { p.quorum = 6; }) == "race: .quorum is 6, there are 5 fresh seeds");
  CHECK(why([](RaceProtocol& p) { p.tau_max = 1; }).find(".tau_max is 1") != std::string::npos);
  CHECK(why([](RaceProtocol& p) { p.gradients = 0; }).find(".gradients is 0") != std::string::npos);
  CHECK(why([](RaceProtocol& p) { p.factor = 1; }).find(".factor is 1") != std::string::npos);
}

}  // namespace race_tuning_tests
