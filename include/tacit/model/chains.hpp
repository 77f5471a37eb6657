// SPDX-License-Identifier: MIT
#pragma once
// Chains of matrices in place of factors:  phi = F(theta), the parameters of a shallow factorization, each of whose blocks - or columns of blocks - is a product
//   M_{L-1} ... M_2 M_1 P_0          P_0 of shape rows x cols, M_k square, rows x rows
// of blocks of theta; a chain of length L = 1 is the block itself. The four sweeps of F: with P_k = M_k P_{k-1} and G_k the adjoint of P_k,
//   dM_k = G_k P_{k-1}^T,  G_{k-1} = M_k^T G_k.                               2 (L - 1) rows^2 cols flops forward, 3 times that for a gradient

#include <vector>

#include "../core/product.hpp"

namespace tacit::detail {

struct MatrixChain {
  Index rows, cols;
  std::vector<Index> offsets;  ///< in theta: of P_0, M_1, ..., M_{L-1}
  Index out;                   ///< in phi: where the product goes,
  Index stride = 1;            ///< its numbers this far apart
  Index length() const { return static_cast<Index>(offsets.size()); }
  Index size() const { return rows * cols; }
};

template <Scalar S>
class Chains {
 public:
  void add(MatrixChain chain) { chains_.push_back(std::move(chain)); }
  const std::vector<MatrixChain>& all() const { return chains_; }

  struct Workspace {
    std::vector<Vector<S>> value, adjoint, tangent, adjoint_tangent;  // of each chain: P_1 ... P_{L-1}, or the adjoints of P_0 ... P_{L-1}
  };
  Workspace workspace() const {
    Workspace ws;
    allocate(ws.value);
    allocate(ws.adjoint);
    return ws;
  }

  void forward(In<S> theta, Workspace& ws, Vector<S>& phi) const {
    each([&](std::size_t c, const MatrixChain& chain) {
      for (Index k = 1; k < chain.length(); ++k)
        multiply<S>(factor(theta, chain, k), product(theta, ws.value, c, k - 1), Write::set, buffer(ws.value, c, k));
      put(product(theta, ws.value, c, chain.length() - 1), chain, phi);
    });
  }
  /// gphi is the adjoint of phi.
  void backward(In<S> theta, Workspace& ws, const Vector<S>& gphi, Write write, Out<S>& g) const {
    each([&](std::size_t c, const MatrixChain& chain) {
      take(gphi, chain, ws.adjoint[c]);
      for (Index k = chain.length() - 1; k > 0; --k) {
        multiply_nt<S>(seen(ws.adjoint, c, k), product(theta, ws.value, c, k - 1), write, factor(g, chain, k));
        multiply_tn<S>(factor(theta, chain, k), seen(ws.adjoint, c, k), Write::set, buffer(ws.adjoint, c, k - 1));
      }
      first(ws.adjoint, c, write, g);
    });
  }
  void pushforward(In<S> theta, In<S> v, Workspace& ws, Vector<S>& dphi) const {
    if (ws.tangent.empty()) allocate(ws.tangent), allocate(ws.adjoint_tangent);
    each([&](std::size_t c, const MatrixChain& chain) {
      for (Index k = 1; k < chain.length(); ++k) {
        multiply<S>(factor(v, chain, k), product(theta, ws.value, c, k - 1), Write::set, buffer(ws.tangent, c, k));
        multiply<S>(factor(theta, chain, k), product(v, ws.tangent, c, k - 1), Write::add, buffer(ws.tangent, c, k));
      }
      put(product(v, ws.tangent, c, chain.length() - 1), chain, dphi);
    });
  }
  /// hphi is the tangent of phi's adjoint; after backward and pushforward.
  void backward_tangent(In<S> theta, In<S> v, Workspace& ws, const Vector<S>& hphi, Write write, Out<S>& hv) const {
    each([&](std::size_t c, const MatrixChain& chain) {
      take(hphi, chain, ws.adjoint_tangent[c]);
      for (Index k = chain.length() - 1; k > 0; --k) {
        multiply_nt<S>(seen(ws.adjoint_tangent, c, k), product(theta, ws.value, c, k - 1), write, factor(hv, chain, k));
        multiply_nt<S>(seen(ws.adjoint, c, k), product(v, ws.tangent, c, k - 1), Write::add, factor(hv, chain, k));
        multiply_tn<S>(factor(theta, chain, k), seen(ws.adjoint_tangent, c, k), Write::set, buffer(ws.adjoint_tangent, c, k - 1));
        multiply_tn<S>(factor(v, chain, k), seen(ws.adjoint, c, k), Write::add, buffer(ws.adjoint_tangent, c, k - 1));
      }
      first(ws.adjoint_tangent, c, write, hv);
    });
  }

 private:
  template <class F>
  void each(F&& f) const {
    for (std::size_t c = 0; c < chains_.size(); ++c) f(c, chains_[c]);
  }
  void allocate(std::vector<Vector<S>>& stack) const {
    stack.resize(chains_.size());
    each([&](std::size_t c, const MatrixChain& chain) { stack[c].resize(chain.length() * chain.size()); });
  }
  static ConstMatrixMap<S> factor(In<S> x, const MatrixChain& chain, Index k) {
    return {x.data() + chain.offsets[static_cast<std::size_t>(k)], chain.rows, chain.rows};
  }
  static MatrixMap<S> factor(Out<S>& x, const MatrixChain& chain, Index k) {
    return {x.data() + chain.offsets[static_cast<std::size_t>(k)], chain.rows, chain.rows};
  }
  MatrixMap<S> buffer(std::vector<Vector<S>>& stack, std::size_t c, Index k) const {
    return {stack[c].data() + k * chains_[c].size(), chains_[c].rows, chains_[c].cols};
  }
  ConstMatrixMap<S> seen(const std::vector<Vector<S>>& stack, std::size_t c, Index k) const {
    return {stack[c].data() + k * chains_[c].size(), chains_[c].rows, chains_[c].cols};
  }
  /// P_k; P_0 stands in x.
  ConstMatrixMap<S> product(In<S> x, const std::vector<Vector<S>>& stack, std::size_t c, Index k) const {
    if (k > 0) return seen(stack, c, k);
    return {x.data() + chains_[c].offsets[0], chains_[c].rows, chains_[c].cols};
  }
  static void put(ConstMatrixMap<S> from, const MatrixChain& chain, Vector<S>& phi) {
    for (Index q = 0; q < chain.size(); ++q) phi[chain.out + q * chain.stride] = from.data()[q];
  }
  static void take(const Vector<S>& phi, const MatrixChain& chain, Vector<S>& adjoint) {
    S* last = adjoint.data() + (chain.length() - 1) * chain.size();
    for (Index q = 0; q < chain.size(); ++q) last[q] = phi[chain.out + q * chain.stride];
  }
  void first(const std::vector<Vector<S>>& stack, std::size_t c, Write write, Out<S>& g) const {
    const MatrixChain& chain = chains_[c];
    auto to = g.segment(chain.offsets[0], chain.size());
    if (write == Write::set) to = stack[c].head(chain.size());
    else to += stack[c].head(chain.size());
  }

  std::vector<MatrixChain> chains_;
};

}  // namespace tacit::detail
