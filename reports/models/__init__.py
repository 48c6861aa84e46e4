from reports.models.preview import Preview, PreviewPage
from reports.models.review import DraftReview

__all__ = ["DraftReview", "Preview", "PreviewPage"]
