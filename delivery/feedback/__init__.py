"""Reads what comes back: bounces and complaints, as messages or as records of either server. Pure: no Django.

from delivery.feedback.message import read_message
from delivery.feedback.records import read_accounting, read_json_lines

reading = read_message(raw)     # raises Unreadable where a message is larger, deeper or longer than it may be
reading.items                   # a Feedback for each recipient, with its category and the rule that gave it
"""
