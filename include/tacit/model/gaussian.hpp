// SPDX-License-Identifier: MIT
#pragma once
// A Gaussian over the parameters w of any model,  w ~ N(mu, S S^T).                                                   [Wenger et al. 2025]
// theta = (mu, S): the blocks of the model, which now hold means, then those of the scales, which are not restricted to triangles:
//   Covariance::joint      one block "S", P x R, over all parameters                      P R numbers
//   Covariance::by_block   "S_W1", P_1 x R, ... for each block, independent of the others        R sum_l P_l
//   Covariance::diagonal   "S_W1", P_1, ...: standard deviations up to their sign, the mean field       sum_l P_l
// R is .rank, or the number of rows where that is 0; with .blocks the other blocks of the model have no variance. A draw is w = mu + S eps, eps ~ N(0, I_R).
//
//   const Gaussian model(DeepMatrix<double>({12, 1}));                                   #include <tacit/expected_term.hpp>
//   Problem problem(model, regression_data(X, y), HalfSumOfSquares{});                   the expected loss, exact: linear in w, squared
//   Vector<double> theta = model.at_prior(mean, {.std = {0.3}});                         q = prior; BlockRates{{"S", 1.0 / 12}} gives S a rate of its own
//
// The verbs are those of the model at mu, so that W, spectra and errors of a run are of the mean. The loss that a Problem trains is another function of
// theta, E l(A(W(w))), which no z = A(W(theta)) under the loss can give: it is a term (expected_term.hpp), and a Problem of a Gaussian takes that term by
// itself. With .samples = K it is the mean over K draws of eps, fixed by .seed, in pairs eps, -eps where .mirrored; with 0 it is exact, and refused where
// it cannot be. Fresh draws in every step: optimizer/reparametrised_gradient.hpp.

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "../core/layout.hpp"
#include "../core/random.hpp"

namespace tacit {

enum class Covariance { joint, by_block, diagonal };

struct GaussianSettings {
  Covariance covariance = Covariance::joint;
  Index rank = 0;                        ///< columns of every S; 0: as many as it has rows
  std::vector<std::string> blocks = {};  ///< the random blocks of the model, where the covariance is not joint; empty: all
  Index samples = 0;                     ///< of the expected loss; 0: exact
  bool mirrored = false;                 ///< samples in pairs eps, -eps: exact for every part of the loss that is odd in eps
  std::uint64_t seed = 1;
};
struct PriorScales {
  std::vector<double> std;  ///< sigma of every random block of the model, or of all
  bool isotropic = false;   ///< S = sigma I; else entries N(0, sigma^2 / R), which give S S^T the mean sigma^2 I [the authors' code]
  std::uint64_t seed = 1;
};

template <class Model>
class Gaussian {
 public:
  using model_type = Model;
  using scalar_type = typename Model::scalar_type;
  using S = scalar_type;
  static constexpr bool is_distribution = true;  ///< a Problem takes the expected loss

  /// A block of scales: rows [row, row + rows) of w, columns [column, column + rank) of all noise; diagonal: rank = rows, one number a row.
  struct Scales {
    std::string name;
    Index row, rows, offset, rank, column;
    bool diagonal;
  };

  /// Throws where a block is unknown, named twice or named for a joint covariance, and where the rank or the number of samples makes no sense.
  explicit Gaussian(Model model, GaussianSettings settings = {}) : model_(std::move(model)), settings_(std::move(settings)) {
    for (const Block& block : model_.layout()) layout_.add(block.name, block.shape, block.order);
    const bool joint = settings_.covariance == Covariance::joint, diagonal = settings_.covariance == Covariance::diagonal;
    require(settings_.rank >= 0, "Gaussian: the rank is ", settings_.rank, ", it needs to be at least 1, or 0 for full");
    require(!diagonal || settings_.rank == 0, "Gaussian: a diagonal covariance has no rank, got ", settings_.rank);
    require(settings_.samples >= 0, "Gaussian: ", settings_.samples,
            " samples, there need to be at least 1, or 0 for the exact expectation");
    require(!settings_.mirrored || (settings_.samples > 0 && settings_.samples % 2 == 0), "Gaussian: mirrored samples come in pairs, got ",
            settings_.samples);
    require(!joint || settings_.blocks.empty(), "Gaussian: a joint covariance is of all blocks; use Covariance::by_block to name some");
    if (joint) add_scales("S", 0, mean_count());
    for (const std::string& name : settings_.blocks) {
      const auto named = [&](const auto& one) { return one.name == name; };
      require(std::any_of(model_.layout().begin(), model_.layout().end(), named), "Gaussian: there is no block '", name,
              "'; the model has ", model_.layout());
      require(std::count(settings_.blocks.begin(), settings_.blocks.end(), name) == 1, "Gaussian: the block '", name, "' is named twice");
    }
    for (const Block& block : model_.layout())
      if (!joint && (settings_.blocks.empty() || std::count(settings_.blocks.begin(), settings_.blocks.end(), block.name)))
        add_scales("S_" + block.name, block.offset, block.count);
    draw_samples();
  }

  const Model& model() const { return model_; }
  const GaussianSettings& settings() const { return settings_; }
  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  /// P, the number of parameters of the model, and of means.
  Index mean_count() const { return model_.layout().parameter_count(); }
  /// The length of eps: all columns of all scales.
  Index noise_count() const { return noise_count_; }
  const std::vector<Scales>& scales() const { return scales_; }
  Index rows() const { return model_.shape().rows(); }
  Index cols() const { return model_.shape().cols(); }
  Shape shape() const { return model_.shape(); }
  /// Of the model: theta -> W(mu + S eps) is a polynomial of the same degree.
  Index degree() const { return static_cast<Index>(model_.degree()); }
  bool polynomial() const {
    if constexpr (requires { model_.polynomial(); }) return model_.polynomial();
    else if constexpr (requires { model_.degree(); })
      return static_cast<double>(model_.degree()) == std::floor(static_cast<double>(model_.degree()));
    else return false;
  }
  /// Whether W is known to be linear in w.
  bool linear() const {
    if constexpr (requires { model_.degree(); }) return polynomial() && model_.degree() == 1;
    else return false;
  }

  /// theta of mean mu and, as scales, those of a prior; what is trained from there starts at the prior. Throws where mu has another length than the model's
  /// theta, where the sigmas are not positive or neither one nor one for each random block, and where an isotropic S would not be square.
  Vector<S> at_prior(const Vector<S>& mean, const PriorScales& options) const {
    model_.layout().require_size(mean.size(), "Gaussian::at_prior (the mean)");
    std::vector<const Block*> random;
    for (const Block& block : model_.layout())
      if (is_random(block)) random.push_back(&block);
    require(options.std.size() == 1 || options.std.size() == random.size(), "Gaussian::at_prior: ", options.std.size(),
            " standard deviations are given, there needs to be one, or one for each of the ", random.size(), " random blocks");
    for (const double sigma : options.std)
      require(std::isfinite(sigma) && sigma > 0, "Gaussian::at_prior: a standard deviation is ", sigma, ", it needs to be positive");
    Vector<S> theta = Vector<S>::Zero(parameter_count());
    theta.head(mean_count()) = mean;
    Random stream(options.seed, "prior_scales");
    for (const Scales& part : scales_) {
      require(!options.isotropic || part.rank == part.rows, "Gaussian::at_prior: an isotropic start needs a square S, ", part.name, " is ",
              part.rows, " x ", part.rank);
      for (Index r = 0; r < part.rank; ++r)
        for (Index i = 0; i < part.rows; ++i) {
          std::size_t b = 0;
          while (part.row + i >= random[b]->offset + random[b]->count) ++b;
          const double sigma = options.std[options.std.size() == 1 ? 0 : b];
          if (part.diagonal || options.isotropic) {
            if (i == r) theta[at(part, i, r)] = static_cast<S>(sigma);
          } else {
            theta[at(part, i, r)] = static_cast<S>(sigma / std::sqrt(static_cast<double>(part.rank)) * stream.normal());
          }
        }
    }
    return theta;
  }

  /// mu.
  Vector<S> mean(const Vector<S>& theta) const {
    layout_.require_size(theta.size(), "Gaussian::mean");
    return theta.head(mean_count());
  }
  /// S of all parameters, P x noise_count(): the blocks of scales at their rows and columns, zeros elsewhere.
  Matrix<S> scale(const Vector<S>& theta) const {
    layout_.require_size(theta.size(), "Gaussian::scale");
    Matrix<S> whole = Matrix<S>::Zero(mean_count(), noise_count_);
    for (Index c = 0; c < noise_count_; ++c) {
      Eigen::Ref<Vector<S>> column = whole.col(c);
      add_column(theta, c, column);
    }
    return whole;
  }
  /// w = mu + S eps.
  Vector<S> parameters(const Vector<S>& theta, const Vector<S>& eps) const {
    require(eps.size() == noise_count_, "Gaussian::parameters: the noise has ", eps.size(), " numbers, it needs ", noise_count_);
    Vector<S> w = mean(theta);
    add_noise(theta, eps.data(), w);
    return w;
  }
  /// The fixed draws of eps, noise_count() x samples.
  const Matrix<S>& samples() const { return *samples_; }

  // What the expected loss asks. All are linear in theta.
  /// w += S eps.
  void add_noise(In<S> theta, const S* eps, Out<S> w) const {
    for (const Scales& part : scales_)
      for (Index r = 0; r < part.rank; ++r) {
        if (part.diagonal) w[part.row + r] += theta[part.offset + r] * eps[part.column + r];
        else w.segment(part.row, part.rows) += eps[part.column + r] * theta.segment(at(part, 0, r), part.rows);
      }
  }
  /// Its adjoint: the scales of g (+)= factor gw eps^T.
  void pull_noise(In<S> gw, const S* eps, S factor, Write write, Out<S> g) const {
    for (const Scales& part : scales_)
      for (Index r = 0; r < part.rank; ++r) {
        const S c = factor * eps[part.column + r];
        if (part.diagonal) put(write, g.segment(part.offset + r, 1), c * gw.segment(part.row + r, 1));
        else put(write, g.segment(at(part, 0, r), part.rows), c * gw.segment(part.row, part.rows));
      }
  }
  /// w += column c of S.
  void add_column(In<S> theta, Index c, Out<S> w) const {
    const auto& [part, r] = column_[static_cast<std::size_t>(c)];
    const Scales& scales = scales_[part];
    if (scales.diagonal) w[scales.row + r] += theta[scales.offset + r];
    else w.segment(scales.row, scales.rows) += theta.segment(at(scales, 0, r), scales.rows);
  }
  /// Its adjoint: column c of the scales of g (+)= gw, on the rows that it has.
  void pull_column(In<S> gw, Index c, Write write, Out<S> g) const {
    const auto& [part, r] = column_[static_cast<std::size_t>(c)];
    const Scales& scales = scales_[part];
    if (scales.diagonal) put(write, g.segment(scales.offset + r, 1), gw.segment(scales.row + r, 1));
    else put(write, g.segment(at(scales, 0, r), scales.rows), gw.segment(scales.row, scales.rows));
  }

  // The verbs at the mean.
  template <class O>
  auto workspace(const O& at) const {
    return model_.workspace(at);
  }
  template <class O, class Workspace>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    model_.evaluate(theta.head(mean_count()), at, ws, z);
  }
  template <class O, class Workspace>
  void pullback(In<S> theta, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    if (write == Write::set) g.tail(g.size() - mean_count()).setZero();
    model_.pullback(theta.head(mean_count()), at, ws, zbar, write, g.head(mean_count()));
  }
  template <class O, class Workspace>
  requires requires(const Model& m, const O& at, Workspace& ws, In<S> in, Out<S> out) { m.pushforward(in, at, ws, in, out); }
  void pushforward(In<S> theta, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    model_.pushforward(theta.head(mean_count()), at, ws, v.head(mean_count()), dz);
  }
  template <class O, class Workspace>
  requires requires(const Model& m, const O& at, Workspace& ws, In<S> in, Out<S> out) { m.pushforward(in, at, ws, in, out); }
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    if (write == Write::set) hv.tail(hv.size() - mean_count()).setZero();
    model_.pullback_tangent(theta.head(mean_count()), at, ws, zbar, dzbar, v.head(mean_count()), write, hv.head(mean_count()));
  }

  friend std::ostream& operator<<(std::ostream& out, const Gaussian& model) {
    const GaussianSettings& s = model.settings_;
    out << "Gaussian(" << model.model_ << ", {.covariance = "
        << (s.covariance == Covariance::joint      ? "joint"
            : s.covariance == Covariance::by_block ? "by_block"
                                                   : "diagonal");
    if (s.rank) out << ", .rank = " << s.rank;
    for (std::size_t b = 0; b < s.blocks.size(); ++b) out << (b ? ", " : ", .blocks = {") << s.blocks[b];
    if (!s.blocks.empty()) out << '}';
    if (s.samples) out << ", .samples = " << s.samples << (s.mirrored ? ", .mirrored = true" : "") << ", .seed = " << s.seed;
    return out << "})";
  }

 private:
  static Index at(const Scales& part, Index i, Index r) { return part.offset + (part.diagonal ? i : r * part.rows + i); }
  template <class To, class From>
  static void put(Write write, To to, const From& from) {
    if (write == Write::set) to = from;
    else to += from;
  }
  bool is_random(const Block& block) const {
    return std::any_of(scales_.begin(), scales_.end(),
                       [&](const Scales& part) { return part.row <= block.offset && block.offset < part.row + part.rows; });
  }
  void add_scales(std::string name, Index row, Index rows) {
    const bool diagonal = settings_.covariance == Covariance::diagonal;
    const Index rank = settings_.rank == 0 ? rows : settings_.rank, offset = layout_.parameter_count();
    if (diagonal) layout_.add(name, {rows});
    else layout_.add(name, {rows, rank});
    for (Index r = 0; r < rank; ++r) column_.emplace_back(scales_.size(), r);
    scales_.push_back({std::move(name), row, rows, offset, rank, noise_count_, diagonal});
    noise_count_ += rank;
  }
  void draw_samples() {
    Random stream(settings_.seed, "gaussian");
    auto draws = std::make_shared<Matrix<S>>(noise_count_, settings_.samples);
    for (Index k = 0; k < settings_.samples; ++k)
      for (Index c = 0; c < noise_count_; ++c)
        (*draws)(c, k) = settings_.mirrored && k % 2 == 1 ? -(*draws)(c, k - 1) : static_cast<S>(stream.normal());
    samples_ = std::move(draws);
  }

  Model model_;
  GaussianSettings settings_;
  Layout layout_;
  std::vector<Scales> scales_;
  std::vector<std::pair<std::size_t, Index>> column_;  ///< of all noise: which block of scales, and which column of it
  Index noise_count_ = 0;
  std::shared_ptr<const Matrix<S>> samples_;  ///< copies of a model share them
};

}  // namespace tacit
