from django.db import models


class Counter(models.Model):
    """Numbers that go on paper: taken under a row lock, never reused, without gaps for committed work."""

    name = models.CharField(primary_key=True, max_length=60)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.value}"
