// SPDX-License-Identifier: MIT
#include <string>
#include <whest/ground_truth/inputs.hpp>
#include <whest/ground_truth/kerdock.hpp>

namespace whest::ground_truth {

base::Expected<std::unique_ptr<InputSource>> make_input_source(Sampler sampler, const network::Mlp& mlp,
                                                               const random::SeedSequence& samples,
                                                               const KernelTable& kernels, std::int64_t first_chunk) {
  const std::uint64_t key = samples.generate_state64(1)[0];
  switch (sampler) {
    case Sampler::philox:
      return make_philox_inputs(key, mlp.width, kernels);
    case Sampler::numpy:
      return make_numpy_inputs(samples, mlp.width, kernels, first_chunk);
    case Sampler::antithetic:
      return make_antithetic_inputs(key, mlp.width, kernels);
    case Sampler::haar:
      return make_haar_inputs(key, mlp.width, kernels);
    case Sampler::kerdock:
      break;
  }
  if (!is_kerdock_width(mlp.width)) {
    return base::usage_error("the sampler 'kerdock' needs a width of 4, 16, 64, 256, 1024 or 4096; this network has " +
                             std::to_string(mlp.width) + ".");
  }
  return make_kerdock_inputs(key, mlp, kernels);
}

}  // namespace whest::ground_truth
