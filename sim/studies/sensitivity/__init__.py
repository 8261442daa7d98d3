"""What matters: variance shares, elementary effects, effects per unit of money, dependence, and where things go wrong.

The statistics are functions of plain arrays; `sim.studies.sensitivity.analysis` applies them to an experiment.
"""
