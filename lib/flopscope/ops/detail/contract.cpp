// SPDX-License-Identifier: MIT
// Executes an einsum: operands become strided views with a label on every axis; a pair is brought to batched matrix
// products, or walked element by element where there is no matrix in it.
#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>
#include <whest/flopscope/ops/detail/contract.hpp>
#include <whest/flopscope/ops/detail/gemm.hpp>

namespace flopscope::contract {
namespace {

using symmetry::Expression;
using symmetry::Path;
using symmetry::Word;

// Labels of a tensor's axes, on the stack: a small contraction should not spend its time in the allocator.
using Labels = Dims;

Labels labels_of(const Word& word) {
  Labels labels;
  for (const int label : word) labels.push_back(label);
  return labels;
}
template <class... L>
Labels joined(const L&... parts) {
  Labels all;
  const auto append = [&](const Labels& part) {
    for (const std::int64_t label : part) all.push_back(label);
  };
  (append(parts), ...);
  return all;
}
// Where the label stands; the number of labels if it does not.
int position(const Labels& labels, std::int64_t label) {
  int at = 0;
  while (at < labels.size() && labels[at] != label) ++at;
  return at;
}
bool has(const Labels& labels, std::int64_t label) { return position(labels, label) < labels.size(); }

// Strides are in elements; each label occurs once.
template <class T>
struct View {
  ArrayRef owner;
  const T* data = nullptr;
  Labels labels;
  Dims strides;
  bool own = false;  // made here, not a caller's array

  std::int64_t stride_of(std::int64_t label) const {
    const int at = position(labels, label);
    return at == labels.size() ? 0 : strides[at];
  }
};

// Eight sums side by side where the elements are neighbours, so that none waits for the one before.
template <class T>
T sum_of_run(const T* p, std::int64_t n, std::int64_t step) {
  constexpr int k_lanes = 8;
  T lanes[k_lanes] = {};
  std::int64_t i = 0;
  if (step == 1)
    for (; i + k_lanes <= n; i += k_lanes)
      for (int k = 0; k < k_lanes; ++k) lanes[k] += p[i + k];
  for (; i < n; ++i) lanes[0] += p[i * step];
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

template <class T>
class Contraction {
 public:
  explicit Contraction(const Expression& expression) : m_sizes(expression.sizes) {}

  ArrayRef run(const Expression& expression, std::span<const ArrayRef> operands, const Path& path) {
    const Labels output = labels_of(expression.output);
    std::vector<View<T>> tensors;
    tensors.reserve(operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i) tensors.push_back(view_of(operands[i], expression.inputs[i]));
    if (tensors.size() == 1) return materialised(summed(tensors.front(), output), output);
    for (const std::vector<int>& step : path) {
      std::vector<View<T>> taken;
      taken.reserve(step.size());
      for (auto at = step.rbegin(); at != step.rend(); ++at) {
        taken.push_back(std::move(tensors[static_cast<std::size_t>(*at)]));
        tensors.erase(tensors.begin() + *at);
      }
      const bool last = &step == &path.back();
      View<T> result = std::move(taken.front());
      for (std::size_t i = 1; i < taken.size(); ++i) {
        const bool done = last && i + 1 == taken.size();
        const Labels keep = done ? output : needed(output, result, taken[i], tensors, taken, i + 1);
        result = pair(result, taken[i], keep);
      }
      if (taken.size() == 1 && last) result = summed(result, output);
      tensors.push_back(std::move(result));
    }
    return materialised(tensors.back(), output);
  }

 private:
  std::int64_t size_of(std::int64_t label) const { return m_sizes[static_cast<std::size_t>(label)]; }
  std::int64_t size_of(const Labels& labels) const {
    std::int64_t product = 1;
    for (const std::int64_t label : labels) product *= size_of(label);
    return product;
  }

  // Labels of a repeated axis are merged into the diagonal; axes stretched from 1 have no stride.
  View<T> view_of(const ArrayRef& array, const Word& word) const {
    View<T> view{array, array->items<T>(), {}, {}, false};
    for (std::size_t axis = 0; axis < word.size(); ++axis) {
      const bool stretched = array->dims()[axis] == 1 && size_of(word[axis]) != 1;
      const std::int64_t stride = stretched ? 0 : array->byte_strides()[axis] / static_cast<std::int64_t>(sizeof(T));
      const int at = position(view.labels, word[axis]);
      if (at < view.labels.size()) {
        view.strides[at] += stride;
      } else {
        view.labels.push_back(word[axis]);
        view.strides.push_back(stride);
      }
    }
    return view;
  }

  Labels needed(const Labels& output, const View<T>& a, const View<T>& b, const std::vector<View<T>>& rest,
                const std::vector<View<T>>& taken, std::size_t from) const {
    Labels keep;
    for (const View<T>* view : {&a, &b})
      for (const std::int64_t label : view->labels) {
        bool wanted = has(output, label);
        for (const View<T>& other : rest) wanted = wanted || has(other.labels, label);
        for (std::size_t i = from; i < taken.size(); ++i) wanted = wanted || has(taken[i].labels, label);
        if (wanted && !has(keep, label)) keep.push_back(label);
      }
    return keep;
  }

  View<T> fresh(const Labels& labels) const {
    Dims shape;
    for (const std::int64_t label : labels) shape.push_back(size_of(label));
    View<T> view{Array::make(dtype_of<T>, shape), nullptr, labels, Dims(labels.size(), 0), true};
    view.data = view.owner->template items<T>();
    std::int64_t stride = 1;
    for (int i = labels.size() - 1; i >= 0; --i) {
      view.strides[i] = stride;
      stride *= shape[i];
    }
    return view;
  }

  static T* items(const View<T>& view) { return view.owner->template mutable_items<T>(); }

  // Calls f(offset of a, offset of b, offset of the result) for every index of `outer`, in C order.
  template <class F>
  void walk(const Labels& outer, const View<T>& a, const View<T>* b, F f) const {
    Dims index(outer.size(), 0), sa, sb;
    for (const std::int64_t label : outer) {
      if (size_of(label) == 0) return;
      sa.push_back(a.stride_of(label));
      sb.push_back(b ? b->stride_of(label) : 0);
    }
    std::int64_t at_a = 0, at_b = 0;
    for (std::int64_t count = 0;; ++count) {
      f(at_a, at_b, count);
      int d = outer.size() - 1;
      for (; d >= 0; --d) {
        at_a += sa[d];
        at_b += sb[d];
        if (++index[d] < size_of(outer[d])) break;
        at_a -= sa[d] * index[d];
        at_b -= sb[d] * index[d];
        index[d] = 0;
      }
      if (d < 0) return;
    }
  }

  // Labels outside `keep` summed away; a view of the same memory if there are none.
  View<T> summed(const View<T>& a, const Labels& keep) const {
    Labels kept, gone;
    for (const std::int64_t label : a.labels) (has(keep, label) ? kept : gone).push_back(label);
    if (gone.empty()) return a;
    View<T> result = fresh(kept);
    T* out = items(result);
    const std::int64_t inner = gone.back();
    gone.erase(gone.size() - 1);
    const std::int64_t n = size_of(inner), step = a.stride_of(inner);
    std::fill_n(out, size_of(kept), T(0));
    walk(kept, a, nullptr, [&](std::int64_t at, std::int64_t, std::int64_t to) {
      View<T> shifted{nullptr, a.data + at, a.labels, a.strides, false};
      T sum(0);
      walk(gone, shifted, nullptr,
           [&](std::int64_t from, std::int64_t, std::int64_t) { sum += sum_of_run(shifted.data + from, n, step); });
      out[to] = sum;
    });
    return result;
  }

  // The stride of a run of labels taken as one axis, if it has one.
  std::optional<std::int64_t> joint_stride(const View<T>& view, const Labels& run) const {
    std::optional<std::int64_t> stride;
    std::int64_t expected = 0;
    for (int i = run.size() - 1; i >= 0; --i) {
      if (size_of(run[i]) == 1) continue;
      const std::int64_t own = view.stride_of(run[i]);
      if (stride && own != expected) return std::nullopt;
      if (!stride) stride = own;
      expected = own * size_of(run[i]);
    }
    return stride.value_or(1);
  }

  // The operand with rows and columns that BLAS takes, for every batch index; a packed copy where its strides do not.
  View<T> as_matrices(const View<T>& view, const Labels& batch, const Labels& rows, const Labels& columns,
                      Matrix<T>& matrix) const {
    matrix.rows = size_of(rows);
    matrix.columns = size_of(columns);
    const auto row_stride = joint_stride(view, rows), column_stride = joint_stride(view, columns);
    if (row_stride && column_stride) {
      matrix.row_stride = *row_stride;
      matrix.column_stride = *column_stride;
      if (std::is_integral_v<T> || matrix.fits_blas()) return view;
    }
    View<T> packed = copied(view, joined(batch, rows, columns));
    matrix.row_stride = matrix.columns;
    matrix.column_stride = 1;
    return packed;
  }

  View<T> copied(const View<T>& view, const Labels& order) const {
    View<T> result = fresh(order);
    T* out = items(result);
    if (order.empty()) {
      *out = *view.data;
      return result;
    }
    const Labels outer(std::span(order.begin(), order.end() - 1));
    const std::int64_t n = size_of(order.back()), step = view.stride_of(order.back());
    if (n > 0)
      walk(outer, view, nullptr, [&](std::int64_t at, std::int64_t, std::int64_t to) {
        for (std::int64_t i = 0; i < n; ++i) out[to * n + i] = view.data[at + i * step];
      });
    return result;
  }

  View<T> pair(const View<T>& first, const View<T>& second, const Labels& keep) const {
    const auto shared_or_kept = [&](const View<T>& own, const View<T>& other) {
      Labels labels;
      for (const std::int64_t label : own.labels)
        if (has(keep, label) || has(other.labels, label)) labels.push_back(label);
      return labels;
    };
    const View<T> a = summed(first, shared_or_kept(first, second)), b = summed(second, shared_or_kept(second, first));
    Labels batch, rows, columns, inner;
    for (const std::int64_t label : keep) {
      const bool in_a = has(a.labels, label), in_b = has(b.labels, label);
      if (in_a || in_b) (in_a && in_b ? batch : in_a ? rows : columns).push_back(label);
    }
    for (const std::int64_t label : a.labels)
      if (!has(keep, label)) inner.push_back(label);
    if (inner.empty() && (rows.empty() || columns.empty())) return multiplied(a, b, keep);
    // Put first the operand whose own label leads the result, so that the product is written where it belongs.
    const bool swapped = !rows.empty() && !columns.empty() && position(keep, columns[0]) < position(keep, rows[0]);
    return swapped ? products(b, a, batch, columns, rows, inner) : products(a, b, batch, rows, columns, inner);
  }

  // Element by element: nothing is summed.
  View<T> multiplied(const View<T>& a, const View<T>& b, const Labels& keep) const {
    Labels order;
    for (const std::int64_t label : keep)
      if (has(a.labels, label) || has(b.labels, label)) order.push_back(label);
    View<T> result = fresh(order);
    T* out = items(result);
    if (order.empty()) {
      *out = *a.data * *b.data;
      return result;
    }
    const Labels outer(std::span(order.begin(), order.end() - 1));
    const std::int64_t n = size_of(order.back()), step_a = a.stride_of(order.back()),
                       step_b = b.stride_of(order.back());
    if (n > 0)
      walk(outer, a, &b, [&](std::int64_t at_a, std::int64_t at_b, std::int64_t to) {
        for (std::int64_t i = 0; i < n; ++i) out[to * n + i] = a.data[at_a + i * step_a] * b.data[at_b + i * step_b];
      });
    return result;
  }

  View<T> products(const View<T>& a, const View<T>& b, const Labels& batch, const Labels& rows, const Labels& columns,
                   const Labels& inner) const {
    Matrix<T> left, right;
    const View<T> la = as_matrices(a, batch, rows, inner, left), lb = as_matrices(b, batch, inner, columns, right);
    View<T> result = fresh(joined(batch, rows, columns));
    T* out = items(result);
    walk(batch, la, &lb, [&](std::int64_t at_a, std::int64_t at_b, std::int64_t to) {
      left.data = la.data + at_a;
      right.data = lb.data + at_b;
      product(left, right, out + to * left.rows * right.columns);
    });
    return result;
  }

  // In this order, contiguous, in memory of its own.
  ArrayRef materialised(const View<T>& view, const Labels& order) const {
    return view.own && view.labels == order ? view.owner : copied(view, order).owner;
  }

  std::span<const std::int64_t> m_sizes;
};

DType work_type(DType dtype) {
  if (dtype == DType::float16) return DType::float32;
  if (dtype == DType::bool_) return DType::float64;  // sums of ones are zero where none is, rounded or not
  return is_floating(dtype) ? dtype : DType::uint64;
}

template <class T>
ArrayRef run(const Expression& expression, std::span<const ArrayRef> operands, const Path& path) {
  if (std::ranges::all_of(operands, [](const ArrayRef& operand) { return operand->type() == dtype_of<T>; }))
    return Contraction<T>(expression).run(expression, operands, path);
  std::vector<ArrayRef> converted;
  for (const ArrayRef& operand : operands)
    converted.push_back(operand->type() == dtype_of<T> ? operand : cast(*operand, dtype_of<T>));
  return Contraction<T>(expression).run(expression, converted, path);
}

// An operand or an intermediate of a contraction.
struct Labelled {
  Word word;
  ArrayRef array;
};

// Labels of two tensors that the output or one of the others still needs, in the order of their first appearance.
Word labels_left(const Labelled& a, const Labelled& b, const Word& output, std::span<const Labelled> others) {
  Word left;
  for (const Word* word : {&a.word, &b.word})
    for (const int label : *word) {
      const auto holds = [&](const Word& w) { return std::ranges::find(w, label) != w.end(); };
      const bool needed =
          holds(output) || std::ranges::any_of(others, [&](const Labelled& t) { return holds(t.word); });
      if (needed && !holds(left)) left.push_back(label);
    }
  return left;
}

// Whether the dtype of a pair may be another than that of the whole, or an intermediate result is rounded.
bool depends_on_pairs(std::span<const ArrayRef> operands, DType dtype) {
  return operands.size() > 2 && (dtype == DType::float16 ||
                                 std::ranges::any_of(operands, [&](const ArrayRef& a) { return a->type() != dtype; }));
}

// Each pair in the dtype that the two have together, as NumPy contracts along a path.
ArrayRef contract_in_pairs(const Expression& expression, std::span<const ArrayRef> operands, const Path& path,
                           DType dtype) {
  std::vector<Labelled> tensors;
  for (std::size_t i = 0; i < operands.size(); ++i) tensors.push_back({expression.inputs[i], operands[i]});
  for (std::vector<int> step : path) {
    std::ranges::sort(step, std::greater<>());
    std::vector<Labelled> taken;
    for (const int at : step) {
      taken.push_back(std::move(tensors[static_cast<std::size_t>(at)]));
      tensors.erase(tensors.begin() + at);
    }
    Expression pair = expression;
    pair.inputs = {taken[0].word, taken[1].word};
    pair.output = tensors.empty() ? expression.output : labels_left(taken[0], taken[1], expression.output, tensors);
    const ArrayRef both[] = {taken[0].array, taken[1].array};
    const DType own = tensors.empty() ? dtype : promote(both[0]->type(), both[1]->type());
    tensors.push_back({pair.output, contract(pair, both, {{0, 1}}, own)});
  }
  return tensors.back().array;
}

}  // namespace

ArrayRef contract(const Expression& expression, std::span<const ArrayRef> operands, const Path& path, DType dtype) {
  const bool of_pairs = std::ranges::all_of(path, [](const std::vector<int>& step) { return step.size() == 2; });
  if (of_pairs && depends_on_pairs(operands, dtype)) return contract_in_pairs(expression, operands, path, dtype);
  ArrayRef result;
  switch (work_type(dtype)) {
    case DType::float32:
      result = run<float>(expression, operands, path);
      break;
    case DType::float64:
      result = run<double>(expression, operands, path);
      break;
    case DType::complex64:
      result = run<Complex64>(expression, operands, path);
      break;
    case DType::complex128:
      result = run<Complex128>(expression, operands, path);
      break;
    default:
      result = run<std::uint64_t>(expression, operands, path);
  }
  return result->type() == dtype ? result : cast(*result, dtype);
}

namespace {

template <class T>
ArrayRef matrix_product_of(const Array& a, const Array& b) {
  const auto matrix = [](const Array& x) {
    const auto item = static_cast<std::int64_t>(sizeof(T));
    if (x.ndim == 1) return Matrix<T>{x.items<T>(), x.shape[0], 1, x.strides[0] / item, 1};
    return Matrix<T>{x.items<T>(), x.shape[0], x.shape[1], x.strides[0] / item, x.strides[1] / item};
  };
  Matrix<T> left = matrix(a), right = matrix(b);
  ArrayRef left_copy, right_copy;
  if (!left.fits_blas()) left = matrix(*(left_copy = contiguous_copy_if_needed(a)));
  if (!right.fits_blas()) right = matrix(*(right_copy = contiguous_copy_if_needed(b)));
  Dims shape{left.rows};
  if (b.ndim == 2) shape.push_back(right.columns);
  ArrayRef out = Array::make(dtype_of<T>, shape);
  product(left, right, out->mutable_items<T>());
  return out;
}

}  // namespace

ArrayRef matrix_product(const Array& a, const Array& b) {
  switch (a.type()) {
    case DType::float32:
      return matrix_product_of<float>(a, b);
    case DType::float64:
      return matrix_product_of<double>(a, b);
    case DType::complex64:
      return matrix_product_of<Complex64>(a, b);
    default:
      return matrix_product_of<Complex128>(a, b);
  }
}

}  // namespace flopscope::contract
