// SPDX-License-Identifier: MIT
#pragma once
// Every probe on one model, made for it or not: it answers, or throws std::invalid_argument with a sentence. Under the address sanitizer a probe that reads
// past the heap ends the test.

#include <tacit/hook/alignment.hpp>
#include <tacit/hook/capacity.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/expected_sharpness.hpp>
#include <tacit/hook/factors.hpp>
#include <tacit/hook/gradient_variance.hpp>
#include <tacit/hook/growth_exponent.hpp>
#include <tacit/hook/hessian.hpp>
#include <tacit/hook/implicit_regularizer.hpp>
#include <tacit/hook/layer_norms.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/singular_value_velocity.hpp>
#include <tacit/hook/sparsity.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/hook/unfoldings.hpp>
#include <tacit/optimizer/recipes.hpp>

#include "analysis/against_dense.hpp"
#include "catch.hpp"

namespace probes {

using namespace tacit;

/// At a theta where the Hessian is neither definite nor of low rank.
template <class M>
void hessian_agrees_with_dense(const M& model) {
  INFO(model);
  Random random(6, "probes");
  const AllEntries all(model.shape());
  Vector<double> y(all.count()), theta(model.parameter_count());
  for (double& value : y) value = random.normal();
  for (double& value : theta) value = 0.7 * random.normal();
  against_dense::check_problem(Problem(model, Data<double, AllEntries>(all, y), MeanSquares{}), theta);
}

template <class M>
void answer_or_refuse(const M& model) {
  INFO(model);
  const Index P = model.parameter_count();
  Random random(5, "probes");
  const auto normal = [&](Index count) {
    Vector<double> x(count);
    for (double& value : x) value = random.normal();
    return x;
  };
  const Shape shape = model.shape();
  const AllEntries all(shape);
  const Problem problem(model, Data<double, AllEntries>(all, normal(all.count())), MeanSquares{});
  const DeepMatrix<double> other({2, 7, 5});  // what belongs to another model must be refused, not read
  const Problem other_problem(other, fully_observed(Matrix<double>(Matrix<double>::Ones(5, 2))), MeanSquares{});
  const Vector<double> theta = normal(P);
  int asked = 0, answered = 0;
  const auto look = [&](const auto& now) {
    const auto ask = [&](auto probe) {
      std::string name = "growth";
      if constexpr (requires { probe.name(); }) name = probe.name();
      ++asked;
      double sum = 0;
      try {
        const auto value = probe(now);
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>) sum = static_cast<double>(value);
        else if constexpr (requires { value.first; }) sum = static_cast<double>(value.first.sum() + value.second.sum());
        else
          for (const auto number : value) sum += static_cast<double>(number);
        ++answered;
      } catch (const std::invalid_argument& refusal) {
        INFO(name << ": " << refusal.what());
        CHECK(std::string(refusal.what()).size() > 20);
      }
      volatile double read = sum;  // every number was looked at
      (void)read;
    };
    [&](auto... probe) { (ask(probe), ...); }(tacit::loss, objective, drawn_loss, gradient_norm, gradient_rms, parameter_norm,
                                              parameter_rms, frobenius_norm, rate, tacit::flow_time, wall_time, gradient_evaluations,
                                              hessian_products, sharpness(), stability_margin(), least_eigenvalue(), hessian_trace(),
                                              implicit_gradient_regularizer(), hessian_gradient_norm, parameter_lp_norm(0.5),
                                              gradient_variance(problem, {.size = 1}), expected_sharpness(problem, {.std_dev = 0.1}));
    CHECK(answered == asked);  // these are for everybody
    for (const Index rows : {shape[0], Index(5)})
      for (const Index cols : {shape.count() / shape[0], Index(2)}) {
        ask(error_to(Matrix<double>(Matrix<double>::Ones(rows, cols))));
        ask(mean_square_error_to(Matrix<double>(Matrix<double>::Ones(rows, cols))));
        ask(mode_weights(Matrix<double>(Matrix<double>::Identity(rows, 2)), Matrix<double>(Matrix<double>::Identity(cols, 2))));
        ask(reference_alignment(Matrix<double>(Matrix<double>::Identity(rows, 2)), Matrix<double>(Matrix<double>::Identity(cols, 2))));
      }
    ask(hessian_spectrum(2));
    ask(hessian_spectrum(P + 1));
    ask(rmse_on("own", model, Data<double, AllEntries>(all, normal(all.count()))));
    ask(rmse_on("other", other, fully_observed(Matrix<double>(Matrix<double>::Ones(5, 2)))));
    ask(residual_norm(problem));
    ask(residual_norm(other_problem));
    ask(gradient_variance(other_problem, {.size = 2}));
    ask(expected_sharpness(other_problem, {.std_dev = 0.1}));
    [&](auto... probe) { (ask(probe), ...); }(group_norm(1, 2), layer_norms(2, 2), layer_norm_product(3, 1.5), schatten_product(1),
                                              classifier_margin(), capacity_measures(), singular_value_velocities(3),
                                              growth_columns(component_growth));
    ask(entry(0, 0));
    ask(entry(100, 0));
    ask(entry(0, -1));
    ask(entry({0, 0, 0}));
    ask(entry({0, 90}));
    ask(lp_norm(2));
    for (const Index size : {P, shape.count(), Index(3)}) {
      ask(distance_to(Vector<double>(Vector<double>::Ones(size))));
      ask(distances_from(Vector<double>(Vector<double>::Ones(size))));
      ask(capacity_bounds(Vector<double>(Vector<double>::Ones(size))));
      ask(angle_to(Vector<double>(Vector<double>::Ones(size))));
      ask(distance_of_x(Vector<double>(Vector<double>::Ones(size))));
      ask(invariant_drift(Vector<double>(Vector<double>::Ones(size))));
    }
    for (const Shape& tensor : {shape, Shape{5, 2}}) {
      ask(error_to(Tensor<double>(tensor, Vector<double>::Ones(tensor.count()))));
      ask(mean_square_error_to(Tensor<double>(tensor, Vector<double>::Ones(tensor.count()))));
      ask(distance_to(Tensor<double>(tensor)));
    }
    [&](auto... probe) { (ask(probe), ...); }(nuclear_norm, spectral_norm, schatten_sum, effective_rank, effective_rank_eps, stable_rank,
                                              nuclear_over_frobenius, nuclear_over_spectral, smallest_singular_value, schatten(0.5),
                                              numerical_rank(0.1), singular_values(40), all_singular_values());
    [&](auto... probe) { (ask(probe), ...); }(balancedness, relative_balancedness, determinant_sign, log_abs_determinant,
                                              gradient_alignment_with_bases());
    [&](auto... probe) { (ask(probe), ...); }(l1_norm, quasi_norm(0.5), selection_sum(2), effective_scale, factor_norms(), unbalancedness,
                                              component_norms(40), component_growth);
    for (const Index mode : {0, 1, 2, 7, -1}) {
      ask(slice_norms(mode, 40));
      ask(slice_count(mode, 0.1));
      ask(column_norms(mode, 40));
      ask(unfolding_singular_values(mode, 40));
    }
    for (const std::vector<Index>& modes : {std::vector<Index>{}, {0}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2, 3}, {0, 0}, {9}}) {
      ask(local_component_norms(modes, 40));
      ask(local_component_growth(modes));
      ask(matricised_singular_values(modes, 40));
      ask(matricised_effective_rank(modes));
    }
    [&](auto... probe) { (ask(probe), ...); }(unfolding_effective_ranks(), mean_effective_rank, unfolding_ranks(0.1), unfolding_nuclear_sum,
                                              tt_ranks(0.1), tt_effective_ranks(), hierarchical_ranks(0.1), hierarchical_effective_ranks());
    ask(hierarchical_ranks(0.1, ModeTree{0, 1}));
    ask(hierarchical_effective_ranks(ModeTree{ModeTree{2, 0}, 1}));
  };
  Vector<double> copy = theta;
  train(problem, copy, gradient_descent({.rate = 1e-12}), {.iterations = 1}, [&](const auto& now) {
    if (!now.closing()) look(now);
  });
  CHECK(answered > 13);
}

}  // namespace probes
