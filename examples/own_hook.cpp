// SPDX-License-Identifier: MIT
// A hook of one's own: anything that can be called with a Snapshot. It watches and may ask to stop; it cannot change the run.
#include <tacit/hook/spectrum.hpp>
#include <tacit/tacit.hpp>

#include <iostream>

using namespace tacit;

/// Stops once the number of singular values above a threshold has not changed for `patience` calls, but not at 0.
class RankSettles {
 public:
  RankSettles(double threshold, Index patience) : threshold_(threshold), patience_(patience) {}

  Flow operator()(const auto& now) {
    const auto& values = sigma(now);
    const Index rank = (values.array() > threshold_).count();
    unchanged_ = rank == rank_ ? unchanged_ + 1 : 0;
    rank_ = rank;
    return rank > 0 && unchanged_ >= patience_ ? Flow::stop : Flow::proceed;
  }
  /// Why the run ended; the Outcome quotes it.
  std::string sentence() const { return "the rank has settled at " + std::to_string(rank_); }
  /// What a checkpoint has to keep, so that a resumed run does as one that was never interrupted.
  template <class Archive>
  void persist(Archive& archive) {
    archive("rank", rank_);
    archive("unchanged", unchanged_);
  }

 private:
  double threshold_;
  Index patience_, rank_ = 0, unchanged_ = 0;
};

int main() {
  const auto [truth, seen] = low_rank_completion({.rows = 40, .cols = 40, .rank = 3, .observed = 800, .seed = 1});
  const DeepMatrix<double> model({40, 40, 40, 40});
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = 1});

  RankSettles settles(1, 60);
  const auto report = [](const auto& now) {  // a lambda that returns nothing only watches
    std::cout << "iteration " << now.iteration() << (now.closing() ? ", the last" : "") << ": loss " << now.loss()
              << ", largest singular values " << sigma(now).head(4).transpose() << '\n';
  };
  std::cout << train(problem, theta, group_rmsprop({.rate = 2e-3}), {.iterations = 20'000}, every(50, settles), every(2000, report));
}

// Output:
//   iteration 0: loss 0.992234, largest singular values 0.00302114 0.00240102 0.00209324 0.00199917
//   iteration 2000: loss 0.545366, largest singular values    18.5546   0.147959  0.0123806 0.00507835
//   iteration 4000: loss 0.262951, largest singular values    27.5266    11.9566  0.0369909 0.00598201
//   iteration 6000: loss 0.0854752, largest singular values    28.1586    20.8687    6.72566 0.00828561
//   iteration 8000: loss 6.34455e-08, largest singular values    28.1375    21.9493    18.0488 0.00901557
//   iteration 8350, the last: loss 1.32113e-07, largest singular values    28.1462    21.9489    18.0488 0.00895012
//   stopped at iteration 8350: the rank has settled at 3; loss 1.32113e-07, 2.12148 s
