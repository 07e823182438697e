"""How the cost of an audit grows with the number of agents.

    python3 benches/growth.py FOLDER [--real N,…] [--made N,…] [--svg FILE]

Makes collections of each size, one at a time: of the definitions in FOLDER, a
sample or repeated with changes, and made-up ones (`examples/made`). Prints a
table of CPU seconds and peak memory of `audit --format json` beside the floor
(`benches/floor.rs`), and the exponent by which each grows: the slope of the
straight line that fits the logarithms best.
"""

import argparse
import math
import os
import pathlib
import re
import tempfile

from measure import built, median

REAL = [1_000, 2_000, 5_000, 10_000, 20_000, 38_000]
MADE = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000]


def size(folder):
    """Number and bytes of the files of a folder."""
    files = [os.path.join(path, name) for path, _, names in os.walk(folder) for name in names]
    return len(files), sum(os.path.getsize(file) for file in files)


def run(command, n_runs):
    """Wall seconds, CPU seconds and peak memory of a command that must not fail."""
    *figures, code = median(command, n_runs)
    if code != 0:
        raise SystemExit(f"`{' '.join(map(str, command))}` ended with {code}")
    return figures


def point(programs, n_agents, source):
    """The figures of one collection: agents, bytes, pairs, floor CPU, audit CPU, peak."""
    audit, floor, made = programs
    with tempfile.TemporaryDirectory() as work:
        corpus, report = pathlib.Path(work, "corpus"), pathlib.Path(work, "report")
        run([made, "--agents", n_agents, *source, corpus], 1)
        n_files, n_bytes = size(corpus)
        n_runs = 3 if n_agents <= 10_000 else 1
        _, floor_cpu, _ = run([floor, "--alone", corpus], 3)
        command = [audit, "audit", corpus, "--format", "json", "--fail-on", "never"]
        _, cpu, peak = run([*command, "--output", report], n_runs)
        with open(report, encoding="utf-8") as text:
            head = text.read(4096)
        n_pairs = int(re.search(r'"pairs":\s*(\d+)', head)[1])
        return n_files, n_bytes, n_pairs, floor_cpu, cpu, peak


def exponent(points):
    """Slope of log y over log x, by least squares."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    above = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    return above / sum((x - mean_x) ** 2 for x, _ in logs)


def show(name, points):
    print(f"\n| {name} | MB | pairs | floor, CPU s | audit, CPU s | of the floor | peak MB | of the bytes |")
    print("|-|-|-|-|-|-|-|-|")
    for n, n_bytes, n_pairs, floor, cpu, peak in points:
        print(
            f"| {n:,} | {n_bytes / 1e6:.1f} | {n_pairs:,} | {floor:.2f} | {cpu:.2f} | {cpu / floor:.1f} "
            f"| {peak / 1e6:.0f} | {peak / n_bytes:.1f} |"
        )
    if len(points) > 1:
        cpu = exponent([(point[0], point[4]) for point in points])
        peak = exponent([(point[0], point[5]) for point in points])
        print(f"\nCPU grows with n^{cpu:.2f}, memory with n^{peak:.2f}. At this rate:\n")
        last = points[-1]
        for n in (1_000_000, 10_000_000):
            times = n / last[0]
            print(
                f"- {n:,} agents, {last[1] * times / 1e9:.1f} GB: {last[4] * times**cpu:,.0f} CPU s, "
                f"{last[5] * times**peak / 1e9:.1f} GB of memory"
            )


STYLE = """
text { font: 13px system-ui, sans-serif; fill: #59626e; }
.title { fill: #1b1f24; font-weight: 600; }
.grid { stroke: #dde1e6; }
.linear { stroke: #9aa5b1; stroke-dasharray: 4 4; fill: none; }
.real { stroke: #0b5cad; fill: #0b5cad; }
.made { stroke: #b3591a; fill: #b3591a; }
.line { fill: none; stroke-width: 2; }
.name { stroke: none; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #9ca6b2; }
  .title { fill: #e4e8ed; }
  .grid { stroke: #313841; }
  .real { stroke: #7db8f5; fill: #7db8f5; }
  .made { stroke: #f0a35c; fill: #f0a35c; }
}
"""

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 240, 62, 34, 100


def panel(nth, title, series, unit):
    """One picture with logarithmic axes; `series` is a list of (name, points)."""
    xs = [x for _, points in series for x, _ in points]
    ys = [y for _, points in series for _, y in points]
    x_min, x_max = math.floor(math.log10(min(xs))), math.ceil(math.log10(max(xs)))
    y_min, y_max = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    y_max = max(y_max, y_min + 1)
    x_max = max(x_max, x_min + 1)
    left = LEFT + nth * (WIDTH + GAP)

    def place(x, y):
        across = (math.log10(x) - x_min) / (x_max - x_min)
        up = (math.log10(y) - y_min) / (y_max - y_min)
        return f"{left + across * WIDTH:.1f},{TOP + (1 - up) * HEIGHT:.1f}"

    def number(power):
        return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"

    out = [f'<text class="title" x="{left}" y="18">{title}</text>']
    for power in range(x_min, x_max + 1):
        x, y = place(10**power, 10**y_min).split(",")
        out.append(f'<path class="grid" d="M{x},{TOP}V{y}"/>')
        out.append(f'<text x="{x}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{number(power)}</text>')
    for power in range(y_min, y_max + 1):
        x, y = place(10**x_min, 10**power).split(",")
        out.append(f'<path class="grid" d="M{x},{y}h{WIDTH}"/>')
        out.append(f'<text x="{left - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{number(power)}{unit}</text>')
    for name, points in series:
        # What linear growth from the first point would be, as far as the panel goes.
        (x, y), last = points[0], points[-1][0]
        end = min(last, x * 10**y_max / y)
        out.append(f'<path class="linear" d="M{place(x, y)}L{place(end, y * end / x)}"/>')
        line = "L".join(place(*point) for point in points)
        out.append(f'<path class="line {name}" d="M{line}"/>')
        for point in points:
            x, y = place(*point).split(",")
            out.append(f'<circle class="{name}" cx="{x}" cy="{y}" r="3"/>')
        out.append(f'<text class="{name} name" x="{float(x) + 8:.1f}" y="{float(y) + 4:.1f}">{name}</text>')
    return out


def picture(series):
    width, height = 2 * (LEFT + WIDTH + 38) , TOP + HEIGHT + 56
    cpu = [(name, [(point[0], point[4]) for point in points]) for name, points in series]
    peak = [(name, [(point[0], point[5] / 1e6) for point in points]) for name, points in series]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        "<title>CPU seconds and peak memory of an audit over the number of agents</title>",
        f"<style>{STYLE}</style>",
        *panel(0, "CPU seconds over agents", cpu, ""),
        *panel(1, "Peak memory over agents, MB", peak, ""),
        f'<text x="{LEFT}" y="{height - 10}">dashed: linear growth from the first point</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def sizes(text):
    return [int(number.replace("_", "")) for number in text.split(",") if number]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--real", type=sizes, default=REAL, metavar="N,…")
    parser.add_argument("--made", type=sizes, default=MADE, metavar="N,…")
    parser.add_argument("--svg", type=pathlib.Path, help="where to draw the picture")
    args = parser.parse_args()
    programs = (
        built("build", "--release", "--bin", "agent-overlap"),
        built("bench", "--no-run", "--bench", "floor"),
        built("build", "--release", "--example", "made"),
    )
    series = []
    for name, all_sizes, source in [
        ("real", args.real, ["--from", os.path.realpath(args.folder)]),
        ("made", args.made, []),
    ]:
        points = [point(programs, n_agents, source) for n_agents in all_sizes]
        if points:
            show(name, points)
            series.append((name, points))
    if args.svg:
        args.svg.write_text(picture(series), encoding="utf-8")


if __name__ == "__main__":
    main()
