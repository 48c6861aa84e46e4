#!/usr/bin/env python3
"""Every ten minutes: complaints from a mailbox into the table of the campaign tool."""
import email
import imaplib

import psycopg

with imaplib.IMAP4_SSL("mailbox.sender.example") as mailbox, psycopg.connect("dbname=campaigns") as database:
    mailbox.login("feedback", open("/etc/feedback.secret").read().strip())
    mailbox.select("INBOX")
    _, numbers = mailbox.search(None, "UNSEEN")
    for number in numbers[0].split():
        _, parts = mailbox.fetch(number, "(RFC822)")
        message = email.message_from_bytes(parts[0][1])
        for part in message.walk():
            if part.get_content_type() == "message/feedback-report":
                report = part.get_payload(0)
                database.execute("INSERT INTO complaints (address) VALUES (%s)", [report["Original-Rcpt-To"]])
