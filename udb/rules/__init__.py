"""The rules a report is judged by: one small module per rule, a catalogue, a runner. Pure: no database, no SOAP, no
clock.
"""
