"""The work of `peers.sh`, which says what it is about."""

import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from measure import built, measured, median  # noqa: E402

# Python packages with their drivers, which print the CPU seconds of the
# comparison alone and what it found.
PACKAGES = {
    "difflib-fast": ("difflib_fast_join.py", "cosine of lines ≥ 0.8, exact"),
    "rensa": ("rensa_lsh.py", "Jaccard of lines ≥ 0.8, MinHash and LSH"),
    "datasketch": ("datasketch_lsh.py", "Jaccard of lines ≥ 0.8, MinHash and LSH"),
}

# Programs that find copied runs of tokens; both are called `jscpd`, the
# version tells them apart.
DETECTORS = {
    "jscpd": "npm install -g jscpd@5.3.3",
    "jscpd-rs": "cargo install jscpd-rs@0.1.12",
}

# Their usual least lengths, and no file or run that is too long.
LIMITS = ["--min-tokens", "50", "--min-lines", "5", "--max-lines", "1000000", "--max-size", "10mb"]


def detectors():
    """The first of each on the search path, as name: (command, version)."""
    found = {}
    for folder in os.get_exec_path():
        command = shutil.which("jscpd", path=folder)
        if command:
            shown = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
            version = shown.stdout.split()[-1]
            name = "jscpd-rs" if version.startswith("0.") else "jscpd"
            found.setdefault(name, (command, version))
    return found


def definitions(program, folder):
    """The paths that an audit of the folder reads."""
    audit = [program, "audit", folder, "--format", "json", "--matches", "0", "--fail-on", "never"]
    result = subprocess.run(audit, check=True, capture_output=True)
    return [agent["path"] for agent in json.loads(result.stdout)["agents"]]


def copy(paths, folder, to):
    """Copies files to paths that end in `.md`, so that every tool reads all."""
    for path in paths:
        name = os.path.relpath(path, folder)
        target = to / (name if name.endswith(".md") else name + ".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def audited(report):
    """What a report found, without making objects of the whole of a large one."""
    text = report.read_text(encoding="utf-8")
    summary, _ = json.JSONDecoder().raw_decode(text, re.search(r'"summary":\s*', text).end())
    related = summary["pairs"] - len(re.findall(r'"relation":\s*"distinct"', text))
    n_findings = sum(summary["findings"].values())
    return f"{related:,} related pairs, {summary['groups']:,} groups, {n_findings:,} findings"


def detected(report):
    total = report["statistics"]["total"]
    return f"{total['clones']:,} clones, {total['percentage']:.1f} % of lines"


def main(folder):
    program = built("build", "--release", "--bin", "agent-overlap")
    floor = built("bench", "--no-run", "--bench", "floor")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        corpus, report = work / "corpus", work / "report"
        copy(definitions(program, folder), folder, corpus)
        paths = definitions(program, corpus)
        size = sum(os.path.getsize(path) for path in paths)
        print(f"{len(paths):,} definitions, {size / 1e6:.1f} MB\n")
        rows, missing = [], []

        rows.append(("floor: read and parse", "", *median([floor, "--alone", corpus], 5)[:3]))
        audit = [program, "audit", corpus, "--format", "json", "--fail-on", "never"]
        figures = median([*audit, "--output", report], 5)
        rows.append(("agent-overlap", audited(report), *figures[:3]))

        there = detectors()
        for name, how in DETECTORS.items():
            if name not in there:
                missing.append(f"{name}: {how}")
                continue
            command, version = there[name]
            output = work / name
            options = ["--format", "markdown", "--reporters", "json", "--no-gitignore", *LIMITS]
            *figures, code = measured([command, corpus, *options, "--output", output])
            if code == 0:
                found = detected(json.loads((output / "jscpd-report.json").read_bytes()))
                rows.append((f"{name} {version}: copied runs of 50 tokens", found, *figures))
            else:
                missing.append(f"{name} {version}: ended with {code}")

        listing = work / "list"
        listing.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        for name, (driver, task) in PACKAGES.items():
            try:
                version = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                missing.append(f"{name}: pip install {name}")
                continue
            with tempfile.TemporaryFile() as output:
                wall, _, peak, code = measured([sys.executable, HERE / driver, listing], output)
                output.seek(0)
                cpu, _, found = output.read().decode().partition(" ")
            if code == 0:
                rows.append((f"{name} {version}: {task}", found.strip(), wall, float(cpu), peak))
            else:
                missing.append(f"{name} {version}: ended with {code}")
        show(rows)
        if missing:
            print("\nNot there:")
            print("\n".join(missing))


def show(rows):
    """The table in Markdown, with what each costs beside floor and audit."""
    floor_cpu, (audit_cpu, audit_peak) = rows[0][3], rows[1][3:]
    print("| what | found | wall s | CPU s | of the floor | of ours | peak MB | of ours |")
    print("|-|-|-|-|-|-|-|-|")
    for name, found, wall, cpu, peak in rows:
        beside = [f"{cpu:.2f}", f"{cpu / floor_cpu:.1f}", f"{cpu / audit_cpu:.2f}"]
        memory = [f"{peak / 1e6:.0f}", f"{peak / audit_peak:.2f}"]
        print("|", " | ".join([name, found, f"{wall:.2f}", *beside, *memory]), "|")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: benches/peers.sh FOLDER")
    main(os.path.realpath(sys.argv[1]))
