// SPDX-License-Identifier: MIT
#include <tacit/model/recorded.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

using M = Matrix<double>;

/// W at theta, through all entries.
M result(const Recorded<double>& model, const Vector<double>& theta) {
  const AllEntries all(model.rows(), model.cols());
  auto ws = model.workspace(all);
  Vector<double> z(all.count());
  model.evaluate(theta, all, ws, z);
  return Eigen::Map<const M>(z.data(), model.rows(), model.cols());
}
/// |W - expected| for a formula of A (3 x 4) and B (2 x 3) and what it should be, from the two matrices.
template <class Formula, class Expected>
double error(Formula&& formula, Expected&& expected) {
  const Recorded<double> model(blocks({{"A", {3, 4}}, {"B", {2, 3}}}), formula);
  const Vector<double> theta = model.near_zero({.entry_std = 1});
  const M A = model.block(theta, 0), B = model.block(theta, 1), W = result(model, theta), should = expected(A, B);
  REQUIRE(W.rows() == should.rows());
  REQUIRE(W.cols() == should.cols());
  return (W - should).norm();
}
/// What the construction throws.
template <std::size_t N, class Formula>
std::string refusal(const Blocks<N>& given, Formula&& formula) {
  return thrown([&] { Recorded<double>(given, formula); });
}

}  // namespace

TEST_CASE("a recorded formula knows its shape, its blocks and how it is written") {
  const Recorded model(blocks({{"W1", {20, 10}}, {"W2", {5, 20}}}), [](auto W1, auto W2) { return W2 * relu(W1); });
  CHECK(model.shape() == Shape{5, 10});
  CHECK(model.rows() == 5);
  CHECK(model.cols() == 10);
  CHECK(model.parameter_count() == 300);
  CHECK(sentence(model) == "Recorded<float64>(W1 20 x 10, W2 5 x 20 (row-major): W2 * relu(W1))");
  CHECK(model.homogeneous());
  CHECK(model.degree() == 2);
}

TEST_CASE("formulas are printed as they are written, shared parts once") {
  const auto text = [](auto formula) {
    const std::string all = sentence(Recorded<float>(blocks({{"A", {3, 3}}, {"B", {3, 3}}}), formula));
    return all.substr(all.find(": ") + 2, all.size() - all.find(": ") - 3);
  };
  CHECK(text([](auto A, auto B) { return A * (B * A) - (A - B) * -B; }) == "A * (B * A) - (A - B) * (-B)");
  CHECK(text([](auto A, auto B) { return 2 * (A + B) / 4; }) == "0.25 * (2 * (A + B))");
  CHECK(text([](auto A, auto B) { return A - (B - A); }) == "A - (B - A)");
  CHECK(text([](auto A, auto B) { return transpose(khatri_rao(A, B)) * reshape(hadamard(A, pow(B, 2)), 9, 1); }) ==
        "transpose(khatri_rao(A, B)) * reshape(hadamard(A, pow(B, 2)), 9, 1)");
  CHECK(text([](auto A, auto B) {
          const auto h = tanh(A * B);
          return entrywise(
                     h, [](auto x) { return x * x; }, "mine") +
                 h;
        }) == "mine(h1) + h1, h1 = tanh(A * B)");
  const auto with = [&](double number) { return text([&](auto A, auto B) { return B * relu(A * M::Constant(3, 2, number)); }); };
  CHECK(with(1).find("B * relu(A * C1), C1 3 x 2 #") == 0);
  CHECK(with(1) == with(1));
  CHECK(with(1) != with(2));  // so that a checkpoint knows its own constants
}

TEST_CASE("operations give what Eigen gives") {
  const M X = M::Random(4, 5), Y = M::Random(2, 4);
  const auto times = detail::product<double>;
  CHECK(error([](auto A, auto B) { return B * A; }, [&](const M& A, const M& B) { return times(B, A); }) < 1e-14);
  CHECK(error([&](auto A, auto B) { return (B * A + Y) * X - 2 * (B * (A * X)); },
              [&](const M& A, const M& B) { return times(Y - times(B, A), X); }) < 1e-13);
  CHECK(error([&](auto A, auto B) { return hadamard(Y, Y - B * A / 2) + B * A; },
              [&](const M& A, const M& B) { return M(Y.cwiseProduct(Y - times(B, A) / 2) + times(B, A)); }) < 1e-14);
  CHECK(error([](auto A, auto B) { return transpose(relu(transpose(A) * transpose(B))); },
              [&](const M& A, const M& B) { return M(times(B, A).cwiseMax(0)); }) < 1e-14);
  CHECK(error([](auto A, auto B) { return reshape(transpose(A), 2, 6) + reshape(A, 2, 6) + reshape(khatri_rao(B, B), 2, 6); },
              [](const M& A, const M& B) {
                M kr(4, 3);
                for (Index r = 0; r < 3; ++r)
                  for (Index i = 0; i < 2; ++i)
                    for (Index j = 0; j < 2; ++j) kr(2 * i + j, r) = B(i, r) * B(j, r);
                const M At = A.transpose();
                const auto flat = [](const M& m) { return Eigen::Map<const M>(m.data(), 2, 6); };
                return M(flat(At) + flat(A) + flat(kr));
              }) < 1e-14);
  CHECK(error(
            [](auto A, auto B) {
              return B * (exp(A) + tanh(A) - sigmoid(A) + softplus(A) - logcosh(A) + sqrt(abs(A)) + pow(square(A), 1.5) + log1p(square(A)));
            },
            [&](const M& A, const M& B) {
              M f = A;
              for (double& x : f.reshaped())
                x = std::exp(x) + std::tanh(x) - 1 / (1 + std::exp(-x)) + std::log(1 + std::exp(x)) - std::log(std::cosh(x)) +
                    std::sqrt(std::abs(x)) + std::abs(x * x * x) + std::log1p(x * x);
              return times(B, f);
            }) < 1e-12);
}

TEST_CASE("chains of products are multiplied in the cheapest order, whatever the brackets") {
  // (D C)(B A) can be 60000 x 2, 2 x 2, 2 x 60000: all is small, until a function of the entries needs a 60000 x 60000 matrix.
  const auto chain = blocks({{"A", {2, 60'000}}, {"B", {60'000, 2}}, {"C", {2, 60'000}}, {"D", {60'000, 2}}});
  const Recorded<double> model(chain, [](auto A, auto B, auto C, auto D) { return D * C * (B * A); });
  CHECK(model.shape() == Shape{60'000, 60'000});
  CHECK(refusal(chain, [](auto A, auto B, auto C, auto D) {
          return relu(D * C) * (B * A);
        }).find("Recorded (a matrix that the formula forms): a dense 60000 x 60000 object has 3600000000 entries") == 0);
}

TEST_CASE("degrees follow the operations") {
  const auto degree = [](auto formula) {
    const Recorded<double> model(blocks({{"A", {3, 3}}, {"B", {3, 3}}}), formula);
    return model.homogeneous() ? model.degree() : -1;
  };
  CHECK(degree([](auto A, auto B) { return A * B * A; }) == 3);
  CHECK(degree([](auto A, auto B) { return 2 * relu(A) - abs(B) / 3; }) == 1);
  CHECK(degree([](auto A, auto B) { return hadamard(square(A), pow(B, 3)); }) == 5);
  CHECK(degree([](auto A, auto B) { return sqrt(square(A)) + B; }) == 1);
  CHECK(degree([](auto A, auto B) { return A * M::Ones(3, 3) + B; }) == 1);
  CHECK(degree([](auto A, auto B) { return A * B + B; }) == -1);
  CHECK(degree([](auto A, auto B) { return A * B + M::Ones(3, 3); }) == -1);
  CHECK(degree([](auto A, auto B) { return A * tanh(B); }) == -1);
  CHECK(degree([](auto A, auto B) { return sqrt(hadamard(A, hadamard(A, B))); }) == -1);
}

TEST_CASE("starts are drawn entry by entry, and by product scale where there is a degree") {
  const auto two = blocks({{"A", {30, 40}}, {"B", {20, 30}}});
  const Recorded<double> model(two, [](auto A, auto B) { return B * tanh(A); });
  const Vector<double> theta = model.near_zero({.entry_std = 0.1, .seed = 3});
  CHECK(std::abs(theta.norm() / std::sqrt(1800) - 0.1) < 0.005);
  CHECK(theta == model.near_zero({.entry_std = 0.1, .seed = 3}));
  CHECK(theta != model.near_zero({.entry_std = 0.1, .seed = 4}));
  CHECK(model.near_zero({.entry_std = 0.1, .distribution = Distribution::uniform}).cwiseAbs().maxCoeff() <= 0.1 * std::sqrt(3));
  CHECK(thrown([&] { model.near_zero({.product_scale = 0.1}); }) ==
        "Recorded: B * tanh(A) is not of a whole degree in its blocks: no .product_scale, but .entry_std or .factor_norm");
  CHECK(thrown([&] { model.near_zero({.entry_std = 0.1, .determinant = DeterminantSign::positive}); }) ==
        "Recorded: near_zero cannot choose the sign of a determinant, W is any formula of the blocks");
  CHECK_NOTHROW(Recorded<double>(two, [](auto A, auto B) { return B * relu(A); }).near_zero({.product_scale = 0.1}));
}

TEST_CASE("formulas whose shapes do not fit are refused, both shapes named") {
  const auto two = blocks({{"A", {3, 4}}, {"B", {2, 5}}});
  CHECK(refusal(two, [](auto A, auto B) { return relu(B) * A; }) ==
        "Recorded: cannot form relu(B) * A: relu(B) is 2 x 5, A is 3 x 4, and a product needs as many columns on the left as rows on the "
        "right");
  CHECK(refusal(two, [](auto A, auto B) { return transpose(A) - B; }) ==
        "Recorded: cannot form transpose(A) - B: transpose(A) is 4 x 3, B is 2 x 5, and a sum needs equal shapes");
  CHECK(refusal(two, [](auto A, auto B) { return hadamard(A, B); }) ==
        "Recorded: cannot form hadamard(A, B): A is 3 x 4, B is 2 x 5, and a Hadamard product needs equal shapes");
  CHECK(refusal(two, [](auto A, auto B) { return khatri_rao(A, B); }) ==
        "Recorded: cannot form khatri_rao(A, B): A is 3 x 4, B is 2 x 5, and a Khatri-Rao product needs as many columns in both");
  CHECK(refusal(two, [](auto A, auto) { return reshape(A, 5, 2); }) ==
        "Recorded: cannot form reshape(A, 5, 2): A is 3 x 4, which has 12 entries, and 5 x 2 has 10");
  CHECK(refusal(two, [](auto A, auto) { return A * M::Ones(3, 2); }) ==
        "Recorded: cannot form A * C1: A is 3 x 4, C1 is 3 x 2, and a product needs as many columns on the left as rows on the right");
  CHECK(refusal(two, [](auto A, auto) { return M::Constant(3, 4, std::nan("")) + A; }) ==
        "Recorded: the constant C1, 3 x 4, holds a number that is not finite");
  CHECK(refusal(two, [](auto A, auto) { return 2 * A; }) == "Recorded: the formula 2 * A does not use the block B");
  CHECK(refusal(blocks({{"A", {3, 4}}, {"A", {4, 5}}}), [](auto A, auto B) { return A * B; }) == "Layout: two blocks are called 'A'");
  CHECK(thrown([&] { blocks({{"A", {3, 0}}}); }) == "Shape: mode 1 has size 0, every mode needs at least 1");
  const Recorded<double> model(blocks({{"A", {3, 4}}}), [](auto A) { return A; });
  CHECK(thrown([&] { model.workspace(AllEntries(4, 3)); }) == "Recorded: the observation is of a 4 x 3 matrix, the model is 3 x 4");
}
