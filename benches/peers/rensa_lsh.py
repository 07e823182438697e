"""Pairs of lines that MinHash with 128 permutations estimates at a Jaccard
similarity of at least 0.8, among those that share a bucket: most, not all."""

from rensa import RMinHash, RMinHashLSH

import units


def compare(lines):
    hashes = RMinHash.from_token_sets(lines, 128, 42)
    index = RMinHashLSH(0.8, 128, 16)
    index.insert_pairs(list(enumerate(hashes)))
    return sum(
        hashes[left].jaccard(hashes[right]) >= 0.8
        for left, met in enumerate(index.query_all(hashes))
        for right in met
        if left < right
    )


units.report(compare)
