// SPDX-License-Identifier: MIT
#include <array>
#include <map>
#include <string_view>
#include <whest/network/names.hpp>

namespace whest::network {
namespace {

// clang-format off
constexpr std::array<std::string_view, 128> k_adjectives = {
    "able", "amber", "ample", "arctic", "ashen", "autumn", "balmy", "bold", "brave", "breezy", "bright", "brisk",
    "calm", "candid", "careful", "cheery", "clear", "clever", "cloudy", "coastal", "copper", "pristine", "cordial",
    "cosmic", "crimson", "crisp", "curious", "dainty", "daring", "deft", "dewy", "distant", "eager", "early",
    "earnest", "easy", "emerald", "fabled", "fair", "fancy", "fleet", "fluent", "fond", "frank", "frosty", "gallant",
    "gentle", "gilded", "gleaming", "golden", "grand", "green", "hasty", "zealous", "hearty", "hidden", "humble", "icy",
    "ivory", "jolly", "keen", "kindly", "late", "level", "lilac", "limber", "lively", "lofty", "lucid", "lucky",
    "lunar", "magnetic", "mellow", "merry", "mighty", "mild", "modest", "mossy", "nimble", "noble", "olive", "open",
    "opal", "patient", "placid", "plucky", "polar", "prime", "quick", "quiet", "rapid", "rosy", "ruby", "rustic",
    "sandy", "scarlet", "sharp", "silent", "silver", "simple", "smooth", "snowy", "snug", "solar", "southern", "spry",
    "stable", "starry", "sturdy", "subtle", "sunny", "swift", "teal", "tender", "tidal", "tidy", "tranquil", "true",
    "upbeat", "valiant", "vernal", "vivid", "warm", "wild", "wise", "witty", "woven", "young",
};

constexpr std::array<std::string_view, 128> k_nouns = {
    "acorn", "alder", "anchor", "antler", "apple", "arrow", "aspen", "badger", "bamboo", "basin", "beacon", "beaver",
    "beech", "birch", "bluff", "bobcat", "breeze", "bridge", "brook", "cape", "cedar", "cliff", "clover", "condor",
    "coral", "cove", "crane", "creek", "cypress", "dale", "dawn", "deer", "dolphin", "dove", "dune", "eagle", "echo",
    "elm", "falcon", "fern", "fjord", "finch", "forest", "fox", "garden", "geyser", "glade", "glen", "grove", "gull",
    "harbor", "hawk", "hazel", "heath", "heron", "hollow", "ibis", "inlet", "iris", "island", "jasper", "juniper",
    "kelp", "kestrel", "lagoon", "lake", "lantern", "larch", "lark", "leaf", "lily", "linden", "lotus", "lynx",
    "marlin", "marsh", "marten", "meadow", "mill", "mint", "moon", "moose", "nectar", "oasis", "ocean", "orchard",
    "orchid", "otter", "owl", "panda", "path", "peak", "pelican", "petal", "pine", "plover", "poplar", "prairie",
    "puffin", "quail", "quartz", "raven", "reed", "reef", "ridge", "river", "rowan", "sage", "salmon", "seal",
    "sparrow", "spring", "spruce", "star", "stone", "summit", "swallow", "swan", "thicket", "tide", "trail", "tulip",
    "tundra", "valley", "walnut", "willow", "wren", "yew",
};
// clang-format on

// Steele, Lea and Flood's SplitMix64 finaliser: neighbouring seeds get unrelated names.
std::uint64_t scrambled(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

std::string name_of_seed(std::uint64_t seed) {
  const std::uint64_t bits = scrambled(seed);
  std::string name(k_adjectives[bits % k_adjectives.size()]);
  name += '-';
  name += k_nouns[(bits >> 32) % k_nouns.size()];
  return name;
}

void number_repeated_names(std::vector<std::string>& names) {
  std::map<std::string, int> seen;
  for (std::string& name : names) {
    const int count = ++seen[name];
    if (count > 1) name += '-' + std::to_string(count);
  }
}

}  // namespace whest::network
