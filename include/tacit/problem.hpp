// SPDX-License-Identifier: MIT
#pragma once
// A problem is a model and a sum of terms,   objective(theta) = sum_i term_i(theta),   loss(theta) = its data terms alone.
//
//   Problem problem(model, data, MeanSquares{});                                    one data term
//   Problem problem(model, data, MeanSquares{}, NuclearOverFrobenius{0.01});        and penalties, on theta or on W
//
// Problems are const during training and share their data: copies are cheap, runs and threads use one. Every buffer is in the Workspace,
// which the run owns; it also counts the work done, in passes over the data.

#include <tuple>

#include "core/value.hpp"
#include "model/deep_matrix.hpp"
#include "penalty/weight_decay.hpp"
#include "penalty_term.hpp"

namespace tacit {

namespace detail {
template <Scalar S, class P>
auto penalty_term(P penalty) {
  static_assert(
      ThetaPenalty<P, S> || MatrixPenalty<P, S>,
      "Problem: a penalty needs value_and_gradient(theta, g) to act on theta, or start<S>(rows, cols) and value_and_slope(W, buffers, "
      "slope) to act on W");
  if constexpr (requires { penalty.check(); }) penalty.check();
  if constexpr (ThetaPenalty<P, S>) return ThetaTerm<S, P>(std::move(penalty));
  else return MatrixTerm<S, P>(std::move(penalty));
}
template <Scalar S, class P>
using PenaltyTerm = decltype(penalty_term<S>(std::declval<P>()));

/// Whether the types tell that the objective is a polynomial of theta.
template <class M, class First, class... Rest>
inline constexpr bool polynomial_terms = First::degree > 0 && (... && (Rest::degree > 0 && Rest::on_theta)) && requires(const M& model) {
  model.degree();
};
}  // namespace detail

template <class M, class First, class... Rest>
class Problem {
  static_assert(std::same_as<typename M::scalar_type, typename First::scalar_type>,
                "Problem: model and data differ in their scalar type; make both of float, or both of double");
  static_assert(
      !requires { requires M::is_distribution; } || requires { requires First::is_expectation; },
      "Problem: the loss of a Gaussian over parameters is an expectation; include <tacit/expected_term.hpp>");

 public:
  using scalar_type = typename M::scalar_type;
  using model_type = M;
  using S = scalar_type;

  template <class O, class L, class... Penalties>
  Problem(M model, std::shared_ptr<const Data<S, O>> data, L loss, Penalties... penalties)
      : model_(std::move(model)), terms_(First(std::move(data), std::move(loss)), detail::penalty_term<S>(std::move(penalties))...) {
    if constexpr (requires { model_.shape().fits(this->data().where.shape()); }) {
      const Shape theirs = this->data().where.shape(), mine = model_.shape();
      require(mine.fits(theirs), "Problem: the data are of a ", theirs, theirs.order() > 2 ? " tensor" : " matrix", ", the model is ",
              mine);
    }
    if constexpr (requires { data_term().check(model_); }) data_term().check(model_);
  }
  template <class O, class L, class... Penalties>
  Problem(M model, Data<S, O> data, L loss, Penalties... penalties)
      : Problem(std::move(model), std::make_shared<const Data<S, O>>(std::move(data)), std::move(loss), std::move(penalties)...) {}

  struct Workspace {
    std::tuple<typename First::template Workspace<M>, typename Rest::template Workspace<M>...> terms;
    double gradients = 0;         ///< gradient evaluations, in passes over the data: a minibatch counts as its share
    double hessian_products = 0;  ///< Hessian-vector products
  };
  Workspace workspace() const {
    return {std::apply([&](const auto&... term) { return std::tuple{term.workspace(model_)...}; }, terms_), 0, 0};
  }

  const M& model() const { return model_; }
  const Layout& layout() const { return model_.layout(); }
  /// P, the length of theta.
  Index dimension() const { return model_.parameter_count(); }
  /// m, the number of observations of the data term; where several outputs belong to a sample, the number of samples. Batches and clients draw from these.
  Index count() const { return data_term().count(); }
  /// The number of targets of all observations, or of those in a batch.
  Index target_count() const { return data_term().size(); }
  Index target_count(std::span<const Index> which) const { return data_term().size(which); }
  const First& data_term() const { return std::get<0>(terms_); }
  const auto& data() const { return data_term().data(); }

  Value<S> value(In<S> theta, Workspace& ws) const {
    return sum(ws, [&](const auto& term, auto& buffers, Write) { return term.value(model_, theta, buffers); });
  }
  /// Writes the gradient of the objective into g.
  Value<S> value_and_gradient(In<S> theta, Workspace& ws, Out<S> g) const {
    ws.gradients += 1;
    return sum(ws, [&](const auto& term, auto& buffers, Write write) { return term.value_and_gradient(model_, theta, buffers, write, g); });
  }
  /// The same on a minibatch of the data term; penalties count in full.
  Value<S> value_and_gradient(In<S> theta, std::span<const Index> which, Workspace& ws, Out<S> g) const {
    ws.gradients += static_cast<double>(which.size()) / static_cast<double>(count());
    return sum(ws, [&](const auto& term, auto& buffers, Write write) {
      if constexpr (std::decay_t<decltype(term)>::is_data) return term.batch_value_and_gradient(model_, theta, which, buffers, write, g);
      else return term.value_and_gradient(model_, theta, buffers, write, g);
    });
  }
  /// The value alone on a minibatch.
  Value<S> value(In<S> theta, std::span<const Index> which, Workspace& ws) const {
    return sum(ws, [&](const auto& term, auto& buffers, Write) {
      if constexpr (std::decay_t<decltype(term)>::is_data) return term.batch_value(model_, theta, which, buffers);
      else return term.value(model_, theta, buffers);
    });
  }
  /// hv = H(theta) v, the Hessian of the objective times v.
  void hessian_times(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const {
    value_and_gradient(theta, ws, hv);  // hv is overwritten below; the gradient leaves the products at theta in ws
    hessian_times_linearized(theta, v, ws, hv);
  }
  /// The same where the last call on ws was value_and_gradient(theta, ws, .) on full data: nothing is computed twice.
  void hessian_times_linearized(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const {
    ws.hessian_products += 1;
    each([&](const auto& term, auto& buffers, Write write) { term.hessian_times(model_, theta, v, buffers, write, hv); }, ws);
  }

  /// The same of a minibatch, where the last call on ws was value_and_gradient(theta, which, ws, .).
  void hessian_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Workspace& ws, Out<S> hv) const {
    ws.hessian_products += static_cast<double>(which.size()) / static_cast<double>(count());
    each(
        [&](const auto& term, auto& buffers, Write write) {
          if constexpr (std::decay_t<decltype(term)>::is_data) term.batch_hessian_times(model_, theta, which, v, buffers, write, hv);
          else term.hessian_times(model_, theta, v, buffers, write, hv);
        },
        ws);
  }

  /// Until it is called with nullptr, evaluations on ws see the targets y + shift: its first numbers belong to the observations at hand, which are all, or
  /// those of the minibatch in its order. The data stay as they are; shift is referred to.
  void shift_targets(Workspace& ws, const Vector<S>* shift) const { std::get<0>(ws.terms).shift = shift; }
  /// cv = C v,  C = J^T diag(l'') J summed over the terms: the Hessian without the curvature of the model, positive semidefinite for convex losses. After
  /// value_and_gradient(theta, ws, .), and again after each other; hessian_times_linearized then needs another value_and_gradient. Counts as a Hessian-vector product.
  void gauss_newton_times_linearized(In<S> theta, In<S> v, Workspace& ws, Out<S> cv) const {
    ws.hessian_products += 1;
    each([&](const auto& term, auto& buffers, Write write) { term.gauss_newton_times(model_, theta, v, buffers, write, cv); }, ws);
  }
  void gauss_newton_times_linearized(In<S> theta, std::span<const Index> which, In<S> v, Workspace& ws, Out<S> cv) const {
    ws.hessian_products += static_cast<double>(which.size()) / static_cast<double>(count());
    each(
        [&](const auto& term, auto& buffers, Write write) {
          if constexpr (std::decay_t<decltype(term)>::is_data) term.batch_gauss_newton_times(model_, theta, which, v, buffers, write, cv);
          else term.gauss_newton_times(model_, theta, v, buffers, write, cv);
        },
        ws);
  }

  /// The degree of the polynomial  t -> objective(theta + t v):  twice the model's under a squared loss.
  Index degree_along_lines() const requires(detail::polynomial_terms<M, First, Rest...>) {
    const double degree = static_cast<double>(model_.degree());
    bool polynomial = degree == std::floor(degree);
    if constexpr (requires { model_.polynomial(); }) polynomial = polynomial && model_.polynomial();
    require(polynomial, "Problem: along a line, ", model_, " is no polynomial of a whole degree");
    Index most = First::degree * static_cast<Index>(degree);
    ((most = std::max(most, Rest::degree)), ...);
    return most;
  }

  /// Why the value on ws is not finite, in words.
  std::string explain(const Workspace& ws) const {
    std::string why;
    const auto ask = [&](const auto& term, const auto& buffers) {
      if (why.empty()) why = term.explain(buffers);
    };
    [&]<std::size_t... i>(std::index_sequence<i...>) { (ask(std::get<i>(terms_), std::get<i>(ws.terms)), ...); }
    (indices);
    return why;
  }
  /// 64 bits that change with the model, the data, the losses and the penalties.
  std::uint64_t fingerprint() const {
    HashArchive hash;
    std::string model = sentence(model_);
    hash("model", model);
    std::vector<double> values = model_values();
    hash("model_values", values);
    auto copy = terms_;
    std::apply([&](auto&... term) { (term.persist(hash), ...); }, copy);
    return hash.value();
  }

 private:
  /// Some predictions at a fixed theta: what tells one formula of a model from another.
  std::vector<double> model_values() const {
    Vector<S> theta(dimension()), z(target_count());
    for (Index k = 0; k < theta.size(); ++k) theta[k] = static_cast<S>(0.4 + 0.3 * std::cos(2.0 * static_cast<double>(k)));
    auto ws = model_.workspace(data().where);
    model_.evaluate(theta, data().where, ws, z);
    const double largest = z.size() ? static_cast<double>(z.cwiseAbs().maxCoeff()) : 0;
    std::vector<double> values;
    for (Index k = 0; k < z.size(); k += std::max(Index(1), z.size() / 16))
      values.push_back(detail::quantised(static_cast<double>(z[k]), largest, sizeof(S) == 4 ? 1e-2 : 1e-8));
    return values;
  }

  static constexpr std::index_sequence_for<First, Rest...> indices{};

  template <class F>
  void each(F&& f, Workspace& ws) const {
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (f(std::get<i>(terms_), std::get<i>(ws.terms), i == 0 ? Write::set : Write::add), ...);
    }
    (indices);
  }
  template <class F>
  Value<S> sum(Workspace& ws, F&& f) const {
    Value<S> value;
    each(
        [&](const auto& term, auto& buffers, Write write) {
          const S part = f(term, buffers, write);
          value.objective += part;
          if (std::decay_t<decltype(term)>::is_data) value.loss += part;
        },
        ws);
    return value;
  }

  M model_;
  std::tuple<First, Rest...> terms_;
};

template <class M, class S, class O, class L, class... Penalties>
Problem(M, Data<S, O>, L, Penalties...) -> Problem<M, DataTerm<S, O, L>, detail::PenaltyTerm<S, Penalties>...>;
template <class M, class S, class O, class L, class... Penalties>
Problem(M, std::shared_ptr<const Data<S, O>>, L, Penalties...) -> Problem<M, DataTerm<S, O, L>, detail::PenaltyTerm<S, Penalties>...>;

}  // namespace tacit
