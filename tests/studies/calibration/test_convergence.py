"""A fit that has not converged says so: on the page, in the files, in Python and as exit status.

The search is made to go wrong on purpose (an ensemble away from the answer, two peaks, runs that fail), and left alone
where it is right. What the program says of the Telco table is held against the exact optimum of the same likelihood.
"""

import json
import math
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.optimize import minimize
from scipy.special import betaln

from sim.cli import main
from sim.studies.calibration import calibrate as fitting
from sim.studies.calibration.convergence import LARGEST_NOISE, TOLERANCE, Convergence, check_convergence, most_runs
from sim.studies.calibration.posterior import Sample
from sim.studies.calibration.prior import prior_of, to_scores
from sim.studies.calibration.search import OwnLuck, Runs
from sim.studies.calibration.survey import Survey
from sim.studies.evaluation import Evaluation
from sim.studies.experiment.axes import Axis
from sim.studies.experiment.definition import Factor
from tests.studies.calibration.conftest import EVERYTHING_OFF  # noqa: F401  (kept with the other worlds)
