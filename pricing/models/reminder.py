from django.db import models

from pricing.models.contact import QuoteContact


class QuoteReminder(models.Model):
    """That a contact was reminded so many days before the last day of a quote. A new last day is reminded of anew."""

    contact = models.ForeignKey(QuoteContact, on_delete=models.PROTECT, related_name="reminders")
    days_before = models.PositiveSmallIntegerField()
    valid_until = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "valid_until", "days_before"], name="quote_reminder_once_a_contact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before {self.valid_until:%Y-%m-%d}"
