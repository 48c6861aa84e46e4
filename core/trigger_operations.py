"""Triggers of a first migration, placed without drawing every model anew."""

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class PlaceTrigger(AddTrigger):
    """`AddTrigger` for a migration that makes its tables itself.

    pgtrigger draws the model and all its relations anew for each trigger, which is most of the time an empty database
    takes. Nothing in a migration looks at the triggers of a drawn model, so they are only noted in the state here.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]
