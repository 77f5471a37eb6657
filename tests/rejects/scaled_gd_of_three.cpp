// expect: ScaledGd: the model is no product of two factors
// SPDX-License-Identifier: MIT
#include <tacit/model/cp.hpp>
#include <tacit/optimizer/scaled_gd.hpp>
#include <tacit/tacit.hpp>

using namespace tacit;
int main() {
  const DeepMatrix<double> model({2, 1, 2});
  Step<double> step(6);
  auto state = ScaledGd{}.start<double>(model.layout());
  ScaledGd{}.apply(step, state, CP<double>({.shape = {2, 2, 2}, .rank = 1}));
}
