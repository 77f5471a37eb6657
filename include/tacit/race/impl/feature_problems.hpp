// SPDX-License-Identifier: MIT
#pragma once
// The two problems of a race with features (race/impl/problems.hpp): classification and power_regression.

#include "../../core/product.hpp"
#include "../../loss/cross_entropy.hpp"
#include "../../loss/power.hpp"
#include "../../model/deep_matrix.hpp"
#include "../../observation/features.hpp"
#include "../../problem.hpp"
#include "known_truth.hpp"

namespace tacit::detail {

/// What the two problems with features share.
struct FeatureTask {
  Index samples = 100, features = 10, depth = 2, width = 10;
  double product_scale = 0.1;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("samples", samples);
    archive("features", features);
    archive("depth", depth);
    archive("width", width);
    archive("product_scale", product_scale);
    archive("seed", seed);
  }
  DeepMatrix<double> model(Index outputs) const {
    require(samples >= 1 && features >= 1 && depth >= 1 && width >= 1, "problem: .samples is ", samples, ", .features ", features,
            ", .depth ", depth, " and .width ", width, ", each needs to be at least 1");
    std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, width);
    widths.front() = features;
    widths.back() = outputs;
    return DeepMatrix<double>(widths);
  }
  static Matrix<double> normal(Index rows, Index cols, Random& random) {
    Matrix<double> X(rows, cols);
    for (double& x : X.reshaped()) x = random.normal();
    return X;
  }
};

struct RaceClassification : FeatureTask {
  Index classes = 4, rank = 2;
  double flipped = 0;  ///< share of the training labels that are drawn anew: then the least objective is not 0

  template <class Archive>
  void persist(Archive& archive) {
    FeatureTask::persist(archive);
    archive("classes", classes);
    archive("rank", rank);
    archive("flipped", flipped);
  }
  RaceInstance instance() const {
    require(classes >= 2 && rank >= 1, "problem: .classes is ", classes, " and .rank ", rank, ", they need to be at least 2 and 1");
    require(flipped >= 0 && flipped < 1, "problem: .flipped is ", flipped, ", it needs to lie in [0, 1)");
    Random random(seed, "classification"), flips(seed, "flips");
    const Matrix<double> left = normal(classes, rank, random), right = normal(rank, features, random), teacher = product(left, right);
    const Matrix<double> X = normal(samples, features, random), test = normal(1000, features, random);
    const auto labels_of = [&](const Matrix<double>& rows) {
      const Matrix<double> Z = product(teacher, rows.transpose());
      std::vector<Index> labels(static_cast<std::size_t>(rows.rows()));
      for (Index s = 0; s < rows.rows(); ++s) Z.col(s).maxCoeff(&labels[static_cast<std::size_t>(s)]);
      return labels;
    };
    std::vector<Index> labels = labels_of(X);
    for (Index& label : labels)
      if (flips.uniform() < flipped) label = static_cast<Index>(flips.below(static_cast<std::uint64_t>(classes)));
    const DeepMatrix<double> deep = model(classes);
    RaceInstance one{AnyProblem<double>(Problem(deep, classification_data(X, labels, classes), cross_entropy())),
                     deep.near_zero({.product_scale = product_scale, .seed = seed})};
    one.validation_error = [problem = one.problem, test, truth = labels_of(test), outputs = classes](In<double> theta) {
      const Vector<double> flat = race_product(problem, theta);
      const Matrix<double> Z = product(flat.reshaped(outputs, test.cols()), test.transpose());
      Index wrong = 0, most = 0;
      for (Index s = 0; s < Z.cols(); ++s) Z.col(s).maxCoeff(&most), wrong += most != truth[static_cast<std::size_t>(s)];
      return static_cast<double>(wrong) / static_cast<double>(Z.cols());
    };
    one.objective =
        sentence("mean over samples s of the cross-entropy of softmax(W x_s) with label_s, ", race_product_words, "; row s of X is x_s");
    one.arrays = [X, labels] {
      Vector<double> numbers(static_cast<Index>(labels.size()));
      for (Index s = 0; s < numbers.size(); ++s) numbers[s] = static_cast<double>(labels[static_cast<std::size_t>(s)]);
      return std::vector<RaceArray>{{"X", X}, {"labels", numbers}};
    };
    return one;
  }

 private:
  static Matrix<double> product(const Matrix<double>& A, const Matrix<double>& B) {
    Matrix<double> C(A.rows(), B.cols());
    multiply<double>({A.data(), A.rows(), A.cols()}, {B.data(), B.rows(), B.cols()}, Write::set, {C.data(), C.rows(), C.cols()});
    return C;
  }
};

struct RacePower : FeatureTask {
  double p = 4;

  template <class Archive>
  void persist(Archive& archive) {
    FeatureTask::persist(archive);
    archive("p", p);
  }
  RaceInstance instance() const {
    Random random(seed, "power_regression");
    const DeepMatrix<double> deep = model(1);
    const Matrix<double> X = normal(samples, features, random), teacher = normal(features, 1, random);
    Vector<double> y(samples);
    for (Index s = 0; s < samples; ++s) y[s] = X.row(s).dot(teacher.col(0));
    RaceInstance one{AnyProblem<double>(Problem(deep, regression_data(X, y), power({.p = p}))),
                     deep.near_zero({.product_scale = product_scale, .seed = seed})};
    one.validation_error = relative_error(one.problem, teacher.reshaped());
    one.objective = sentence("mean over samples s of |W x_s - y_s|^p / p, p = ", p, ", ", race_product_words, "; row s of X is x_s");
    one.arrays = [X, y, teacher] { return std::vector<RaceArray>{{"X", X}, {"y", y}, {"truth", teacher}}; };
    return one;
  }
};

}  // namespace tacit::detail
