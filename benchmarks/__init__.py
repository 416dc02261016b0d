"""Speed of the general engine beside other engines, on models with agreed answers."""
