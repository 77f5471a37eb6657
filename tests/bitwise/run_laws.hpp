// SPDX-License-Identifier: MIT
#pragma once
// What holds for a run with any optimizer: instantiate it for a new one.
//   one optimizer value serves any number of runs; advance(a), advance(b) is advance(a + b), with finish() or an archive in between, too;
//   hooks do not change the run; a hook that stops, or throws, leaves theta_t, and going on equals never having stopped.

#include <tacit/core/archive.hpp>
#include <tacit/train.hpp>

#include <functional>

#include "example.hpp"

namespace bitwise {

/// One type of hook, so one type of run for a problem and an optimizer.
template <class P>
using HookOn = std::function<Flow(const Snapshot<P>&)>;

/// How many iterations, `most` at the most, the optimizer makes before it ends the run itself.
template <class P, class Optimizer>
Index possible_iterations(const P& p, const Vector<double>& from, const Optimizer& optimizer, Index most) {
  Run run(p, from, optimizer, HookOn<P>([](const Snapshot<P>&) { return Flow::proceed; }));
  run.advance(most);
  return run.iteration();
}

template <class P, class Optimizer>
void keeps_the_run_laws(const P& p, const Vector<double>& from, const Optimizer& optimizer) {
  using Hook = HookOn<P>;
  INFO(sentence(optimizer));
  const Index n = possible_iterations(p, from, optimizer, 60);
  REQUIRE(n >= 8);
  const Index third = n * 23 / 60, half = n * 31 / 60, quarter = n * 17 / 60, later = n * 29 / 60;
  const auto at = [](Index t) { return static_cast<std::size_t>(t); };

  std::vector<Vector<double>> path;
  Vector<double> whole = from;
  const auto outcome = train(p, whole, optimizer, {.iterations = n}, Hook([&](const Snapshot<P>& now) {
                               path.push_back(now.theta());
                               return Flow::proceed;
                             }));
  path.resize(at(n));  // without the closing one
  CHECK(outcome.reason == Reason::reached_limit);
  CHECK(outcome.iterations == n);
  CHECK(same_bits(path[0], from));
  CHECK_FALSE(same_bits(whole, from));
  const Hook silent = [](const Snapshot<P>&) { return Flow::proceed; };

  {  // the optimizer's value is as it was: a second run is the same run
    Run again(p, from, optimizer, silent);
    CHECK(again.advance(n) == Reason::reached_limit);
    CHECK(same_bits(again.theta(), whole));
    CHECK(again.iteration() == n);
  }
  {  // in pieces, with finish() in between
    Run pieces(p, from, optimizer, silent);
    pieces.advance(third);
    CHECK(same_bits(pieces.theta(), path[at(third)]));
    pieces.advance(0);
    const auto first = pieces.finish(), second = pieces.finish();
    CHECK(first.iterations == third);
    CHECK(std::memcmp(&first.loss, &second.loss, sizeof first.loss) == 0);
    pieces.advance(n - third);
    const auto last = pieces.finish();
    CHECK(same_bits(pieces.theta(), whole));
    CHECK(last.loss == outcome.loss);
    CHECK(last.flow_time == outcome.flow_time);
    CHECK(last.gradient_evaluations == outcome.gradient_evaluations);
    CHECK(last.hessian_products == outcome.hessian_products);
  }
  {  // through an archive, into a run that starts elsewhere
    Run before(p, from, optimizer, silent);
    before.advance(half);
    OutputArchive out;
    before.persist(out);
    Run after(p, Vector<double>(2 * from), optimizer, silent);
    after.advance(3);
    InputArchive in(out.bytes(), "archive");
    after.persist(in);
    CHECK(in.at_end());
    CHECK(after.iteration() == half);
    after.advance(n - half);
    CHECK(same_bits(after.theta(), whole));
    const auto last = after.finish();
    CHECK(last.gradient_evaluations == outcome.gradient_evaluations);
    CHECK(last.flow_time == outcome.flow_time);
  }
  {  // a hook that looks at everything
    double seen = 0;
    Run watched(p, from, optimizer, Hook([&](const Snapshot<P>& now) {
                  seen += now.loss() + now.objective() + now.gradient_norm() + now.parameter_norm() + now.end_to_end().norm() + now.rate();
                  return Flow::proceed;
                }));
    watched.advance(n);
    CHECK(std::isfinite(seen));
    CHECK(same_bits(watched.theta(), whole));
  }
  {  // a hook that stops, is saved while stopped, and goes on
    const Hook stops = [quarter](const Snapshot<P>& now) { return now.iteration() == quarter ? Flow::stop : Flow::proceed; };
    Run run(p, from, optimizer, stops);
    CHECK(run.advance(n) == Reason::stopped_by_hook);
    CHECK(run.iteration() == quarter);
    CHECK(same_bits(run.theta(), path[at(quarter)]));
    CHECK(run.finish().iterations == quarter);
    OutputArchive out;
    run.persist(out);
    CHECK(run.advance(n - quarter) == Reason::reached_limit);
    CHECK(same_bits(run.theta(), whole));
    Run loaded(p, from, optimizer, stops);
    InputArchive in(out.bytes(), "archive");
    loaded.persist(in);
    CHECK(same_bits(loaded.theta(), path[at(quarter)]));
    loaded.advance(n - quarter);
    CHECK(same_bits(loaded.theta(), whole));
  }
  {  // a hook that throws
    bool thrown = false;
    Run run(p, from, optimizer, Hook([&](const Snapshot<P>& now) {
              if (now.iteration() == later && !std::exchange(thrown, true)) throw std::runtime_error("the disk is full");
              return Flow::proceed;
            }));
    CHECK_THROWS_AS(run.advance(n), std::runtime_error);
    CHECK(run.iteration() == later);
    CHECK(same_bits(run.theta(), path[at(later)]));
    run.advance(n - later);
    CHECK(same_bits(run.theta(), whole));

    thrown = false;
    Vector<double> theta = from;
    CHECK_THROWS_AS(train(p, theta, optimizer, {.iterations = n}, Hook([&](const Snapshot<P>& now) {
                            if (now.iteration() == later) throw std::runtime_error("the disk is full");
                            return Flow::proceed;
                          })),
                    std::runtime_error);
    CHECK(same_bits(theta, path[at(later)]));
  }
}

/// On the small completion problem.
template <class Optimizer>
void keeps_the_run_laws(const Optimizer& optimizer) {
  keeps_the_run_laws(problem<double>(), start<double>(), optimizer);
}

}  // namespace bitwise
