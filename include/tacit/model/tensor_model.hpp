// SPDX-License-Identifier: MIT
#pragma once
// What tensor factorizations share: the four verbs, reached in one of three ways (Path), which agree to rounding.
//   halves     W_(left | right) = T P at a split of the modes in the middle: both halves are formed from theta (core/bilinear_graph.hpp), and met at the
//              observed entries only.                                             O((rows + cols) inner + |Omega| inner) and what the halves take
//   dense      the same, met as whole matrix products: all entries, linear measurements, and entries that are dense
//   per_entry  entry by entry from the factors: nothing is formed, no dense tensor and no Khatri-Rao product; memory O(parameters + observations)
// `automatic` compares the flops of the first and the last, and takes the last where halves would not fit.
//
// A model provides shape(), layout(), degree(), halving(), graph() (empty where halving().fits() says no), halves_flops(), and for single entries, with Row or DualRow of core/rows.hpp,
//   entry_flops()                              flops of meet and value; about those of a product with each factor
//   work_size()                                numbers that meet leaves
//   meet(theta, index, work)                   leaves in work what the next two need
//   value(theta, index, work)                  W at a multi-index
//   backward(theta, index, work, zbar, g)      g += zbar dW/dtheta
//   prefetch(x, index)                         asks for what meet will read of x, laid out as theta
//   bunches()                                  a way to meet several entries of TensorEntries at once, where there is one (cp_bunch.hpp, core_slice.hpp)

#include <array>
#include <optional>
#include <vector>

#include "../core/bilinear_graph.hpp"
#include "../core/layout.hpp"
#include "../core/rows.hpp"
#include "../observation/matricised.hpp"
#include "initial.hpp"

namespace tacit {

namespace detail {
/// |x|^2 in double, of a float vector too: conserved quantities are small differences of such.
inline double squared(const auto& x) { return x.template cast<double>().squaredNorm(); }
inline void append(Vector<double>& all, const Matrix<double>& numbers) {
  all.conservativeResize(all.size() + numbers.size());
  all.tail(numbers.size()) = numbers.reshaped();
}
}  // namespace detail

template <class Model, Scalar S>
class TensorModel : private InitialisesFactors<TensorModel<Model, S>, S> {
  using Starts = InitialisesFactors<TensorModel<Model, S>, S>;
  friend Starts;

 public:
  using scalar_type = S;

  /// P, the length of theta.
  Index parameter_count() const { return self().layout().parameter_count(); }
  /// Block l at theta, as a map; a block of higher order as its unfolding at mode 0.
  auto block(const Vector<S>& theta, Index l) const { return self().layout().matrix(theta, l); }
  auto block(Vector<S>& theta, Index l) const { return self().layout().matrix(theta, l); }

  /// Independent entries: .entry_std, .factor_norm, or .product_scale s, std s^(1/N) P_l^(-1/4) in a block of P_l entries, N the degree of W.
  Vector<S> near_zero(const NearZero& options) const {
    require(options.determinant == DeterminantSign::any, "near_zero: a tensor has no determinant whose sign could be asked for");
    return Starts::near_zero(options);
  }

  /// Buffers of one run on one observation. Between calls it remembers the last theta's halves: pullback uses those of evaluate, pullback_tangent those of
  /// pullback and pushforward.
  template <class O>
  struct Workspace {
    std::optional<detail::MatricisedEnds<S, O>> ends;  ///< none: entry by entry
    typename detail::BilinearGraph<S>::Workspace graph;
    Vector<S> work, work_tangent;
    std::vector<Index> index;
    std::vector<std::uint32_t> order;             ///< in which entries are visited; empty: as they stand
    std::vector<TensorEntries::Indices> visited;  ///< their indices in that order
    std::vector<const std::int32_t*> places;      ///< the same, wherever they stand
    Vector<S> bunch, numbers;                     ///< of entries that are met together
  };
  template <class O>
  Workspace<O> workspace(const O& at) const {
    require_shape(at);
    Workspace<O> ws;
    if (entry_by_entry(at)) {
      ws.work.resize(self().work_size());
      ws.index.resize(static_cast<std::size_t>(shape().order()));
      if constexpr (in_bunches<O>) {
        ws.bunch.resize(self().bunches().work_size());
        ws.numbers.resize(self().bunches().capacity);
        ws.places.resize(ws.index.size());
        ws.order = self().bunches().visiting_order(at.indices());
        for (const auto& index : at.indices())
          if (!ws.order.empty()) ws.visited.push_back(detail::reordered(ws.order, index));
      }
    } else {
      if constexpr (requires { at.path(); })
        if (at.path() == Path::dense) shape().require_dense("a tensor model through Path::dense");
      require(!graph().empty(), "TensorModel: the halves of the ", shape(), " tensor, ", self().halving().rows, " and ",
              self().halving().cols, " vectors, are too large to be formed; observe entries, through Path::per_entry");
      ws.ends.emplace(at, shape(), self().halving(), graph().inner());
      ws.graph = graph().workspace();
    }
    return ws;
  }

  /// z = A(W(theta)).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace<O>& ws, Out<S> z) const {
    if constexpr (in_bunches<O>)
      if (!ws.ends)
        return each_bunch(at, ws, [&](Index first, Index count) {
          self().bunches().evaluate(theta.data(), ws.places, first, count, at.count(), ws.bunch.data(), ws.numbers.data());
          for (Index s = 0; s < count; ++s) z[visited(ws, first + s)] = ws.numbers[s];
        });
    if (!ws.ends)
      return each_entry(at, ws, {theta.data(), nullptr}, [&](Index k, const Index* i) {
        self().meet(row(theta), i, row(ws.work));
        z[k] = self().value(row(theta), i, row(ws.work));
      });
    graph().forward(theta, ws.graph);
    ws.ends->read(at, left(theta, ws), right(theta, ws), Write::set, z);
  }

  /// g (+)= J^T zbar, J = dz/dtheta at the theta of the last evaluate.
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace<O>& ws, In<S> zbar, Write write, Out<S> g) const {
    if (!ws.ends) {
      if (write == Write::set) g.setZero();
      if constexpr (in_bunches<O>)
        return each_bunch(at, ws, [&](Index first, Index count) {
          for (Index s = 0; s < count; ++s) ws.numbers[s] = zbar[visited(ws, first + s)];
          self().bunches().pullback(theta.data(), ws.places, first, count, at.count(), ws.numbers.data(), ws.bunch.data(), g.data());
        });
      return each_entry(at, ws, {theta.data(), g.data()}, [&](Index k, const Index* i) {
        self().meet(row(theta), i, row(ws.work));
        self().backward(row(theta), i, row(ws.work), zbar[k], detail::Row<S>{g.data()});
      });
    }
    const auto T = graph().target(graph().left(), ws.graph.adjoint, write, g),
               P = graph().target(graph().right(), ws.graph.adjoint, write, g);
    ws.ends->pull(at, zbar, left(theta, ws), right(theta, ws), T.write, T.out, P.write, P.out);
    graph().backward(theta, ws.graph, write, g);
  }

  /// dz = J v at the theta of the last evaluate.
  template <class O>
  void pushforward(In<S> theta, const O& at, Workspace<O>& ws, In<S> v, Out<S> dz) const {
    if (!ws.ends) {
      ws.work_tangent.resize(ws.work.size());
      return each_entry(at, ws, {}, [&](Index k, const Index* i) {
        self().meet(row(theta, v), i, dual(ws));
        dz[k] = self().value(row(theta, v), i, dual(ws)).t;
      });
    }
    graph().pushforward(theta, v, ws.graph);
    ws.ends->read(at, graph().tangent(graph().left(), v, ws.graph), right(theta, ws), Write::set, dz);
    ws.ends->read(at, left(theta, ws), graph().tangent(graph().right(), v, ws.graph), Write::add, dz);
  }

  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate, pullback of the same zbar and pushforward of the same v.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace<O>& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    if (!ws.ends) {
      if (write == Write::set) hv.setZero();
      return each_entry(at, ws, {}, [&](Index k, const Index* i) {
        self().meet(row(theta, v), i, dual(ws));
        self().backward(row(theta, v), i, dual(ws), detail::DualNumber<S>{zbar[k], dzbar[k]}, detail::TangentRow<S>{hv.data()});
      });
    }
    const auto T = graph().target(graph().left(), ws.graph.adjoint_tangent, write, hv),
               P = graph().target(graph().right(), ws.graph.adjoint_tangent, write, hv);
    ws.ends->pull(at, dzbar, left(theta, ws), right(theta, ws), T.write, T.out, P.write, P.out);
    ws.ends->pull(at, zbar, graph().tangent(graph().left(), v, ws.graph), graph().tangent(graph().right(), v, ws.graph), Write::add, T.out,
                  Write::add, P.out);
    graph().backward_tangent(theta, v, ws.graph, write, hv);
  }

 private:
  const Model& self() const { return static_cast<const Model&>(*this); }
  const Shape& shape() const { return self().shape(); }
  const Layout& layout() const { return self().layout(); }
  Index degree() const { return self().degree(); }
  const detail::BilinearGraph<S>& graph() const { return self().graph(); }
  const S* left(In<S> theta, const auto& ws) const { return graph().value(graph().left(), theta, ws.graph); }
  const S* right(In<S> theta, const auto& ws) const { return graph().value(graph().right(), theta, ws.graph); }
  static detail::Row<const S> row(In<S> x) { return {x.data()}; }
  static detail::DualRow<const S> row(In<S> x, In<S> v) { return {x.data(), v.data()}; }
  static detail::Row<S> row(Vector<S>& x) { return {x.data()}; }
  static detail::DualRow<S> dual(auto& ws) { return {ws.work.data(), ws.work_tangent.data()}; }

  template <class O>
  void require_shape(const O& at) const {
    if constexpr (std::same_as<O, EntryList>)  // of a matrix, or of a tensor's unfolding at mode 0
      require(at.rows() == shape()[0] && static_cast<double>(at.rows()) * static_cast<double>(at.cols()) == shape().size(),
              "TensorModel: the entries are of a ", at.shape(), " matrix, the model is ", shape());
    else require(at.shape() == shape(), "TensorModel: the observation is of a ", at.shape(), " tensor, the model is ", shape());
  }

  template <class O>
  static constexpr bool in_bunches = std::same_as<O, TensorEntries>&& requires(const Model& model) {
    model.bunches();
  };

  /// Which observation is visited as number s.
  static Index visited(const auto& ws, Index s) { return ws.order.empty() ? s : static_cast<Index>(ws.order[static_cast<std::size_t>(s)]); }
  /// Calls f(first, count) for entries that are met at once.
  template <class O, class F>
  void each_bunch(const O& at, Workspace<O>& ws, F&& f) const {
    const auto& bunches = self().bunches();
    for (Index n = 0; n < shape().order(); ++n)
      ws.places[static_cast<std::size_t>(n)] = ws.visited.empty() ? at.mode(n) : ws.visited[static_cast<std::size_t>(n)].data();
    for (Index first = 0, count = 0; first < at.count(); first += count) {
      count = bunches.together(ws.places, first, std::min(bunches.capacity, at.count() - first));
      f(first, count);
    }
  }

  /// Whether an observation is met entry by entry.
  template <class O>
  bool entry_by_entry(const O& at) const {
    constexpr bool entries = std::same_as<O, Entries> || std::same_as<O, TensorEntries>,
                   list = std::same_as<O, EntryList> || std::same_as<O, TensorEntryList>;
    if constexpr (!entries && !list) return false;
    else {
      if constexpr (entries) {
        if (at.path() == Path::per_entry) return true;
        if (at.path() != Path::automatic) return false;
      }
      const double m = static_cast<double>(at.count());
      return graph().empty() || m * self().entry_flops() < self().halves_flops() + 2 * m * static_cast<double>(graph().inner());
    }
  }
  /// Calls f(k, multi-index of observation k). What the entries ahead will read of `soon` (theta, gradient; null: nothing) is asked of memory early: on a large
  /// sparse tensor, where the rows are is not known to the processor before.
  template <class O, class F>
  void each_entry(const O& at, Workspace<O>& ws, std::array<const S*, 2> soon, F&& f) const {
    if constexpr (std::same_as<O, TensorEntries> || std::same_as<O, TensorEntryList>) {
      const Index order = shape().order(), m = at.count(), ahead = 8;
      Index* i = ws.index.data();
      const auto locate = [&](Index s) {
        for (Index n = 0; n < order; ++n)
          i[n] = ws.visited.empty() ? at.mode(n)[s] : ws.visited[static_cast<std::size_t>(n)][static_cast<std::size_t>(s)];
      };
      for (Index s = 0; s < m; ++s) {
        if (s + ahead < m && soon[0]) {
          locate(s + ahead);
          self().prefetch(soon[0], i);
          if (soon[1]) self().prefetch(soon[1], i);
        }
        locate(s);
        f(visited(ws, s), i);
      }
    } else if constexpr (std::same_as<O, Entries> ||
                         std::same_as<O, EntryList>) {  // the others have no single entries, and are never met so
      Index* i = ws.index.data();
      for (Index k = 0; k < at.count(); ++k) {
        i[0] = at.row()[k];
        Index rest = at.col()[k];  // a matrix's column, or that of an unfolding
        for (Index n = 1; n < shape().order(); rest /= shape()[n++]) i[n] = rest % shape()[n];
        f(k, i);
      }
    }
  }
};

}  // namespace tacit
