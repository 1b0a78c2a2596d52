// SPDX-License-Identifier: MIT
#include "words.hpp"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <optional>
#include <whest/base/suggest.hpp>

namespace whest::app {

namespace {

// "--seed", "-h"; a negative number, "-" and "->" are none.
bool looks_like_option(const std::string& word) {
  return word.starts_with("--") ||
         (word.size() > 1 && word[0] == '-' && std::isalpha(static_cast<unsigned char>(word[1])));
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// How many arguments without a name the command takes.
std::size_t positional_room(const CLI::App& command) {
  std::size_t room = 0;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) room += static_cast<std::size_t>(option->get_items_expected_max());
  }
  return room;
}

class Tidy {
 public:
  Tidy(const CLI::App& command, std::span<const std::string> words) : m_command(command), m_words(words) {}

  base::Expected<std::vector<std::string>> run() {
    const std::size_t room = positional_room(m_command);
    while (m_at < m_words.size()) {
      const std::string& word = m_words[m_at++];
      if (word == "--help" || word == "-h") return std::vector<std::string>{"--help"};
      if (word == "--") {
        m_arguments.insert(m_arguments.end(), m_words.begin() + static_cast<std::ptrdiff_t>(m_at), m_words.end());
        break;
      }
      if (!looks_like_option(word)) {
        m_arguments.push_back(word);
      } else if (auto taken = take_option(word); !taken) {
        return std::unexpected(taken.error());
      }
    }
    for (std::size_t i = 0; i < m_arguments.size(); ++i) {
      if (i >= room) return refuse("unexpected argument '{}' of 'whest {}'.", m_arguments[i], m_command.get_name());
      if (m_arguments[i].empty()) return refuse("an argument of 'whest {}' is empty.", m_command.get_name());
    }
    if (!m_arguments.empty()) m_options.emplace_back("--");
    m_options.insert(m_options.end(), m_arguments.begin(), m_arguments.end());
    return std::move(m_options);
  }

 private:
  template <class... T>
  static std::unexpected<base::Error> refuse(fmt::format_string<T...> format, T&&... values) {
    return base::usage_error(fmt::format(format, std::forward<T>(values)...));
  }

  base::Expected<void> take_option(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const CLI::Option* option = m_command.get_option_no_throw(name);
    if (option == nullptr) return refuse_unknown(name);
    if (!takes_value(*option)) {
      if (equals != std::string::npos) return refuse("{} takes no value, got '{}'.", name, word.substr(equals + 1));
      m_options.push_back(name);
      return {};
    }
    std::optional<std::string> value;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (m_at < m_words.size() && !m_words[m_at].starts_with("--") && m_words[m_at] != "-h") {
      value = m_words[m_at++];
    }
    const std::string form = fmt::format("{} {}", name, option->get_type_name());
    if (!value) return refuse("{} needs a value: {}.", name, form);
    if (value->empty()) return refuse("{} needs a value, got an empty one: {}.", name, form);
    const auto [earlier, first] = m_given.emplace(name, *value);
    if (!first) return refuse("{} is given twice, as '{}' and as '{}': give it once.", name, earlier->second, *value);
    m_options.push_back(name + "=" + *value);
    return {};
  }

  base::Expected<void> refuse_unknown(const std::string& name) const {
    std::vector<std::string> known;
    for (const CLI::Option* option : m_command.get_options()) {
      for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
    }
    return refuse("unknown option '{}' of 'whest {}'.{}", name, m_command.get_name(), base::did_you_mean(name, known));
  }

  const CLI::App& m_command;
  std::span<const std::string> m_words;
  std::size_t m_at = 0;
  std::map<std::string, std::string> m_given;  // value by option
  std::vector<std::string> m_options, m_arguments;
};

}  // namespace

base::Expected<std::vector<std::string>> tidy_words(const CLI::App& command, std::span<const std::string> words) {
  return Tidy(command, words).run();
}

}  // namespace whest::app
