// SPDX-License-Identifier: MIT
#pragma once
// The words of a formula that recorded.hpp records. A formula is called once, with a Traced<S> for each block; it may use
//
//   A * B   A + B   A - B   -A   2 * A   A / 2   transpose(A)   reshape(A, rows, cols)   hadamard(A, B)   khatri_rao(A, B)
//   abs exp expm1 log log1p sqrt square sigmoid softplus logcosh relu tanh sin cos sinh cosh atan (A)   pow(A, p)   entrywise(A, formula, name)
//
// and in place of A or B, but not of both, any Eigen matrix: a constant, which is copied. Every function returns the Traced of its result;
// shapes that do not fit throw std::invalid_argument naming the operation and both shapes.

#include <cmath>
#include <memory>

#include "../../core/dual.hpp"
#include "tape.hpp"

namespace tacit {

/// A matrix in a formula: a block, or what has been made of blocks so far. Its numbers are not known yet.
template <Scalar S>
class Traced {
 public:
  using scalar_type = S;
  Traced(detail::Tape<S>& tape, detail::View view) : tape_(&tape), view_(view) {}

  Shape shape() const { return view_.shape(); }
  Index rows() const { return shape().rows(); }
  Index cols() const { return shape().cols(); }

  friend Traced operator*(const Traced& a, const Traced& b) {
    const std::string sign = " * ";
    a.require_fit(a.cols() == b.rows(), "", sign, "", b, "a product needs as many columns on the left as rows on the right");
    return a.record(
        {.operation = Op::product, .rows = a.rows(), .cols = b.cols(), .a = a.view_, .b = b.view_, .degree = a.degree() + b.degree()});
  }
  friend Traced operator+(const Traced& a, const Traced& b) { return a.combined(1, b, 1, " + "); }
  friend Traced operator-(const Traced& a, const Traced& b) { return a.combined(1, b, -1, " - "); }
  friend Traced operator-(const Traced& a) { return a.scaled(-1); }
  template <class T>
  requires std::is_arithmetic_v<T>
  friend Traced operator*(T factor, const Traced& a) { return a.scaled(static_cast<S>(factor)); }
  template <class T>
  requires std::is_arithmetic_v<T>
  friend Traced operator*(const Traced& a, T factor) { return a.scaled(static_cast<S>(factor)); }
  template <class T>
  requires std::is_arithmetic_v<T>
  friend Traced operator/(const Traced& a, T divisor) { return a.scaled(static_cast<S>(1 / static_cast<double>(divisor))); }

  /// A^T: another way to read the same numbers.
  friend Traced transpose(const Traced& a) { return {*a.tape_, a.view_.transpose()}; }
  /// The entries of A, column after column, as a rows x cols matrix.
  friend Traced reshape(const Traced& a, Index rows, Index cols) {
    require(rows > 0 && cols > 0 && Shape{rows, cols}.count() == a.shape().count(), "Recorded: cannot form reshape(", a.text(), ", ", rows,
            ", ", cols, "): ", a.text(), " is ", a.shape(), ", which has ", a.shape().count(), " entries, and ", rows, " x ", cols, " has ",
            rows * cols);
    if (!a.view_.transposed) return {*a.tape_, {a.view_.node, rows, cols, false}};
    const Traced moved =
        a.record({.operation = Op::transposition, .rows = a.rows(), .cols = a.cols(), .a = a.view_.transpose(), .degree = a.degree()});
    return {*a.tape_, {moved.view_.node, rows, cols, false}};
  }
  /// A_ij B_ij.
  friend Traced hadamard(const Traced& a, const Traced& b) {
    a.require_fit(a.shape() == b.shape(), "hadamard(", ", ", ")", b, "a Hadamard product needs equal shapes");
    return a.record(
        {.operation = Op::hadamard, .rows = a.rows(), .cols = a.cols(), .a = a.view_, .b = b.view_, .degree = a.degree() + b.degree()});
  }
  /// Column r is kron(a_r, b_r): entry (i n_B + j, r) is A(i, r) B(j, r), for B of n_B rows.                  [Kolda & Bader 2009, section 2.6]
  friend Traced khatri_rao(const Traced& a, const Traced& b) {
    a.require_fit(a.cols() == b.cols(), "khatri_rao(", ", ", ")", b, "a Khatri-Rao product needs as many columns in both");
    return a.record({.operation = Op::khatri_rao,
                     .rows = Shape{a.rows(), b.rows()}.count(),
                     .cols = a.cols(),
                     .a = a.view_,
                     .b = b.view_,
                     .degree = a.degree() + b.degree()});
  }
  /// A function given by its kernels, at every entry.
  Traced at_every_entry(detail::EntryFunction<S> f) const {
    const double p = f.degree * degree();
    return record({.operation = Op::entrywise,
                   .rows = rows(),
                   .cols = cols(),
                   .a = view_,
                   .degree = p,
                   .f = std::make_shared<const detail::EntryFunction<S>>(std::move(f))});
  }
  /// A matrix of numbers, copied into the same formula.
  template <class Derived>
  Traced constant(const Eigen::MatrixBase<Derived>& given) const {
    Matrix<S> numbers = given.template cast<S>();
    const Index number = ++tape_->constants;
    require(numbers.size() > 0 && numbers.allFinite(), "Recorded: the constant C", number, ", ", numbers.rows(), " x ", numbers.cols(),
            ", ", numbers.size() ? "holds a number that is not finite" : "is empty");
    return record({.operation = Op::constant, .rows = given.rows(), .cols = given.cols(), .number = number, .given = std::move(numbers)});
  }

  const detail::View& view() const { return view_; }
  const detail::Tape<S>& tape() const { return *tape_; }

 private:
  using Op = detail::Operation;

  double degree() const { return (*tape_)[view_.node].degree; }
  Traced record(detail::Node<S> node) const { return {*tape_, tape_->add(std::move(node))}; }
  Traced scaled(S factor) const {
    return record({.operation = Op::combination, .rows = rows(), .cols = cols(), .a = view_, .degree = degree(), .alpha = factor});
  }
  Traced combined(S alpha, const Traced& b, S beta, const char* sign) const {
    require_fit(shape() == b.shape(), "", sign, "", b, "a sum needs equal shapes");
    const double degree = this->degree() == b.degree() ? b.degree() : std::numeric_limits<double>::quiet_NaN();
    return record({.operation = Op::combination,
                   .rows = rows(),
                   .cols = cols(),
                   .a = view_,
                   .b = b.view_,
                   .degree = degree,
                   .alpha = alpha,
                   .beta = beta});
  }
  std::string text() const { return detail::FormulaText<S>(*tape_)(view_, 4); }
  void require_fit(bool fits, const std::string& before, const std::string& between, const std::string& after, const Traced& b,
                   const char* why) const {
    if (fits) return;
    require(false, "Recorded: cannot form ", before, text(), between, b.text(), after, ": ", text(), " is ", shape(), ", ", b.text(),
            " is ", b.shape(), ", and ", why);
  }

  detail::Tape<S>* tape_;
  detail::View view_;
};

// A matrix in place of one operand.
template <class C>
concept GivenMatrix = std::derived_from<C, Eigen::MatrixBase<C>>;

#define TACIT_WITH_CONSTANT(id)                      \
  template <Scalar S, GivenMatrix C>                 \
  Traced<S> id(const Traced<S>& a, const C& given) { \
    return id(a, a.constant(given));                 \
  }                                                  \
  template <Scalar S, GivenMatrix C>                 \
  Traced<S> id(const C& given, const Traced<S>& b) { \
    return id(b.constant(given), b);                 \
  }
TACIT_WITH_CONSTANT(operator*)
TACIT_WITH_CONSTANT(operator+)
TACIT_WITH_CONSTANT(operator-)
TACIT_WITH_CONSTANT(hadamard)
TACIT_WITH_CONSTANT(khatri_rao)
#undef TACIT_WITH_CONSTANT

namespace detail {
/// The kernels of a formula on a Dual.
template <Scalar S, class Formula>
EntryFunction<S> entry_function(std::string name, std::string arguments, double degree, Formula formula) {
  const auto value_and_slope = [formula](const S* x, Index count, S* value, S* slope) {
    for (Index k = 0; k < count; ++k) {
      const Dual<S> y = formula(Dual<S>::variable(x[k]));
      value[k] = y.value;
      slope[k] = y.slope;
    }
  };
  const auto curvature = [formula](const S* x, Index count, S* out) {
    for (Index k = 0; k < count; ++k) out[k] = Dual<S>(formula(Dual<S>::variable(x[k]))).curvature;
  };
  return {std::move(name), std::move(arguments), degree, value_and_slope, curvature};
}
inline constexpr double no_degree = std::numeric_limits<double>::quiet_NaN();
}  // namespace detail

/// A function of one's own at every entry, slope and curvature derived:  entrywise(W, [](auto x) { return x / (1 + abs(x)); }, "softsign").
/// The name is what the model is printed with, and what tells its checkpoints from those of another function.
template <Scalar S, class Formula>
Traced<S> entrywise(const Traced<S>& a, Formula formula, std::string name = "f") {
  static_assert(
      requires(const Formula f, Dual<S> x) {
        { f(x) } -> std::convertible_to<Dual<S>>;
      },
      "entrywise: the formula needs to take (auto x), x a Dual, and return a number made from it");
  return a.at_every_entry(detail::entry_function<S>(std::move(name), "", detail::no_degree, std::move(formula)));
}
/// A_ij^p.
template <Scalar S>
Traced<S> pow(const Traced<S>& a, std::type_identity_t<S> p) {
  return a.at_every_entry(detail::entry_function<S>("pow", sentence(", ", p), static_cast<double>(p), [p](auto x) { return pow(x, p); }));
}

// Each line: a function of core/dual.hpp, and its degree.
#define TACIT_ENTRYWISE(id, degree)                                                                    \
  template <Scalar S>                                                                                  \
  Traced<S> id(const Traced<S>& a) {                                                                   \
    return a.at_every_entry(detail::entry_function<S>(#id, "", degree, [](auto x) { return id(x); })); \
  }
TACIT_ENTRYWISE(abs, 1)
TACIT_ENTRYWISE(relu, 1)
TACIT_ENTRYWISE(sqrt, 0.5)
TACIT_ENTRYWISE(square, 2)
TACIT_ENTRYWISE(exp, detail::no_degree)
TACIT_ENTRYWISE(expm1, detail::no_degree)
TACIT_ENTRYWISE(log, detail::no_degree)
TACIT_ENTRYWISE(log1p, detail::no_degree)
TACIT_ENTRYWISE(sigmoid, detail::no_degree)
TACIT_ENTRYWISE(softplus, detail::no_degree)
TACIT_ENTRYWISE(logcosh, detail::no_degree)
TACIT_ENTRYWISE(tanh, detail::no_degree)
TACIT_ENTRYWISE(sin, detail::no_degree)
TACIT_ENTRYWISE(cos, detail::no_degree)
TACIT_ENTRYWISE(sinh, detail::no_degree)
TACIT_ENTRYWISE(cosh, detail::no_degree)
TACIT_ENTRYWISE(atan, detail::no_degree)
#undef TACIT_ENTRYWISE

}  // namespace tacit
