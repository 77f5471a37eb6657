// SPDX-License-Identifier: MIT
#include <tacit/optimizer/step.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {
Step<double> fresh() {
  Step<double> step(2);
  step.theta << 10, 20;
  step.gradient << 1, 2;
  step.begin();
  return step;
}
Vector<double> pair(double a, double b) {
  Vector<double> v(2);
  v << a, b;
  return v;
}
Vector<double> next(const Step<double>& step) {
  Vector<double> out(2);
  step.apply(out);
  return out;
}
}  // namespace

TEST_CASE("a step starts as the gradient, and scaling it touches no vector") {
  Step<double> step = fresh();
  CHECK(&step.direction() == &step.gradient);
  step.scale(3);
  step.scale(-0.5);
  CHECK(step.factor() == -1.5);
  CHECK(step.gradient == pair(1, 2));
  CHECK(next(step) == pair(8.5, 17));
}

TEST_CASE("own() writes the scaled step into a buffer of its own, once") {
  Step<double> step = fresh();
  step.scale(2);
  Vector<double>& update = step.own();
  CHECK(update == pair(2, 4));
  CHECK(step.factor() == 1);
  CHECK(step.gradient == pair(1, 2));
  update[0] = 7;
  step.scale(10);
  CHECK(&step.own() == &update);
  CHECK(update == pair(70, 40));
  CHECK(next(step) == pair(80, 60));
}

TEST_CASE("replace() offers the buffer to be overwritten") {
  Step<double> step = fresh();
  step.scale(5);
  step.replace() = step.gradient + step.gradient;
  CHECK(step.factor() == 1);
  CHECK(next(step) == pair(12, 24));
}

TEST_CASE("begin() forgets the last step") {
  Step<double> step = fresh();
  step.own() *= 3;
  step.scale(2);
  step.full = false;
  step.stalled = true;
  step.begin();
  CHECK(&step.direction() == &step.gradient);
  CHECK(step.factor() == 1);
  CHECK(step.full);
  CHECK_FALSE(step.stalled);
}
