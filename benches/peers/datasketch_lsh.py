"""The same as `rensa_lsh.py` with datasketch."""

from datasketch import MinHash, MinHashLSH

import units


def compare(lines):
    sets = ([word.encode() for word in line] for line in lines)
    hashes = list(MinHash.generator(sets, num_perm=128, seed=42))
    index = MinHashLSH(threshold=0.8, num_perm=128)
    with index.insertion_session() as session:
        for key, one in enumerate(hashes):
            session.insert(key, one)
    return sum(
        hashes[left].jaccard(hashes[right]) >= 0.8
        for left in range(len(hashes))
        for right in index.query(hashes[left])
        if left < right
    )


units.report(compare)
