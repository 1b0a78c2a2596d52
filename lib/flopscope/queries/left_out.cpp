// SPDX-License-Identifier: MIT
// The names that are left out, none of which the catalogue has.
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
constexpr std::string_view k_removed = "superseded in NumPy; no version provides it";
constexpr std::string_view k_state = "hands out a generator's inner object";

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
    {"datetime_as_string", k_text},
    {"datetime_data", k_query},
    {"errstate", k_configuration},
    {"finfo", k_query},
    {"format_float_positional", k_text},
    {"format_float_scientific", k_text},
    {"from_dlpack", k_buffer},
    {"fromfile", k_file},
    {"fromfunction", k_callback},
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
    {"isnat", k_query},
    {"loadtxt", k_file},
    {"mask_indices", k_callback},
    {"mintypecode", k_query},
    {"ndenumerate", k_iterator},
    {"ndindex", k_iterator},
    {"nditer", k_iterator},
    {"nested_iters", k_iterator},
    {"piecewise", k_callback},
    {"printoptions", k_configuration},
    {"random.Generator.bit_generator", k_state},
    {"random.random_integers", k_removed},
    {"savetxt", k_file},
    {"set_printoptions", k_configuration},
    {"setbufsize", k_configuration},
    {"seterr", k_configuration},
    {"seterrcall", k_configuration},
    {"show_config", k_configuration},
    {"show_runtime", k_configuration},
};

}  // namespace

std::span<const LeftOut> left_out_operations() { return k_left_out; }

}  // namespace flopscope::queries
