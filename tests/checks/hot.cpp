// SPDX-License-Identifier: MIT
// A user's function that makes a policy and goes on: hot.cmake looks where the compiler puts it.
#include "proxyfix/proxyfix.hpp"

proxyfix::Environ* next_request();
void answer(const proxyfix::Resolution& resolution);

void serve() {
    const proxyfix::Policy policy = proxyfix::Trust{.x_for = 1};
    while (const proxyfix::Environ* env = next_request()) answer(resolve(*env, policy));
}
