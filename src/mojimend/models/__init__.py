"""How much a text reads like something people write: packed counts of characters, each model with its card."""
