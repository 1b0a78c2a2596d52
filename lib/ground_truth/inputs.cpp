// SPDX-License-Identifier: MIT
#include <string>
#include <whest/ground_truth/inputs.hpp>

namespace whest::ground_truth {

base::Expected<std::unique_ptr<InputSource>> make_input_source(Sampler sampler, const network::Mlp& mlp,
                                                               const random::SeedSequence& samples,
                                                               const KernelTable& kernels) {
  const std::uint64_t key = samples.generate_state64(1)[0];
  switch (sampler) {
    case Sampler::philox:
      return make_philox_inputs(key, mlp.width, kernels);
    case Sampler::numpy:
      return make_numpy_inputs(samples, mlp.width, kernels);
    case Sampler::antithetic:
    case Sampler::haar:
    case Sampler::kerdock:
      break;
  }
  return base::usage_error("the sampler '" + std::string(sampler_name(sampler)) + "' is not built yet.");
}

}  // namespace whest::ground_truth
