// SPDX-License-Identifier: MIT
// An optimizer of one's own in a race: the stage, and one line that enters it. Everything else is compiled in tacit::compiled, so that this file recompiles in
// seconds. The program is optimizer_race with one entrant more, without options; README, "The race".
#include <iostream>
#include <tacit/optimizer/any_optimizer.hpp>
#include <tacit/optimizer/learning_rate.hpp>
#include <tacit/race/tables.hpp>

using namespace tacit;

/// Cautious momentum [Liang et al. 2024]:  v <- beta v + g,  update v where its sign is that of g, else 0.
struct CautiousMomentum {
  using stage = TransformTag;
  static constexpr std::string_view name = "CautiousMomentum";
  double beta = 0.9;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta", beta);
  }
  template <Scalar S>
  struct State {
    Vector<S> v;
    template <class Archive>
    void persist(Archive& archive) {
      archive("v", v);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& update = step.own();
    state.v = static_cast<S>(beta) * state.v + update;
    update = (state.v.array() * update.array() > S(0)).select(state.v, S(0));
  }
};

int main(int argc, char** argv) try {
  std::vector<Entrant> entrants{race_entrant("gradient_descent"), race_entrant("momentum"), race_entrant("adam")};
  entrants.push_back(race_entrant(
      "cautious", [](double rate) { return any_optimizer<double>(FullGradient{} | CautiousMomentum{} | LearningRate{rate}); }));
  const std::vector<RaceProblem> problems{
      race_problem("matrix_completion({.rows = 30, .cols = 30, .rank = 2, .observed = 400, .depth = 2, .product_scale = 1e-2})"),
      race_problem("classification({.samples = 200, .features = 20})")};
  const RaceProtocol protocol{.trials = 7, .grid = 3, .gradients = 1000, .targets = {1e-1, 1e-2, 1e-4}};
  const Race result = race(entrants, problems, protocol, {.folder = argc > 1 ? argv[1] : ""});
  std::cout << race_results(result);
  for (const std::string& remark : race_remarks(result)) std::cout << remark << '\n';
  if (argc > 1) write_race(argv[1], result);
} catch (const std::exception& error) {
  std::cerr << "own_optimizer_race: " << error.what() << '\n';
  return 1;
}
