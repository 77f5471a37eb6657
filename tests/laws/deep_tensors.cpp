// SPDX-License-Identifier: MIT
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/deep_tensor_train.hpp>
#include <tacit/model/deep_tucker.hpp>

#include "tensor_laws.hpp"

using namespace laws;

namespace {
/// W at a multi-index, from the products of the chains put into the shallow model.
template <class M>
void agrees_with_its_factors(const M& model) {
  const Vector<double> theta = normal<double>(model.parameter_count(), 1, 0.5), phi = model.factors(theta);
  const TensorEntries at = some_tensor_entries(model.shape());
  Verbs<M, TensorEntries> deep(model, at);
  Verbs<std::remove_cvref_t<decltype(model.shallow())>, TensorEntries> shallow(model.shallow(), at);
  check_close(deep.evaluate(theta), shallow.evaluate(phi), 1e-14);
  const Vector<double> factors = normal<double>(phi.size(), 2), identities = model.from_factors(factors);
  check_close(model.factors(identities), factors, 1e-16);
  check_close(deep.evaluate(identities), shallow.evaluate(factors), 1e-14);
}
/// Whichever way W is read, all verbs give the same numbers.
template <class M>
void paths_agree(const M& model) {
  INFO(model);
  const TensorEntries at = some_tensor_entries(model.shape());
  const Vector<double> theta = normal<double>(model.parameter_count(), 1, 0.5), v = normal<double>(theta.size(), 2);
  const Vector<double> zbar = normal<double>(at.count(), 3), dzbar = normal<double>(at.count(), 4);
  Verbs<M, TensorEntries> dense(model, at.through(Path::dense));
  for (const Path path : {Path::per_entry, Path::halves, Path::automatic}) {
    Verbs<M, TensorEntries> other(model, at.through(path));
    check_close(other.evaluate(theta), dense.evaluate(theta), 1e-12);
    check_close(other.pullback(theta, zbar), dense.pullback(theta, zbar), 1e-12);
    check_close(other.pushforward(theta, v), dense.pushforward(theta, v), 1e-12);
    check_close(other.pullback_tangent(theta, zbar, dzbar, v), dense.pullback_tangent(theta, zbar, dzbar, v), 1e-12);
  }
}
/// Bit for bit: same parameters, same W, same gradient.
template <class M>
void equals_its_shallow_model(const M& model) {
  using Shallow = std::remove_cvref_t<decltype(model.shallow())>;
  CHECK(model.layout() == model.shallow().layout());
  CHECK(model.degree() == model.shallow().degree());
  const Vector<double> theta = normal<double>(model.parameter_count(), 3);
  CHECK(model.factors(theta) == theta);
  const TensorEntries at = some_tensor_entries(model.shape());
  const Vector<double> zbar = normal<double>(at.count(), 6);
  Verbs<M, TensorEntries> deep(model, at);
  Verbs<Shallow, TensorEntries> shallow(model.shallow(), at);
  CHECK(deep.evaluate(theta) == shallow.evaluate(theta));
  CHECK(deep.pullback(theta, zbar) == shallow.pullback(theta, zbar));
}
}  // namespace

TEST_CASE("deep factorizations are shallow ones of their factors, and equal them with chains of identities") {
  agrees_with_its_factors(DeepCP<double>({.shape = {3, 4, 2}, .rank = 3, .depths = {3}}));
  agrees_with_its_factors(DeepTucker<double>({.shape = {3, 4, 2}, .ranks = {2, 3, 2}, .depths = {1, 2, 3}}));
  agrees_with_its_factors(DeepTucker<double>({.shape = {3, 4, 2}, .ranks = {2, 3, 2}, .depths = {2}, .wiring = Wiring::per_column}));
  agrees_with_its_factors(DeepTensorTrain<double>({.shape = {3, 4, 2}, .ranks = {3, 2}, .depths = {2}}));
}
TEST_CASE("dense, through halves, entry by entry: deep factorizations give the same numbers") {
  paths_agree(DeepCP<double>({.shape = {3, 4, 2}, .rank = 3, .depths = {3}}));
  paths_agree(DeepTucker<double>({.shape = {3, 4, 2}, .ranks = {2, 3, 2}, .depths = {1, 2, 3}}));
  paths_agree(DeepTucker<double>({.shape = {3, 4, 2}, .ranks = {2, 3, 2}, .depths = {2}, .wiring = Wiring::per_column}));
  paths_agree(DeepTensorTrain<double>({.shape = {3, 4, 2}, .ranks = {3, 2}, .depths = {2}}));
}
TEST_CASE("a factor is the product of its chain") {
  const DeepCP<double> model({.shape = {3, 4}, .rank = 2, .depths = {3, 1}});
  const Vector<double> theta = normal<double>(model.parameter_count(), 4);
  const Matrix<double> A = model.block(theta, 0), M1 = model.block(theta, 1), M2 = model.block(theta, 2);
  CHECK((model.shallow().block(model.factors(theta), 0).transpose() - M2 * M1 * A.transpose()).norm() < 1e-14);
  const DeepTucker<double> columns({.shape = {3, 4}, .ranks = {2}, .depths = {2, 1}, .wiring = Wiring::per_column});
  const Vector<double> x = normal<double>(columns.parameter_count(), 5);
  const Matrix<double> u = columns.block(x, 3), W = columns.block(x, 4);  // of the second column, after the core and the first
  CHECK(columns.layout()[3].name == "U1_2");
  CHECK((columns.shallow().block(columns.factors(x), 1).col(1) - W * u).norm() < 1e-14);
}
TEST_CASE("deep factorizations of depth one are the shallow ones") {
  equals_its_shallow_model(DeepCP<double>({.shape = {3, 4, 2}, .rank = 3, .depths = {1}}));
  equals_its_shallow_model(DeepTucker<double>({.shape = {3, 4, 2}, .ranks = {2, 3, 2}, .depths = {1}}));
  equals_its_shallow_model(DeepTensorTrain<double>({.shape = {3, 4, 2}, .ranks = {3, 2}, .depths = {1}}));
}
TEST_CASE("with a chain a column, depth one is the shallow factorization with its factors column by column") {
  const DeepTucker<double> deep({.shape = {3, 4, 2}, .ranks = {2, 3, 2}, .depths = {1}, .wiring = Wiring::per_column});
  const Tucker<double>& tucker = deep.shallow();
  const Vector<double> theta = normal<double>(deep.parameter_count(), 3);
  // The order of theta's numbers in the parameters of Tucker.
  const auto reordered = [&](const Vector<double>& x) {
    Vector<double> phi(tucker.parameter_count());
    tucker.layout().flat(phi, 0) = deep.layout().flat(x, 0);
    for (Index n = 1, next = 1; n <= 3; ++n)
      for (Index j = 0; j < tucker.rank(n - 1); ++j) tucker.layout().matrix(phi, n).col(j) = deep.layout().flat(x, next++);
    return phi;
  };
  const TensorEntries at = some_tensor_entries(deep.shape());
  const Vector<double> zbar = normal<double>(at.count(), 6);
  Verbs<DeepTucker<double>, TensorEntries> a(deep, at);
  Verbs<Tucker<double>, TensorEntries> b(tucker, at);
  CHECK(deep.parameter_count() == tucker.parameter_count());
  CHECK(a.evaluate(theta) == b.evaluate(reordered(theta)));
  CHECK(reordered(a.pullback(theta, zbar)) == b.pullback(reordered(theta), zbar));
}
