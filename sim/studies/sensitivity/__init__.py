"""What matters: indices, marginal effects per unit of money, partial dependence, regions."""
