// SPDX-License-Identifier: MIT
#include "settings.hpp"

using namespace tacit;

TensorFile synthetic(const Settings& s) {
  const Shape shape{25, 20, 15};
  const Tucker<double> model({.shape = shape, .ranks = {3}});
  const Vector<double> theta = model.near_zero({.entry_std = 1, .seed = s.how.seed});
  Random random(s.how.seed, "synthetic tensor");
  std::vector<TensorEntries::Indices> index(3);
  for (std::int32_t i = 0; i < shape[0]; ++i)
    for (std::int32_t j = 0; j < shape[1]; ++j)
      for (std::int32_t k = 0; k < shape[2]; ++k)
        if (random.uniform() < 0.2) index[0].push_back(i), index[1].push_back(j), index[2].push_back(k);
  TensorEntries where(shape, std::move(index));
  auto ws = model.workspace(where);
  Vector<double> y(where.count());
  model.evaluate(theta, where, ws, y);
  const double noise = 0.1 * std::sqrt(y.squaredNorm() / static_cast<double>(y.size()));
  for (Index k = 0; k < y.size(); ++k) y[k] += noise * random.normal();
  return {{std::move(where), std::move(y)},
          sentence("synthetic ", shape, " tensor of Tucker rank 3, with noise of a tenth of its size, ", rounded(noise, 3))};
}
