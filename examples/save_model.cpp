// SPDX-License-Identifier: MIT
// Train, save, load, and go on in Python:  ./save_model [folder]
//   W1, W2, W3 = (numpy.load(f"saved_model/W{l}.npy") for l in (1, 2, 3))
//   info = json.load(open("saved_model/model.json"))
//   predictions = info["offset"] + info["scale"] * (W3 @ W2 @ W1)
#include <iostream>
#include <tacit/model/fold_in.hpp>
#include <tacit/output/model_files.hpp>
#include <tacit/tacit.hpp>

using namespace tacit;

int main(int argc, char** argv) try {
  const std::string folder = argc > 1 ? argv[1] : "saved_model";
  auto [truth, seen] = low_rank_completion({.rows = 30, .cols = 20, .rank = 2, .observed = 400, .seed = 1});
  const Centre centre{.mean = seen.y.mean(), .scale = 2};
  seen.y = (seen.y.array() - centre.mean) / centre.scale;

  DeepMatrix<double> model({20, 20, 25, 30});
  Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = 1});
  std::cout << train(problem, theta, group_rmsprop({.rate = 1e-3}), {.iterations = 30000}, stop_when(loss_below(1e-6)));

  ModelInfo info{.centre = centre};
  for (int i = 1; i <= 30; ++i) info.row_labels.push_back(sentence("row ", i));
  info.provenance.seed = 1;
  info.provenance.set("rate", 1e-3);
  save_model(folder, model, theta, info);

  const SavedModel<double> saved = load_model(folder);
  write_npy(folder + "/predictions.npy", saved.predict());
  std::cout << "error of all entries " << (saved.predict() - truth).norm() / truth.norm() << ", saved to " << folder << '\n';

  const FoldIn fold(saved.model, saved.theta, saved.info.centre);  // a row that was not there in training: twice the first
  const std::vector<Index> cols{0, 3, 5, 8, 13, 19};
  Vector<double> y(6);
  for (Index k = 0; k < 6; ++k) y[k] = 2 * truth(0, cols[static_cast<std::size_t>(k)]);
  std::cout << "error of a new row from 6 entries " << (fold.row(cols, y) - 2 * truth.row(0).transpose()).norm() / (2 * truth.row(0).norm())
            << '\n';
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
