#!/usr/bin/env bash
# What an audit costs beside other tools that find repeated text, and beside
# merely reading and parsing the same files:
#
#   benches/peers.sh FOLDER
#
# Runs the tools that are there, installs none, and says how to get the others.
# All are given the definitions of FOLDER and nothing else, one tool after the
# other; of ours and of the floor the median of five runs counts. Of the Python
# packages the comparison alone counts as CPU seconds, not the splitting into
# lines that a driver does for them. The tools do not do the same:
#
# - jscpd and jscpd-rs find runs of tokens that occur twice, word for word;
# - difflib-fast joins lines by their cosine;
# - rensa and datasketch find lines alike by MinHash, and may miss some.
set -euo pipefail
exec python3 "$(dirname "$0")/peers/peers.py" "$@"
