"""Text between plain text, HTML and Jira's wiki markup.

Pure functions for every text there is: whatever people or machines wrote, it takes bounded time and memory and
arrives as text.
"""

from mappings.markup.characters import one_line, tidy
from mappings.markup.hypertext import clean_html, html_from_plain
from mappings.markup.limits import cut, is_cut
from mappings.markup.parts import join, split
from mappings.markup.plain import plain_from_html
from mappings.markup.wiki import wiki_from_html, wiki_from_plain

__all__ = [
    "clean_html",
    "cut",
    "html_from_plain",
    "is_cut",
    "join",
    "one_line",
    "plain_from_html",
    "split",
    "tidy",
    "wiki_from_html",
    "wiki_from_plain",
]
