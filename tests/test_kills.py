"""Ten commands killed at random moments; `make kills` kills a hundred."""

from kills import many


def test_nothing_is_half_written_and_nothing_left_over(tmp_path):
    done = many(tmp_path, kills=10, seed=1, every=10)
    assert len({each.signal for each in done}) == 3
    assert len({each.command for each in done}) == 3
