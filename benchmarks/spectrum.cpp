// SPDX-License-Identifier: MIT
// All singular values of one n x n matrix, without vectors: Tacit, Eigen's BDCSVD (in double alone: each of its scalars takes half a minute to
// compile), and LAPACK's ?gesdd where TACIT_WITH_LAPACK is defined and the program linked with it. Of a matrix of normal numbers, and of
// what training ends at: rank 5 and small other values.
#include <tacit/core/singular_values.hpp>

#include <benchmark/benchmark.h>
#include <Eigen/SVD>

#include <random>
#include <vector>

#ifdef TACIT_WITH_LAPACK
extern "C" {
void dgesdd_(const char* job, const int* m, const int* n, double* a, const int* lda, double* s, double* u, const int* ldu, double* vt,
             const int* ldvt, double* work, const int* lwork, int* iwork, int* info);
void sgesdd_(const char* job, const int* m, const int* n, float* a, const int* lda, float* s, float* u, const int* ldu, float* vt,
             const int* ldvt, float* work, const int* lwork, int* iwork, int* info);
}
#endif

namespace {

using namespace tacit;

enum Kind { normal, trained };

template <class S>
Matrix<S> example(Index n, Kind kind) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> draw;
  const auto noise = [&](Index rows, Index cols) -> Matrix<double> {
    return Matrix<double>::NullaryExpr(rows, cols, [&] { return draw(engine); });
  };
  if (kind == normal) return noise(n, n).template cast<S>();
  return (noise(n, 5) * noise(5, n) + 1e-5 * noise(n, n)).template cast<S>();
}

template <class S>
void ours(benchmark::State& state) {
  const auto W = example<S>(state.range(0), Kind(state.range(1)));
  SpectrumWorkspace<S> ws;
  Vector<S> sigma;
  for (auto _ : state) {
    singular_values(W, ws, sigma);
    benchmark::DoNotOptimize(sigma.data());
  }
  state.counters["sweeps"] = double(ws.qd.sweeps);
}

template <class S>
void eigen_bdcsvd(benchmark::State& state) {
  const auto W = example<S>(state.range(0), Kind(state.range(1)));
  Eigen::BDCSVD<Matrix<S>> svd(W.rows(), W.cols());
  for (auto _ : state) {
    svd.compute(W);
    benchmark::DoNotOptimize(svd.singularValues().data());
  }
}

#ifdef TACIT_WITH_LAPACK
template <class S>
void lapack_gesdd(benchmark::State& state) {
  const auto routine = [] {
    if constexpr (sizeof(S) == 8) return &dgesdd_;
    else return &sgesdd_;
  }();
  const auto W = example<S>(state.range(0), Kind(state.range(1)));
  Matrix<S> copy = W;
  Vector<S> sigma(W.cols());
  const int n = int(W.cols()), one = 1, length = 200 * n;
  int info = 0;
  S nothing = 0;
  std::vector<S> work(std::size_t(length), S(0));
  std::vector<int> integers(std::size_t(8 * n), 0);
  for (auto _ : state) {
    copy = W;
    routine("N", &n, &n, copy.data(), &n, sigma.data(), &nothing, &one, &nothing, &one, work.data(), &length, integers.data(), &info);
    benchmark::DoNotOptimize(sigma.data());
  }
}
#endif

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{20, 50, 100, 200}, {normal, trained}})->ArgNames({"n", "trained"})->Unit(benchmark::kMicrosecond);
}

}  // namespace

BENCHMARK(ours<double>)->Apply(sizes);
BENCHMARK(ours<float>)->Apply(sizes);
BENCHMARK(eigen_bdcsvd<double>)->Apply(sizes);
#ifdef TACIT_WITH_LAPACK
BENCHMARK(lapack_gesdd<double>)->Apply(sizes);
BENCHMARK(lapack_gesdd<float>)->Apply(sizes);
#endif

BENCHMARK_MAIN();
