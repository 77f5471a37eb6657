// SPDX-License-Identifier: MIT
// Vasudeva, Deora, Zhao, Sharan & Thrampoulidis 2025, How Muon's Spectral Design Benefits Generalization: A Study on Imbalanced Data; with the norm-matched
// control of Beneventano, Abdelmoneum & Poggio 2026 and the conserved quantity of Rhee, Simon & Karkada 2026.
#include "papers/vasudeva2025_identities.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const Registered vasudeva2025_checks(
    {
        .name = "vasudeva2025",
        .source = "Vasudeva et al. 2025",
        .checks =
            {
                {.item = "1",
                 .claim = "spectral descent moves every class at one speed until it is learned, plain descent at its own: the closed forms",
                 .provenance = "secondary source; derived",
                 .setting =
                     "population of three classes, priors 0.5, 0.3, 0.2, (mu, sigma) = (1, 1) and (2, 0.5), rate 1e-3, 2000 steps from 0",
                 .bounds = {at_most("spectral descent off min(eta t, r_c), over eta", 1),
                            below("plain descent off r_c (1 - (1 - eta s_c)^t)", 1e-12)},
                 .control = {"plain descent does not move all classes at one speed",
                             {above("plain descent off min(eta t, r_c), over eta", 100)}},
                 .quick = true,
                 .measure =
                     [](std::uint64_t) {
                       Figures figures;
                       for (const auto& [mu, sigma] : {std::pair{1.0, 1.0}, {2.0, 0.5}}) {
                         const auto off = vasudeva2025::deviations(mu, sigma, 1e-3);
                         figures.add("spectral descent off min(eta t, r_c), over eta", off.spectral / 1e-3)
                             .add("plain descent off r_c (1 - (1 - eta s_c)^t)", off.gradient)
                             .add("plain descent off min(eta t, r_c), over eta", off.gradient_from_spectral / 1e-3);
                       }
                       return figures;
                     }},
                {.item = "1-theorem",
                 .claim =
                     "until the rarest class is learned, losses under spectral descent are lower by mu t / 4 and mu t / 2 than under plain "
                     "descent, of that class and balanced, and by mu t / 2 than under normalised descent, of that class",
                 .provenance = "secondary source",
                 .setting =
                     "random mu in [1, 2], SNR in [0.5, 4], k >= 3 mu classes, the rarest of prior 1 / (5 SNR + 6 k); least gap over mu t",
                 .bounds = {at_least("plain descent, rarest class", 0.25), at_least("plain descent, balanced", 0.5),
                            at_least("normalised descent, rarest class", 0.5)},
                 .control = {"when all is learned there is no gap", {below("|gap| late", 1e-6)}},
                 .seeds = seeds(0, 5),
                 .quick = true,
                 .measure =
                     [](std::uint64_t seed) {
                       const auto gaps = vasudeva2025::theorem_gaps(vasudeva2025::theorem_mixture(seed));
                       return Figures{{"plain descent, rarest class", gaps.gradient.minority},
                                      {"plain descent, balanced", gaps.gradient.balanced},
                                      {"normalised descent, rarest class", gaps.normalised.minority}}
                           .add("|gap| late", Values{std::abs(gaps.late.minority), std::abs(gaps.late.balanced)});
                     }},
                {.item = "2",
                 .claim =
                     "times of the classes to 99 % of their targets have the spread 2^(1/L) under spectral descent, above 2 under plain "
                     "descent of depth 2 and more",
                 .provenance = "derived; secondary source",
                 .setting = "priors 0.5, 0.3, 0.2, mu = sigma = 1, L = 1, 2, 3, 4; rate 1e-4 from (nearly) 0, plain descent 0.05 from 0.05",
                 .bounds = {within("spread - 2^(1/L)", 0, 1e-3), equal("the rarest class is first", 1),
                            above("spread of plain descent", 2)},
                 .control = {"under plain descent the rarest class is not first", {equal("the rarest class is first, plain descent", 0)}},
                 .quick = true,
                 .measure =
                     [](std::uint64_t) {
                       Figures figures;
                       for (const tacit::Index depth : {1, 2, 3, 4}) {
                         const auto spectral =
                             vasudeva2025::saturation_times(depth, vasudeva2025::Rule::spectral, 1e-4, depth == 1 ? 0 : 1e-12);
                         figures
                             .add("spread - 2^(1/L)",
                                  spectral.maxCoeff() / spectral.minCoeff() - std::pow(2, 1.0 / static_cast<double>(depth)))
                             .add("the rarest class is first", spectral[2] < spectral[1] && spectral[1] < spectral[0]);
                         if (depth == 1) continue;
                         const auto plain = vasudeva2025::saturation_times(depth, vasudeva2025::Rule::gradient, 0.05, 0.05);
                         figures.add("spread of plain descent", plain.maxCoeff() / plain.minCoeff())
                             .add("the rarest class is first, plain descent", plain[2] < std::max(plain[0], plain[1]));
                       }
                       return figures;
                     }},
                {.item = "3",
                 .claim = "on samples spectral descent lets the rarest class grow as fast as the most common one",
                 .provenance = "reference run",
                 .setting =
                     "eight classes of priors ~ 1/c in 16 dimensions, 20,000 samples, mu = 1, sigma = 0.3, entries of 1e-3; growth of the "
                     "rarest over the most common when the first class has 25 % of its target",
                 .bounds = {at_least("depth 1", 0.98), at_least("depth 2", 0.95)},
                 .control = {"plain and normalised descent do not",
                             {at_most("depth 1, plain", 0.2), at_most("depth 1, normalised", 0.2), at_most("depth 2, plain", 0.01),
                              at_most("depth 2, normalised", 0.01)}},
                 .seeds = seeds(0, 5),
                 .measure =
                     [](std::uint64_t seed) {
                       Figures figures;
                       for (const tacit::Index depth : {1, 2})
                         for (const auto& [rule, name] : {std::pair{vasudeva2025::Rule::spectral, ""},
                                                          {vasudeva2025::Rule::gradient, ", plain"},
                                                          {vasudeva2025::Rule::normalised, ", normalised"}})
                           figures.add(sentence("depth ", depth, name), vasudeva2025::growth(rule, depth, seed).relative);
                       return figures;
                     }},
                {.item = "3-class-losses",
                 .claim = "losses of the classes on samples, as groups of observations, are those of their formula",
                 .provenance = "secondary source; derived",
                 .setting =
                     "four classes of priors ~ 1/c, 20,000 samples, mu = 1.5, sigma = 0.5, entries of 0.3; three deviations are about 3 %",
                 .bounds = {below("largest relative difference", 0.03)},
                 .seeds = seeds(1, 3),
                 .quick = true,
                 .measure =
                     [](std::uint64_t seed) {
                       return Figures{{"largest relative difference", vasudeva2025::off_class_losses(seed)}};
                     }},
                {.item = "4",
                 .claim = "from small Gaussian factors spectral descent has half of mode i at (sigma_i / 2)^(1/L), the smallest mode first",
                 .provenance = "derived",
                 .setting = "sigma = (4, 2, 1), L = 2, 3, entries of 1e-2, rate 1e-3; plain descent 1e-2",
                 .bounds = {below("relative difference from the formula", 0.04), equal("smallest first", 1)},
                 .control = {"plain descent learns the largest first", {equal("largest first, plain descent", 1)}},
                 .seeds = seeds(0, 5),
                 .measure =
                     [](std::uint64_t seed) {
                       const tacit::Vector<double> sigma{{4, 2, 1}};
                       Figures figures;
                       for (const tacit::Index depth : {2, 3}) {
                         const auto spectral = vasudeva2025::half_times(sigma, vasudeva2025::Rule::spectral, depth, 1e-3, seed),
                                    plain = vasudeva2025::half_times(sigma, vasudeva2025::Rule::gradient, depth, 1e-2, seed);
                         for (tacit::Index i = 0; i < 3; ++i)
                           figures.add("relative difference from the formula",
                                       std::abs(spectral[i] / std::pow(sigma[i] / 2, 1 / static_cast<double>(depth)) - 1));
                         figures.add("smallest first", spectral[2] < spectral[1] && spectral[1] < spectral[0])
                             .add("largest first, plain descent", plain[0] < plain[1] && plain[1] < plain[2]);
                       }
                       return figures;
                     }},
                {.item = "4-conserved",
                 .claim = "of two aligned factors P Q spectral descent keeps (P^T P)^(1/2) - (Q Q^T)^(1/2), the flow P^T P - Q Q^T",
                 .provenance = "abstract",
                 .setting = "Rhee, Simon & Karkada 2026; 4 x 4, sigma = (3, 2, 1, 0.5) in random bases, time 0.35 at rates 1e-3 and 1e-4",
                 .bounds = {below("change of the roots, spectral descent", 1e-12),
                            within("change of the squares, descent at 1e-3 over at 1e-4", 10, 0.5)},
                 .control = {"each keeps its own difference alone",
                             {above("change of the squares, spectral descent", 0.1), above("change of the roots, descent", 0.1)}},
                 .seeds = seeds(1, 3),
                 .quick = true,
                 .measure =
                     [](std::uint64_t seed) {
                       const auto spectral = vasudeva2025::drift(vasudeva2025::Rule::spectral, 1e-3, seed),
                                  plain = vasudeva2025::drift(vasudeva2025::Rule::gradient, 1e-3, seed),
                                  finer = vasudeva2025::drift(vasudeva2025::Rule::gradient, 1e-4, seed);
                       return Figures{{"change of the roots, spectral descent", spectral.roots},
                                      {"change of the squares, descent at 1e-3 over at 1e-4", plain.squares / finer.squares},
                                      {"change of the squares, spectral descent", spectral.squares},
                                      {"change of the roots, descent", plain.roots}};
                     }},
                {.item = "5",
                 .claim = "completion by spectral descent loses the bias to low rank",
                 .provenance = "reference run; abstract",
                 .setting = "20 x 20, rank 2, sigma_1 = 10, half of the entries observed, depth 3, entries of 1e-2, loss <= 1e-4; steps "
                            "that halve "
                            "every 500",
                 .bounds = {at_most("loss", 1e-4), above("effective rank", 10), above("error", 0.8)},
                 .control = {"plain descent keeps it, and so does descent with steps of the same norm (Beneventano et al. 2026)",
                             {at_most("loss of the controls", 1e-4), below("effective rank, plain", 2.1), below("error, plain", 0.02),
                              below("effective rank, norm-matched", 2.1), below("error, norm-matched", 0.02)}},
                 .seeds = seeds(0, 4),
                 .measure =
                     [](std::uint64_t seed) {
                       using vasudeva2025::Completion;
                       const auto spectral = vasudeva2025::completion(Completion::spectral, 3, seed),
                                  plain = vasudeva2025::completion(Completion::gradient, 3, seed),
                                  matched = vasudeva2025::completion(Completion::norm_matched, 3, seed);
                       return Figures{{"loss", spectral.loss},
                                      {"effective rank", spectral.effective_rank},
                                      {"error", spectral.error},
                                      {"effective rank of the truth", spectral.truth_rank},
                                      {"effective rank, plain", plain.effective_rank},
                                      {"error, plain", plain.error},
                                      {"effective rank, norm-matched", matched.effective_rank},
                                      {"error, norm-matched", matched.error}}
                           .add("loss of the controls", Values{plain.loss, matched.loss});
                     }},
                {.item = "6",
                 .claim = "five Newton-Schulz steps leave singular values in [0.6, 1.25]; the polar factor is orthogonal",
                 .provenance = "reference run; derived",
                 .setting = "16 x 16, singular values of U(0.05, 1) in random bases",
                 .bounds = {between("singular values after five steps", 0.6, 1.25), below("off the polynomial five times", 1e-12),
                            below("polar factor off orthogonal", 1e-12), below("polar factor off U V^T", 1e-12)},
                 .control = {"five steps do not make the matrix orthogonal", {above("largest |singular value - 1|", 0.05)}},
                 .seeds = seeds(1, 20),
                 .quick = true,
                 .measure =
                     [](std::uint64_t seed) {
                       const auto found = vasudeva2025::orthogonalised(seed);
                       return Figures()
                           .add("singular values after five steps", Values{found.least, found.largest})
                           .add("polar factor off orthogonal", found.not_orthogonal)
                           .add("polar factor off U V^T", found.off_UVt)
                           .add("off the polynomial five times", found.off_map)
                           .add("largest |singular value - 1|", found.off_one);
                     }},
            },
    });

}  // namespace
