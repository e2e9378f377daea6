"""The practice's own forms: the list, building, preview, publishing, translating."""
