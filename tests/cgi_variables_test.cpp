// SPDX-License-Identifier: MIT
#include "proxyfix/adapters/cgi.hpp"

#include <string>
#include <string_view>

#include "catch.hpp"

using namespace proxyfix;

namespace {

constexpr bool names(std::string_view variable, std::string_view header) {
    const detail::CgiHeaderName name(variable);
    return std::string_view(name) == header;
}

static_assert(names("HTTP_X_FORWARDED_FOR", "X-FORWARDED-FOR"));
static_assert(names("HTTP_FORWARDED", "FORWARDED"));
static_assert(names("HTTP_X2", "X2") && names("HTTP__", "-") && names("HTTP_", ""));
static_assert(names("REMOTE_ADDR", "") && names("HTTPS", "") && names("", "") && names("HTTP", ""));
static_assert(names("HTTP_x", "") && names("HTTP_Xa", "") && names("HTTP_X-Y", ""));
static_assert(names("http_X", "") && names("XHTTP_X", ""));

constexpr const char* some[] = {"HTTP_A=1", "B=2", "B=3", "HTTP_C=x=y", "D", "E=", nullptr};
constexpr CgiVariables variables{some};
static_assert(variables["B"] == "2", "the first one");
static_assert(variables["HTTP_C"] == "x=y" && variables["E"] == "");
static_assert(variables["D"] == "" && variables["HTTP_"] == "" && variables["b"] == "");

}  // namespace

TEST_CASE("A name as long as a FieldName is one, a longer one is none") {
    const std::string longest(63, 'A');
    CHECK(names("HTTP_" + longest, longest));
    CHECK(names("HTTP_" + longest + 'A', ""));
}

TEST_CASE("What a web server would have converted makes no name") {
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        CAPTURE(i);
        const bool is_converted = c != '-' && !(c >= 'a' && c <= 'z');
        const std::string header = std::string("X") + (c == '_' ? '-' : c);
        CHECK(names(std::string("HTTP_X") + c, is_converted ? header : ""));
    }
}

TEST_CASE("A variable is found by its whole name") {
    const char* const texts[] = {"HTTP_HOSTS=a", "HTTP_HOST_=b", "XHTTP_HOST=c", "HTTP_HOST",
                                 "HTTP_HOST=d",  "HTTP_HOST=e",  nullptr};
    const CgiVariables request{texts};
    CHECK(request["HTTP_HOST"] == "d");
    CHECK(request["HTTP_HOST_"] == "b");
    CHECK(request["HTTP_HOS"] == "");
    CHECK(request["HOST"] == "");
}

TEST_CASE("There is a line for each variable, and only headers have a name") {
    std::string text;
    for (const auto& [name, value] : variables.header_lines()) {
        text.append(std::string_view(name)).append("=").append(value).append(";");
    }
    CHECK(text == "A=1;=2;=3;C=x=y;=;=;");
    const char* const none[] = {nullptr};
    CHECK(CgiVariables{none}.header_lines().begin() == CgiVariables{none}.header_lines().end());
}
