"""Readings put in behind characters by machines, and what that did to the bytes around them."""
