// SPDX-License-Identifier: MIT
// Two renderings of a document: rich (boxes, colours, gauges) for a terminal, plain (ASCII, no escapes) for the rest.
#pragma once

#include <string>
#include <whest/report/document.hpp>

namespace whest::report {

inline constexpr std::size_t k_console_columns = 120;

enum class Colour { off, on };

std::string render_rich(const Document& document, std::size_t columns, Colour colour);
std::string render_plain(const Document& document);

}  // namespace whest::report
