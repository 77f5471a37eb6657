// SPDX-License-Identifier: MIT
// The comparison, the choice, and what is written of it.
#include <iostream>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/jsonl_writer.hpp>
#include <tacit/io/number.hpp>
#include <tacit/output/tensor_files.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

/// Which method won and by how much, in words.
std::string verdict(const TensorCompletionResult& r) {
  const MethodResult& chosen = r.chosen();
  std::string text = sentence("Chosen by its validation error: ", chosen.name, " (", chosen.settings, "), with an error of ",
                              rounded(chosen.rmse, 4), " +- ", rounded(chosen.standard_error, 2), " on entries it has not seen.");
  const MethodResult* rival = nullptr;
  for (const MethodResult& m : r.methods)
    if (!m.ours && (!rival || m.rmse < rival->rmse)) rival = &m;
  if (!rival) return text;
  const double half = half_interval(rival->difference_error, r.folds);
  const double low = rival->difference - half, high = rival->difference + half;
  return text + sentence(" The best of the others, ", rival->name, ", has ", rounded(rival->rmse, 4), ": ",
                         low > 0    ? "worse, beyond what chance would explain"
                         : high < 0 ? "better, beyond what chance would explain"
                                    : "a difference that chance may explain",
                         " (paired difference ", rounded(rival->difference, 2), ", 95 % interval ", rounded(low, 2), " to ",
                         rounded(high, 2), r.folds == 1 ? ", from the entries of the one fold there was time for)." : ").");
}

std::vector<std::string> warnings(const TensorEntries& where) {
  std::vector<std::string> remarks;
  const auto missing = unobserved(where);
  for (std::size_t n = 0; n < missing.size(); ++n) {
    if (missing[n].empty()) continue;
    std::string text =
        sentence("Warning: slices of mode ", n + 1, " without any observation, about which nothing can be known (counted from 0):");
    for (std::size_t k = 0; k < std::min<std::size_t>(missing[n].size(), 10); ++k) text += sentence(k ? ", " : " ", missing[n][k]);
    remarks.push_back(text + (missing[n].size() > 10 ? sentence(", ... (", missing[n].size(), " in all)") : std::string()));
  }
  return remarks;
}

}  // namespace

void run(const Settings& s, const TensorFile& file) {
  const auto& data = file.data;
  const std::string prefix = s.data.empty() ? "" : s.data + ": ";
  if (!s.quiet) std::cerr << prefix << file.format << ", " << data.count() << " entries observed\n";
  const Shape& shape = data.where.shape();
  double slices = 0;
  for (Index n : shape.sizes()) slices += static_cast<double>(n);
  require(slices * static_cast<double>(std::max<Index>(s.rank, 1)) <= 1e8, prefix, "rank ", std::max<Index>(s.rank, 1), " on the ", slices,
          " slices of the ", shape, " tensor is more than the 10^8 parameters that are fitted",
          s.rank > 1 ? "" : "; number the indices without gaps");
  for (const TensorKind kind : s.how.kinds) {
    double core = s.rank > 0 && (kind == TensorKind::tucker || kind == TensorKind::deep_tucker) ? 1 : 0;
    if (core > 0)
      for (Index r : tensor_spec(kind, shape, s.rank).ranks) core *= static_cast<double>(r);
    require(core <= 1e6 + 20 * static_cast<double>(data.count()), prefix, "rank ", s.rank, " makes a core of ", core, " numbers of a ",
            name_of(kind), ", for ", data.count(), " observed entries; tt, hierarchical and cp have no core");
  }
  std::vector<std::string> remarks = warnings(data.where);
  for (const std::string& remark : remarks) std::cerr << remark << '\n';
  require(data.y.maxCoeff() > data.y.minCoeff(), prefix, "all observed entries are equal to ", data.y[0], ", there is nothing to learn");
  detail::plan_of(s.how).check(s.data.empty() ? "the data" : s.data.c_str(), data.y);
  for (Index n = 0; n < shape.order(); ++n)
    if (s.rank > shape[n])
      remarks.push_back(sentence("Rank ", s.rank, " is larger than mode ", n + 1, " with its ", shape[n],
                                 shape[n] == 1 ? " slice" : " slices", ": CP can have it, the other models take what a mode or cut has."));
  if (s.how.baselines && !detail::completes_as_matrix(shape))
    remarks.push_back(sentence("No unfolding was completed: none of the ", shape, " tensor has at most 10^7 rows and columns."));
  make_folder(s.out);

  const TensorCompletionResult result = complete(data, s.how);
  const Table table = result.table();
  const Provenance provenance = s.provenance();
  remarks.push_back(verdict(result));
  remarks.push_back("Fitted to everything: " + result.fit.name() + ", " + result.fit.settings() + "." + components_in_words(result.fit));
  if (result.folds < result.folds_asked)
    remarks.push_back(sentence("The budget of ", s.budget, " was over after ", result.folds, " of ", result.folds_asked, " folds."));
  const bool dense = shape.size() <= Shape::dense_limit;
  if (!dense)
    remarks.push_back(
        sentence("No completed.npy: a dense ", shape, " tensor is too large to be formed; the model folder predicts any entry."));
  std::cout << table << '\n';  // first: a full disk costs no result
  for (const std::string& remark : remarks) std::cout << remark << '\n';
  std::cout.flush();

  std::vector<std::string> files{"summary.json", "summary.csv", "report.html", "model"};
  const std::string folder = s.out + '/';
  write_json(folder + "summary.json", table, provenance);
  write_csv(folder + "summary.csv", table, provenance);
  write_report(folder + "report.html", s, file, result, remarks, provenance);
  const TensorFit& fit = result.fit;
  save_tensor_model(folder + "model", *fit.model, fit.theta, {fit.centre, fit.scale > 0 ? fit.scale : 1, provenance});
  if (dense) {  // observed entries stay what they are
    Tensor<double> all = fit.predict();
    for (Index k = 0; k < data.count(); ++k) {
      Index at = 0;
      for (Index n = all.order(); n-- > 0;) at = at * all.shape[n] + data.where.mode(n)[k];
      all.values[at] = data.y[k];
    }
    write_npy(folder + "completed.npy", all, provenance);
    files.emplace_back("completed.npy");
  }
  std::cout << "written to " << s.out << ':';
  for (const std::string& name : files) std::cout << ' ' << name;
  std::cout << '\n';
}
