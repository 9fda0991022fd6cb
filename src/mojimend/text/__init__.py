"""The ground: what is true of texts and characters whatever the encoding."""
