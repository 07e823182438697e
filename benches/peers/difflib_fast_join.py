"""All pairs of lines with a TF-IDF cosine of at least 0.8, exactly."""

from difflib_fast import cosine_join

import units

units.report(lambda lines: len(cosine_join([list(line) for line in lines], 0.8)))
