// SPDX-License-Identifier: MIT
#pragma once
// A tensor factorization whose factors are products of matrices (model/chains.hpp): theta -> phi, the parameters of a shallow model, -> W. Its verbs are those
// of the shallow model at phi, followed or preceded by those of the chains; so are its paths. DeepCP, DeepTucker and DeepTensorTrain add the chains.
//                                                                                    [Milanesi et al. 2021; Hariz et al. 2022, 2024]

#include "chains.hpp"
#include "tensor_model.hpp"

namespace tacit {

template <class Model, class Shallow>
class DeepFactors : private InitialisesFactors<DeepFactors<Model, Shallow>, typename Shallow::scalar_type> {
  using Starts = InitialisesFactors<DeepFactors<Model, Shallow>, typename Shallow::scalar_type>;
  friend Starts;

 public:
  using scalar_type = typename Shallow::scalar_type;
  using S = scalar_type;

  /// The shallow factorization that the chains' products are the parameters of.
  const Shallow& shallow() const { return shallow_; }
  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  const Shape& shape() const { return shallow_.shape(); }
  Index order() const { return shape().order(); }
  /// W is homogeneous of this degree in theta.
  Index degree() const { return degree_; }
  /// L of the factor of mode n.
  Index depth(Index n) const { return depths_[static_cast<std::size_t>(n)]; }
  auto block(const Vector<S>& theta, Index l) const { return layout_.matrix(theta, l); }

  /// phi: the parameters of the shallow model.
  Vector<S> factors(const Vector<S>& theta) const {
    layout_.require_size(theta.size(), "factors");
    auto ws = chains_.workspace();
    Vector<S> phi(shallow_.parameter_count());
    chains_.forward(theta, ws, phi);
    return phi;
  }
  /// theta with these factors and chains of identities: the same W.
  Vector<S> from_factors(const Vector<S>& phi) const {
    shallow_.layout().require_size(phi.size(), "from_factors");
    Vector<S> theta = Vector<S>::Zero(parameter_count());
    for (const detail::MatrixChain& chain : chains_.all()) {
      for (Index q = 0; q < chain.size(); ++q) theta[chain.offsets[0] + q] = phi[chain.out + q * chain.stride];
      for (std::size_t k = 1; k < chain.offsets.size(); ++k)
        for (Index i = 0; i < chain.rows; ++i) theta[chain.offsets[k] + i * (chain.rows + 1)] = 1;
    }
    return theta;
  }
  /// What gradient flow conserves in the chains:  M_{k+1}^T M_{k+1} - M_k M_k^T,  M_0 = P_0; then what ties the ends of chains to each other and to the core.
  Vector<double> invariants(const Vector<S>& theta) const {
    Vector<double> all;
    for (const detail::MatrixChain& chain : chains_.all())
      for (Index k = 1; k < chain.length(); ++k) {
        const Matrix<double> M = matrix_of(theta, chain, k);
        detail::append(all, detail::product_tn(M, M) - outer_gram(theta, chain, k - 1));
      }
    static_cast<const Model&>(*this).append_invariants(theta, all);
    return all;
  }
  /// Independent entries, as TensorModel::near_zero.
  Vector<S> near_zero(const NearZero& options) const {
    require(options.determinant == DeterminantSign::any, "near_zero: a tensor has no determinant whose sign could be asked for");
    return Starts::near_zero(options);
  }

  template <class O>
  struct Workspace {
    typename Shallow::template Workspace<O> shallow;
    typename detail::Chains<S>::Workspace chains;
    Vector<S> phi, gphi, dphi, hphi;
  };
  template <class O>
  Workspace<O> workspace(const O& at) const {
    return {
        shallow_.workspace(at), chains_.workspace(), Vector<S>(shallow_.parameter_count()), Vector<S>(shallow_.parameter_count()), {}, {}};
  }
  /// z = A(W(phi(theta))).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace<O>& ws, Out<S> z) const {
    chains_.forward(theta, ws.chains, ws.phi);
    shallow_.evaluate(ws.phi, at, ws.shallow, z);
  }
  /// g (+)= J^T zbar, at the theta of the last evaluate.
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace<O>& ws, In<S> zbar, Write write, Out<S> g) const {
    shallow_.pullback(ws.phi, at, ws.shallow, zbar, Write::set, ws.gphi);
    chains_.backward(theta, ws.chains, ws.gphi, write, g);
  }
  /// dz = J v, at the theta of the last evaluate.
  template <class O>
  void pushforward(In<S> theta, const O& at, Workspace<O>& ws, In<S> v, Out<S> dz) const {
    ws.dphi.resize(ws.phi.size());
    ws.hphi.resize(ws.phi.size());
    chains_.pushforward(theta, v, ws.chains, ws.dphi);
    shallow_.pushforward(ws.phi, at, ws.shallow, ws.dphi, dz);
  }
  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate, pullback of the same zbar and pushforward of the same v.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace<O>& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    shallow_.pullback_tangent(ws.phi, at, ws.shallow, zbar, dzbar, ws.dphi, Write::set, ws.hphi);
    chains_.backward_tangent(theta, v, ws.chains, ws.hphi, write, hv);
  }

 protected:
  /// `depths`: one number a mode, or one for all.
  DeepFactors(const char* who, Shallow shallow, std::vector<Index> depths) : shallow_(std::move(shallow)), depths_(std::move(depths)) {
    if (depths_.size() == 1) depths_.resize(static_cast<std::size_t>(order()), depths_[0]);
    require(static_cast<Index>(depths_.size()) == order(), who, ": got ", depths_.size(), " depths for a ", shape(), " tensor");
    for (std::size_t n = 0; n < depths_.size(); ++n)
      require(depths_[n] > 0, who, ": depth ", n + 1, " is ", depths_[n], ", a factor is at least one matrix");
  }
  /// The shallow block l as it is, or M_{L-1} ... M_1 times it: its memory is read as rows x (the rest).
  void add_chain(Index l, Index rows, Index length) {
    const Block& block = shallow_.layout()[l];
    detail::MatrixChain chain{rows, block.count / rows, {}, block.offset};
    layout_.add(block.name, block.shape, block.order);
    chain.offsets.push_back(layout_[layout_.size() - 1].offset);
    add_matrices(chain, block.name, length);
    chains_.add(std::move(chain));
  }
  /// Every column of the shallow block l, n x r by rows, with a chain of its own.
  void add_column_chains(Index l, Index length) {
    const Block& block = shallow_.layout()[l];
    const Index n = block.shape.rows(), r = block.shape.cols();
    for (Index j = 0; j < r; ++j) {
      const std::string name = sentence(block.name, "_", j + 1);
      detail::MatrixChain chain{n, 1, {}, block.offset + j, r};
      layout_.add(name, {n, 1});
      chain.offsets.push_back(layout_[layout_.size() - 1].offset);
      add_matrices(chain, name, length);
      chains_.add(std::move(chain));
    }
  }
  const std::vector<detail::MatrixChain>& chains() const { return chains_.all(); }
  /// Matrix k of a chain, P_0 for k = 0.
  Matrix<double> matrix_of(const Vector<S>& theta, const detail::MatrixChain& chain, Index k) const {
    const Index offset = chain.offsets[static_cast<std::size_t>(k)];
    return ConstMatrixMap<S>(theta.data() + offset, chain.rows, k ? chain.rows : chain.cols).template cast<double>();
  }
  /// M_k M_k^T; of the last matrix by default, which meets the rest of the factorization.
  Matrix<double> outer_gram(const Vector<S>& theta, const detail::MatrixChain& chain, Index k = -1) const {
    const Matrix<double> M = matrix_of(theta, chain, k < 0 ? chain.length() - 1 : k);
    return detail::product_nt(M, M);
  }
  void count_degree(Index degree) { degree_ = degree; }
  std::string arguments() const {
    std::string text = sentence(".shape = ", shape(), ", .depths = {");
    for (Index n = 0; n < order(); ++n) text += sentence(n ? ", " : "", depth(n));
    return text + "}";
  }

 private:
  void add_matrices(detail::MatrixChain& chain, const std::string& name, Index length) {
    for (Index k = 1; k < length; ++k) {
      layout_.add(sentence(name, "_M", k), {chain.rows, chain.rows});
      chain.offsets.push_back(layout_[layout_.size() - 1].offset);
    }
  }

  Shallow shallow_;
  std::vector<Index> depths_;
  Layout layout_;
  detail::Chains<S> chains_;
  Index degree_ = 0;
};

}  // namespace tacit
