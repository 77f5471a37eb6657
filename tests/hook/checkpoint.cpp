// SPDX-License-Identifier: MIT
// Checkpoints: going on from a file, in this process and in another, is going on; what does not belong is refused, naming the field, and changes nothing.
#include <tacit/hook/checkpoint.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/loss/huber.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "example.hpp"

using namespace example;
using scratch::error_of;
using scratch::file_error_of;

namespace {

auto stochastic() { return on_batches({.size = 4, .seed = 3}, FullGradient{}) | AdamScale{} | LearningRate{1e-2}; }

/// Theta after 60 iterations in one go, and after 25, a file, and 35 more in a new run.
template <class Optimizer>
void goes_on(const Optimizer& optimizer) {
  INFO(sentence(optimizer));
  const auto p = problem();
  Vector<double> whole = start();
  Trajectory whole_history(tacit::loss, rate);
  train(p, whole, optimizer, {.iterations = 60}, every(10, whole_history));

  const scratch::Folder folder;
  const std::string path = folder / "run";
  Trajectory first_history(tacit::loss, rate), second_history(tacit::loss, rate);
  Run first(p, start(), optimizer, every(10, first_history));
  first.advance(25);
  first.save(path);
  CHECK(folder.files() == 1);
  Run second(p, Vector<double>(Vector<double>::Zero(27)), optimizer, every(10, second_history));
  second.load(path);
  CHECK(second.iteration() == 25);
  second.advance(35);
  const auto outcome = second.finish();
  CHECK(second.theta() == whole);
  CHECK(outcome.iterations == 60);
  REQUIRE(second_history.rows() == whole_history.rows());
  for (Index i = 0; i < whole_history.rows(); ++i)
    for (Index j = 0; j < whole_history.cols(); ++j) CHECK(second_history(i, j) == whole_history(i, j));
}

}  // namespace

TEST_CASE("a run goes on from its file, bit for bit, hooks included") {
  goes_on(gradient_descent({.rate = 0.1}));
  goes_on(group_rmsprop({.rate = 0.05}));
  goes_on(momentum({.rate = 0.05}));
  goes_on(SharpnessRate{});
  goes_on(stochastic());
  goes_on(gradient_regularized({.rate = 0.05, .lambda = 0.5}));
}

TEST_CASE("another process goes on, too") {
  const auto p = problem();
  Vector<double> whole = start();
  train(p, whole, stochastic(), {.iterations = 60});
  const scratch::Folder folder;
  const std::string path = folder / "run", result = folder / "theta";
  const auto in_a_process = [](auto work) {
    const pid_t child = fork();
    if (child == 0) {
      work();
      _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
  };
  REQUIRE(in_a_process([&] {
            Run run(p, start(), stochastic());
            run.advance(30);
            run.save(path);
          }) == 0);
  REQUIRE(in_a_process([&] {
            Run run(p, start(), stochastic());
            run.load(path);
            run.advance(30);
            scratch::put(result, std::string(reinterpret_cast<const char*>(run.theta().data()), 27 * sizeof(double)));
          }) == 0);
  CHECK(scratch::get(result) == std::string(reinterpret_cast<const char*>(whole.data()), 27 * sizeof(double)));
}

TEST_CASE("what does not belong to the run is refused with the name of the field, and the run stays as it was") {
  const scratch::Folder folder;
  const std::string path = folder / "run";
  const auto p = problem();
  {
    Trajectory history(tacit::loss);
    Run run(p, start(), stochastic(), every(5, history));
    run.advance(10);
    run.save(path);
  }
  const auto refusal = [&](const auto& problem, const auto& theta, const auto& optimizer, auto&&... probes) {
    Trajectory history(probes...);
    Run other(problem, theta, optimizer, every(5, history));
    other.advance(3);
    const auto before = other.theta();
    const std::string why = file_error_of(path, [&] { other.load(path); });
    if (why != "nothing was thrown") CHECK((other.theta() == before && other.iteration() == 3 && history.rows() == 1));
    return why;
  };
  const auto mentions = scratch::mentions;
  CHECK(refusal(p, start(), stochastic(), tacit::loss) == "nothing was thrown");
  CHECK(refusal(p, start(), gradient_descent({.rate = 0.1}), tacit::loss) ==
        ": optimizer is 'on_batches({.size = 4, .seed = 3}, FullGradient) | AdamScale{.beta1 = 0.9, .beta2 = 0.999, .eps = 1e-08} | "
        "LearningRate{0.01}' in the checkpoint, but 'FullGradient | LearningRate{0.1}' in this run");
  CHECK(mentions(refusal(example::problem<float>(), start<float>(), stochastic(), tacit::loss),
                 ": scalar is 'float64' in the checkpoint, but 'float32'"));
  const Problem wider(DeepMatrix<double>({5, 4, 4}), data(), MeanSquares{}, WeightDecayPenalty{0.01});
  CHECK(mentions(refusal(wider, Vector<double>(normal(36, 1)), stochastic(), tacit::loss), ": layout is 'W1 3 x 5, W2 4 x 3"));
  auto other_data = data();
  other_data.y[3] += 1e-12;
  const Problem moved(model(), other_data, MeanSquares{}, WeightDecayPenalty{0.01});
  CHECK(mentions(refusal(moved, start(), stochastic(), tacit::loss), ": data_fingerprint is '"));
  auto dense_data = data();
  dense_data.where = dense_data.where.through(Path::dense);
  const Problem dense(model(), dense_data, MeanSquares{}, WeightDecayPenalty{0.01});
  CHECK(mentions(refusal(dense, start(), stochastic(), tacit::loss), ": data_fingerprint is '"));
  CHECK(refusal(p, start(), stochastic(), objective) ==
        ": Trajectory: the columns are 'loss' in the checkpoint, but 'objective' in this run");
}

TEST_CASE("a file that is missing, of something else, cut short or damaged is refused") {
  const scratch::Folder folder;
  const std::string path = folder / "run";
  const auto p = problem();
  Run run(p, start(), stochastic());
  const auto load = [&] { return file_error_of(path, [&] { run.load(path); }); };
  CHECK(load() == ": the checkpoint cannot be opened");
  scratch::put(path, "iteration,loss\n0,1\n");
  CHECK(load() == ": this is not a checkpoint of a run");
  scratch::put(path, "");
  CHECK(load() == ": this is not a checkpoint of a run");
  run.advance(5);
  run.save(path);
  const std::string whole = scratch::get(path);
  for (const std::size_t size : {std::size_t(13), whole.size() / 2, whole.size() - 1}) {
    scratch::put(path, whole.substr(0, size));
    CHECK(load() == ": the checkpoint is cut short or damaged: its checksum does not match");
  }
  std::string damaged = whole;
  damaged[damaged.size() / 2] ^= 1;
  scratch::put(path, damaged);
  CHECK(load() == ": the checkpoint is cut short or damaged: its checksum does not match");
  scratch::put(path, whole);
  CHECK(load() == "nothing was thrown");
  CHECK(run.iteration() == 5);
}

TEST_CASE("a file of another version is refused, naming the field") {
  const scratch::Folder folder;
  const std::string path = folder / "run";
  const auto p = problem();
  Run run(p, start(), stochastic());
  run.save(path);
  std::string bytes = scratch::get(path);
  const std::size_t magic = tacit::detail::checkpoint_magic.size(), at = bytes.find(tacit::version, magic);
  REQUIRE(at != std::string::npos);
  bytes[at] = '9';
  const std::uint64_t sum = tacit::detail::checksum(std::string_view(bytes).substr(magic, bytes.size() - magic - sizeof sum));
  std::memcpy(bytes.data() + bytes.size() - sizeof sum, &sum, sizeof sum);
  scratch::put(path, bytes);
  CHECK(scratch::mentions(file_error_of(path, [&] { run.load(path); }), ": tacit_version is '9."));
}

TEST_CASE("where a checkpoint cannot be written, the old one stays") {
  const scratch::Folder folder;
  const auto p = problem();
  Run run(p, start(), stochastic());
  const std::string nowhere = folder / "missing/run";
  CHECK(scratch::mentions(error_of([&] { run.save(nowhere); }), "missing does not exist"));
}

TEST_CASE("runs are told apart by values: reductions, formulas, schedules and settings that no sentence shows") {
  const scratch::Folder folder;
  const std::string path = folder / "run";
  const auto saved_and_loaded = [&](const auto& p, const auto& optimizer, const auto& q, const auto& other) {
    Run first(p, start(), optimizer);
    first.advance(3);
    first.save(path);
    Run second(q, start(), other);
    second.advance(1);
    const auto before = second.theta();
    const std::string why = file_error_of(path, [&] { second.load(path); });
    if (why != "nothing was thrown") CHECK(second.theta() == before);
    return why;
  };
  const auto under = [](auto loss) { return Problem(model(), data(), std::move(loss)); };
  const auto descent = gradient_descent({.rate = 0.01});
  const auto losses = [&](auto a, auto b) { return saved_and_loaded(under(std::move(a)), descent, under(std::move(b)), descent); };
  CHECK(losses(huber(), huber()) == "nothing was thrown");
  CHECK(scratch::mentions(losses(huber(), huber({.reduction = Reduction::sum})), ": data_fingerprint is '"));
  CHECK(scratch::mentions(
      losses(pointwise([](auto z, auto y) { return log(cosh(z - y)); }), pointwise([](auto z, auto y) { return log(cosh(z + y)); })),
      ": data_fingerprint is '"));
  CHECK(scratch::mentions(losses(huber({.delta = 1.0}), huber({.delta = 1.0000001})), ": data_fingerprint is '"));
  const auto p = problem();
  const auto scheduled = [](auto schedule) { return FullGradient{} | LearningRate{schedule}; };
  const auto rates = [&](auto a, auto b) { return saved_and_loaded(p, scheduled(a), p, scheduled(b)); };
  CHECK(rates([](Index t) { return 0.1 / static_cast<double>(t + 1); }, [](Index t) { return 0.1 / static_cast<double>(t + 1); }) ==
        "nothing was thrown");
  CHECK(scratch::mentions(
      rates([](Index t) { return 0.1 / static_cast<double>(t + 1); }, [](Index t) { return 0.1 / static_cast<double>(t + 2); }),
      ": the optimizer's LearningRate.rates is '{0.1, 0.05, "));
  CHECK(rates(ConstantRate{0.1}, ConstantRate{0.1 + 1e-14}) ==
        ": the optimizer's LearningRate.rate is '0.1' in the checkpoint, but '0.10000000000001001' in this run");
  CHECK(scratch::mentions(saved_and_loaded(p, SharpnessRate{}, p, SharpnessRate{.largest = 1e6}), "SharpnessRate{.c = 1, .momentum = 0.9"));
}

TEST_CASE("two formulas of a model are two identities") {
  const auto factors = blocks({{"A", {2, 3}}, {"B", {4, 2}}});
  const Recorded<double> plain(factors, [](auto A, auto B) { return B * A; }), bent(factors, [](auto A, auto B) { return B * tanh(A); });
  const auto seen = fully_observed(Matrix<double>::Ones(4, 3));
  CHECK(Problem(plain, seen, MeanSquares{}).fingerprint() == Problem(plain, seen, MeanSquares{}).fingerprint());
  CHECK(Problem(plain, seen, MeanSquares{}).fingerprint() != Problem(bent, seen, MeanSquares{}).fingerprint());
}
