// SPDX-License-Identifier: MIT
// Every setting of every optimizer by name, given a value that it cannot mean: either it is refused with a sentence that names it, or the run ends as
// any other, with a theta that is finite and a loss that is, unless the run says that it diverged. Nothing crashes, nothing is silently not a number.
#include <tacit/data/named_problem.hpp>
#include <tacit/optimizer/named_optimizers.hpp>
#include <tacit/train.hpp>

#include <cmath>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// What has no default, or one that is to be changed: once; "" where a value is there.
std::string given(const SettingText& setting) {
  const bool none = setting.text.empty() || setting.text.find("nan") != std::string::npos;
  for (const auto& [name, value] :
       {std::pair{"rate", "1e-2"}, {"p", "3"}, {"beta", "0.5"}, {"level", "1e-3"}, {"interval", "0.1"}, {"norm", "1"}})
    if (setting.name == name && (none || setting.text == "0")) return value;
  return none ? "0.1" : "";
}
std::string text_of(const std::string& name, const std::vector<SettingText>& settings, const SettingText& bad, const std::string& value) {
  std::string text = name + (name == "sgd" ? "({.batch = 4, " : "({");
  for (const SettingText& one : settings) {
    const std::string here = one.name == bad.name ? value : given(one);
    if (!here.empty()) text += "." + one.name + " = " + here + ", ";
  }
  return text + "})";
}
/// One that every optimizer is for is among them.
std::vector<NamedProblem<double>> problems() {
  return {problem_named<double>("matrix_completion({.rows = 6, .cols = 5, .rank = 2, .observed = 18, .depth = 2, .product_scale = 0.1})"),
          problem_named<double>("matrix_sensing({.rows = 5, .cols = 5, .rank = 1, .observed = 20, .depth = 1, .product_scale = 0.1})"),
          problem_named<double>("diagonal_regression({.size = 10, .observed = 6, .sparsity = 2})")};
}

/// What happened on the problems that the optimizer is for: empty where all is as it should be.
std::string trouble(const std::string& good, const std::string& text, const std::string& setting, bool must_be_refused) {
  int taken = 0, refused = 0;
  for (const auto& [problem, theta] : problems()) {
    if (thrown([&] { (void)AnyOptimizer<double>(good).start(problem); }) != "nothing was thrown") continue;
    Vector<double> moved = theta;
    Outcome<double> outcome;
    const std::string sentence = thrown([&] { outcome = train(problem, moved, AnyOptimizer<double>(text), {.iterations = 12}); });
    if (!moved.allFinite()) return "theta is not finite";
    const bool thrown = sentence != "nothing was thrown";
    if (thrown && sentence.find(setting) == std::string::npos) return "the setting is not named: " + sentence;
    if (!thrown && !std::isfinite(outcome.loss)) return "the loss of the theta returned is not finite";
    if (!thrown && outcome.reason == Reason::diverged && outcome.why.empty()) return "diverged without a reason";
    (thrown ? refused : taken) += 1;
  }
  if (taken + refused == 0) return "no problem is for this optimizer";
  return must_be_refused && taken > 0 ? "was taken" : "";
}

}  // namespace

TEST_CASE("a setting that is not a number is refused by every optimizer, and no other value makes nonsense") {
  for (const std::string& name : optimizer_names()) {
    const auto settings = optimizer_settings(name);
    const std::string good = text_of(name, settings, {}, "");
    for (const SettingText& bad : settings)
      for (const std::string value : {"nan", "-1", "0", "inf", "1e300", "1"}) {
        const std::string text = text_of(name, settings, bad, value);
        INFO(text);
        CHECK(trouble(good, text, bad.name, value == "nan") == "");
      }
  }
}
