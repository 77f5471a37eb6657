// SPDX-License-Identifier: MIT
#include <tacit/model/cp.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/model/through_dense.hpp>
#include <tacit/tacit.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// W = theta theta^T for theta in R^n, of someone who has thought of AllEntries and of gradients only.
struct Outer {
  using scalar_type = double;
  explicit Outer(Index n) { layout_.add("u", {n}); }
  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  Shape shape() const { return {parameter_count(), parameter_count()}; }
  struct Workspace {};
  Workspace workspace(const AllEntries&) const { return {}; }
  void evaluate(In<double> theta, const AllEntries&, Workspace&, Out<double> z) const {
    for (Index j = 0; j < theta.size(); ++j) z.segment(j * theta.size(), theta.size()) = theta[j] * theta;
  }
  void pullback(In<double> theta, const AllEntries&, Workspace&, In<double> zbar, Write write, Out<double> g) const {
    if (write == Write::set) g.setZero();
    for (Index j = 0; j < theta.size(); ++j) {
      const auto column = zbar.segment(j * theta.size(), theta.size());
      g += theta[j] * column;
      g[j] += column.dot(theta);
    }
  }
  friend std::ostream& operator<<(std::ostream& out, const Outer&) { return out << "Outer"; }

 private:
  Layout layout_;
};

static_assert(Observable<Outer, AllEntries> && !Observable<Outer, Entries>);
static_assert(Observable<ThroughDense<Outer>, Entries> && Observable<ThroughDense<Outer>, LinearMap<double>>);
static_assert(!TwiceObservable<ThroughDense<Outer>, Entries> && TwiceObservable<ThroughDense<Recorded<double>>, Entries>);
static_assert(TwiceObservable<Recorded<double>, Entries> && TwiceObservable<Recorded<float>, AllEntries>);

}  // namespace

TEST_CASE("a model that only knows all entries trains on some") {
  const Outer outer(6);
  const auto model = through_dense(outer);
  CHECK(sentence(model) == "through_dense(Outer)");
  CHECK(model.shape() == Shape{6, 6});
  CHECK(model.layout() == outer.layout());
  const Vector<double> truth = Vector<double>::LinSpaced(6, 0.5, 1.5);
  std::vector<Triplet<double>> seen;
  for (Index i = 0; i < 6; ++i)
    for (Index j = i; j < std::min<Index>(6, i + 3); ++j) seen.push_back({i, j, truth[i] * truth[j]});
  const Problem problem(model, observed(6, 6, seen), MeanSquares{});
  Vector<double> theta = Vector<double>::Ones(6);
  train(problem, theta, gradient_descent({.rate = 0.5}), {.iterations = 500});
  CHECK((theta - truth).norm() < 1e-8);
}

TEST_CASE("an observation of another shape is refused") {
  CHECK(thrown([] { through_dense(Outer(3)).workspace(AllEntries(3, 4)); }) ==
        "through_dense: the observation is of a 3 x 4 matrix, the model is 3 x 3");
  const auto cp = through_dense(CP<double>({.shape = {2, 3, 4}, .rank = 1}));  // as many rows and columns at mode 0, in another order
  CHECK(thrown([&] {
          cp.workspace(TensorEntries({2, 4, 3}, {{0}, {3}, {0}}));
        }) == "through_dense: the observation is of a 2 x 4 x 3 tensor, the model is 2 x 3 x 4");
  CHECK(thrown([&] {
          cp.workspace(AllEntries(Shape{2, 4, 3}));
        }) == "through_dense: the observation is of a 2 x 4 x 3 tensor, the model is 2 x 3 x 4");
  CHECK_NOTHROW(cp.workspace(TensorEntries({2, 3, 4}, {{0}, {2}, {0}})));
  CHECK_NOTHROW(cp.workspace(AllEntries(2, 12)));
  CHECK(thrown([] { through_dense(DeepMatrix<double>({20'000, 2, 20'000})); }).find("AllEntries: a dense 20000 x 20000 object") == 0);
}
