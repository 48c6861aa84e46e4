from reports.models.preview import Preview, PreviewPage

__all__ = ["Preview", "PreviewPage"]
