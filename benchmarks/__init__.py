"""Measurements, run by command; nothing here is a test."""
