// SPDX-License-Identifier: MIT
#pragma once
// AnyModel: a model whose type is forgotten, as far as hooks and structured transforms ask it: its layout, its W on all entries, whether it is a product of layers. A question costs
// one virtual call. It refers to the model, which must outlive it.

#include <memory>
#include <string>

#include "../core/layout.hpp"
#include "../observation/all_entries.hpp"

namespace tacit {

template <Scalar S>
class AnyModel {
 public:
  using scalar_type = S;
  virtual ~AnyModel() = default;

  /// Buffers for W on all entries.
  struct Workspace {
    std::shared_ptr<void> buffers;
  };
  virtual Shape shape() const = 0;
  virtual const Layout& layout() const = 0;
  virtual Index degree() const = 0;
  virtual std::string text() const = 0;
  virtual Workspace workspace(const AllEntries& at) const = 0;
  virtual void evaluate(In<S> theta, const AllEntries& at, Workspace& ws, Out<S> z) const = 0;
  /// What structured transforms ask when a run is made: whether W is the product of the blocks in their order, and whether there are two factors.
  virtual bool is_layered() const = 0;
  virtual bool is_two_factors() const = 0;
  static constexpr bool layered = true, two_factors = true;  // what the compiler is told; the run is refused where it is not so

  Index parameter_count() const { return layout().parameter_count(); }
  friend std::ostream& operator<<(std::ostream& out, const AnyModel& model) { return out << model.text(); }
};

namespace detail {

template <class M>
concept HasDenseW = requires(const M& model, const AllEntries& at) {
  model.workspace(at);
};

template <class M>
class ErasedModel final : public AnyModel<typename M::scalar_type> {
 public:
  using S = typename M::scalar_type;
  using typename AnyModel<S>::Workspace;
  explicit ErasedModel(const M& model) : model_(&model) {}

  Shape shape() const override { return model_->shape(); }
  const Layout& layout() const override { return model_->layout(); }
  Index degree() const override {
    if constexpr (requires { model_->degree(); }) return static_cast<Index>(model_->degree());
    else return 0;
  }
  std::string text() const override {
    if constexpr (requires(std::ostream & out) { out << *model_; }) return sentence(*model_);
    else return "a model";
  }
  Workspace workspace(const AllEntries& at) const override {
    if constexpr (HasDenseW<M>) return {std::make_shared<decltype(model_->workspace(at))>(model_->workspace(at))};
    else return {};
  }
  void evaluate(In<S> theta, const AllEntries& at, Workspace& ws, Out<S> z) const override {
    if constexpr (HasDenseW<M>) model_->evaluate(theta, at, *static_cast<decltype(model_->workspace(at))*>(ws.buffers.get()), z);
  }
  bool is_layered() const override {
    return requires { requires M::layered; };
  }
  bool is_two_factors() const override {
    return requires { requires M::two_factors; };
  }

 private:
  const M* model_;
};

}  // namespace detail

}  // namespace tacit
