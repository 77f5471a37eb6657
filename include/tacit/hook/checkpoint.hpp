// SPDX-License-Identifier: MIT
#pragma once
// Checkpoints: run.save(path) writes everything that a later advance() depends on (theta, optimizer state, random streams, hooks with persist(),
// counters); run.load(path), on a run built from the same program, goes on from there bit for bit. The file begins with what the run is (version,
// scalar type, layout, the optimizer's settings, fingerprint of model, data, losses and penalties) and ends with a checksum; a mismatch is refused with a sentence naming
// the field, and leaves the run as it was. Files are replaced atomically.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../core/archive.hpp"
#include "../io/atomic_file.hpp"
#include "../train.hpp"
#include "../version.hpp"

namespace tacit {

namespace detail {

inline constexpr std::string_view checkpoint_magic = "tacit run 1\n";

/// What a checkpoint must agree on with the run that loads it: values, not sentences about them.
template <class R>
struct RunIdentity {
  std::string tacit_version = std::string(version), scalar, layout, optimizer;
  std::vector<std::string> names, values;  ///< of all hyper-parameters, exact
  std::uint64_t data_fingerprint = 0;

  explicit RunIdentity(const R& run)
      : scalar(scalar_name<typename R::S>()), layout(sentence(run.problem().layout())), optimizer(sentence(run.optimizer())) {
    for (const SettingText& setting : settings_of(run.optimizer())) {
      names.push_back(setting.name);
      values.push_back(setting.text);
    }
    if constexpr (requires { run.problem().fingerprint(); }) data_fingerprint = run.problem().fingerprint();
  }
  template <class Archive>
  void persist(Archive& archive) {
    archive("tacit_version", tacit_version);
    archive("scalar", scalar);
    archive("layout", layout);
    archive("optimizer", optimizer);
    archive("names", names);
    archive("values", values);
    archive("data_fingerprint", data_fingerprint);
  }
  void require_same(const RunIdentity& saved, const std::string& path) const {
    const auto compare = [&](const std::string& field, const auto& theirs, const auto& ours) {
      if (theirs != ours)
        throw std::runtime_error(sentence(path, ": ", field, " is '", theirs, "' in the checkpoint, but '", ours, "' in this run"));
    };
    compare("tacit_version", saved.tacit_version, tacit_version);
    compare("scalar", saved.scalar, scalar);
    compare("layout", saved.layout, layout);
    compare("optimizer", saved.optimizer, optimizer);
    compare("the number of the optimizer's settings", saved.names.size(), names.size());
    for (std::size_t k = 0; k < names.size(); ++k) {
      compare("the name of a setting of the optimizer", saved.names[k], names[k]);
      compare("the optimizer's " + names[k], saved.values[k], values[k]);
    }
    compare("data_fingerprint", saved.data_fingerprint, data_fingerprint);
  }
};

inline std::uint64_t checksum(std::string_view bytes) {
  HashArchive hash;
  hash.bytes(bytes.data(), bytes.size());
  return hash.value();
}

}  // namespace detail

/// Writes a checkpoint; std::runtime_error naming path and reason where it cannot.
template <class R>
void save_run(R& run, const std::string& path) {
  OutputArchive archive;
  detail::RunIdentity<R> identity(run);
  archive("identity", identity);
  archive("run", run);
  const std::uint64_t sum = detail::checksum(archive.bytes());
  AtomicFile file(path);
  file.write(detail::checkpoint_magic).write(archive.bytes()).write({reinterpret_cast<const char*>(&sum), sizeof sum}).commit();
}

/// Goes back to a checkpoint of the same run.
template <class R>
void load_run(R& run, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + ": the checkpoint cannot be opened");
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::string_view magic = detail::checkpoint_magic;
  if (in.bad() || bytes.substr(0, magic.size()) != magic) throw std::runtime_error(path + ": this is not a checkpoint of a run");
  std::uint64_t sum = 0;
  if (bytes.size() >= magic.size() + sizeof sum) std::memcpy(&sum, bytes.data() + bytes.size() - sizeof sum, sizeof sum);
  const std::string body =
      bytes.size() >= magic.size() + sizeof sum ? bytes.substr(magic.size(), bytes.size() - magic.size() - sizeof sum) : "";
  if (body.empty() || sum != detail::checksum(body))
    throw std::runtime_error(path + ": the checkpoint is cut short or damaged: its checksum does not match");

  InputArchive archive(body, path);
  detail::RunIdentity<R> ours(run), saved = ours;
  archive("identity", saved);
  ours.require_same(saved, path);
  OutputArchive before;
  before("run", run);
  const auto undo = [&] { InputArchive(before.bytes(), path)("run", run); };
  try {
    archive("run", run);
    if (!archive.at_end()) throw std::runtime_error(path + ": the checkpoint holds more than this run: it was saved with other hooks");
  } catch (const std::invalid_argument& refused) {  // a hook of this run cannot take what the file holds
    undo();
    throw std::runtime_error(path + ": " + refused.what());
  } catch (...) {
    undo();
    throw;
  }
}

}  // namespace tacit
