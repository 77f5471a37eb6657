// SPDX-License-Identifier: MIT
// Formulas drawn at random from all that recorded.hpp may record, against an evaluator that goes through them line by line and shares nothing with the planner.
// TACIT_RANDOM_PROGRAMS says how many are drawn, TACIT_RANDOM_FIRST from which seed.
#include <tacit/model/recorded.hpp>

#include "reference.hpp"

using namespace laws;
using reference::Number;
using reference::Real;

namespace {

enum class Word {
  block,
  given,
  product,
  sum,
  difference,
  hadamard,
  khatri_rao,
  negated,
  scaled,
  scaled_right,
  divided,
  transposed,
  reshaped,
  function
};
constexpr int function_count = 17;  // of one's own, then as Traced has them

constexpr int none = std::numeric_limits<int>::max();

struct Line {
  Word word;
  int a = none, b = none;  ///< earlier lines; negative: the given matrix ~a
  Index rows = 0, cols = 0;
  double factor = 0;  ///< of a multiple, the exponent of a power
  int number = 0;     ///< which block, given matrix or function
};
struct RandomFormula {
  std::vector<Line> lines;  ///< blocks first; the last one is W
  std::vector<Matrix<double>> given;
  std::vector<std::pair<Index, Index>> blocks;
};

class FormulaGenerator {
 public:
  explicit FormulaGenerator(Random& random) : random_(random) {}

  RandomFormula draw() {
    out_ = {};
    const bool large = chance(0.03);  // for products in blocks, and unrolled loops
    sizes_.clear();
    for (int k = 0; k < 3; ++k) sizes_.push_back(large ? 5 + below(8) : 1 + below(4));
    const Index N = 1 + below(3);
    for (Index l = 0; l < N; ++l) {
      out_.blocks.emplace_back(size(), size());
      add({.word = Word::block, .rows = out_.blocks.back().first, .cols = out_.blocks.back().second, .number = static_cast<int>(l)});
    }
    for (Index steps = 1 + below(9); steps > 0; --steps) step(large ? 200 : 60);
    if (chance(0.5)) multiply(last());
    join();
    if (chance(0.2)) transposed(last());
    if (chance(0.1)) reshaped(last());
    return out_;
  }

 private:
  Index below(Index n) { return static_cast<Index>(random_.below(static_cast<std::uint64_t>(n))); }
  bool chance(double p) { return random_.uniform() < p; }
  Index size() { return sizes_[static_cast<std::size_t>(below(static_cast<Index>(sizes_.size())))]; }
  int last() const { return static_cast<int>(out_.lines.size()) - 1; }
  const Line& at(int k) const { return out_.lines[static_cast<std::size_t>(k)]; }
  int add(const Line& line) {
    out_.lines.push_back(line);
    return last();
  }
  int given(Index rows, Index cols, bool positive = false) {
    Matrix<double> m = reference::rounded_normal(random_, rows * cols, 0.7).reshaped(rows, cols);
    if (positive) m = m.cwiseAbs().array() + 0.25;
    out_.given.push_back(m);
    return ~(static_cast<int>(out_.given.size()) - 1);
  }

  int pick() {
    int k = last();
    while (k > 0 && chance(0.45)) --k;
    if (chance(0.15)) k = static_cast<int>(below(last() + 1));
    if (chance(0.25)) k = transposed(k);
    if (chance(0.1)) k = reshaped(k);
    if (chance(0.1)) k = transposed(k);
    return k;
  }
  int transposed(int a) { return add({.word = Word::transposed, .a = a, .rows = at(a).cols, .cols = at(a).rows}); }
  int reshaped(int a) {
    const Index count = at(a).rows * at(a).cols;
    std::vector<Index> rows;
    for (Index r = 1; r <= count; ++r)
      if (count % r == 0) rows.push_back(r);
    const Index r = rows[static_cast<std::size_t>(below(static_cast<Index>(rows.size())))];
    return reshaped(a, r, count / r);
  }
  int reshaped(int a, Index rows, Index cols) { return add({.word = Word::reshaped, .a = a, .rows = rows, .cols = cols}); }

  /// An earlier line, as it is, transposed or reshaped, that fits; or a given matrix, whose shape make() draws.
  template <class Fits, class Make>
  int partner(Fits&& fits, Make&& make) {
    if (chance(0.75)) {
      std::vector<int> straight, turned;
      for (int k = 0; k <= last(); ++k) {
        if (fits(at(k).rows, at(k).cols)) straight.push_back(k);
        if (fits(at(k).cols, at(k).rows)) turned.push_back(k);
      }
      const auto one_of = [&](const std::vector<int>& from) {
        return from[static_cast<std::size_t>(below(static_cast<Index>(from.size())))];
      };
      if (!straight.empty() && (turned.empty() || chance(0.6))) return one_of(straight);
      if (!turned.empty()) return transposed(one_of(turned));
    }
    const auto [rows, cols] = make();
    return given(rows, cols);
  }
  int same_shape(int a) {
    const Index rows = at(a).rows, cols = at(a).cols;
    if (chance(0.15))
      for (int k = last(); k >= 0; --k)
        if (k != a && at(k).rows * at(k).cols == rows * cols && at(k).rows != rows) return reshaped(k, rows, cols);
    return partner([&](Index r, Index c) { return r == rows && c == cols; }, [&] { return std::pair{rows, cols}; });
  }
  /// Left or right.
  int combine(Word word, int a, int b) {
    if (b < 0 ? chance(0.5) : chance(0.3)) std::swap(a, b);
    const Line& shape = at(a < 0 ? b : a);
    return add({.word = word, .a = a, .b = b, .rows = shape.rows, .cols = shape.cols});
  }
  Index rows_of(int a) const { return a < 0 ? out_.given[static_cast<std::size_t>(~a)].rows() : at(a).rows; }
  Index cols_of(int a) const { return a < 0 ? out_.given[static_cast<std::size_t>(~a)].cols() : at(a).cols; }
  int product(int a, int b) { return add({.word = Word::product, .a = a, .b = b, .rows = rows_of(a), .cols = cols_of(b)}); }
  int multiply(int a) {
    if (chance(0.5))
      return product(a, partner([&](Index r, Index) { return r == at(a).cols; }, [&] { return std::pair{at(a).cols, size()}; }));
    return product(partner([&](Index, Index c) { return c == at(a).rows; }, [&] { return std::pair{size(), at(a).rows}; }), a);
  }

  void step(Index most) {
    static constexpr double factors[] = {2, -1.5, 0.5, 3};
    const auto factor = [&] { return factors[below(4)]; };
    int a = pick();
    const Index rows = at(a).rows, cols = at(a).cols;
    switch (below(15)) {
      case 0:
      case 1:
      case 2:
      case 3:
        multiply(a);
        return;
      case 4:
        combine(Word::sum, a, same_shape(a));
        return;
      case 5:
        combine(Word::difference, a, same_shape(a));
        return;
      case 6:
      case 7:
        combine(Word::hadamard, a, same_shape(a));
        return;
      case 8: {
        int b = partner([&](Index r, Index c) { return c == cols && r * rows * cols <= most; },
                        [&] {
                          return std::pair{1 + below(3), cols};
                        });
        if (chance(0.5)) std::swap(a, b);
        add({.word = Word::khatri_rao, .a = a, .b = b, .rows = rows_of(a) * rows_of(b), .cols = cols});
        return;
      }
      case 9:
        switch (below(4)) {
          case 0:
            add({.word = Word::negated, .a = a, .rows = rows, .cols = cols});
            return;
          case 1:
            add({.word = Word::scaled, .a = a, .rows = rows, .cols = cols, .factor = factor()});
            return;
          case 2:
            add({.word = Word::scaled_right, .a = a, .rows = rows, .cols = cols, .factor = factor()});
            return;
          default:
            add({.word = Word::divided, .a = a, .rows = rows, .cols = cols, .factor = factor()});
            return;
        }
      case 10:
        reshaped(a);
        return;
      case 11: {
        const int g = given(chance(0.5) ? rows : size(), chance(0.5) ? cols : size());
        add({.word = Word::given, .rows = rows_of(g), .cols = cols_of(g), .number = ~g});
        return;
      }
      default: {
        const int f = static_cast<int>(below(function_count));
        if (f >= 1 && f <= 4) {  // of what is positive
          a = add({.word = Word::function, .a = a, .rows = rows, .cols = cols, .number = 7});
          a = add({.word = Word::sum, .a = a, .b = given(rows, cols, true), .rows = rows, .cols = cols});
        }
        add({.word = Word::function, .a = a, .rows = rows, .cols = cols, .factor = factors[1 + below(3)], .number = f});
      }
    }
  }
  /// Has every block in W.
  void join() {
    for (std::size_t l = 0; l < out_.blocks.size(); ++l) {
      std::vector<bool> reached(out_.lines.size(), false);
      reached.back() = true;
      for (int k = last(); k >= 0; --k)
        if (reached[static_cast<std::size_t>(k)] && at(k).word != Word::block && at(k).word != Word::given)
          for (const int operand : {at(k).a, at(k).b})
            if (operand >= 0 && operand != none) reached[static_cast<std::size_t>(operand)] = true;
      if (reached[l]) continue;
      const auto [rows, cols] = out_.blocks[l];
      const int W = last(), block = static_cast<int>(l);
      if (chance(0.5)) {
        product(product(W, given(at(W).cols, rows)), block);
      } else {
        const int b = product(product(given(at(W).rows, rows), block), given(cols, at(W).cols));
        add({.word = Word::sum, .a = b, .b = W, .rows = at(W).rows, .cols = at(W).cols});
      }
    }
  }

  Random& random_;
  RandomFormula out_;
  std::vector<Index> sizes_;
};

/// The formula, said to Recorded.
template <class S>
Traced<S> said(const RandomFormula& formula, std::vector<Traced<S>> lines) {
  const auto made = [&](const Line& line) {
    const auto x = [&](int k) -> const Traced<S>& { return lines[static_cast<std::size_t>(k)]; };
    const auto numbers = [&](int k) -> const Matrix<double>& { return formula.given[static_cast<std::size_t>(~k)]; };
    const auto both = [&](auto&& f) {
      if (line.a < 0) return f(numbers(line.a), x(line.b));
      if (line.b < 0) return f(x(line.a), numbers(line.b));
      return f(x(line.a), x(line.b));
    };
    switch (line.word) {
      case Word::given:
        return x(0).constant(formula.given[static_cast<std::size_t>(line.number)]);
      case Word::product:
        return both([](const auto& a, const auto& b) { return a * b; });
      case Word::sum:
        return both([](const auto& a, const auto& b) { return a + b; });
      case Word::difference:
        return both([](const auto& a, const auto& b) { return a - b; });
      case Word::hadamard:
        return both([](const auto& a, const auto& b) { return hadamard(a, b); });
      case Word::khatri_rao:
        return both([](const auto& a, const auto& b) { return khatri_rao(a, b); });
      case Word::negated:
        return -x(line.a);
      case Word::scaled:
        return line.factor * x(line.a);
      case Word::scaled_right:
        return x(line.a) * line.factor;
      case Word::divided:
        return x(line.a) / line.factor;
      case Word::transposed:
        return transpose(x(line.a));
      case Word::reshaped:
        return reshape(x(line.a), line.rows, line.cols);
      default:
        break;
    }
    const Traced<S>& a = x(line.a);
    switch (line.number) {
      case 0:
        return entrywise(a, [](auto y) { return y / (1 + y * y); });
      case 1:
        return pow(a, static_cast<S>(line.factor));
      case 2:
        return log(a);
      case 3:
        return sqrt(a);
      case 4:
        return log1p(a);
      case 5:
        return abs(a);
      case 6:
        return relu(a);
      case 7:
        return square(a);
      case 8:
        return exp(a);
      case 9:
        return expm1(a);
      case 10:
        return sigmoid(a);
      case 11:
        return tanh(a);
      case 12:
        return sin(a);
      case 13:
        return cos(a);
      case 14:
        return sinh(a);
      case 15:
        return cosh(a);
      default:
        return atan(a);
    }
  };
  for (std::size_t k = lines.size(); k < formula.lines.size(); ++k) lines.push_back(made(formula.lines[k]));
  return lines.back();
}

/// Functions and their first three derivatives, in formulas of their own.
reference::Derivatives derivatives_of(int function, Real x, Real p) {
  switch (function) {
    case 0: {
      const Real y = 1 + x * x;
      return {x / y, (1 - x * x) / (y * y), 2 * x * (x * x - 3) / (y * y * y), -6 * (x * x * x * x - 6 * x * x + 1) / (y * y * y * y), 1};
    }
    case 1: {
      const Real y = std::pow(x, p);
      return {y, p * y / x, p * (p - 1) * y / (x * x), p * (p - 1) * (p - 2) * y / (x * x * x)};
    }
    case 2:
      return {std::log(x), 1 / x, -1 / (x * x), 2 / (x * x * x)};
    case 3: {
      const Real y = std::sqrt(x);
      return {y, 1 / (2 * y), -1 / (4 * x * y), 3 / (8 * x * x * y)};
    }
    case 4:
      return {std::log1p(x), 1 / (1 + x), -1 / ((1 + x) * (1 + x)), 2 / ((1 + x) * (1 + x) * (1 + x))};
    case 5:
      return {x < 0 ? -x : x, x < 0 ? Real(-1) : Real(1), 0, 0};
    case 6:
      return {x < 0 ? 0 : x, x < 0 ? Real(0) : Real(1), 0, 0};
    case 7:
      return {x * x, 2 * x, 2, 0};
    case 8:
      return {std::exp(x), std::exp(x), std::exp(x), std::exp(x)};
    case 9:
      return {std::expm1(x), std::exp(x), std::exp(x), std::exp(x)};
    case 10: {
      const Real y = 1 / (1 + std::exp(-x));
      return {y, y * (1 - y), y * (1 - y) * (1 - 2 * y), y * (1 - y) * (1 - 6 * y + 6 * y * y), 1};
    }
    case 11: {
      const Real y = std::tanh(x), d = 1 - y * y;
      return {y, d, -2 * y * d, d * (6 * y * y - 2), 1};
    }
    case 12:
      return {std::sin(x), std::cos(x), -std::sin(x), -std::cos(x), 1};
    case 13:
      return {std::cos(x), -std::sin(x), -std::cos(x), std::sin(x), 1};
    case 14:
      return {std::sinh(x), std::cosh(x), std::sinh(x), std::cosh(x)};
    case 15:
      return {std::cosh(x), std::sinh(x), std::cosh(x), std::sinh(x)};
    default: {
      const Real y = 1 / (1 + x * x);
      return {std::atan(x), y, -2 * x * y * y, (6 * x * x - 2) * y * y * y, 1};
    }
  }
}

struct Grid {
  Index rows = 0, cols = 0;
  std::vector<Number> at;
  Grid(Index rows, Index cols) : rows(rows), cols(cols), at(static_cast<std::size_t>(rows * cols)) {}
  Number& operator()(Index i, Index j) { return at[static_cast<std::size_t>(i + rows * j)]; }
  const Number& operator()(Index i, Index j) const { return at[static_cast<std::size_t>(i + rows * j)]; }
};

/// The formula, line by line, one loop an operation. Empty where numbers are not trusted.
Grid evaluated(const RandomFormula& formula, std::vector<Grid> lines) {
  std::vector<Grid> numbers;
  for (const Matrix<double>& given : formula.given) {
    numbers.emplace_back(given.rows(), given.cols());
    for (Index i = 0; i < given.rows(); ++i)
      for (Index j = 0; j < given.cols(); ++j) numbers.back()(i, j) = Number(given(i, j));
  }
  for (std::size_t k = lines.size(); k < formula.lines.size(); ++k) {
    const Line& line = formula.lines[k];
    const Grid nothing(0, 0);
    const auto operand = [&](int from) -> const Grid& {
      return from == none ? nothing : from < 0 ? numbers[static_cast<std::size_t>(~from)] : lines[static_cast<std::size_t>(from)];
    };
    const Grid &a = operand(line.a), &b = operand(line.b);
    Grid out(line.rows, line.cols);
    for (Index i = 0; i < out.rows; ++i)
      for (Index j = 0; j < out.cols; ++j) {
        const auto times = [](Real c, const Number& x) { return Number(c) * x; };
        Number& w = out(i, j);
        switch (line.word) {
          case Word::block:
            break;
          case Word::given:
            w = numbers[static_cast<std::size_t>(line.number)](i, j);
            break;
          case Word::product:
            for (Index q = 0; q < a.cols; ++q) w = w + a(i, q) * b(q, j);
            break;
          case Word::sum:
            w = a(i, j) + b(i, j);
            break;
          case Word::difference:
            w = a(i, j) + times(-1, b(i, j));
            break;
          case Word::hadamard:
            w = a(i, j) * b(i, j);
            break;
          case Word::khatri_rao:
            w = a(i / b.rows, j) * b(i % b.rows, j);
            break;
          case Word::negated:
            w = times(-1, a(i, j));
            break;
          case Word::scaled:
          case Word::scaled_right:
            w = times(line.factor, a(i, j));
            break;
          case Word::divided:
            w = times(1 / static_cast<Real>(line.factor), a(i, j));
            break;
          case Word::transposed:
            w = a(j, i);
            break;
          case Word::reshaped:
            w = a((i + out.rows * j) % a.rows, (i + out.rows * j) / a.rows);
            break;
          case Word::function: {
            const Number& x = a(i, j);
            w = x.function(derivatives_of(line.number, x.value.x, line.factor));
            const Real room = 1e-4L * x.size.x;
            if ((line.number == 5 || line.number == 6) && std::abs(x.value.x) <= room) w.trusted = false;
            if (line.number >= 1 && line.number <= 4 && !(x.value.x > room)) w.trusted = false;
          }
        }
        if (!w.trusted) return {0, 0};
      }
    lines.push_back(std::move(out));
  }
  return lines.back();
}

template <class S, std::size_t N>
Recorded<S> recorded_formula(const RandomFormula& formula) {
  Blocks<N> factors;
  for (std::size_t l = 0; l < N; ++l) factors[l] = {sentence("B", l + 1), {formula.blocks[l].first, formula.blocks[l].second}};
  return Recorded<S>(factors, [&](auto... blocks) { return said<S>(formula, {blocks...}); });
}
template <class S>
Recorded<S> recorded_formula(const RandomFormula& formula) {
  switch (formula.blocks.size()) {
    case 1:
      return recorded_formula<S, 1>(formula);
    case 2:
      return recorded_formula<S, 2>(formula);
    default:
      return recorded_formula<S, 3>(formula);
  }
}

struct WorstOff {
  double of_double = 0, of_float = 0;
};

/// False: the formula is not fit for comparison.
bool try_formula(const RandomFormula& formula, Random& random, WorstOff& worst) {
  for (const Line& line : formula.lines)  // of products of long columns, which the line-by-line evaluator would need gigabytes for
    if (line.rows * line.cols > 20'000) return false;
  const Recorded<double> model = recorded_formula<double>(formula);
  INFO(model);
  // Where block l has entry i, j in theta.
  const Layout& layout = model.layout();
  const auto place = [&](std::size_t l, Index i, Index j) {
    const Block& block = layout[static_cast<Index>(l)];
    const auto [rows, cols] = formula.blocks[l];
    return block.offset + (block.order == StorageOrder::row_major ? i * cols + j : i + j * rows);
  };
  const Index P = layout.parameter_count();
  const Vector<double> theta = reference::rounded_normal(random, P, 0.7), v = reference::rounded_normal(random, P);
  const Line& result = formula.lines.back();
  const reference::Whole W(result.rows * result.cols, P, [&](Index p) {
    std::vector<Grid> blocks;
    for (std::size_t l = 0; l < formula.blocks.size(); ++l) {
      const auto [rows, cols] = formula.blocks[l];
      blocks.emplace_back(rows, cols);
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < cols; ++j) {
          const Index k = place(l, i, j);
          blocks[l](i, j) = Number(theta[k], k == p, v[k]);
        }
    }
    return evaluated(formula, blocks).at;
  });
  if (!W.trusted) return false;

  REQUIRE(model.shape() == Shape{result.rows, result.cols});
  if (model.homogeneous())  // J theta = N W
    for (Index e = 0; e < W.entries; ++e) {
      Real sum = 0, size = 0;
      for (Index p = 0; p < P; ++p) {
        const auto k = static_cast<std::size_t>(e + W.entries * p);
        sum += W.at[k].s * theta[p], size += W.size[k].s * std::abs(theta[p]);
      }
      const auto k = static_cast<std::size_t>(e);
      CHECK(std::abs(sum - static_cast<Real>(model.degree()) * W.at[k].x) <= 1e-15L * (size + W.size[k].x));
    }
  const auto on = [&]<class S>(const Recorded<S>& one, double& off) {
    const auto spoil = [](auto& ws) {
      for (auto* stack :
           {&ws.nodes.value, &ws.nodes.slope, &ws.nodes.adjoint, &ws.nodes.tangent, &ws.nodes.curvature, &ws.nodes.adjoint_tangent})
        reference::spoil(*stack);
    };
    const auto observe = [&](const auto& at) {
      const double here = reference::verbs_off(one, at, W, theta, v, random, spoil);
      CHECK(here <= 50);
      off = std::max(off, here);
    };
    observe(AllEntries(result.rows, result.cols));
    const Entries entries = some_entries(result.rows, result.cols);
    for (const Path path : {Path::automatic, Path::per_entry, Path::dense}) observe(entries.through(path));
    observe(some_list(result.rows, result.cols));
    observe(some_measurements<S>(result.rows, result.cols));
  };
  on(model, worst.of_double);
  const Recorded<float> less = recorded_formula<float>(formula);
  REQUIRE(less.layout() == layout);
  on(less, worst.of_float);
  return true;
}

}  // namespace

TEST_CASE("random formulas have the values and derivatives of the same formulas line by line") {
  const std::uint64_t count = reference::number_from("TACIT_RANDOM_PROGRAMS", 300), first = reference::number_from("TACIT_RANDOM_FIRST", 0);
  WorstOff worst;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Random random(seed, "formulas");
    FormulaGenerator generator(random);
    INFO("seed " << seed);
    while (!try_formula(generator.draw(), random, worst)) {
    }
  }
  if (std::getenv("TACIT_RANDOM_PROGRAMS"))
    WARN("worst error in units of rounding: " << worst.of_double << " (double), " << worst.of_float << " (float)");
}
