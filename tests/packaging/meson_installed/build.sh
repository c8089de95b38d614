# SPDX-License-Identifier: MIT
meson setup build --pkg-config-path "$prefix/share/pkgconfig"
meson compile -C build
