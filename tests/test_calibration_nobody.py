"""Targets about nobody: refused where they are fitted, told where they are compared."""

import numpy as np
import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.calibration import Posterior, backcast, read_targets
from pathsim.study.calibration.design import prior_of
from pathsim.study.calibration.fit import Sizes, calibrate
from pathsim.study.calibration.measure import people
from small_scenario import write_scenarios

TARGETS = """
title = "A town"

[[parameters]]
key = "hazard.adult_level"
median = 0.003
log_sd = 0.5
reason = "a test"

[[targets]]
id = "adults"
title = "Adults"
groups = ["age_group=adult"]
published = 0.5
se = 0.02
source = "a test"
fitted = true

[[targets]]
id = "children"
title = "Children"
groups = ["age_group=youth"]
published = 0.3
se = 0.02
source = "a test"
fitted = true
"""


@pytest.fixture
def town(tmp_path):
    (tmp_path / "targets.toml").write_text(TARGETS, encoding="utf-8")
    return load(write_scenarios(tmp_path) / "baseline.toml"), read_targets(
        tmp_path / "targets.toml"
    )


def test_a_target_about_nobody_has_nobody(town):
    scenario, targets = town
    cohort = Cohort.from_scenario(scenario)
    assert [people(cohort, target) for target in targets.targets] == [100, 0]


def test_a_calibration_without_youths_is_refused_before_it_runs(town):
    with pytest.raises(InputError, match=r"^targets.children: is about nobody in the scenario's"):
        calibrate(*town, sizes=Sizes(waves=(15, 25), replications=2, draws=2))


def test_a_back_cast_without_youths_says_so(town):
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [0.002, 0.004]}))
    table = backcast.backcast(town[0], posterior, town[1], n_draws=2, replications=2)
    assert table["verdict"].tolist()[1] == "no figure"
    assert table["people"].tolist() == [100, 0]
    assert np.isfinite(table["model"][0])
    assert backcast.in_words(table)["model"][1] == "-"


@pytest.mark.parametrize("draws", [[0.4], [0.4, 0.4, 0.4]])
def test_an_earlier_posterior_that_does_not_vary_is_refused(town, draws):
    given = Posterior(pd.DataFrame({"hazard.youth_level": draws}))
    with pytest.raises(InputError, match=r"^hazard.youth_level: the earlier posterior has too few"):
        prior_of(town[1], given)
