// SPDX-License-Identifier: MIT
// A tensor with gaps, completed by one command:  tensor_completion --data FILE      (without a file: a synthetic demo)
#include <CLI/CLI.hpp>
#include <iostream>
#include <tacit/version.hpp>

#include "../seconds_of.hpp"
#include "settings.hpp"

namespace {

Settings parse(int argc, char** argv, CLI::App& app) {
  Settings s;
  bool zero = false, one = false;
  app.set_version_flag("--version", std::string(tacit::version));
  app.add_option("data,--data", s.data,
                 "NPY (NaN: missing), FROSTT .tns, or other coordinates with --zero-based or --one-based; text may be .gz");
  app.add_flag("--zero-based", zero, "the indices of coordinates begin at 0");
  app.add_flag("--one-based", one, "they begin at 1, as in .tns files");
  app.add_option("--shape", s.shape, "sizes of the modes, for coordinates; else the largest indices decide");
  app.add_option("--model", s.model,
                 "auto (cp, tucker, tt and hierarchical), cp, tucker, tt, hierarchical, deep-cp, deep-tucker or deep-tt")
      ->capture_default_str();
  app.add_option("--rank", s.rank, "of every mode or cut; 0: chosen on validation")->capture_default_str();
  app.add_option("--depth", s.depth, "of the deep models; 0: 2 or 3, chosen on validation")->capture_default_str();
  app.add_option("--output,--out", s.out, "folder for everything that is written")->capture_default_str();
  app.add_option("--budget", s.budget, "time for the folds, as in 60s or 2min")->capture_default_str();
  app.add_option("--folds", s.how.folds, "folds of the comparison")->capture_default_str();
  app.add_option("--repeats", s.how.repeats, "with new folds each")->capture_default_str();
  app.add_option("--seed", s.how.seed, "of folds and starts")->capture_default_str();
  app.add_option("--threads", s.how.threads, "0: all cores")->capture_default_str();
  app.add_flag("!--no-baselines", s.how.baselines, "leave the other methods out");
  app.add_flag("--quiet", s.quiet, "print the table only");
  app.parse(argc, argv);
  s.how.budget = seconds_of(s.budget);
  tacit::require(!(zero && one), "--zero-based and --one-based are both given");
  tacit::require(!s.out.empty(), "--output is empty, it needs to name a folder");
  tacit::require(s.shape.empty() || !s.data.empty(), "--shape is for coordinates, and no file is given");
  s.indices = zero ? "zero" : one ? "one" : "";
  tacit::require(s.rank >= 0, "--rank is ", s.rank, ", it needs to be at least 1, or 0 for a choice on validation");
  tacit::require(s.depth >= 0, "--depth is ", s.depth, ", it needs to be at least 1, or 0 for a choice on validation");
  if (s.rank > 0) s.how.ranks = {s.rank};
  if (s.depth > 0) s.how.depths = {s.depth};
  if (s.model != "auto") {
    const auto at = std::find(model_names.begin(), model_names.end(), s.model);
    std::string known = "auto";
    for (const std::string& name : model_names) known += ", " + name;
    tacit::require(at != model_names.end(), "--model is '", s.model, "', known are ", known);
    s.how.kinds = {static_cast<tacit::TensorKind>(at - model_names.begin())};
  }
  tacit::require(s.depth == 0 || s.model.rfind("deep-", 0) == 0, "--depth is for the deep models, --model is ", s.model);
  return s;
}

tacit::TensorFile read(const Settings& s) {
  if (s.data.empty()) return synthetic(s);
  tacit::TensorReadOptions options;
  if (!s.indices.empty()) options.base = s.indices == "zero" ? tacit::IndexBase::zero : tacit::IndexBase::one;
  if (!s.shape.empty()) options.shape = tacit::Shape(s.shape);
  return tacit::read_tensor(s.data, options);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Completes a tensor with gaps: several methods on held-out folds, the best tensor factorization on everything.");
  try {
    const Settings s = parse(argc, argv, app);
    run(s, read(s));
    return 0;
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  } catch (const std::exception& e) {
    std::cerr << "tensor_completion: " << e.what() << '\n';
    return 1;
  }
}
