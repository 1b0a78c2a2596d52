// SPDX-License-Identifier: MIT
// flopscope::numpy: the metered functions that participants call, under NumPy's names. Each call is one record to the
// library: priced, charged, run, logged. Arguments go by position in NumPy's order, or by keyword:
// fnp::percentile(a, {25, 75}, kw::axis = 0). Three names that C++ keeps for itself end in an underscore: delete_,
// typename_, kw::default_.
#pragma once

#include <flopscope/accounting.hpp>
#include <flopscope/budget.hpp>
#include <flopscope/contractions.hpp>
#include <flopscope/creation.hpp>
#include <flopscope/elementwise.hpp>
#include <flopscope/fft.hpp>
#include <flopscope/files.hpp>
#include <flopscope/indexing.hpp>
#include <flopscope/keywords.hpp>
#include <flopscope/linalg.hpp>
#include <flopscope/methods.hpp>
#include <flopscope/operators.hpp>
#include <flopscope/polynomial.hpp>
#include <flopscope/random.hpp>
#include <flopscope/reductions.hpp>
#include <flopscope/selection.hpp>
#include <flopscope/shaping.hpp>
#include <flopscope/stats.hpp>
#include <flopscope/symmetry.hpp>
#include <flopscope/text.hpp>
#include <flopscope/types.hpp>
