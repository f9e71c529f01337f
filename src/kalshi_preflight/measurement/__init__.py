"""Measuring: what the ways that a survey found open are worth, in numbers.

Comes after the survey, over the same wires and with the same signatures, and stays
under a fifth of what the smallest tier allows. GET requests and public subscriptions.
"""
