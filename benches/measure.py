"""What a command costs, and where `cargo` puts what it builds: for the scripts
beside this one."""

import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def built(*arguments):
    """The path of the program that `cargo` builds with these arguments, of
    which the last is its name."""
    command = ["cargo", *arguments, "--message-format=json"]
    result = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    messages = [json.loads(line) for line in result.stdout.splitlines()]
    programs = (message for message in messages if message.get("executable"))
    return next(one["executable"] for one in programs if one["target"]["name"] == arguments[-1])


def measured(command, output=subprocess.DEVNULL):
    """Wall seconds, CPU seconds, peak memory in bytes and exit code of one run.

    CPU is user and system time, and memory the largest resident set, of the
    process and all that it waited for, as the kernel counts them. It counts
    the process that starts the command too, so that a small one does.
    """
    read, write = os.pipe()
    starter = [sys.executable, "-S", __file__, str(write), *map(str, command)]
    with open(read, encoding="utf-8") as figures:
        subprocess.run(starter, stdout=output, stderr=subprocess.DEVNULL, pass_fds=[write], check=True)
        os.close(write)
        return tuple(json.loads(figures.read()))


def measure(command):
    """What `measured` gives, of a command that writes where this process does."""
    start = time.monotonic()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    wall = time.monotonic() - start
    # Linux counts in kibibytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    cpu = usage.ru_utime + usage.ru_stime
    return wall, cpu, usage.ru_maxrss * unit, os.waitstatus_to_exitcode(status)


def median(command, n_runs, output=subprocess.DEVNULL):
    """The run with the median CPU seconds."""
    runs = [measured(command, output) for _ in range(n_runs)]
    return sorted(runs, key=lambda run: run[1])[n_runs // 2]


if __name__ == "__main__":
    with open(int(sys.argv[1]), "w", encoding="utf-8") as figures:
        os.set_inheritable(figures.fileno(), False)
        json.dump(measure(sys.argv[2:]), figures)
