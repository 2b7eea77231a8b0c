"""What does a person's query ask of an index? Parser, tree, plan."""

from indexer.query.conditions import QueryPlan
from indexer.query.parser import MAX_CHARS, parse_query
from indexer.query.plan import plan_query
from indexer.query.tree import ParsedQuery

__all__ = ["MAX_CHARS", "ParsedQuery", "QueryPlan", "parse_query", "plan_query"]
