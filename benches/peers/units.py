"""The distinct statements of a list of files, as words: what the drivers compare.

Lines stand for statements, list markers and the like left out. The list is a
file with a path a line.
"""

import re
import resource
import sys

WORD = re.compile(r"[^\W_]+")


def units(list_path):
    """Each distinct line of at least two words as a sorted tuple of its words."""
    seen = set()
    with open(list_path, encoding="utf-8") as paths:
        for path in paths:
            with open(path.rstrip("\n"), encoding="utf-8", errors="replace") as file:
                for line in file:
                    words = tuple(sorted(set(WORD.findall(line.lower()))))
                    if len(words) > 1:
                        seen.add(words)
    return sorted(seen)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def report(compare):
    """Runs `compare(units)`, which gives the number of pairs, and prints what
    it found and its own CPU seconds, those of reading and splitting left out."""
    all_units = units(sys.argv[1])
    before = cpu_seconds()
    found = compare(all_units)
    spent = cpu_seconds() - before
    print(f"{spent:.3f} {found:,} pairs among {len(all_units):,} distinct lines")
