#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: plot.py RESULTS.json PLOT.svg

Draws the time of a request against the length of X-Forwarded-For, on two logarithmic axes, from what
`peers.py --json` wrote.
"""
from __future__ import annotations

import json
import math
import pathlib
import sys
from html import escape
from typing import Any

WIDTH, HEIGHT = 800, 480
LEFT, RIGHT, TOP, BOTTOM = 70, 550, 62, 424  # of the area between the axes
LABEL_GAP = 17
Point = tuple[float, float]

# Peers of one project have one colour, the second of them a dashed line.
STYLES = {"proxyfix: ProxyFix": "ours", "proxyfix: resolve": "ours dashed", "Werkzeug": "werkzeug",
          "uvicorn": "uvicorn", "proxy-addr, by count": "node", "proxy-addr, by network": "node dashed"}
# In a light and in a dark scheme.
SURFACES = {"back": ("#ffffff", "#0d1117"), "ink": ("#1f2328", "#e6edf3"), "tick": ("#57606a", "#9da7b3")}
STROKES = {"grid": ("#d8dee4", "#30363d"), "ours": ("#0b57d0", "#79b0ff"), "werkzeug": ("#b93a0a", "#ff9b61"),
           "uvicorn": ("#8a2bbd", "#d39bff"), "node": ("#167a3a", "#56d37d")}


def colours(scheme: int) -> str:
    rules = [f".{name} {{ fill: {pair[scheme]}; }}" for name, pair in SURFACES.items()]
    rules += [f".{name} {{ stroke: {pair[scheme]}; }}" for name, pair in STROKES.items()]
    rules += [f".dot.{name} {{ fill: {pair[scheme]}; stroke: none; }}" for name, pair in STROKES.items()]
    return "\n".join(rules)


STYLE = f"""
svg {{ font: 13px system-ui, sans-serif; }}
.title {{ font-size: 16px; font-weight: 600; }}
.tick {{ font-size: 12px; }}
.line {{ fill: none; stroke-width: 2; stroke-linejoin: round; }}
.dashed {{ stroke-dasharray: 6 4; }}
{colours(0)}
@media (prefers-color-scheme: dark) {{
{colours(1)}
}}
"""


def bytes_text(length: float) -> str:
    for unit in ("B", "KB", "MB"):
        if length < 1024:
            return f"{length:g} {unit}"
        length /= 1024
    raise ValueError(length)


def time_text(nanoseconds: float) -> str:
    """With two digits: 35 ns, 1.2 µs, 340 µs."""
    value = float(f"{nanoseconds:.2g}")
    for unit in ("ns", "µs", "ms"):
        if value < 1000:
            return f"{value:g} {unit}"
        value /= 1000
    return f"{value:g} s"


def spread(heights: list[float]) -> list[float]:
    """The heights of labels, moved as little as keeps them apart. They are in ascending order."""
    groups = [[height] for height in heights]

    def top(group: list[float]) -> float:
        return sum(group) / len(group) - LABEL_GAP * (len(group) - 1) / 2

    i = 0
    while i + 1 < len(groups):
        if top(groups[i]) + LABEL_GAP * len(groups[i]) > top(groups[i + 1]):
            groups[i] += groups.pop(i + 1)
            i = max(i - 1, 0)
        else:
            i += 1
    return [top(group) + LABEL_GAP * n for group in groups for n in range(len(group))]


class Axes:
    """Where a length and a time are in the picture."""

    def __init__(self, lengths: list[int], times: list[float]) -> None:
        self.lengths = lengths
        self.lowest, self.highest = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def x(self, length: float) -> float:
        first, last = math.log2(self.lengths[0]), math.log2(self.lengths[-1])
        return LEFT + (RIGHT - LEFT) * (math.log2(length) - first) / (last - first)

    def y(self, time: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (math.log10(time) - self.lowest) / (self.highest - self.lowest)

    def draw(self) -> list[str]:
        drawn = []
        for decade in range(self.lowest, self.highest + 1):
            y = self.y(10.0 ** decade)
            drawn.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>')
            drawn.append(f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
                         f"{time_text(10.0 ** decade)}</text>")
        for length in self.lengths:
            drawn.append(f'<text class="tick" x="{self.x(length):.1f}" y="{BOTTOM + 20}" text-anchor="middle">'
                         f"{bytes_text(length)}</text>")
        drawn.append(f'<text class="tick" x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 42}" text-anchor="middle">'
                     "length of X-Forwarded-For</text>")
        return drawn


def draw_line(axes: Axes, name: str, points: list[Point], label: float) -> list[str]:
    """A line, its points, and its name at the height `label`."""
    at = [(axes.x(length), axes.y(time)) for length, time in points]
    style = STYLES[name]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
    drawn = [f'<path class="line {style}" d="M{path}"/>']
    drawn += [f'<circle class="dot {style}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in at]
    x, y = at[-1]
    drawn.append(f'<path class="{style.split()[0]}" d="M{x + 6:.1f} {y:.1f}L{x + 18:.1f} {label:.1f}"/>')
    text = f"{escape(name)}, {time_text(points[-1][1])}"
    drawn.append(f'<text class="ink" x="{x + 23:.1f}" y="{label + 4:.1f}">{text}</text>')
    return drawn


def svg(results: dict[str, Any]) -> str:
    """The picture of results, which are described in peers.py."""
    lengths = {case: length for case, length in results["lengths"].items() if length}
    lines = {peer: sorted((lengths[case], time) for case, time in times.items() if case in lengths)
             for peer, times in results["nanoseconds"].items()}
    axes = Axes(sorted(lengths.values()), [time for line in lines.values() for _, time in line])
    names = sorted(lines, key=lambda name: axes.y(lines[name][-1][1]))
    labels = spread([axes.y(lines[name][-1][1]) for name in names])
    description = "; ".join(f"{name} from {time_text(lines[name][0][1])} to {time_text(lines[name][-1][1])}"
                            for name in names)
    title = "Time to find the client, by the length of X-Forwarded-For"
    first, last = bytes_text(axes.lengths[0]), bytes_text(axes.lengths[-1])
    drawn = axes.draw()
    for name, label in reversed(list(zip(names, labels))):
        drawn += draw_line(axes, name, lines[name], label)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-labelledby="title description">',
        f'<title id="title">{title}</title>',
        f'<desc id="description">From {first} to {last}, on logarithmic axes. {escape(description)}.</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title ink" x="{LEFT - 50}" y="28">{title}</text>',
        f'<text class="tick" x="{LEFT - 50}" y="46">per request, net of an empty handler; both axes logarithmic</text>',
        *drawn, "</svg>", ""])


if __name__ == "__main__":
    source, target = sys.argv[1:]
    pathlib.Path(target).write_text(svg(json.loads(pathlib.Path(source).read_text())))
