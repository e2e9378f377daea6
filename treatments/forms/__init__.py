from treatments.forms.portal import PainForm
from treatments.forms.programmes import (
    AddItemForm,
    AnswerForm,
    EndForm,
    ItemForm,
    MoveItemForm,
    ProgrammeForm,
    PublishForm,
    PutBackForm,
    RemoveItemForm,
)

__all__ = [
    "AddItemForm",
    "AnswerForm",
    "EndForm",
    "ItemForm",
    "MoveItemForm",
    "PainForm",
    "ProgrammeForm",
    "PublishForm",
    "PutBackForm",
    "RemoveItemForm",
]
