// SPDX-License-Identifier: MIT
// The names that are left out. A name that an operation of the catalogue has is not looked up here.
#include <whest/flopscope/queries/listing.hpp>

namespace flopscope::queries {
namespace {

constexpr std::string_view k_text = "formats text";
constexpr std::string_view k_query = "answers about types or memory, not about numbers";
constexpr std::string_view k_configuration = "sets or reads NumPy's own configuration";
constexpr std::string_view k_file = "reads or writes a file";
constexpr std::string_view k_iterator = "iterates in Python";
constexpr std::string_view k_callback = "calls a function of the participant for each element or slice";
constexpr std::string_view k_date = "works on dates";
constexpr std::string_view k_buffer = "makes an array from memory of Python objects";
constexpr std::string_view k_matrix = "makes a matrix object, which has no counterpart";
constexpr std::string_view k_removed = "removed from NumPy";
constexpr std::string_view k_state = "hands out a generator's inner state";

constexpr LeftOut k_left_out[] = {
    {"apply_along_axis", k_callback},
    {"apply_over_axes", k_callback},
    {"array2string", k_text},
    {"array_repr", k_text},
    {"array_str", k_text},
    {"asmatrix", k_matrix},
    {"base_repr", k_text},
    {"binary_repr", k_text},
    {"broadcast", k_iterator},
    {"busday_count", k_date},
    {"busday_offset", k_date},
    {"can_cast", k_query},
    {"common_type", k_query},
    {"datetime_as_string", k_text},
    {"datetime_data", k_query},
    {"errstate", k_configuration},
    {"finfo", k_query},
    {"format_float_positional", k_text},
    {"format_float_scientific", k_text},
    {"from_dlpack", k_buffer},
    {"frombuffer", k_buffer},
    {"fromfile", k_file},
    {"fromfunction", k_callback},
    {"fromiter", k_buffer},
    {"frompyfunc", k_callback},
    {"fromregex", k_file},
    {"fromstring", k_buffer},
    {"genfromtxt", k_file},
    {"get_include", k_configuration},
    {"get_printoptions", k_configuration},
    {"getbufsize", k_configuration},
    {"geterr", k_configuration},
    {"geterrcall", k_configuration},
    {"iinfo", k_query},
    {"is_busday", k_date},
    {"iscomplexobj", k_query},
    {"isdtype", k_query},
    {"isfortran", k_query},
    {"isnat", k_query},
    {"isrealobj", k_query},
    {"isscalar", k_query},
    {"issubdtype", k_query},
    {"iterable", k_query},
    {"load", k_file},
    {"loadtxt", k_file},
    {"mask_indices", k_callback},
    {"may_share_memory", k_query},
    {"min_scalar_type", k_query},
    {"mintypecode", k_query},
    {"ndenumerate", k_iterator},
    {"ndim", k_query},
    {"ndindex", k_iterator},
    {"nditer", k_iterator},
    {"nested_iters", k_iterator},
    {"piecewise", k_callback},
    {"printoptions", k_configuration},
    {"promote_types", k_query},
    {"random.Generator.bit_generator", k_state},
    {"random.RandomState.get_state", k_state},
    {"random.RandomState.random_integers", k_removed},
    {"random.RandomState.set_state", k_state},
    {"random.get_state", k_state},
    {"random.random_integers", k_removed},
    {"random.set_state", k_state},
    {"result_type", k_query},
    {"save", k_file},
    {"savetxt", k_file},
    {"savez", k_file},
    {"savez_compressed", k_file},
    {"set_printoptions", k_configuration},
    {"setbufsize", k_configuration},
    {"seterr", k_configuration},
    {"seterrcall", k_configuration},
    {"shape", k_query},
    {"shares_memory", k_query},
    {"show_config", k_configuration},
    {"show_runtime", k_configuration},
    {"size", k_query},
    {"typename", k_text},
};

}  // namespace

std::span<const LeftOut> left_out_operations() { return k_left_out; }

}  // namespace flopscope::queries
