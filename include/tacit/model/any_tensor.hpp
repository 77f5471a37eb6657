// SPDX-License-Identifier: MIT
#pragma once
// A tensor factorization whose kind is known at run time only, as programs with a --model and readers of saved models need it: TensorSpec names kind and
// sizes, AnyTensorModel<S> forwards the four verbs to the model it holds, on any observation. It trains like the others; where the kind is known, use the model
// itself, which compiles in a seventh of the time.
//   AnyTensorModel<double> model({.kind = TensorKind::tucker, .shape = {25, 25, 25}, .ranks = {5}});

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "../observation/tensor_data.hpp"
#include "deep_cp.hpp"
#include "deep_tensor_train.hpp"
#include "deep_tucker.hpp"
#include "hierarchical_tensor.hpp"

namespace tacit {

enum class TensorKind { cp, tucker, tensor_train, hierarchical, deep_cp, deep_tucker, deep_tensor_train };

/// As the classes are called: CP, Tucker, ...
inline const char* name_of(TensorKind kind) {
  constexpr const char* names[] = {"CP", "Tucker", "TensorTrain", "HierarchicalTensor", "DeepCP", "DeepTucker", "DeepTensorTrain"};
  return names[static_cast<int>(kind)];
}

struct TensorSpec {
  TensorKind kind = TensorKind::cp;
  Shape shape = {};
  std::vector<Index> ranks = {};   ///< CP: R. Tucker, tensor train: one a mode or cut, or one for all. Hierarchical: widths, leaves first
  std::vector<Index> depths = {};  ///< of the deep ones: one a mode, or one for all
  std::optional<ModeTree> tree = {};  ///< hierarchical; none: perfect_tree(order)
  bool output = true;                 ///< hierarchical: with output vector
  Wiring wiring = Wiring::per_mode;   ///< deep Tucker

  bool deep() const { return kind >= TensorKind::deep_cp; }
};

template <Scalar S>
class AnyTensorModel {
  using Held = std::variant<CP<S>, Tucker<S>, TensorTrain<S>, HierarchicalTensor<S>, DeepCP<S>, DeepTucker<S>, DeepTensorTrain<S>>;
  template <class M, class O>
  using Of = typename M::template Workspace<O>;

 public:
  using scalar_type = S;

  /// Throws what the model's constructor throws.
  explicit AnyTensorModel(TensorSpec spec) : spec_(std::move(spec)), held_(make(spec_)) {}

  const TensorSpec& spec() const { return spec_; }
  const Layout& layout() const {
    return visit([](const auto& model) -> const Layout& { return model.layout(); });
  }
  const Shape& shape() const { return spec_.shape; }
  Index order() const { return shape().order(); }
  Index parameter_count() const { return layout().parameter_count(); }
  Index degree() const {
    return visit([](const auto& model) { return model.degree(); });
  }
  Vector<S> near_zero(const NearZero& options) const {
    return visit([&](const auto& model) { return model.near_zero(options); });
  }
  /// The same W by a model that is not deep, and its parameters.
  std::pair<TensorSpec, Vector<S>> shallow(const Vector<S>& theta) const {
    TensorSpec spec = spec_;
    if (spec.deep())
      spec.kind = static_cast<TensorKind>(static_cast<int>(spec.kind) - static_cast<int>(TensorKind::deep_cp)), spec.depths.clear();
    return {std::move(spec), visit([&](const auto& model) -> Vector<S> {
              if constexpr (requires { model.factors(theta); }) return model.factors(theta);
              else return theta;
            })};
  }
  /// What belongs to the slices of a mode, as the columns of an n_mode x r matrix: components of CP, columns of the factors of Tucker and of the leaves of
  /// a hierarchical tensor, fibres of a tensor train's core. Of deep models, those of the chains' products.
  Matrix<S> mode_factor(const Vector<S>& theta, Index mode) const {
    require(mode >= 0 && mode < order(), "mode_factor: mode ", mode, " is asked for, the model is ", shape());
    layout().require_size(theta.size(), "mode_factor");
    return visit([&](const auto& model) {
      if constexpr (requires { model.factors(theta); }) return shallow_factor(model.shallow(), model.factors(theta), mode);
      else return shallow_factor(model, theta, mode);
    });
  }

  /// Slices of a mode, of which nothing is known, become the average of the others: what belongs to them, since W is linear in it. Deep models stay as they are.
  void average_slices(Vector<S>& theta, Index mode, const std::vector<Index>& which) const {
    if (spec_.deep() || which.empty() || static_cast<Index>(which.size()) == shape()[mode]) return;
    Matrix<S> factor = mode_factor(theta, mode);
    std::vector<char> out(static_cast<std::size_t>(factor.rows()), 0);
    for (Index i : which) out[static_cast<std::size_t>(i)] = 1;
    Vector<S> sum = Vector<S>::Zero(factor.cols());
    for (Index i = 0; i < factor.rows(); ++i)
      if (!out[static_cast<std::size_t>(i)]) sum += factor.row(i).transpose();
    sum /= static_cast<S>(factor.rows() - static_cast<Index>(which.size()));
    for (Index i : which) {
      if (spec_.kind == TensorKind::tensor_train) theta.segment(layout()[mode].offset + i * sum.size(), sum.size()) = sum;
      else layout().matrix(theta, spec_.kind == TensorKind::tucker ? mode + 1 : mode).row(i) = sum.transpose();
    }
  }

  template <class O>
  using Workspace = std::variant<Of<CP<S>, O>, Of<Tucker<S>, O>, Of<TensorTrain<S>, O>, Of<HierarchicalTensor<S>, O>, Of<DeepCP<S>, O>,
                                 Of<DeepTucker<S>, O>, Of<DeepTensorTrain<S>, O>>;
  template <class O>
  Workspace<O> workspace(const O& at) const {
    return visit([&](const auto& model) -> Workspace<O> { return model.workspace(at); });
  }
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace<O>& ws, Out<S> z) const {
    visit(at, ws, [&](const auto& model, auto& buffers) { model.evaluate(theta, at, buffers, z); });
  }
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace<O>& ws, In<S> zbar, Write write, Out<S> g) const {
    visit(at, ws, [&](const auto& model, auto& buffers) { model.pullback(theta, at, buffers, zbar, write, g); });
  }
  template <class O>
  void pushforward(In<S> theta, const O& at, Workspace<O>& ws, In<S> v, Out<S> dz) const {
    visit(at, ws, [&](const auto& model, auto& buffers) { model.pushforward(theta, at, buffers, v, dz); });
  }
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace<O>& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    visit(at, ws, [&](const auto& model, auto& buffers) { model.pullback_tangent(theta, at, buffers, zbar, dzbar, v, write, hv); });
  }

  friend std::ostream& operator<<(std::ostream& out, const AnyTensorModel& model) {
    return model.visit([&](const auto& held) -> std::ostream& { return out << held; });
  }

 private:
  static Held make(const TensorSpec& spec) {
    const std::vector<Index>&ranks = spec.ranks, &depths = spec.depths;
    const bool one = spec.kind == TensorKind::cp || spec.kind == TensorKind::deep_cp;
    require(!one || ranks.size() == 1, "AnyTensorModel: got ", ranks.size(), " ranks for ", name_of(spec.kind), ", which has one");
    require(spec.deep() || depths.empty(), "AnyTensorModel: got depths for ", name_of(spec.kind), ", which is not deep");
    require(!spec.tree || spec.kind == TensorKind::hierarchical, "AnyTensorModel: got a tree for ", name_of(spec.kind));
    switch (spec.kind) {
      case TensorKind::cp:
        return CP<S>({spec.shape, ranks[0]});
      case TensorKind::tucker:
        return Tucker<S>({spec.shape, ranks});
      case TensorKind::tensor_train:
        return TensorTrain<S>({spec.shape, ranks});
      case TensorKind::hierarchical:
        return HierarchicalTensor<S>({.shape = spec.shape, .widths = ranks, .tree = spec.tree, .output = spec.output});
      case TensorKind::deep_cp:
        return DeepCP<S>({spec.shape, ranks[0], depths});
      case TensorKind::deep_tucker:
        return DeepTucker<S>({spec.shape, ranks, depths, spec.wiring});
      default:
        return DeepTensorTrain<S>({spec.shape, ranks, depths});
    }
  }
  template <class F>
  decltype(auto) visit(F&& f) const {
    return std::visit(f, held_);
  }
  template <class O, class F>
  void visit(const O&, Workspace<O>& ws, F&& f) const {
    std::visit([&]<class M>(const M& model) { f(model, *std::get_if<Of<M, O>>(&ws)); }, held_);
  }
  template <class M>
  static Matrix<S> shallow_factor(const M& model, const Vector<S>& phi, Index mode) {
    if constexpr (std::same_as<M, Tucker<S>>) return model.layout().matrix(phi, mode + 1);
    else if constexpr (!std::same_as<M, TensorTrain<S>>) return model.layout().matrix(phi, mode);
    else {
      const Index size = model.rank(mode) * model.rank(mode + 1);  // of a slice, contiguous
      Matrix<S> factor(model.shape()[mode], size);
      for (Index i = 0; i < factor.rows(); ++i)
        for (Index s = 0; s < size; ++s) factor(i, s) = phi[model.layout()[mode].offset + i * size + s];
      return factor;
    }
  }

  TensorSpec spec_;
  Held held_;
};

}  // namespace tacit
