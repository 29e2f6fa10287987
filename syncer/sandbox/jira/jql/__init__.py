"""The part of JQL that a mirror uses: text to syntax tree, syntax tree to a filter and an order.

text --syntax--> Query --filters, ordering--> the issues that match, sorted
"""
