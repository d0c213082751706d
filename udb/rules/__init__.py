"""The rules that judge a report: one small module per rule, a catalogue and a runner. Pure: without database, SOAP
and clock.
"""
