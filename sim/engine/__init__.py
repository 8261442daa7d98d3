"""Engine: the network, the order of a period, the loops over customers, the accounts."""
