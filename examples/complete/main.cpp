// SPDX-License-Identifier: MIT
// A matrix or tensor full of gaps, or a file of ratings, completed by one command:  complete FILE
// Called by the name tensor_completion, it takes everything for a tensor, and without a file a synthetic one.
#include <filesystem>
#include <iostream>

#include "memory.hpp"
#include "options.hpp"

using namespace tacit;

namespace {

template <class O>
Predictor<O> loaded(const std::string& folder) {
  auto saved = [&] {
    if constexpr (is_tensor<O>) return load_tensor_model(folder);
    else return load_model(folder);
  }();
  Predictor<O> by{std::move(saved.model), std::move(saved.theta), std::move(saved.info)};
  for (const auto& [name, cell] : by.info.provenance.all()) {
    if (name == "interval_width") by.width = cell.number();
    if (name == "index_base") by.base = static_cast<Index>(cell.number());
  }
  return by;
}

template <class O>
void run(Settings& s, std::optional<Input<O>> input) {
  ResultFolder out(s.out, s.program, result_names);
  Predictor<O> by = input ? fit(s, std::move(*input), out) : loaded<O>(s.load);
  if (!s.load.empty()) set_ranges(s, by.info, by.model.shape());
  if (is_tensor<O> && s.load.empty()) save_model(s.out + "/model", by.model, by.theta, by.info);
  if (!s.save.empty()) save_model(s.save, by.model, by.theta, by.info);
  if (!s.pairs.empty()) predict_file(s, by, out);
  if (!s.new_rows.empty()) {
    if constexpr (is_tensor<O>) predict_new_slices(s, by, out);
    else predict_new_rows(s, by, out);
  }
  for (const std::string& name : out.remove_old(by.info.provenance))
    std::cerr << s.out << '/' << name << " was of another run and is removed\n";
}

bool is_coordinates(const Settings& s) {
  const bool matrix = s.read.kind == FileKind::matrix || s.read.kind == FileKind::triplets;
  require(!(matrix || s.unfold) || s.for_tensors.empty(), s.for_tensors, ": for tensors; ", matrix ? "--kind" : "--mode", " says that ",
          s.data, " is to be a matrix");
  if (matrix || s.unfold) return false;
  std::string name = s.data;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return s.tensors || name.ends_with(".tns") || !s.indices.empty() || !s.shape.empty() || s.model != "auto" || s.rank > 0 ||
         (s.read.kind == FileKind::detect && tacit::detail::looks_like_tensor_toolbox(s.data));
}
/// The file, read once: as a tensor, or as a table, ratings, or an array of two modes.
void read_and_run(Settings& s) {
  TensorReadOptions options;
  if (!s.indices.empty()) options.base = s.indices == "zero" ? IndexBase::zero : IndexBase::one;
  if (!s.shape.empty()) options.shape = Shape(s.shape);
  const bool detect = s.read.kind == FileKind::detect, npz = tacit::detail::looks_like_npz(s.data);
  if (s.tensors && s.data.empty()) return run(s, std::optional(tensor_input(s, synthetic(s))));
  const auto no_table = [&](const char* what) {
    require(s.for_tables.empty(), s.for_tables, ": for tables and ratings; ", s.data, " is ", what);
  };
  if (is_coordinates(s)) {
    no_table("read as a tensor");
    return run(s, std::optional(tensor_input(s, read_tensor(s.data, options))));
  }
  if (s.read.kind == FileKind::npy || (detect && (npz || tacit::detail::looks_like_npy(s.data)))) {
    no_table("an array, in which NaN stands for what is missing");
    const NpyArray array = npz ? read_npz(s.data) : read_npy(s.data);
    if (array.shape.order() > 2 && !s.unfold) return run(s, std::optional(tensor_input(s, observed_tensor(array))));
    return run(s, std::optional(matrix_input(s, {{array.unfolded(s.read.mode), s.data}, FileKind::npy})));
  }
  require(!s.unfold, "--mode is for arrays of higher order (NPY, NPZ); ", s.data, " is none");
  run(s, std::optional(matrix_input(s, read_input(s.data, s.read))));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Completes a matrix or tensor with gaps, or ratings: several methods on held-out folds, the best factorization on everything, with "
      "intervals.");
  const std::string name = std::filesystem::path(argv[0]).stem().string();
  const std::string program = name == "tensor_completion" ? name : "complete";
  give_back_large_buffers();
  try {
    Settings s = parse(program, argc, argv, app);
    if (s.load.empty()) read_and_run(s);
    else if (is_tensor_model(s.load)) run<TensorEntries>(s, {});
    else run<Entries>(s, {});
    return 0;
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  } catch (const std::exception& e) {
    const std::string what = e.what();
    std::cerr << (what.rfind(program + ": ", 0) == 0 ? "" : program + ": ") << what << '\n';
    return 1;
  }
}
