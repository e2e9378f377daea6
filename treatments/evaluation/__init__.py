"""A case document (contract §4) from intake to programme, and the chain of reasons in words. Pure: no Django."""

from treatments.evaluation.document import Evaluation, evaluate, facts_of, refer
from treatments.evaluation.explain import explain

__all__ = ["Evaluation", "evaluate", "explain", "facts_of", "refer"]
