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

using P = decltype(problem<double>());
using Hook = std::function<Flow(const Snapshot<P>&)>;  // one type of hook, so one type of run

template <class Optimizer>
void keeps_the_run_laws(const Optimizer& optimizer) {
  INFO(sentence(optimizer));
  constexpr Index n = 60;
  const P p = problem<double>();

  std::vector<Vector<double>> path;
  Vector<double> whole = start<double>();
  const auto outcome = train(p, whole, optimizer, {.iterations = n}, Hook([&](const Snapshot<P>& now) {
                               path.push_back(now.theta());
                               return Flow::proceed;
                             }));
  path.resize(n);  // without the closing one
  CHECK(outcome.reason == Reason::reached_limit);
  CHECK(outcome.iterations == n);
  CHECK(same_bits(path[0], start<double>()));
  CHECK_FALSE(same_bits(whole, start<double>()));
  const Hook silent = [](const Snapshot<P>&) { return Flow::proceed; };

  {  // the optimizer's value is as it was: a second run is the same run
    Run again(p, start<double>(), optimizer, silent);
    CHECK(again.advance(n) == Reason::reached_limit);
    CHECK(same_bits(again.theta(), whole));
    CHECK(again.iteration() == n);
  }
  {  // in pieces, with finish() in between
    Run pieces(p, start<double>(), optimizer, silent);
    pieces.advance(23);
    CHECK(same_bits(pieces.theta(), path[23]));
    pieces.advance(0);
    const auto first = pieces.finish(), second = pieces.finish();
    CHECK(first.iterations == 23);
    CHECK(std::memcmp(&first.loss, &second.loss, sizeof first.loss) == 0);
    pieces.advance(37);
    const auto last = pieces.finish();
    CHECK(same_bits(pieces.theta(), whole));
    CHECK(last.loss == outcome.loss);
    CHECK(last.flow_time == outcome.flow_time);
    CHECK(last.gradient_evaluations == outcome.gradient_evaluations);
    CHECK(last.hessian_products == outcome.hessian_products);
  }
  {  // through an archive, into a run that starts elsewhere
    Run before(p, start<double>(), optimizer, silent);
    before.advance(31);
    OutputArchive out;
    before.persist(out);
    Run after(p, Vector<double>(2 * start<double>()), optimizer, silent);
    after.advance(5);
    InputArchive in(out.bytes(), "archive");
    after.persist(in);
    CHECK(in.at_end());
    CHECK(after.iteration() == 31);
    after.advance(n - 31);
    CHECK(same_bits(after.theta(), whole));
    const auto last = after.finish();
    CHECK(last.gradient_evaluations == outcome.gradient_evaluations);
    CHECK(last.flow_time == outcome.flow_time);
  }
  {  // a hook that looks at everything
    double seen = 0;
    Run watched(p, start<double>(), optimizer, Hook([&](const Snapshot<P>& now) {
                  seen += now.loss() + now.objective() + now.gradient_norm() + now.parameter_norm() + now.end_to_end().norm() + now.rate();
                  return Flow::proceed;
                }));
    watched.advance(n);
    CHECK(std::isfinite(seen));
    CHECK(same_bits(watched.theta(), whole));
  }
  {  // a hook that stops, is saved while stopped, and goes on
    const Hook stops = [](const Snapshot<P>& now) { return now.iteration() == 17 ? Flow::stop : Flow::proceed; };
    Run run(p, start<double>(), optimizer, stops);
    CHECK(run.advance(n) == Reason::stopped_by_hook);
    CHECK(run.iteration() == 17);
    CHECK(same_bits(run.theta(), path[17]));
    CHECK(run.finish().iterations == 17);
    OutputArchive out;
    run.persist(out);
    CHECK(run.advance(n - 17) == Reason::reached_limit);
    CHECK(same_bits(run.theta(), whole));
    Run loaded(p, start<double>(), optimizer, stops);
    InputArchive in(out.bytes(), "archive");
    loaded.persist(in);
    CHECK(same_bits(loaded.theta(), path[17]));
    loaded.advance(n - 17);
    CHECK(same_bits(loaded.theta(), whole));
  }
  {  // a hook that throws
    bool thrown = false;
    Run run(p, start<double>(), optimizer, Hook([&](const Snapshot<P>& now) {
              if (now.iteration() == 29 && !std::exchange(thrown, true)) throw std::runtime_error("the disk is full");
              return Flow::proceed;
            }));
    CHECK_THROWS_AS(run.advance(n), std::runtime_error);
    CHECK(run.iteration() == 29);
    CHECK(same_bits(run.theta(), path[29]));
    run.advance(n - 29);
    CHECK(same_bits(run.theta(), whole));

    thrown = false;
    Vector<double> theta = start<double>();
    CHECK_THROWS_AS(train(p, theta, optimizer, {.iterations = n}, Hook([&](const Snapshot<P>& now) {
                            if (now.iteration() == 29) throw std::runtime_error("the disk is full");
                            return Flow::proceed;
                          })),
                    std::runtime_error);
    CHECK(same_bits(theta, path[29]));
  }
}

}  // namespace bitwise
