#!/usr/bin/env python3
"""Reads one bounce from standard input and counts it against the customer's address."""

import email
import sys
import urllib.request

API = "https://crm.aldermoor.example/api/bounces"

message = email.message_from_binary_file(sys.stdin.buffer)
for part in message.walk():
    if part.get_content_type() == "message/delivery-status":
        urllib.request.urlopen(API, data=part.as_bytes())
