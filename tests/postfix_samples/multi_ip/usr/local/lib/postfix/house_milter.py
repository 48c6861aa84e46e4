#!/usr/bin/env python3
"""Adds a List-Unsubscribe header to newsletters; listens on inet:9900@127.0.0.1."""
import Milter

SOCKET = "inet:9900@127.0.0.1"


class HouseMilter(Milter.Base):
    def envfrom(self, sender, *parameters):
        self.is_news = sender.rstrip(">").endswith("@news.sender.example")
        return Milter.CONTINUE

    def eom(self):
        if self.is_news:
            self.addheader("List-Unsubscribe", "<mailto:unsubscribe@sender.example>")
        return Milter.CONTINUE


if __name__ == "__main__":
    Milter.factory = HouseMilter
    Milter.runmilter("house", SOCKET, 60)
