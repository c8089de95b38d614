# SPDX-License-Identifier: MIT
meson setup build
meson compile -C build
