"""The form of one stream's numbers. A count may be written as people say it: 9.4 M, 410 K."""

from django import forms

from pricing.domain.assume_cost import LONGEST_REASON
from pricing.domain.size_stream import Sized
from pricing.forms import LARGEST, CountField


class StreamSizeForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    month = CountField(label="Messages a month", example="1,200,000 or 1.2 M", most=LARGEST)
    peak = CountField(label="Messages on the busiest day", example="60,000 or 60 K", most=LARGEST)
    ips = CountField(label="IPs it sends from", example="2", least=1)
    origin = forms.CharField(
        label="Where the numbers come from",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A measurement, a report, an estimate of yours. The plan prints it.",
        error_messages={"required": "Say where the numbers come from: the plan prints it."},
    )

    def sized(self) -> Sized:
        return Sized(**self.cleaned_data)
