// SPDX-License-Identifier: MIT
// Slices of a tensor that were not there in training, folded into a model: --new-rows FILE, --new-mode MODE.
#include <algorithm>
#include <iostream>
#include <tacit/data/npz.hpp>
#include <tacit/fit/new_slices.hpp>
#include <tacit/io/npy_writer.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

std::string ridge_name(Index mode) { return sentence("ridge_of_new_slices_", mode + 1); }
/// The ridge that was chosen when the model was fitted.
double ridge_of(const Provenance& provenance, Index mode) {
  for (const auto& [name, cell] : provenance.all())
    if (name == ridge_name(mode)) return cell.number();
  return usual_slice_ridge;
}

/// An array as large as the model but for the number of slices, or a single slice; or coordinates, of which one numbers the new slices.
Data<double, TensorEntries> read_slices(const Settings& s, const Predictor<TensorEntries>& by, Index mode, std::string& format) {
  const Shape& model = by.model.shape();
  const std::string& path = s.new_rows;
  const auto named = [&](const Shape& found) {
    return sentence(path, ": new slices of mode ", mode + 1, " (--new-mode) of the ", model,
                    " model are as large as the model but for that mode; the file is ", found);
  };
  const bool npz = tacit::detail::looks_like_npz(path);
  if (npz || tacit::detail::looks_like_npy(path)) {
    NpyArray array = npz ? read_npz(path) : read_npy(path);
    std::vector<Index> sizes = array.shape.sizes();
    if (array.shape.order() == model.order() - 1) sizes.insert(sizes.begin() + mode, 1);
    const Shape shape(sizes);
    bool fits = shape.order() == model.order();
    for (Index n = 0; fits && n < shape.order(); ++n) fits = n == mode || shape[n] == model[n];
    require(fits, named(array.shape));
    array.shape = shape;
    TensorFile file = observed_tensor(array);
    format = file.format;
    return std::move(file.data);
  }
  const bool zero = s.indices.empty() ? by.base == 0 : s.indices == "zero";
  TensorFile file = read_tensor(path, {.base = zero ? IndexBase::zero : IndexBase::one});
  format = file.format;
  const Shape& found = file.data.where.shape();
  std::vector<Index> sizes = model.sizes();
  bool fits = found.order() == model.order();
  for (Index n = 0; fits && n < found.order(); ++n) fits = n == mode || found[n] <= model[n];
  require(fits, named(found));
  sizes[static_cast<std::size_t>(mode)] = found[mode];
  return {TensorEntries(Shape(sizes), file.data.where.indices()), std::move(file.data.y)};
}

}  // namespace

void keep_slice_ridges(const std::vector<double>& ridges, Provenance& provenance) {
  for (std::size_t n = 0; n < ridges.size(); ++n)
    if (std::isfinite(ridges[n])) provenance.set(ridge_name(static_cast<Index>(n)), ridges[n]);
}

void predict_new_slices(const Settings& s, const Predictor<TensorEntries>& by, ResultFolder& out) {
  const Index mode = s.new_mode - 1;
  require(mode >= 0 && mode < by.model.order(), "--new-mode is ", s.new_mode, ", the model has the modes 1 to ", by.model.order());
  std::string format;
  const Data<double, TensorEntries> fresh = read_slices(s, by, mode, format);
  const Shape& shape = fresh.where.shape();
  const double ridge = ridge_of(by.info.provenance, mode);
  if (!s.quiet)
    std::cerr << s.new_rows << ": read as: " << format << ", " << shape[mode] << (shape[mode] == 1 ? " new slice" : " new slices")
              << " of mode " << s.new_mode << ", " << fresh.count() << " entries known; ridge " << ridge << '\n';
  if (const auto empty = unobserved(fresh.where)[static_cast<std::size_t>(mode)]; !empty.empty())
    std::cerr << "Warning: " << empty.size() << (empty.size() == 1 ? " new slice" : " new slices")
              << " without any value, predicted as the average slice; the first is number " << empty[0] + by.base << '\n';
  Tensor<double> all = NewSlices(by.model, by.theta, by.info.centre, mode, ridge).predicted(fresh);
  all.values = all.values.unaryExpr([&](double x) { return by.clipped(x, 0); });
  const auto place = [&](const TensorEntries& at, Index k) {
    Index offset = 0;
    for (Index n = shape.order(); n-- > 0;) offset = offset * shape[n] + at.mode(n)[k];
    return offset;
  };
  const HalfWidths& widths = by.info.half_widths;
  const bool intervals = widths.knows_new(mode);
  if (!intervals && !s.quiet)
    std::cerr << "The model has no intervals of new slices of mode " << s.new_mode << ": low and high are left empty. It was "
              << (widths.knows_new(0) ? "saved before other modes than the first had them, or is too large for them.\n"
                                      : "saved without intervals.\n");
  if (const double gaps = shape.size() - static_cast<double>(fresh.count()); gaps > 0 && gaps <= s.gaps) {
    std::vector<double> unknown(static_cast<std::size_t>(shape[mode]), 0);  // of each slice: its information, then what is unknown
    for (Index k = 0; intervals && k < fresh.count(); ++k)
      unknown[static_cast<std::size_t>(fresh.where.mode(mode)[k])] +=
          widths.told_by(mode, [&](Index n) { return Index(fresh.where.mode(n)[k]); });
    for (double& x : unknown) x = intervals ? widths.unknown_of_new(mode, x) : 1;
    write_gaps(
        out.path("new_slices_gaps.csv"), fresh.where, by.names(),
        [&](const TensorEntries& at) {
          Predicted z{Vector<double>(at.count()), Vector<double>(at.count()), Vector<double>(at.count())};
          for (Index k = 0; k < at.count(); ++k) {
            const double half =
                widths.at_new(mode, unknown[static_cast<std::size_t>(at.mode(mode)[k])], [&](Index n) { return Index(at.mode(n)[k]); });
            z.prediction[k] = all.values[place(at, k)];
            z.low[k] = by.clipped(z.prediction[k] - half, 0), z.high[k] = by.clipped(z.prediction[k] + half, 0);
          }
          return z;
        },
        by.info.provenance);
  }
  for (Index k = 0; k < fresh.count(); ++k) all.values[place(fresh.where, k)] = fresh.y[k];
  write_npy(out.path("new_slices.npy"), all, by.info.provenance);
  std::cout << shape[mode] << (shape[mode] == 1 ? " new slice" : " new slices") << " written to " << s.out << "/new_slices.npy\n";
}
