// SPDX-License-Identifier: MIT
#pragma once
// A model from a formula in its blocks:
//
//   Recorded<double> model(blocks({{"W1", {20, 10}}, {"W2", {5, 20}}}), [](auto W1, auto W2) { return W2 * relu(W1); });
//
// The formula runs once, at construction, on handles without numbers; it records a tape of matrix operations (recorded/formula.hpp lists
// them), from which all four verbs are derived:  evaluate runs along the tape, pullback backwards [Griewank & Walther 2008, reverse mode],
// pushforward runs along it with tangents, and pullback_tangent is the tangent of the backward run. Where the result is a product T P, it is
// read as DeepMatrix reads W_N P_{N-1}: on observed entries the n1 x n2 result is never formed (observation/bilinear.hpp). Other results are
// formed, and sampled. Chains of products are multiplied in the order of fewest flops, blocks stored by rows where that suits the products;
// what does not depend on a block has no derivative computed. Cost of a gradient: 3 times that of the formula's products, as by hand.

#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "../observation/bilinear.hpp"
#include "initial.hpp"
#include "recorded/formula.hpp"
#include "recorded/plan.hpp"
#include "recorded/sweeps.hpp"

namespace tacit {

/// The blocks of theta that a formula is about, one for each of its parameters: names and shapes. A block of order one is a column, one of
/// order above two is read as its unfolding at mode 0.
template <std::size_t N>
using Blocks = std::array<Block, N>;
template <std::size_t N>
Blocks<N> blocks(const Block (&named)[N]) {
  return std::to_array(named);
}

namespace detail {
template <class T, std::size_t>
using Always = T;
}

template <Scalar S>
class Recorded : private InitialisesFactors<Recorded<S>, S> {
  using Starts = InitialisesFactors<Recorded<S>, S>;
  friend Starts;

 public:
  using scalar_type = S;

  /// Runs the formula with a Traced<S> for each block; it returns the one that is W. Throws where shapes do not fit, and where a block is
  /// not used.
  template <std::size_t N, class Formula>
  Recorded(const Blocks<N>& blocks, Formula&& formula) {
    detail::Tape<S> tape;
    for (const Block& block : blocks) tape.add_block(block);
    finish(tape, traced(tape, formula, std::make_index_sequence<N>()), {blocks.begin(), blocks.end()});
  }

  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  Index rows() const { return sweeps_->result().rows; }
  Index cols() const { return sweeps_->result().cols; }
  Shape shape() const { return {rows(), cols()}; }

  /// Block l at theta, as a map.
  auto block(const Vector<S>& theta, Index l) const { return layout_.matrix(theta, l); }
  auto block(Vector<S>& theta, Index l) const { return layout_.matrix(theta, l); }

  /// Whether W(c theta) = c^N W(theta) for all c > 0 and a whole number N, as the operations tell: degree() is this N.
  bool homogeneous() const { return degree_ == std::floor(degree_); }
  /// Whether the operations tell that W is a polynomial in the blocks, too: of entrywise functions, square and whole powers only.
  bool polynomial() const { return homogeneous() && polynomial_; }
  Index degree() const {
    require(homogeneous(), "Recorded: ", text_,
            " is not of a whole degree in its blocks: no .product_scale, but .entry_std or .factor_norm");
    return static_cast<Index>(degree_);
  }

  /// Every entry of every block drawn, as of other factorizations (initial.hpp). .product_scale, which is that of a product of N blocks, needs
  /// a degree N; .determinant needs a determinant that is that of the blocks, which no formula promises.
  Vector<S> near_zero(const NearZero& options) const {
    require(options.determinant == DeterminantSign::any,
            "Recorded: near_zero cannot choose the sign of a determinant, W is any formula of the blocks");
    return Starts::near_zero(options);
  }

  /// Buffers of one run on one observation. Between calls they remember the last theta's values: pullback uses those of evaluate,
  /// pullback_tangent those of pullback and pushforward.
  struct Workspace {
    detail::SweepBuffers<S> nodes;
    std::optional<detail::Bilinear<S>> ends;  ///< where W = T P
  };
  template <class O>
  Workspace workspace(const O& at) const {
    require(at.rows() == rows() && at.cols() == cols(), "Recorded: the observation is of a ", at.rows(), " x ", at.cols(),
            " matrix, the model is ", shape());
    Workspace ws{sweeps_->buffers(), {}};
    if (sweeps_->ends()) ws.ends.emplace(at, T().rows);
    return ws;
  }

  /// z = A(W(theta)).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    const auto value = [&](const detail::View& v) { return sweeps_->value(v, theta, ws.nodes); };
    sweeps_->run(theta, ws.nodes);
    if (ws.ends) ws.ends->read(at, value(T()), value(P()), Write::set, z);
    else detail::sample<S>(at, value(sweeps_->result()), Write::set, z);
  }

  /// g (+)= J^T zbar, J = dz/dtheta at the theta of the last evaluate.
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    spread(theta, at, ws, zbar, ws.nodes.adjoint, write, g);
    sweeps_->run_back(theta, ws.nodes, write, g);
  }

  /// dz = J v at the theta of the last evaluate.
  template <class O>
  void pushforward(In<S> theta, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    sweeps_->run_tangent(theta, v, ws.nodes);
    if (!ws.ends) return detail::sample<S>(at, sweeps_->tangent(sweeps_->result(), v, ws.nodes), Write::set, dz);
    const S *dT = sweeps_->tangent(T(), v, ws.nodes), *dP = sweeps_->tangent(P(), v, ws.nodes);
    if (dT) ws.ends->read(at, dT, sweeps_->value(P(), theta, ws.nodes), Write::set, dz);
    if (dP) ws.ends->read(at, sweeps_->value(T(), theta, ws.nodes), dP, dT ? Write::add : Write::set, dz);
  }

  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate, pullback of the same zbar and pushforward of the same v.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    const auto [to_T, to_P] = spread(theta, at, ws, dzbar, ws.nodes.adjoint_tangent, write, hv);
    if (to_T && to_P)
      ws.ends->pull(at, zbar, sweeps_->tangent(T(), v, ws.nodes), sweeps_->tangent(P(), v, ws.nodes), Write::add, to_T, Write::add, to_P);
    sweeps_->run_back_tangent(theta, v, ws.nodes, write, hv);
  }

  /// As in  Recorded<float64>(W1 20 x 10, W2 5 x 20 (row-major): W2 * relu(W1)).
  friend std::ostream& operator<<(std::ostream& out, const Recorded& model) {
    return out << "Recorded<" << scalar_name<S>() << ">(" << model.layout_ << ": " << model.text_ << ')';
  }

 private:
  // The two factors of the result, where it is read through them.
  const detail::View& T() const { return sweeps_->last().a; }
  const detail::View& P() const { return sweeps_->last().b; }

  /// Brings a cotangent of z to the result, or to its two factors, and says where in these it went; null: nowhere.
  template <class O>
  std::pair<S*, S*> spread(In<S> theta, const O& at, Workspace& ws, In<S> zbar, typename detail::Sweeps<S>::Stack& adjoints, Write write,
                           Out<S>& g) const {
    if (!ws.ends) {
      const auto to = sweeps_->target(sweeps_->result(), true, adjoints, write, g);
      detail::spread<S>(at, zbar, to.write, to.out);
      return {nullptr, nullptr};
    }
    const auto to_T = sweeps_->target(T(), sweeps_->last().first_a, adjoints, write, g),
               to_P = sweeps_->target(P(), sweeps_->last().first_b, adjoints, write, g);
    ws.ends->pull(at, zbar, sweeps_->value(T(), theta, ws.nodes), sweeps_->value(P(), theta, ws.nodes), to_T.write, to_T.out, to_P.write,
                  to_P.out);
    return {to_T.out, to_P.out};
  }

  template <class Formula, std::size_t... l>
  static detail::View traced(detail::Tape<S>& tape, Formula& formula, std::index_sequence<l...>) {
    static_assert(std::invocable<Formula&, detail::Always<Traced<S>, l>...>,
                  "Recorded: the formula needs to take as many parameters as there are blocks: (auto W1, auto W2) for two");
    static_assert(std::same_as<std::decay_t<decltype(formula(std::declval<detail::Always<Traced<S>, l>>()...))>, Traced<S>>,
                  "Recorded: the formula needs to return what it has made of its blocks");
    return formula(Traced<S>(tape, tape[static_cast<Index>(l)].view(l))...).view();
  }
  void finish(const detail::Tape<S>& tape, const detail::View& result, const std::vector<Block>& blocks) {
    text_ = detail::FormulaText<S>(tape).whole(result);
    degree_ = tape[result.node].degree;
    detail::Planner<S> plan(tape, result);
    std::vector<int> stored(blocks.size(), 0);  // 0 nowhere, 1 column-major, 2 row-major
    for (const auto& node : plan.nodes())
      if (node.operation == detail::Operation::entrywise)
        polynomial_ = polynomial_ && (node.f->name == "square" ||
                                      (node.f->name == "pow" && node.f->degree >= 1 && node.f->degree == std::floor(node.f->degree)));
    for (const auto& node : plan.nodes())
      if (node.operation == detail::Operation::block) stored[static_cast<std::size_t>(node.number)] = 1 + node.row_major;
    for (std::size_t l = 0; l < blocks.size(); ++l) {
      require(stored[l] != 0, "Recorded: the formula ", text_, " does not use the block ", blocks[l].name);
      layout_.add(blocks[l].name, blocks[l].shape, stored[l] == 2 ? StorageOrder::row_major : StorageOrder::column_major);
    }
    sweeps_ = std::make_shared<const detail::Sweeps<S>>(plan.nodes(), plan.result(), layout_);
  }

  Layout layout_;
  std::shared_ptr<const detail::Sweeps<S>> sweeps_;  // copies of a model share it
  std::string text_;
  double degree_ = 0;
  bool polynomial_ = true;
};

/// Without a scalar named, double.
template <std::size_t N, class Formula>
Recorded(const Blocks<N>&, Formula&&) -> Recorded<double>;

}  // namespace tacit
