// SPDX-License-Identifier: MIT
#pragma once
// theta as one NPY file per named block ("W1.npy", "W2.npy", ...), so that another program starts from the same weights, or we from its:
//   Python   W1 = numpy.load("start/W1.npy");   numpy.save("start/W1.npy", model.W1.detach().numpy())
//   here     save_blocks("start", model.layout(), theta);   Vector<double> theta = load_blocks<double>("start", model.layout());
// Each file holds the block in its own shape (a matrix acts from the left: W_l is d_l x d_{l-1}, as torch.nn.Linear.weight), whatever the storage
// order in theta. The file's bytes stand as in theta, and its fortran_order says how: column-major blocks come as Fortran order, row-major ones as C order;
// numpy.load(f).ravel(order="K") is the block's part of theta, numpy.ascontiguousarray a copy in C order. float64 goes into a float32 model rounded, float32 into a float64 model exactly.

#include <filesystem>
#include <string>
#include <vector>

#include "../core/layout.hpp"
#include "../data/npy.hpp"
#include "../io/npy_writer.hpp"

namespace tacit {

namespace detail {
/// The name of a block's file; names that would leave the folder are refused.
inline std::string block_file(const Block& block) {
  require(!block.name.empty() && block.name.find_first_of("/\\:") == std::string::npos && block.name[0] != '.', "blocks: '", block.name,
          "' cannot be the name of a file");
  return block.name + ".npy";
}
inline std::string block_path(const std::string& folder, const Block& block) {
  return (std::filesystem::path(folder) / block_file(block)).string();
}
}  // namespace detail

/// Writes every block of theta, making the folder where there is none, and blocks.meta.json (provenance.hpp).
template <Scalar S>
void save_blocks(const std::string& folder, const Layout& layout, const Vector<S>& theta, const Provenance& provenance = {}) {
  layout.require_size(theta.size(), "save_blocks");
  make_folder(folder);
  for (const Block& block : layout)
    detail::write_npy(detail::block_path(folder, block), block.shape.sizes(), block.order, theta.data() + block.offset, block.count);
  write_provenance((std::filesystem::path(folder) / "blocks").string(), provenance);
}

namespace detail {

/// Reads every block from `path_of(block)`.
template <Scalar S, class PathOf>
Vector<S> load_blocks_from(const Layout& layout, PathOf path_of) {
  Vector<S> theta(layout.parameter_count());
  for (const Block& block : layout) {
    const std::string path = path_of(block);
    const NpyArray array = read_npy(path);
    if (array.shape != block.shape)
      throw std::runtime_error(sentence(path, ": block ", block.name, " is ", block.shape, " in the model, the file holds ", array.shape));
    std::vector<Index> index(static_cast<std::size_t>(block.shape.order()), 0);
    for (Index k = 0; k < block.count; ++k) {  // walks through theta; the file may be in the other order
      const double value = array.values[array.order == block.order ? static_cast<std::size_t>(k) : array.at(index)];
      theta[block.offset + k] = static_cast<S>(value);
      if (!std::isfinite(theta[block.offset + k])) throw std::runtime_error(sentence(path, ": block ", block.name, " holds ", value));
      for (Index step = 0; step < block.shape.order(); ++step) {
        const Index mode = block.order == StorageOrder::column_major ? step : block.shape.order() - 1 - step;
        if (++index[static_cast<std::size_t>(mode)] < block.shape[mode]) break;
        index[static_cast<std::size_t>(mode)] = 0;
      }
    }
  }
  return theta;
}

}  // namespace detail

/// Reads every block of the layout. A missing file, another shape, a NaN or an infinity is refused, naming the block and both shapes.
template <Scalar S>
Vector<S> load_blocks(const std::string& folder, const Layout& layout) {
  return detail::load_blocks_from<S>(layout, [&](const Block& block) { return detail::block_path(folder, block); });
}

}  // namespace tacit
