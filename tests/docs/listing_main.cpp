// SPDX-License-Identifier: MIT
// Prints docs/flopscope-prices.md.
#include <cstdio>

#include "docs.hpp"

int main() { std::fputs(docs::price_listing().c_str(), stdout); }
