// SPDX-License-Identifier: MIT
// What forms cost: the gradient penalty by a forward difference against plain descent, minibatches through on_batches against a loop by
// hand, and a run whose problem and optimizer have forgotten their types against the same with types.

#include <tacit/data/low_rank.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/optimizer/any_optimizer.hpp>
#include <tacit/optimizer/gradient_penalty.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <cmath>
#include <numeric>

#include "groups.hpp"
#include "measure.hpp"
#include "plain_loop.hpp"

namespace bench {

namespace {

using namespace tacit;

auto problem_of(const Completion<double>& task) { return Problem(task.model, task.seen, MeanSquares{}); }

/// Where buffers happen to lie is worth a few percent of a step: so both sides lie in several places, and the median ratio counts.
template <class Measure>
Figures in_several_places(Measure&& measure) {
  std::vector<Figures> places;
  for (int place = 0; place < 7; ++place) {
    const std::vector<char> shift(static_cast<std::size_t>(place) * 1000 + 1);
    places.push_back(measure());
  }
  return median_by_ratio(places);
}

void forward_penalty(Report& report) {
  const Completion<double> task(100, 3, 0.2);
  const auto problem = problem_of(task);
  const auto f = in_several_places([&] {
    Run ours(problem, task.theta, GradientPenalty{.lambda = 1e-3, .form = PenaltyForm::forward, .epsilon = 1e-3} | LearningRate{1e-3});
    Run theirs(problem, task.theta, gradient_descent({.rate = 1e-3}));
    return in_turns([&](long k) { ours.advance(k); }, [&](long k) { theirs.advance(k); }, Effort{2e-3, 20});
  });
  report.add({"forward-difference penalty, n=100 depth 3, 20 %", "plain descent", f.ours_us, f.theirs_us, none, 2.1});
}

/// Descent on minibatches by hand: the order shuffled anew for every epoch, the last batch of an epoch as short as it comes.
template <class P>
class PlainBatches {
 public:
  PlainBatches(const P& problem, Vector<double> theta, Index size, std::uint64_t seed, double rate)
      : problem_(problem), ws_(problem.workspace()), theta_(std::move(theta)), g_(theta_.size()),
        order_(static_cast<std::size_t>(problem.count())), random_(seed, "minibatch"), size_(static_cast<std::size_t>(size)), rate_(rate) {
    std::iota(order_.begin(), order_.end(), Index(0));
    random_.shuffle(order_);
  }
  void step() {
    if (next_ == order_.size()) random_.shuffle(order_), next_ = 0;
    const std::size_t b = std::min(size_, order_.size() - next_);
    loss_ = problem_.value_and_gradient(theta_, std::span<const Index>(order_).subspan(next_, b), ws_, g_).loss;
    next_ += b;
    theta_ -= rate_ * g_;
  }

 private:
  const P& problem_;
  typename P::Workspace ws_;
  Vector<double> theta_, g_;
  std::vector<Index> order_;
  Random random_;
  std::size_t size_, next_ = 0;
  double rate_;
  volatile double loss_ = 0;
};

void batches(Report& report) {
  for (const auto& [n, size] : {std::pair<Index, Index>{50, 64}, {100, 256}}) {
    const Completion<double> task(n, 3, 0.2);
    const auto problem = problem_of(task);
    const auto f = in_several_places([&, &n = n, &size = size] {
      Run ours(problem, task.theta, sgd({.rate = 1e-3, .batch = size, .seed = 1}));
      PlainBatches theirs(problem, task.theta, size, 1, 1e-3);
      return in_turns([&](long k) { ours.advance(k); },
                      [&](long k) {
                        for (; k > 0; --k) theirs.step();
                      },
                      Effort{2e-3, 20});
    });
    report.add({sentence("batches of ", size, " through on_batches, n=", n, " depth 3, 20 %"), "a loop by hand", f.ours_us, f.theirs_us,
                none, 1.05});
  }
}

void forgotten_types(Report& report) {
  for (const auto& [n, density, limit] : {std::tuple<Index, double, double>{50, 0.2, 1.02}, {2, 0.75, 2}}) {
    const Completion<double> task(n, 3, density);
    const auto typed = problem_of(task);
    const AnyProblem any(typed);
    const auto f = in_several_places([&] {
      Run ours(any, task.theta, any_optimizer<double>(gradient_descent({.rate = 1e-3})));
      Run theirs(typed, task.theta, gradient_descent({.rate = 1e-3}));
      return in_turns([&](long k) { ours.advance(k); }, [&](long k) { theirs.advance(k); }, Effort{2e-3, 20});
    });
    report.add({sentence("AnyOptimizer on AnyProblem, n=", n, " depth 3"), "with types", f.ours_us, f.theirs_us, none, limit});
  }
}

}  // namespace

void forms(Report& report) {
  forward_penalty(report);
  batches(report);
  forgotten_types(report);
}

}  // namespace bench
