// SPDX-License-Identifier: MIT
#pragma once
// All of Tacit that a training program needs. Not included, because each costs its users compile time that not everybody needs:
//   hook/spectrum.hpp      singular values and ranks           hook/alignment.hpp, model/balanced.hpp    full decompositions
//   baseline/, penalty/nuclear_over_frobenius.hpp              hook/checkpoint.hpp                       run.save, run.load
//   data/ (readers), output/ (writers, report, saved models)   sweep.hpp                                 threads
//   model/fold_in.hpp      new rows, with a Cholesky decomposition    model/, a header each: tensors, diagonal nets, recorded formulas, through_dense
//   hook/tensor.hpp, components.hpp, unfoldings.hpp, sparsity.hpp     optimizer/gradient_flow.hpp, optimizer/diagonal_flow.hpp

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
