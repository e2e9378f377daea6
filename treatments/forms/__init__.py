from treatments.forms.programmes import (
    AddItemForm,
    AnswerForm,
    EndForm,
    ItemForm,
    ProgrammeForm,
    RemoveItemForm,
    TimeForm,
)

__all__ = ["AddItemForm", "AnswerForm", "EndForm", "ItemForm", "ProgrammeForm", "RemoveItemForm", "TimeForm"]
