// SPDX-License-Identifier: MIT
// The signature from the same sources, built without optimisation, kernels too: no bit may hang on the compiler's
// liberties.
#include <doctest/doctest.h>

#include <string>
#include <whest/ground_truth/bench.hpp>

#include "signature.hpp"

using namespace whest::ground_truth;

TEST_CASE("an unoptimised build gives the signature of the optimised one") {
#ifdef __OPTIMIZE__
  FAIL("this test must be built without optimisation");
#endif
  int compared = 0;
  for (const Isa isa : {Isa::avx512, Isa::avx2, Isa::scalar}) {
    if (!isa_available(isa)) continue;
    const auto signature = ground_truth_signature(isa, 2);
    REQUIRE(signature.has_value());
    CHECK(*signature == k_signature);
    if (++compared == 2) break;  // scalar code is slow without optimisation: only where there is nothing wider
  }
  CHECK(compared > 0);
}
