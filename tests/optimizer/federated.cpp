// SPDX-License-Identifier: MIT
// Clients that disagree: SCAFFOLD ends at the common minimiser, FedAvg does not; special cases of each method are the simpler methods.
#include <tacit/optimizer/federated_average.hpp>
#include <tacit/optimizer/gradient_alignment.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/scaffold.hpp>
#include <tacit/train.hpp>

#include "../thrown.hpp"
#include "catch.hpp"
#include "clients.hpp"

using namespace client_quadratics;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

const Partition five = Quadratics::partition();

template <class Optimizer>
Vector<double> after_rounds(Index rounds, const Optimizer& optimizer, const Quadratics& q = Quadratics(1)) {
  const auto problem = q.problem();
  Vector<double> x = some_point();
  train(problem, x, optimizer, {.iterations = rounds});
  return x;
}
double apart(const Vector<double>& a, const Vector<double>& b) { return (a - b).norm(); }

}  // namespace

TEST_CASE(
    "SCAFFOLD in all its options ends at the minimiser of clients that disagree; FedAvg and FedProx of 10 local steps measurably do not") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Quadratics q(seed);
    const Vector<double> best = q.minimiser();
    CAPTURE(seed);
    for (const ScaffoldOption option : {ScaffoldOption::gradient, ScaffoldOption::steps, ScaffoldOption::fresh})
      CHECK(apart(after_rounds(3000, scaffold({.partition = five, .rate = 0.02, .steps = 10, .option = option}), q), best) < 1e-10);
    CHECK(apart(after_rounds(3000, fed_avg({.partition = five, .rate = 0.02, .steps = 10}), q), best) > 1e-3);
    CHECK(apart(after_rounds(3000, fed_prox({.partition = five, .rate = 0.02, .mu = 0.5, .steps = 10}), q), best) > 1e-3);
    // Clients that agree: all have the same minimiser, where FedAvg ends, too.
    Quadratics agreeing = q;
    agreeing.y = q.A * some_point() / 2;
    CHECK(apart(after_rounds(3000, fed_avg({.partition = five, .rate = 0.02, .steps = 10}), agreeing), some_point() / 2) < 1e-10);
  }
}
TEST_CASE("SCAFFOLD with sampled clients and with local batches comes close to the minimiser, and stays there without the batches' noise") {
  const Quadratics q(1);
  for (const ScaffoldOption option : {ScaffoldOption::gradient, ScaffoldOption::steps})
    CHECK(apart(after_rounds(20'000, scaffold({.partition = five, .rate = 0.01, .steps = 5, .option = option, .sampled = 2})),
                q.minimiser()) < 1e-9);
  CHECK(apart(after_rounds(3000, scaffold({.partition = five, .rate = 0.01, .steps = 5, .batch = 4})), q.minimiser()) < 1e-9);  // 4 is all
  CHECK(apart(after_rounds(3000, scaffold({.partition = five, .rate = 0.002, .steps = 5, .batch = 2})), q.minimiser()) < 0.1);
}
TEST_CASE(
    "SCAFFOLD's weights: with clients of different sizes it ends at the minimiser of the weighted objective, by count that of the "
    "problem") {
  const Quadratics q(2);
  const auto problem = q.problem();
  const Partition uneven = partition(20, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {12, 13, 14, 15, 16}, {17, 18, 19}});
  for (const ScaffoldOption option : {ScaffoldOption::gradient, ScaffoldOption::steps, ScaffoldOption::fresh}) {
    const auto end = [&](ClientWeights weights) {
      return after_rounds(5000, scaffold({.partition = uneven, .rate = 0.02, .steps = 5, .option = option, .weights = weights}), q);
    };
    CHECK(apart(end(ClientWeights::by_count), q.minimiser()) < 1e-10);
    CHECK(apart(end(ClientWeights::uniform), q.minimiser()) > 1e-2);
    const auto weighted = grad_align({.partition = uneven, .rate = 0.05, .beta = 0});  // descent on the mean of the three
    CHECK(apart(end(ClientWeights::uniform), after_rounds(5000, weighted, q)) < 1e-10);
  }
}

TEST_CASE("one local step is gradient descent, for every method on clients") {
  const Vector<double> descent = after_rounds(50, gradient_descent({.rate = 0.05}));
  CHECK(apart(after_rounds(50, fed_avg({.partition = five, .rate = 0.05})), descent) < 1e-13);
  CHECK(apart(after_rounds(50, fed_prox({.partition = five, .rate = 0.05, .mu = 3})), descent) < 1e-13);
  for (const ScaffoldOption option : {ScaffoldOption::gradient, ScaffoldOption::steps, ScaffoldOption::fresh})
    CHECK(apart(after_rounds(50, scaffold({.partition = five, .rate = 0.05, .option = option})), descent) < 1e-13);
  CHECK(apart(after_rounds(50, fed_ga({.partition = five, .rate = 0.05, .beta = 0})), descent) < 1e-13);
  CHECK(apart(after_rounds(50, grad_align({.partition = five, .rate = 0.05, .beta = 0})), descent) < 1e-13);
  CHECK(apart(after_rounds(50, fed_avg({.partition = five, .rate = 0.05, .steps = 2})), descent) > 1e-3);
}
TEST_CASE("without its penalty FedProx is FedAvg, to the last bit; with it, clients stay closer") {
  const auto prox = [](double mu) { return after_rounds(1, fed_prox({.partition = five, .rate = 0.05, .mu = mu, .steps = 10})); };
  const Vector<double> average = after_rounds(1, fed_avg({.partition = five, .rate = 0.05, .steps = 10}));
  CHECK(prox(0) == average);
  CHECK(apart(prox(5), some_point()) < 0.9 * apart(average, some_point()));
}
TEST_CASE("FedProx steps along grad f_i + mu (w - x)") {
  const Quadratics q(1);
  Vector<double> expected = Vector<double>::Zero(4);
  for (Index i = 0; i < 5; ++i) {
    Vector<double> w = some_point();
    for (int k = 0; k < 3; ++k) w -= 0.05 * (q.gradient(i, w) + 2 * (w - some_point()));
    expected += w / 5;
  }
  CHECK(apart(after_rounds(1, fed_prox({.partition = five, .rate = 0.05, .mu = 2, .steps = 3})), expected) < 1e-13);
}
TEST_CASE(
    "remembered control variates start at 0, so that the first round is FedAvg's and the second is not; fresh ones correct the first") {
  const Vector<double> average = after_rounds(1, fed_avg({.partition = five, .rate = 0.05, .steps = 5}));
  const Vector<double> second = after_rounds(2, fed_avg({.partition = five, .rate = 0.05, .steps = 5}));
  for (const ScaffoldOption option : {ScaffoldOption::gradient, ScaffoldOption::steps}) {
    CHECK(after_rounds(1, scaffold({.partition = five, .rate = 0.05, .steps = 5, .option = option})) == average);
    CHECK(apart(after_rounds(2, scaffold({.partition = five, .rate = 0.05, .steps = 5, .option = option})), second) > 1e-2);
  }
  CHECK(apart(after_rounds(1, scaffold({.partition = five, .rate = 0.05, .steps = 5, .option = ScaffoldOption::fresh})), average) > 1e-2);
}

TEST_CASE("sampled clients: each equally often, the same from the same seed, and all of them are everybody") {
  const Quadratics q(1);
  const auto problem = q.problem();
  auto ws = problem.workspace();
  const FederatedAverage source{.clients = {.partition = five, .sampled = 2, .seed = 7}, .local = {.rate = 0.1}};
  auto state = source.start(problem);
  Step<double> step(4);
  step.theta = some_point();
  std::vector<int> times(5, 0);
  Vector<double> mean = Vector<double>::Zero(4);
  const int rounds = 4000;
  for (int t = 0; t < rounds; ++t) {
    step.begin();
    source.draw(problem, ws, step, state);
    CHECK_FALSE(step.full);
    REQUIRE(state.round.size() == 2);
    for (const Index i : state.round) ++times[static_cast<std::size_t>(i)];
    mean += step.direction() / (0.1 * rounds);
  }
  for (const int count : times) CHECK_THAT(count, WithinAbs(rounds * 0.4, 5 * std::sqrt(rounds * 0.24)));
  CHECK(apart(mean, q.gradient(some_point())) < 0.1);
  const auto sampled = [](std::uint64_t seed, Index count) {
    return after_rounds(20, fed_avg({.partition = five, .rate = 0.05, .steps = 3, .sampled = count, .seed = seed}));
  };
  CHECK(sampled(1, 2) == sampled(1, 2));
  CHECK_FALSE(sampled(1, 2) == sampled(2, 2));
  CHECK(sampled(1, 5) == sampled(2, 0));
}
TEST_CASE("what hooks see is the common objective at theta, of all observations where that is the problem's") {
  const Quadratics q(1);
  const auto problem = q.problem();
  const Partition uneven = partition(20, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {12, 13, 14, 15, 16, 17, 18, 19}});
  const auto seen = [&](const auto& source) {
    auto ws = problem.workspace();
    auto state = source.start(problem);
    Step<double> step(4);
    step.theta = some_point();
    step.begin();
    source.draw(problem, ws, step, state);
    return std::tuple{step.full, apart(step.gradient, q.gradient(some_point())), static_cast<double>(step.value.loss)};
  };
  auto ws = problem.workspace();
  const double loss = problem.value(some_point(), ws).loss;
  const auto whole = [&](const auto& source) {
    const auto [full, error, value] = seen(source);
    CHECK(full);
    CHECK(error < 1e-13);
    CHECK_THAT(value, WithinRel(loss, 1e-13));
  };
  const auto partial = [&](const auto& source) {
    const auto [full, error, value] = seen(source);
    CHECK_FALSE(full);
    CHECK(error > 1e-3);
    CHECK(std::abs(value - loss) > 1e-3);
  };
  const LocalSteps local{.rate = 0.1, .steps = 3}, batches{.rate = 0.1, .steps = 3, .batch = 2};
  whole(FederatedAverage{{.partition = five}, local});
  whole(FederatedAverage{{.partition = uneven, .weights = ClientWeights::by_count}, local});
  whole(FederatedProximal{{.partition = five}, 1, local});
  whole(GradientAlignment{{.partition = five}, 0.1});
  whole(FederatedAlignment{{.partition = five}, 0.1, batches});  // its first gradients are on all local data
  for (const ScaffoldOption option : {ScaffoldOption::gradient, ScaffoldOption::steps, ScaffoldOption::fresh})
    whole(Scaffold{{.partition = five}, local, option});
  partial(FederatedAverage{{.partition = uneven}, local});
  partial(FederatedAverage{{.partition = five}, batches});
  partial(FederatedAverage{{.partition = five, .sampled = 2}, local});
  partial(GradientAlignment{{.partition = five, .sampled = 2}, 0.1});
  partial(Scaffold{{.partition = five, .sampled = 2}, local});
}
TEST_CASE("a round's work, in passes over the data") {
  const Quadratics q(1);
  const auto problem = q.problem();
  const auto passes = [&](const auto& optimizer) {
    Vector<double> x = some_point();
    const auto outcome = train(problem, x, optimizer, {.iterations = 10});
    return std::pair{outcome.gradient_evaluations / 10, outcome.hessian_products / 10};
  };
  const auto costs = [&](const auto& optimizer, double gradients, double products = 0) {
    const auto [g, h] = passes(optimizer);
    CHECK_THAT(g, WithinAbs(gradients, 1e-12));
    CHECK_THAT(h, WithinAbs(products, 1e-12));
  };
  costs(fed_avg({.partition = five, .rate = 0.1, .steps = 7}), 7);
  costs(fed_avg({.partition = five, .rate = 0.1, .steps = 7, .batch = 1}), 7 / 4.0);
  costs(grad_align({.partition = five, .rate = 0.1, .beta = 0.1}), 2);
  costs(grad_align({.partition = five, .rate = 0.1, .beta = 0.1, .form = AlignmentForm::exact}), 2, 1);
  costs(fed_ga({.partition = five, .rate = 0.1, .beta = 0.1, .steps = 7}), 8);
  for (const ScaffoldOption option : {ScaffoldOption::gradient, ScaffoldOption::steps, ScaffoldOption::fresh})
    costs(scaffold({.partition = five, .rate = 0.1, .steps = 7, .option = option}), 7);
  costs(scaffold({.partition = five, .rate = 0.1, .steps = 8, .batch = 1, .option = ScaffoldOption::fresh}), 3);
  costs(scaffold({.partition = five, .rate = 0.1, .steps = 8, .batch = 1, .option = ScaffoldOption::gradient}), 3);
  costs(scaffold({.partition = five, .rate = 0.1, .steps = 8, .batch = 1, .option = ScaffoldOption::steps}), 2);
}

TEST_CASE("clients that cannot be are refused by what is wrong with them") {
  const Quadratics q(1);
  const auto problem = q.problem();
  const auto refused = [&](const auto& source) { return thrown([&] { source.start(problem); }); };
  const LocalSteps local{.rate = 0.1};
  CHECK(refused(FederatedAverage{{}, local}) == "FederatedAverage: there are no clients; give a .partition of the observations");
  std::vector<Index> all(20);
  std::iota(all.begin(), all.end(), Index(0));
  CHECK(refused(Scaffold{{.partition = Partition({0, 3, 3, 20}, all)}, local}) == "Scaffold: client 1 has no observations");
  CHECK(refused(GradientAlignment{{.partition = equal_groups(19, 5)}, 0.1}) ==
        "GradientAlignment: the clients' partition is of 19 observations, the data have 20");
  CHECK(refused(FederatedAlignment{{.partition = five, .sampled = 6}, 0.1, local}) ==
        "FederatedAlignment: .sampled is 6, there are 5 clients");
  CHECK(refused(FederatedAverage{{.partition = five}, {.rate = 0}}) ==
        "FederatedAverage: .local.rate is 0, it needs to be positive and finite");
  CHECK(refused(FederatedAverage{{.partition = five}, {.rate = 1, .steps = 0}}) ==
        "FederatedAverage: .local.steps is 0, it needs to be at least 1");
  CHECK(refused(FederatedAverage{{.partition = five}, {.rate = 1, .batch = -1}}) ==
        "FederatedAverage: .local.batch is -1, it needs to be 0 (all of a client's observations) or more");
  CHECK(refused(FederatedProximal{{.partition = five}, -1, local}) == "FederatedProximal: .mu is -1, it needs to be 0 or more");
  CHECK(refused(GradientAlignment{{.partition = five}, NAN}) == "GradientAlignment: .beta is nan, it needs to be finite");
}
