// SPDX-License-Identifier: MIT
// The main job: completes a matrix by deep matrix factorizations of several depths and compares them with the minimum nuclear norm (a
// synthetic low-rank task, where the truth is known) or with means (a file, judged on held-out entries).
//   matrix_completion                       100 x 100, rank 5, 2000 observed entries, depths 1 to 4
//   matrix_completion --data ratings.csv    any matrix with gaps, rating triplets, or an NPY tensor's unfolding
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <new>

#include "optimizer.hpp"
#include "synthetic.hpp"

namespace {

Settings parse(int argc, char** argv, CLI::App& app) {
  Settings s;
  app.add_option("--data", s.data, "a matrix with gaps (.csv, .npy) or rating triplets; without it, a synthetic task")->group("Matrix");
  app.add_option("--mode", s.mode, "of a tensor: the mode whose index numbers the rows (from 0)")->group("Matrix");
  app.add_option("--test", s.test, "fraction of the entries held out for the final error")->group("Matrix");
  app.add_option("--validation", s.validation, "fraction held out to choose depth and iteration")->group("Matrix");
  app.add_flag("!--no-center", s.center, "do not subtract the mean of the training entries")->group("Matrix");
  app.add_option("--rows", s.rows, "synthetic: rows")->group("Matrix");
  app.add_option("--cols", s.cols, "synthetic: columns")->group("Matrix");
  app.add_option("--rank", s.rank, "synthetic: rank of the truth")->group("Matrix");
  app.add_option("--observed", s.observed, "synthetic: observed entries")->group("Matrix");
  app.add_option("--noise", s.noise, "synthetic: standard deviation of noise on observed entries")->group("Matrix");
  app.add_option("--depths", s.depths, "depths to train")->delimiter(',')->group("Model");
  app.add_option("--width", s.width, "width of the hidden layers")->group("Model");
  app.add_option("--init", s.init, "start")
      ->check(CLI::IsMember({"gaussian", "uniform", "identity", "orthogonal", "balanced"}))
      ->group("Model");
  app.add_option("--scale", s.scale, "scale of the product at the start")->group("Model");
  app.add_option("--optimizer", s.optimizer,
                 "sharpness, gd, momentum, adam, group_rmsprop, gradient_regularized or sgd, at --rate; or any other of the library's, "
                 "with settings of "
                 "its own: \"muon({.rate = 0.01})\"")
      ->check(CLI::Validator([](std::string& text) { return why_no_optimizer(text); }, "NAME"))
      ->group("Training");
  app.add_option("--rate", s.rate, "learning rate (c in c / sharpness for the default optimizer)")->group("Training");
  app.add_option("--batch", s.batch, "observations in a minibatch of sgd")->group("Training");
  app.add_option("--gradient-lambda", s.gradient_lambda, "lambda of gradient_regularized")->group("Training");
  app.add_option("--penalty", s.penalty, "penalty")->check(CLI::IsMember({"none", "weight_decay", "ratio"}))->group("Training");
  app.add_option("--lambda", s.lambda, "strength of the penalty")->group("Training");
  app.add_option("--tolerance", s.tolerance, "stop at this training loss")->group("Training");
  app.add_option("--plateau", s.plateau,
                 "stop when the loss changes by less than this, relative, in 100 steps (default 1e-9; 1e-7 with --data)")
      ->group("Training");
  app.add_option("--patience", s.patience,
                 "stop after this many validation checks (every 5 steps) without improvement; 0: never (default 200)")
      ->group("Training");
  app.add_option("--iterations", s.iterations, "at most this many steps")->group("Training");
  app.add_option("--seed", s.seed, "of task, split and start")
      ->check([](const std::string& text) { return std::string(text.front() == '-' ? "is " + text + ", it needs to be at least 0" : ""); })
      ->group("Program");
  app.add_option("--threads", s.threads, "runs side by side; 0: as many as cores")->group("Program");
  app.add_option("--out,--output", s.out, "folder for everything that is written")->group("Program");
  app.add_flag("--resume", s.resume, "go on from the checkpoints in the folder")->group("Program");
  app.add_flag("!--no-baseline", s.baseline, "do not compute the minimum nuclear norm")->group("Program");
  app.add_flag("--quiet", s.quiet, "print the final table only")->group("Program");
  app.parse(argc, argv);

  const auto wants = [](bool condition, const std::string& sentence) { tacit::require(condition, "matrix_completion: ", sentence); };
  if (s.depths.empty()) s.depths = s.data.empty() ? std::vector<Eigen::Index>{1, 2, 3, 4} : std::vector<Eigen::Index>{1, 2, 3};
  for (Eigen::Index d : s.depths) {
    wants(d >= 1, tacit::sentence("--depths has ", d, ", a depth is at least 1"));
    wants(std::count(s.depths.begin(), s.depths.end(), d) == 1, tacit::sentence("--depths has ", d, " more than once"));
  }
  wants(app.count("--data") == 0 || !s.data.empty(), "--data names no file");
  for (const char* option : {"--rows", "--cols", "--rank", "--observed", "--noise"})
    wants(s.data.empty() || app.count(option) == 0, tacit::sentence(option, " describes the synthetic task, which --data replaces"));
  for (const char* option : {"--mode", "--test", "--validation", "--no-center"})
    wants(!s.data.empty() || app.count(option) == 0, tacit::sentence(option, " is given without --data"));
  wants(s.rows >= 1 && s.cols >= 1,
        tacit::sentence("a matrix of --rows ", s.rows, " and --cols ", s.cols, " is asked for, each needs to be at least 1"));
  wants(app.count("--batch") == 0 || s.batch >= 1, tacit::sentence("--batch is ", s.batch, ", it needs to be at least 1"));
  wants(app.count("--plateau") == 0 || s.plateau > 0, tacit::sentence("--plateau is ", s.plateau, ", it needs to be positive"));
  wants(s.patience >= 0, tacit::sentence("--patience is ", s.patience, ", it needs to be at least 0"));
  wants(s.tolerance >= 0, tacit::sentence("--tolerance is ", s.tolerance, ", it needs to be at least 0"));
  wants(app.count("--rate") == 0 || s.rate > 0, tacit::sentence("--rate is ", s.rate, ", it needs to be positive"));
  wants(app.count("--width") == 0 || s.width > 0, tacit::sentence("--width is ", s.width, ", it needs to be at least 1"));
  wants(s.scale > 0, tacit::sentence("--scale is ", s.scale, ", it needs to be positive"));
  wants(s.lambda >= 0, tacit::sentence("--lambda is ", s.lambda, ", it needs to be at least 0"));
  wants(s.iterations > 0, tacit::sentence("--iterations is ", s.iterations, ", it needs to be at least 1"));
  wants(s.threads >= 0, tacit::sentence("--threads is ", s.threads, ", it needs to be at least 0"));
  wants(s.penalty != "none" || s.lambda == 0, "--lambda is given without a --penalty");
  wants(s.penalty == "none" || s.lambda > 0, tacit::sentence("--penalty ", s.penalty, " needs a positive --lambda"));
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Completes a matrix by deep matrix factorizations of several depths.");
  app.set_version_flag("--version", std::string(tacit::version));
  try {
    const Settings settings = parse(argc, argv, app);
    std::error_code error;
    std::filesystem::create_directories(settings.out, error);
    if (error) throw std::runtime_error(settings.out + ": the output folder cannot be made: " + error.message());
    catch_interrupts();
    const bool finished = settings.data.empty() ? synthetic_job(settings) : data_job(settings);
    if (!std::cout.flush()) throw std::runtime_error("the table cannot be written to the standard output");
    if (finished) return 0;
    std::cerr << "interrupted; the state is saved in " << settings.out << ", --resume goes on\n";
    return 130;
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  } catch (const std::bad_alloc&) {
    std::cerr << "matrix_completion: there is not enough memory for matrices of this size and --width\n";
    return 1;
  } catch (const std::exception& e) {
    std::cerr << "matrix_completion: " << std::string(e.what()).substr(std::string(e.what()).rfind("matrix_completion: ", 0) == 0 ? 19 : 0)
              << '\n';
    return 1;
  }
}
