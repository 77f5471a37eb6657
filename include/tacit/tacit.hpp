// SPDX-License-Identifier: MIT
#pragma once
// All of Tacit that a training program needs. Not included, because each costs its users compile time that not everybody needs:
//   hook/spectrum.hpp      singular values and ranks           hook/alignment.hpp, model/balanced.hpp    full decompositions
//   solver/, penalty/nuclear_over_frobenius.hpp              hook/checkpoint.hpp                       run.save, run.load
//   data/ (readers), output/ (writers, report, saved models)   sweep.hpp                                 threads
//   model/fold_in.hpp      new rows, with a Cholesky decomposition    model/, a header each: tensors, diagonal nets, recorded formulas, through_dense
//   hook/tensor.hpp, components.hpp, unfoldings.hpp, sparsity.hpp, path_norm.hpp, distance_to_run.hpp, midpoints.hpp, largest_sharpness.hpp
//   hook/layer_norms.hpp, classifier_margin.hpp, capacity.hpp, implicit_regularizer.hpp, expected_sharpness.hpp, gradient_variance.hpp,
//   singular_value_velocity.hpp; of recorded runs rise_times.hpp, rank_staircase.hpp, plateaus.hpp, drift.hpp, stages.hpp, oscillation.hpp
//   output/trajectory_csv.hpp    history.write_csv(path)               hook/client_gradients.hpp, analysis/top_eigenpairs.hpp
//   optimizer/, a header each, of the recipe's name where it has one of its own:
//     entrywise  adagrad, adadelta, rmsprop, adamw, amsgrad, nadam, radam, adamax, sign_descent, signum, lion, normalised_gradient,
//                clip_value, nesterov_convex
//     blocks     blocks (only, BlockRates), muon, spectral_descent, shampoo, soap, scaled_gd, path_scale, end_to_end_scale,
//                steepest_descent, schatten_descent, mirror_descent, spectral_mirror_descent, exponentiated_gradient, decay_after_step
//     sources    sharpness_aware, flooding, label_noise, parameter_noise, gradient_noise, langevin; clients: gradient_alignment,
//                federated_average, scaffold
//     searches   armijo, strong_wolfe, exact_line_search, polyak_rate, lbfgs, conjugate_gradient, levenberg_marquardt
//     averages   iterate_average, schedule_free          schedules  one_cycle, decaying_rate, any_schedule
//     flows      gradient_flow, fixed_flow, modified_flow, stabilized_flow, central_flow, diagonal_flow
//   any_problem.hpp, optimizer/any_optimizer.hpp; by name: optimizer/named_optimizers.hpp, data/named_problem.hpp    the choice at run time

#include "concepts.hpp"
#include "data/low_rank.hpp"
#include "hook/best.hpp"
#include "hook/factors.hpp"
#include "hook/probe.hpp"
#include "hook/progress.hpp"
#include "hook/schedule.hpp"
#include "hook/stop.hpp"
#include "hook/trajectory.hpp"
#include "loss/huber.hpp"
#include "loss/pointwise.hpp"
#include "loss/power.hpp"
#include "loss/squares.hpp"
#include "model/deep_matrix.hpp"
#include "model/symmetric_matrix.hpp"
#include "observation/split.hpp"
#include "optimizer/recipes.hpp"
#include "optimizer/sharpness_rate.hpp"
#include "problem.hpp"
#include "train.hpp"
#include "version.hpp"
