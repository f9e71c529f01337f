"""The survey: all journeys of all environments, together, under one budget.

The one room that knows both probes and causes: it takes a step, has it judged, makes
the observation that the judgement asks for, and goes on or stops.
"""
