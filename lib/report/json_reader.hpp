// SPDX-License-Identifier: MIT
// Reads a report, ours or the peers' (whestbench 0.10 to 0.16).
#pragma once

#include <string>
#include <string_view>
#include <whest/base/error.hpp>
#include <whest/report/model.hpp>

namespace whest::report {

// A usage error that names `where` and the field when something that every report has is missing or of another type;
// fields that are not known are passed over. The bare NaN and Infinity of Python's JSON are read as null.
base::Expected<RunReport> from_json(std::string_view text, std::string_view where);

base::Expected<RunReport> load_report(const std::string& path);

}  // namespace whest::report
