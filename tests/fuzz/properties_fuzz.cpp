// SPDX-License-Identifier: MIT
// Requests made by choices: every property holds of them.
#include "../properties/properties.hpp"
#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = view_of(data, size);
    Choices choices(bytes);
    const Request request = request_of(choices);
    for (const properties::Property& property : properties::all) {
        Choices same = choices;
        if (property(request, same) != Verdict::broken) continue;
        const std::string number = std::to_string(&property - properties::all);
        demand(false, "properties::all[" + number + ']',
               text_of(request) + '\n' + properties::decided(request));
    }
    return 0;
}
