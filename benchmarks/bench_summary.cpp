// SPDX-License-Identifier: MIT
// The speed of Tacit in one table: what `cmake --workflow --preset bench` runs; rows without a limit are told for their own sake.
// report.hpp says what the columns mean, measure.hpp how two sides are compared, plain_loop.hpp what "plain loop" is, peers/torch_step.py
// what "PyTorch" is.
//
//   bench_summary [summary.json [part of a name]...]     with parts of names: only the groups whose title contains one of them
//
// Groups: large; tensors, sparse; ratings; steps; from a formula; recording; tensors of papers; tensors, torch; torch; entrywise;
// block-wise; Hessian products; Hessian instruments; forms; features; two loops; optimizers of torch; sweep; compile. With the folder of an older
// Tacit in TACIT_BEFORE, `compile` has a row against that one.

#include <tacit/hook/spectrum.hpp>
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/optimizer/lbfgs.hpp>
#include <tacit/optimizer/muon.hpp>
#include <tacit/sweep.hpp>
#include <tacit/tacit.hpp>

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "large.hpp"
#include "lbfgs.hpp"
#include "measure.hpp"
#include "peer.hpp"
#include "plain_loop.hpp"
#include "ratings.hpp"
#include "report.hpp"
#include "summary/groups.hpp"
#include "tensors.hpp"

using namespace tacit;
using bench::Completion;
using bench::Effort;
using bench::Figures;
using bench::Report;

namespace {

/// As in "n=100 depth 3, 20 %".
std::string setting(Index n, Index depth, double density) {
  return sentence("n=", n, " depth ", depth, ", ", std::lround(100 * density), " %");
}
template <class S>
auto problem_of(const Completion<S>& task) {
  return Problem(task.model, task.seen, MeanSquares{});
}

// ---- A full step of train(): FullGradient | LearningRate, loss recorded by a hook.

template <class S>
Figures against_plain_loop(Index n, Index depth, double density) {
  const Completion<S> task(n, depth, density);
  const auto problem = problem_of(task);
  Trajectory history(loss);
  Run run(problem, task.theta, gradient_descent({.rate = 1e-3}), every(1, history));
  bench::PlainLoop<S> plain(task, 1e-3);
  volatile S seen = 0;
  return bench::in_turns([&](long k) { run.advance(k); },
                         [&](long k) {
                           for (; k > 0; --k) seen = plain.step();
                         });
}

void steps(Report& report) {
  for (const Index n : {50, 100, 200})
    for (const Index depth : {2, 3, 4}) {
      const auto f = against_plain_loop<double>(n, depth, 0.2);
      report.add({"step " + setting(n, depth, 0.2), "plain Eigen loop", f.ours_us, f.theirs_us, bench::none, 1.10});
    }
  for (const Index n : {50, 100, 200})
    for (const Index depth : {2, 3, 4}) {
      const auto f = against_plain_loop<double>(n, depth, 0.05);
      report.add({"step " + setting(n, depth, 0.05), "plain Eigen loop", f.ours_us, f.theirs_us, bench::none,
                  depth == 2   ? 0.35
                  : depth == 3 ? 0.70
                               : 0.85});
    }
}

void small_step(Report& report) {
  const Completion<double> task(2, 3, 0.75);
  const auto problem = problem_of(task);
  Trajectory history(loss);
  Run run(problem, task.theta, gradient_descent({.rate = 1e-3}), every(1, history));
  report.add({"step 2 x 2 depth 3, one hook", "1 us", bench::alone([&](long k) { run.advance(k); }), 1, bench::none, 0.4});
}

// ---- A model from a formula against the same one written by hand.

template <std::size_t N, class Formula>
void recorded_against_deep_matrix(Report& report, const Formula& product_of) {
  for (const double density : {0.05, 0.2})
    for (const Index n : {50, 100, 200}) {
      const Index depth = static_cast<Index>(N);
      const Completion<double> task(n, depth, density);
      Blocks<N> factors;
      for (std::size_t l = 0; l < N; ++l) factors[l] = {sentence("W", l + 1), {n, n}};
      const Problem recorded(Recorded<double>(factors, product_of), task.seen, MeanSquares{});
      const auto by_hand = problem_of(task);
      const auto steps = [&](const auto& problem) { return Run(problem, task.theta, gradient_descent({.rate = 1e-3})); };
      auto ours = steps(recorded);
      auto theirs = steps(by_hand);
      const auto f = bench::in_turns([&](long k) { ours.advance(k); }, [&](long k) { theirs.advance(k); });
      report.add({"recorded product, step " + setting(n, depth, density), "DeepMatrix", f.ours_us, f.theirs_us, bench::none, 2});
    }
}
void recorded(Report& report) {
  recorded_against_deep_matrix<2>(report, [](auto W1, auto W2) { return W2 * W1; });
  recorded_against_deep_matrix<3>(report, [](auto W1, auto W2, auto W3) { return W3 * W2 * W1; });
  recorded_against_deep_matrix<4>(report, [](auto W1, auto W2, auto W3, auto W4) { return W4 * W3 * W2 * W1; });
}

// ---- A diagonal net of 1000 coordinates under 100 measurements, against the same written on Eigen by hand: u, v and A as matrices of
// their own, gradients never stored.

class PlainDiagonal {
 public:
  PlainDiagonal(const Matrix<double>& A, const Vector<double>& y, const Vector<double>& theta, double depth, double rate)
      : A_(A), y_(y), u_(theta.head(A.rows())), v_(theta.tail(A.rows())), depth_(depth), rate_(rate) {}

  /// One step; returns the loss before it. A is stored as the library stores it: a measurement a column.
  double step() {
    if (depth_ == 2) pu_ = u_, pv_ = v_;
    else if (depth_ == 3) pu_ = u_.square(), pv_ = v_.square();
    else pu_ = u_.pow(depth_ - 1), pv_ = v_.pow(depth_ - 1);
    x_ = (pu_ * u_ - pv_ * v_).matrix();
    r_.noalias() = A_.transpose() * x_;
    r_ -= y_;
    const double loss = r_.squaredNorm() / 2;
    g_.noalias() = A_ * r_;
    u_ -= rate_ * depth_ * pu_ * g_.array();
    v_ += rate_ * depth_ * pv_ * g_.array();
    return loss;
  }

 private:
  const Matrix<double>& A_;
  const Vector<double>& y_;
  Eigen::ArrayXd u_, v_, pu_, pv_;
  Vector<double> x_, r_, g_;
  double depth_, rate_;
};

void diagonal_nets(Report& report) {
  const Index d = 1000, m = 100;
  Random random(1, "measurements");
  Matrix<double> A(d, m);
  for (double& entry : A.reshaped()) entry = random.normal() / 10;
  const Vector<double> y = A.transpose().leftCols(10).rowwise().sum();
  for (const double depth : {2.0, 3.0, 2.5}) {
    const DiagonalNet<double> model({.size = d, .depth = depth});
    const Problem problem(model, Data<double, LinearMap<double>>(LinearMap<double>(d, 1, A), y), HalfSumOfSquares{});
    const Vector<double> theta = model.constant({.product_scale = 0.01});
    Trajectory history(loss);
    Run run(problem, theta, gradient_descent({.rate = 1e-4}), every(1, history));
    PlainDiagonal plain(A, y, theta, depth, 1e-4);
    volatile double seen = 0;
    const auto f = bench::in_turns([&](long k) { run.advance(k); },
                                   [&](long k) {
                                     for (; k > 0; --k) seen = plain.step();
                                   });
    report.add({sentence("step of a diagonal net, d=1000, 100 measurements, depth ", depth), "plain Eigen loop", f.ours_us, f.theirs_us,
                bench::none, 1.10});
  }
}

// ---- What watching costs.

void recording(Report& report) {
  for (const Index n : {50, 100, 200})
    for (const Index depth : {2, 3, 4}) {
      const Completion<double> task(n, depth, 0.2);
      const auto problem = problem_of(task);
      // Where a run's buffers happen to lie is worth a few percent of a step of 12 us: so both sides lie in several places.
      std::vector<Figures> places;
      for (int place = 0; place < 7; ++place) {
        const std::vector<char> shift(static_cast<std::size_t>(place) * 1000 + 1);
        Trajectory history(loss, gradient_norm);
        Run watched(problem, task.theta, gradient_descent({.rate = 1e-3}), every(1, history));
        Run blind(problem, task.theta, gradient_descent({.rate = 1e-3}));
        places.push_back(bench::in_turns([&](long k) { watched.advance(k); }, [&](long k) { blind.advance(k); }, Effort{2e-3, 20}));
      }
      const auto f = bench::median_by_ratio(places);
      report.add({"loss and gradient norm every step, " + setting(n, depth, 0.2), "no hook", f.ours_us, f.theirs_us, bench::none, 1.05});
    }
}

void spectra(Report& report) {
  const Completion<double> task(100, 3, 0.2);
  const auto problem = problem_of(task);
  Trajectory history(all_singular_values());
  Run watched(problem, task.theta, gradient_descent({.rate = 1e-3}), every(100, history));
  Run blind(problem, task.theta, gradient_descent({.rate = 1e-3}));
  const auto f = bench::in_turns([&](long k) { watched.advance(100 * k); }, [&](long k) { blind.advance(100 * k); }, Effort{0.05, 40});
  report.add({"all singular values every 100 steps, n=100 depth 3", "no hook", f.ours_us / 100, f.theirs_us / 100, bench::none, 1.10});
}

// ---- PyTorch, on the same core, taking turns.

template <class S>
struct TorchFigures {
  double ours_us, autograd_us, by_hand_us;
};
/// `advance(k)` is ours; the autograd that counts is the faster of its two ways to write the loss.
template <class S, class Advance>
TorchFigures<S> against_torch(bench::Torch& torch, Index n, Index depth, Advance&& advance) {
  const std::string what = sentence(sizeof(S) == 4 ? " float " : " double ", n, " ", depth, " 0.2");
  const long calls = bench::calls_for(advance, 5e-3);
  std::vector<double> ours, index, mask, by_hand;
  for (int k = 0; k < 30; ++k) {
    ours.push_back(bench::block_us(advance, calls));
    index.push_back(torch.block_us("autograd_index" + what));
    ours.push_back(bench::block_us(advance, calls));
    mask.push_back(torch.block_us("autograd_mask" + what));
    ours.push_back(bench::block_us(advance, calls));
    by_hand.push_back(torch.block_us("by_hand" + what));
  }
  return {bench::lower_quartile(ours), std::min(bench::lower_quartile(index), bench::lower_quartile(mask)), bench::lower_quartile(by_hand)};
}

template <class S>
void torch_step(Report& report, bench::Torch& torch, Index n, double limit) {
  for (const Index depth : {2, 3, 4}) {
    const Completion<S> task(n, depth, 0.2);
    const auto problem = problem_of(task);
    Trajectory history(loss);
    Run run(problem, task.theta, gradient_descent({.rate = 1e-3}), every(1, history));
    const std::string name = sentence("step ", setting(n, depth, 0.2), sizeof(S) == 4 ? " float" : " double");
    if (!torch.ready()) {
      report.add({.name = name, .theirs = "PyTorch, autograd", .limit = limit, .skipped = torch.says()});
      report.add({.name = name, .theirs = "PyTorch, by hand", .limit = 1.1, .skipped = torch.says()});
      continue;
    }
    const auto f = against_torch<S>(torch, n, depth, [&](long k) { run.advance(k); });
    report.add({name, "PyTorch, autograd", f.ours_us, f.autograd_us, bench::none, limit});
    report.add({name, "PyTorch, by hand", f.ours_us, f.by_hand_us, bench::none, 1.1});
  }
}

// ---- Arora et al. 2019's own program: float, GroupRMSprop, depth 3, 100 x 100, rank 5, 2000 observed. On a machine on which torch_step
// took 196 us for autograd at depth 3, n = 100, float, their program took 361 us a step, and 30,713 steps to a train MSE of 1e-6. Here it
// would take
//   361 us * (torch_step's autograd here, now) / 196 us.

constexpr double their_us = 361, their_steps = 30'713, torch_us_there = 196;

void arora_step(Report& report, bench::Torch& torch) {
  const std::string name = "step of Arora et al. 2019: float, GroupRMSprop, n=100 depth 3";
  const std::string theirs = "their program, scaled";
  if (!torch.ready()) return report.add({.name = name, .theirs = theirs, .limit = 0.4, .skipped = torch.says()});
  const auto seen = low_rank_completion<float>({.seed = 1}).seen;
  const DeepMatrix<float> model({100, 100, 100, 100});
  const Problem problem(model, seen, MeanSquares{});
  Trajectory history(loss);
  Run run(problem, model.near_zero({.product_scale = 1e-3, .seed = 1}), group_rmsprop({.rate = 1e-3}), every(1, history));
  const auto f = against_torch<float>(torch, 100, 3, [&](long k) { run.advance(k); });
  report.add({name, theirs, f.ours_us, their_us * f.autograd_us / torch_us_there, bench::none, 0.4});
  std::printf("  by PyTorch's autograd, this machine takes %.2f times as long as the one that limits in milliseconds and seconds are of\n",
              f.autograd_us / torch_us_there);
}

/// The main job's default optimizer against their 30,713 steps, at the main job's scale; and against GroupRMSprop where it arrives.
void end_point(Report& report, bench::Torch& torch) {
  const DeepMatrix<double> model({100, 100, 100, 100});
  const std::string name = "train MSE 1e-6 at depth 3";
  std::vector<double> ratios, ours, theirs;
  double excess = -1;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto [truth, seen] = low_rank_completion({.seed = seed});
    const Problem problem(model, seen, MeanSquares{});
    const auto arrive = [&, &truth = truth](auto optimizer) {
      Vector<double> theta = model.near_zero({.product_scale = 1e-4, .seed = seed});
      Trajectory end(error_to(truth));
      const double start = bench::cpu_seconds();
      const auto outcome = train(problem, theta, optimizer, {.iterations = 100'000}, at_the_end(end), stop_when(loss_below(1e-6)));
      const double seconds = bench::cpu_seconds() - start;
      return std::pair{outcome.reason == Reason::stopped_by_hook ? seconds : 1e9, end.last("relative_error")};
    };
    const auto torch_us = [&] {
      std::vector<double> us;
      for (int k = 0; k < 15; ++k)
        us.push_back(std::min(torch.block_us("autograd_index float 100 3 0.2"), torch.block_us("autograd_mask float 100 3 0.2")));
      return bench::lower_quartile(us);
    };
    const auto [seconds, error] = arrive(SharpnessRate{});
    excess = std::max(excess, error - arrive(group_rmsprop({.rate = 1e-3})).second);
    ours.push_back(seconds * 1e6);
    if (torch.ready()) {
      theirs.push_back(their_steps * their_us * torch_us() / torch_us_there);
      ratios.push_back(ours.back() / theirs.back());
    }
  }
  const auto at = [](std::vector<double> x, std::size_t k) { return std::sort(x.begin(), x.end()), x[k]; };
  for (const auto& [what, rank, limit] : {std::tuple{", median of seeds 1..5", 2, 0.15}, std::tuple{", worst of seeds 1..5", 4, 1.0}}) {
    const auto k = static_cast<std::size_t>(rank);
    if (torch.ready()) report.add({name + what, "their program, scaled", at(ours, k), at(theirs, 2), at(ratios, k), limit});
    else report.add({.name = name + what, .theirs = "their program, scaled", .limit = limit, .skipped = torch.says()});
  }
  report.add(
      {.name = name + ", excess of relative error, worst of 5", .theirs = "GroupRMSprop, same draw", .ratio = excess, .limit = 0.003});
}

// ---- L-BFGS beside its gradients, against two loops by hand; steps of optimizers against PyTorch's.

void two_loops(Report& report) {
  for (const Index size : {1000, 10'000, 30'000, 100'000}) {
    const auto f = bench::two_loops(size, 10).figures;
    report.add({sentence("L-BFGS, 10 pairs, ", size, " parameters, beside its gradients"), "two loops on Eigen", f.ours_us, f.theirs_us,
                bench::none, 1.3});
  }
}

template <class Advance>
void optimizer_against_torch(Report& report, bench::Torch& torch, const std::string& optimizer, double steps_a_call, Advance&& advance) {
  const std::string name = sentence("step of ", optimizer, ", ", setting(100, 3, 0.2));
  if (!torch.ready()) return report.add({.name = name, .theirs = "PyTorch", .limit = 0.6, .skipped = torch.says()});
  const long calls = bench::calls_for(advance, 5e-3);
  std::vector<double> ours, index, mask;
  for (int k = 0; k < 20; ++k) {
    ours.push_back(bench::block_us(advance, calls));
    index.push_back(torch.block_us(optimizer + "_index double 100 3 0.2"));
    ours.push_back(bench::block_us(advance, calls));
    mask.push_back(torch.block_us(optimizer + "_mask double 100 3 0.2"));
  }
  report.add({name, "PyTorch", bench::lower_quartile(ours) / steps_a_call,
              std::min(bench::lower_quartile(index), bench::lower_quartile(mask)) / steps_a_call, bench::none, 0.6});
}
void optimizers_against_torch(Report& report, bench::Torch& torch) {
  const Completion<double> task(100, 3, 0.2);
  const auto problem = problem_of(task);
  Run adam_run(problem, task.theta, adam({.rate = 1e-3}));
  optimizer_against_torch(report, torch, "adam", 1, [&](long k) { adam_run.advance(k); });
  Run muon_run(problem, task.theta, muon({.rate = 1e-3}));
  optimizer_against_torch(report, torch, "muon", 1, [&](long k) { muon_run.advance(k); });
  optimizer_against_torch(report, torch, "lbfgs", 100, [&](long k) {  // the first hundred steps, anew in each call
    for (; k > 0; --k) Run(problem, task.theta, lbfgs({.memory = 10, .gradient_tolerance = 0, .change_tolerance = 0})).advance(100);
  });
}

// ---- Large problems, many runs, compile time.

void large(Report& report) {
  const std::string name = "10^5 x 10^5, widths 10, depth 3, 10^7 observed";
  const auto found = bench::apart(bench::large_step);
  if (found.seconds == 0)
    return report.add({.name = name, .theirs = "1 s", .limit = 1.5, .skipped = "the process did not come to its end: not enough memory?"});
  report.add({name + ": a step", "1 s", found.seconds * 1e6, 1e6, bench::none, 1.5});
  report.add({.name = name + ": memory", .theirs = "1 GB", .ratio = found.bytes / 1e9, .limit = 1.5});
}

void ratings(Report& report) {
  const std::string size = "10^7 ratings, 70,000 x 10,000", lost = "the process did not come to its end: not enough memory or room?";
  const auto epoch = bench::apart(bench::ratings_epoch);
  const std::string name = "epoch of " + size + ", width 32, on all cores";
  if (epoch.seconds == 0) report.add({.name = name, .theirs = "1 s", .limit = 4, .skipped = lost});
  else {
    report.add({name, "1 s", epoch.seconds * 1e6, 1e6, bench::none, 4});
    report.add({name, "10 epochs of 10^6", epoch.seconds * 1e6, 10 * epoch.tenth_seconds * 1e6, bench::none, 1.5});
  }
  const auto reached = bench::apart(bench::ratings_to_error);
  const std::string to_error = size + " to a test error of 1.1 times the noise";
  if (reached.seconds == 0)
    report.add({.name = to_error, .theirs = "1 s", .limit = 12, .skipped = lost + " Or the error was not reached."});
  else {
    report.add({to_error, "1 s", reached.seconds * 1e6, 1e6, bench::none, 12});
    report.add({.name = to_error + ": epochs", .theirs = "one", .ratio = reached.epochs, .limit = 4});
  }
  const bool written = bench::apart(bench::write_ratings).seconds > 0;
  const auto reading = written ? bench::apart(bench::read_ratings) : bench::ReadingFigures{};
  std::error_code ignored;
  std::filesystem::remove(bench::ratings_file(), ignored);
  if (reading.seconds == 0) return report.add({.name = "reading " + size, .theirs = "1 s", .limit = 3, .skipped = lost});
  report.add({"reading " + size, "1 s", reading.seconds * 1e6, 1e6, bench::none, 3});
  report.add({.name = "reading " + size + ": peak memory", .theirs = "arrays kept", .ratio = reading.peak / reading.kept, .limit = 2.5});
}

void sweeps(Report& report) {
  const std::string name = "sweep of 16 runs: two threads", theirs = "one thread";
  bench::unpin();
  if (std::thread::hardware_concurrency() < 2)
    return report.add({.name = name, .theirs = theirs, .limit = 1.8, .at_least = true, .skipped = "there is one core only"});
  const auto seconds = [](unsigned threads) {
    const double start = bench::wall_seconds();
    sweep(seeds(16),
          [](const Setting& s) {
            const auto seen = low_rank_completion({.seed = s.seed()}).seen;
            const DeepMatrix<double> model({100, 100, 100, 100});
            const Problem problem(model, seen, MeanSquares{});
            Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = s.seed()});
            Trajectory history(loss);
            return train(problem, theta, group_rmsprop(), {.iterations = 200}, every(100, history)), history;
          },
          {.threads = threads});
    return bench::wall_seconds() - start;
  };
  double one = 1e9, two = 1e9;
  for (int k = 0; k < 5; ++k) one = std::min(one, seconds(1)), two = std::min(two, seconds(2));
  report.add(
      {.name = name, .theirs = theirs, .ours_us = two * 1e6, .theirs_us = one * 1e6, .ratio = one / two, .limit = 1.8, .at_least = true});
}

/// CPU seconds that g++ -O2 takes for the 12-line program on the headers in this folder; 0: it did not compile.
double compile_seconds(const std::string& headers) {
  const auto children = [] {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  };
  const double before = children();
  const std::string command =
      "g++ -std=c++20 -O2 -I '" + headers +
      "' $(pkg-config --cflags eigen3 2>/dev/null || echo -I/usr/include/eigen3) -c -o /dev/null ../examples/twelve_lines.cpp";
  return std::system(command.c_str()) == 0 ? children() - before : 0;
}

void compile_time(Report& report) {
  const std::string name = "the 12-line program compiles, -O2", program = "../examples/twelve_lines.cpp";
  if (!std::filesystem::exists(program))
    return report.add({.name = name, .theirs = "1 s", .limit = 8, .skipped = program + " is not there"});
  const char* old = std::getenv("TACIT_BEFORE");
  std::vector<double> now, then;
  for (int k = 0; k < 5; ++k) {
    now.push_back(compile_seconds("../include"));
    if (now.back() == 0) return report.add({.name = name, .theirs = "1 s", .limit = 8, .skipped = "g++ did not compile it"});
    if (old) then.push_back(compile_seconds(std::string(old) + "/include"));
  }
  const auto median = [](std::vector<double> x) { return std::sort(x.begin(), x.end()), x[x.size() / 2]; };
  report.add({name, "1 s", *std::min_element(now.begin(), now.end()) * 1e6, 1e6, bench::none, 8});
  if (!old) return;
  if (median(then) == 0)
    return report.add({.name = name, .theirs = "before", .limit = 1.05, .skipped = "g++ did not compile it with TACIT_BEFORE"});
  report.add({name, "before", median(now) * 1e6, median(then) * 1e6, bench::none, 1.05});
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "summary.json";
  const std::vector<std::string> parts(argv + std::min(argc, 2), argv + argc);
  const auto wanted = [&](const std::string& group) {
    return parts.empty() ||
           std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return group.find(part) != std::string::npos; });
  };
  Report report;
  if (wanted("large")) large(report);  // first, while this process is small
  if (wanted("tensors, sparse")) bench::sparse_tensors(report);
  if (wanted("ratings")) ratings(report);
  bench::pin_to_this_core();
  if (wanted("steps")) steps(report), small_step(report), diagonal_nets(report);
  if (wanted("from a formula")) recorded(report);
  if (wanted("recording")) recording(report), spectra(report);
  if (wanted("tensors of papers")) bench::papers_of_tensors(report);
  if (wanted("tensors, torch")) {
    bench::Torch torch("peers/torch_cp.py");
    bench::cp_against_torch(report, torch);
  }
  if (wanted("torch")) {
    bench::Torch torch("peers/torch_step.py");
    std::printf("PyTorch: %s\n", torch.says().c_str());
    torch_step<double>(report, torch, 50, 0.4);
    torch_step<double>(report, torch, 100, 0.65);
    torch_step<float>(report, torch, 100, 0.65);
    arora_step(report, torch);
    end_point(report, torch);
  }
  if (wanted("entrywise")) bench::entrywise(report);
  if (wanted("block-wise")) bench::block_wise(report);
  if (wanted("Hessian products")) bench::hessian_products(report);
  if (wanted("Hessian instruments")) {
    bench::Torch torch("peers/torch_step.py");
    bench::hessian_instruments(report, torch);
  }
  if (wanted("forms")) bench::forms(report);
  if (wanted("features")) bench::features(report);
  if (wanted("two loops")) two_loops(report);
  if (wanted("optimizers of torch")) {
    bench::Torch torch("peers/torch_optimizers.py");
    optimizers_against_torch(report, torch);
  }
  if (wanted("sweep")) sweeps(report);
  if (wanted("compile")) compile_time(report);
  report.write(path);
  return report.conclude() ? 0 : 1;
}
