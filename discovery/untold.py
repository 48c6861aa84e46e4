"""What cannot be told as long as no configuration has been read, or none translated."""

from core.reading import read_once
from discovery.models import Upload
from engagements.models import Engagement

NOTHING_READ = "Nothing has been read yet, so this cannot be told."
NOTHING_TRANSLATED = "Nothing has been translated yet, so this cannot be told."


@read_once
def is_anything_read(engagement: Engagement) -> bool:
    return Upload.objects.filter(engagement=engagement).read().exists()
