// SPDX-License-Identifier: MIT
#pragma once
// Stages for some blocks of theta alone, by the names that the model's layout gives them:
//   only({"W1", "W3"}, AdamScale{})                     the transform sees and edits these blocks, the others keep their update
//   BlockRates{{"W2", 0.1}, {"mu", 10}}                 the update of a block times its factor: rates of its own, beside the LearningRate of all
// only() hands the transform a step of the selected blocks, copied together: two passes over them more than the transform takes itself.

#include <vector>

#include "chain.hpp"

namespace tacit {

namespace detail {

/// The place of the block of this name; throws, naming those that are there.
inline Index block_named(const char* who, const Layout& layout, const std::string& name) {
  std::string names;
  for (Index l = 0; l < layout.size(); ++l) {
    if (layout[l].name == name) return l;
    names += (names.empty() ? "" : ", ") + layout[l].name;
  }
  require(false, who, ": there is no block '", name, "'; the model has ", names);
  return -1;
}

}  // namespace detail

template <class Transform>
struct Only {
  static_assert(TransformLike<Transform>, "only: its second argument is a transform");
  static_assert(!tacit::sets_rate<Transform>,
                "only: the rate is set once for all blocks; for rates of single blocks use BlockRates{{\"W1\", factor}}");
  static_assert(!reports_theta<Transform>, "only: a reported theta is one of all blocks");
  using stage = TransformTag;
  static constexpr bool behind_rate = stands_behind_rate<Transform>;
  std::vector<std::string> blocks;
  Transform transform;

  template <class Archive>
  void persist(Archive& archive) {
    archive("blocks", blocks);
    archive("transform", transform);
  }

  struct Part {
    Index offset, at, count;  ///< in theta, and in the selection
  };
  template <Scalar S, class Inner>
  struct State {
    std::vector<Part> parts;
    Step<S> step;
    Inner inner;

    template <class Archive>
    void persist(Archive& archive) {
      archive("inner", inner);
    }
  };
  template <Scalar S>
  auto start(const Layout& layout) const {
    require(!blocks.empty(), "only: no block is named");
    Layout selected;
    std::vector<Part> parts;
    for (const std::string& name : blocks) {
      const Block& block = layout[detail::block_named("only", layout, name)];
      parts.push_back({block.offset, selected.parameter_count(), block.count});
      selected.add(block.name, block.shape, block.order);
    }
    auto inner = transform.template start<S>(selected);
    return State<S, decltype(inner)>{std::move(parts), Step<S>(selected.parameter_count()), std::move(inner)};
  }
  template <Scalar S, class Inner>
  void apply(Step<S>& step, State<S, Inner>& state) const {
    Step<S>& some = state.step;
    Vector<S>& update = step.own();
    for (const Part& part : state.parts) {
      some.theta.segment(part.at, part.count) = step.theta.segment(part.offset, part.count);
      some.gradient.segment(part.at, part.count) = update.segment(part.offset, part.count);
    }
    some.iteration = step.iteration;
    some.value = step.value;
    some.rate = step.rate;
    some.begin();
    transform.apply(some, state.inner);
    const Vector<S>& edited = some.own();
    for (const Part& part : state.parts) update.segment(part.offset, part.count) = edited.segment(part.at, part.count);
  }
  friend std::ostream& operator<<(std::ostream& out, const Only& t) {
    out << "only({";
    for (std::size_t k = 0; k < t.blocks.size(); ++k) out << (k ? ", \"" : "\"") << t.blocks[k] << '"';
    return out << "}, " << t.transform << ')';
  }
};

/// See the top of this file.
template <class Transform>
Only<Transform> only(std::vector<std::string> blocks, Transform transform) {
  return {std::move(blocks), std::move(transform)};
}
template <class Transform>
Only<Transform> only(std::string block, Transform transform) {
  return {{std::move(block)}, std::move(transform)};
}

struct BlockRates {
  using stage = TransformTag;
  static constexpr bool behind_rate = true;
  struct Factor {
    std::string block;
    double factor;
  };
  std::vector<Factor> factors;

  BlockRates(std::initializer_list<Factor> list) : factors(list) {}

  template <class Archive>
  void persist(Archive& archive) {
    for (Factor& one : factors) {
      archive("block", one.block);
      archive("factor", one.factor);
    }
  }
  struct State {
    std::vector<Index> offset, count;
    template <class Archive>
    void persist(Archive&) {}
  };
  template <Scalar S>
  State start(const Layout& layout) const {
    State state;
    for (const Factor& one : factors) {
      require(std::isfinite(one.factor) && one.factor >= 0, "BlockRates: the factor of ", one.block, " is ", one.factor,
              ", it needs to be at least 0");
      const Block& block = layout[detail::block_named("BlockRates", layout, one.block)];
      state.offset.push_back(block.offset);
      state.count.push_back(block.count);
    }
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State& state) const {
    Vector<S>& update = step.own();
    for (std::size_t k = 0; k < factors.size(); ++k) update.segment(state.offset[k], state.count[k]) *= static_cast<S>(factors[k].factor);
  }
  friend std::ostream& operator<<(std::ostream& out, const BlockRates& t) {
    out << "BlockRates{";
    for (std::size_t k = 0; k < t.factors.size(); ++k)
      out << (k ? ", {\"" : "{\"") << t.factors[k].block << "\", " << t.factors[k].factor << '}';
    return out << '}';
  }
};

}  // namespace tacit
