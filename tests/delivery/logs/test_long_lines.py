"""A file that is one line without end is read in bounded memory, and said to be one."""

import resource

MEGABYTE = 1 << 20


def test_a_single_line_of_many_megabytes_is_one_line_that_is_not_understood(read):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    told, rows = read("postfix", b"x" * (64 * MEGABYTE) + b"\n")

    assert rows == []
    assert (told.read, told.not_understood, told.samples[0].offset) == (1, 1, 0)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024
